"""Struck seconds are silent in a kept recording, and nothing else is touched."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.messages import End, Record, Strike
from handenhet.serving.ingest.silence import silence_struck, silenced
from handenhet.serving.ingest.spool import Spool

KEY = bytes(range(32))


def spool_with(path: Path, *records: Record) -> None:
    spool = Spool(path, "m1", KEY)
    for record in records:
        spool.append(record)
    spool.commit()
    spool.close()


def records_of(path: Path) -> list[Record]:
    spool = Spool(path, "m1", KEY)
    try:
        return list(spool.reader().read())
    finally:
        spool.close()


def test_struck_samples_are_zeros_in_the_kept_recording(tmp_path: Path) -> None:
    path = tmp_path / "m1.spool"
    strike = Strike(seq=2, since=3, sample=6, at_ms=0)
    end = End(seq=4, sample=10, at_ms=0)
    spool_with(
        path, AudioFrame(0, 5, b"ab" * 4), AudioFrame(1, 9, b"cd" * 4), strike, AudioFrame(3, 11, b"ef" * 2), end
    )
    silence_struck(path, "m1", KEY)
    assert records_of(path) == [
        AudioFrame(0, 5, b"ababab\0\0"),
        AudioFrame(1, 9, b"\0\0\0\0cdcd"),
        strike,
        AudioFrame(3, 11, b"efef"),
        end,
    ]
    assert [left.name for left in tmp_path.iterdir()] == ["m1.spool"]


def test_a_recording_where_nothing_was_struck_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "m1.spool"
    spool_with(path, AudioFrame(0, 5, b"abcd"), End(seq=1, sample=2, at_ms=0))
    before = path.read_bytes()
    silence_struck(path, "m1", KEY)
    assert path.read_bytes() == before


@given(
    st.integers(0, 50),
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=4),
)
def test_exactly_the_samples_inside_a_span_become_silent(first: int, count: int, spans: list[tuple[int, int]]) -> None:
    quiet = silenced(b"\x01\x01" * count, first, spans)
    inside = [any(start <= at < end for start, end in spans) for at in range(first, first + count)]
    assert quiet == b"".join(b"\0\0" if struck else b"\x01\x01" for struck in inside)
