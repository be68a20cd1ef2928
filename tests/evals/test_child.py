"""The suite over the child's version, on a small share of its cases, with the floors the full run must keep."""

from handenhet.agent.child import BANDS
from handenhet.evals.child import SEED, ChildResult, by_band, compose, plant, retellings, synthetic, table


def test_made_up_sets_stay_in_their_bands_with_every_fact_kept() -> None:
    groups = by_band(compose(observations, meeting) for observations, meeting in synthetic(48, SEED))
    assert sum(group.in_band.of for group in groups.values()) == 48
    for group in groups.values():
        assert group.in_band.hit == group.in_band.of
        assert group.kept.hit == group.kept.of
        assert group.clean.hit == group.clean.of


def test_the_sets_are_the_same_every_time_and_differ_with_the_seed() -> None:
    assert list(synthetic(6, 1)) == list(synthetic(6, 1))
    assert list(synthetic(6, 1)) != list(synthetic(6, 2))


def test_planted_errors_are_stopped_and_untouched_texts_are_not() -> None:
    caught, alarms = plant([compose(o, m)[1] for o, m in synthetic(16, SEED)])
    assert {kind: tally.of - tally.hit for kind, tally in caught.items()} == dict.fromkeys(caught, 0)
    assert alarms.hit == 0


def test_most_faithful_retellings_pass() -> None:
    refused = retellings()
    assert refused.of >= 30
    assert refused.hit <= 2


def test_the_table_shows_every_band_and_a_dash_for_what_was_not_tried() -> None:
    empty = by_band([])
    caught, alarms = plant([])
    shown = table(ChildResult(empty, empty, caught, alarms, retellings()))
    assert all(band in shown for band in BANDS)
    assert "-" in shown.splitlines()[1]
