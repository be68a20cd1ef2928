"""What several meetings say together."""

from dataclasses import replace
from datetime import date

from handenhet.agent.material import TimeLimit
from handenhet.agent.synthesis import Synthesis, opposites, synthesise
from handenhet.evals import examples
from handenhet.evals.examples import Note
from handenhet.knowledge.factors import catalogue


def synthesis() -> Synthesis:
    return synthesise(examples.case(), examples.talks(), examples.ON)


def test_one_meeting_has_nothing_new() -> None:
    assert synthesise(examples.case(), examples.talks()[:1], examples.ON).new == ()


def test_what_the_last_meeting_added() -> None:
    assert ["dagtid" in sentence.text for sentence in synthesis().new] == [True]


def test_a_change_is_told_once_with_both_quotes() -> None:
    rent = [sentence for sentence in synthesis().changed if "hyra" in sentence.text.casefold()]
    assert len(rent) == 1
    assert [quote.meeting for quote in rent[0].quotes] == ["m3", "m5"]


def test_now_and_before() -> None:
    lines = (("S", "Hur är det?"), ("M", "Vi har skulder."))
    later = (("S", "Hur är det?"), ("M", "Vi hade skulder förr."))
    people = (examples.WORKER, examples.MOTHER)
    first = examples.talk(1, people, lines, (Note(1, "Vi har skulder.", "M-EKO-R1", "familj"),))
    second = examples.talk(
        2, people, later, (Note(1, "Vi hade skulder förr.", "M-EKO-R1", "familj", flags=frozenset(("past",))),)
    )
    changed = synthesise(examples.case(), (first, second), examples.ON).changed
    assert len(changed) == 1
    assert "tidigare" in changed[0].text


def test_two_people_telling_of_two_sides_stand_together() -> None:
    lines = (("S", "Hur är det?"), ("B", "Ingen ser efter oss."), ("M", "Jag har alltid koll på barnen."))
    people = (examples.WORKER, examples.CHILD, examples.MOTHER)
    notes = (
        Note(1, "Ingen ser efter oss.", "F-SAK-R7", "familj"),
        Note(2, "Jag har alltid koll på barnen.", "F-SAK-S2", "mamma"),
    )
    told = synthesise(examples.case(), (examples.talk(1, people, lines, notes),), examples.ON).told_differently
    assert [[quote.who for quote in sentence.quotes] for sentence in told] == [["Emma", "modern"]]


def test_a_promise_nobody_came_back_to() -> None:
    assert ["skuldrådgivaren" in sentence.text for sentence in synthesis().not_followed_up] == [True]


def test_a_promise_taken_up_again_is_not_listed() -> None:
    lines = (("S", "Ringde du skuldrådgivaren i måndags?"), ("M", "Ja, jag ringde skuldrådgivaren."))
    later = examples.talk(7, (examples.WORKER, examples.MOTHER), lines, ())
    assert synthesise(examples.case(), (*examples.talks(), later), examples.ON).not_followed_up == ()


def test_disputed_statements_are_collected_with_the_words() -> None:
    assert len(synthesis().disputed) == 1
    assert "det är allt" in synthesis().disputed[0].text


def test_who_has_not_been_heard() -> None:
    assert [sentence.text for sentence in synthesis().not_heard] == [
        "Fadern har inte hörts vid något möte i underlaget."
    ]


def test_time_limits_are_counted_to_the_cases_date() -> None:
    limits = (
        TimeLimit("a", "SoL 20 kap. 3 §", date(2026, 12, 21)),
        TimeLimit("b", "LVU 7 §", date(2026, 12, 18)),
        TimeLimit("c", "SoL 20 kap. 2 §", date(2026, 11, 10), met=date(2026, 11, 12)),
    )
    told = synthesise(replace(examples.case(), limits=limits), examples.talks(), examples.ON).limits
    assert [sentence.text for sentence in told] == [
        "SoL 20 kap. 2 §: frist 10 november 2026, klart 12 november 2026, 2 dagar efter fristen.",
        "LVU 7 §: fristen löpte ut 18 december 2026, för 2 dagar sedan.",
        "SoL 20 kap. 3 §: frist 21 december 2026, om en dag.",
    ]


def test_the_pairs_are_a_risk_and_a_protective_factor_of_the_catalogue() -> None:
    for risk, protective in opposites():
        assert catalogue()[risk].polarity == "risk"
        assert catalogue()[protective].polarity == "protective"
