"""A small load on the real server: nothing that was sent is lost. How fast it is depends on the machine."""

from handenhet.evals.bench_live import FRAME_MS, Load, bench, percentile, report


def test_five_handhelds_and_two_screens_lose_nothing() -> None:
    load = Load(handhelds=5, seconds=4.0, screens=2)
    out = bench(load)
    told = report(load, out)
    assert told["frames"] == 5 * 4_000 / FRAME_MS
    assert told["lost"] == 0
    assert len(out.acks) == told["frames"]
    assert out.news >= 2, "each screen was told the meeting"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile([], 0.5) == 0.0
