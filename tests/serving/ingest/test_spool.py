"""The spool: whatever was committed is there after any crash, and nothing else pretends to be."""

import contextlib
import os
import resource
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.messages import End, Pause, Record, Resume, Turn
from handenhet.serving.ingest.spool import OutOfOrder, Spool, SpoolError, spool_path

KEY = bytes(range(32))


def meeting(*blocks: bytes) -> list[Record]:
    """Audio blocks with a tap before each."""
    records: list[Record] = []
    samples = 0
    for block in blocks:
        records.append(Turn(seq=len(records), sample=samples, at_ms=0, speaker="p1"))
        records.append(AudioFrame(len(records), samples // 16, block))
        samples += len(block) // 2
    return records


BLOCKS = st.lists(st.binary(min_size=1, max_size=120).map(lambda half: half + half), min_size=1, max_size=8)


def written(path: Path, records: list[Record]) -> list[int]:
    """The file's size after each record."""
    spool = Spool(path, "m1", KEY)
    ends: list[int] = []
    for record in records:
        spool.append(record)
        ends.append(path.stat().st_size)
    spool.commit()
    spool.close()
    return ends


def read(path: Path, key: bytes = KEY, meeting: str = "m1") -> list[Record]:
    spool = Spool(path, meeting, key)
    try:
        return list(spool.reader().read())
    finally:
        spool.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return spool_path(tmp_path, "m1")


@settings(max_examples=40, deadline=None)  # each example waits for a real disk
@given(BLOCKS)
def test_a_spool_read_again_is_the_whole_meeting(blocks: list[bytes]) -> None:
    records = meeting(*blocks)
    with TemporaryDirectory() as folder:
        path = spool_path(Path(folder), "m1")
        written(path, records)
        assert read(path) == records


@settings(max_examples=40, deadline=None)  # each example waits for a real disk
@given(BLOCKS, st.data())
def test_cut_at_any_byte_it_keeps_every_whole_record_and_goes_on(blocks: list[bytes], data: st.DataObject) -> None:
    records = meeting(*blocks)
    with TemporaryDirectory() as folder:
        path = spool_path(Path(folder), "m1")
        ends = written(path, records)
        cut = data.draw(st.integers(0, ends[-1]))
        rubbish = data.draw(st.binary(max_size=30))
        with path.open("r+b") as file:
            file.truncate(cut)
            file.seek(0, os.SEEK_END)
            file.write(rubbish if cut >= 8 else b"")
        whole = sum(end <= cut for end in ends)
        spool = Spool(path, "m1", KEY)
        assert spool.durable.next == whole
        for record in records[whole:]:
            spool.append(record)
        spool.commit()
        spool.close()
        assert read(path) == records


def test_the_torn_tail_is_set_aside_not_destroyed(path: Path) -> None:
    ends = written(path, meeting(b"ab", b"cd"))
    whole = path.read_bytes()
    os.truncate(path, ends[-1] - 5)
    read(path)
    assert path.with_name("m1.spool.torn").read_bytes() == whole[ends[-2] : -5]


def test_a_change_in_the_middle_is_refused_and_touches_nothing(path: Path) -> None:
    ends = written(path, meeting(bytes(200), bytes(200), bytes(200)))
    changed = bytearray(path.read_bytes())
    changed[ends[1] - 10] ^= 1
    path.write_bytes(changed)
    with pytest.raises(SpoolError, match="damaged in its middle"):
        read(path)
    assert path.read_bytes() == changed


def test_nothing_said_stands_in_clear(path: Path) -> None:
    written(path, [Turn(seq=0, sample=0, at_ms=0, speaker="Mamman"), AudioFrame(1, 0, b"RIKTIGT LJUD")])
    assert b"Mamman" not in path.read_bytes()
    assert b"LJUD" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("key", "meeting"), [(bytes(32), "m1"), (KEY, "m2")])
def test_another_key_or_another_meeting_is_refused_and_touches_nothing(path: Path, key: bytes, meeting: str) -> None:
    written(path, [AudioFrame(0, 0, b"ab")])
    before = path.read_bytes()
    with pytest.raises(SpoolError, match="does not open with this key"):
        read(path, key, meeting)
    assert path.read_bytes() == before


def test_a_record_moved_within_the_file_is_refused(path: Path) -> None:
    ends = written(path, [AudioFrame(0, 0, b"ab"), AudioFrame(1, 0, b"cd")])
    data = path.read_bytes()
    path.write_bytes(data[:8] + data[ends[0] : ends[1]] + data[8 : ends[0]])
    with pytest.raises(SpoolError, match="or it was changed"):
        read(path)


def test_a_file_that_is_no_spool_is_refused(path: Path) -> None:
    path.write_bytes(b"RIFF and so on")
    with pytest.raises(SpoolError, match="no spool"):
        read(path)


def test_two_processes_cannot_write_the_same_meeting(path: Path) -> None:
    first = Spool(path, "m1", KEY)
    with pytest.raises(SpoolError, match="another process"):
        Spool(path, "m1", KEY)
    first.close()


@pytest.mark.parametrize("seq", [0, 2, 99])
def test_only_the_next_number_is_taken(path: Path, seq: int) -> None:
    spool = Spool(path, "m1", KEY)
    spool.append(AudioFrame(0, 0, b"ab"))
    with pytest.raises(OutOfOrder, match="record 1 is wanted"):
        spool.append(AudioFrame(seq, 0, b"cd"))
    spool.close()


def test_the_end_counts_the_samples_and_closes_the_meeting(path: Path) -> None:
    spool = Spool(path, "m1", KEY)
    spool.append(AudioFrame(0, 0, b"abcd"))
    with pytest.raises(OutOfOrder, match="counts 3 samples, 2 came"):
        spool.append(End(seq=1, sample=3, at_ms=0))
    spool.append(End(seq=1, sample=2, at_ms=0))
    with pytest.raises(OutOfOrder, match="has ended"):
        spool.append(Pause(seq=2, sample=2, at_ms=0))
    spool.close()


def test_a_reader_sees_only_what_is_durable_and_goes_on_where_it_was(path: Path) -> None:
    spool = Spool(path, "m1", KEY)
    reader = spool.reader()
    spool.append(AudioFrame(0, 0, b"ab"))
    assert list(reader.read()) == []
    spool.commit()
    spool.append(Pause(seq=1, sample=1, at_ms=5))
    assert list(reader.read()) == [AudioFrame(0, 0, b"ab")]
    spool.append(Resume(seq=2, sample=1, at_ms=9))
    spool.commit()
    assert list(reader.read()) == [Pause(seq=1, sample=1, at_ms=5), Resume(seq=2, sample=1, at_ms=9)]
    spool.close()


@contextlib.contextmanager
def small_disk() -> Generator[None]:
    """Files of this process cannot grow over 1,000 bytes: the disk refuses in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        yield
    finally:  # Before pytest writes its report, to a file perhaps.
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_whole_records_only(path: Path) -> None:
    spool = Spool(path, "m1", KEY)
    with small_disk():
        spool.append(AudioFrame(0, 0, bytes(600)))
        with pytest.raises(SpoolError, match="disk refused"):
            spool.append(AudioFrame(1, 0, bytes(600)))
    spool.append(AudioFrame(1, 0, bytes(100)))
    spool.commit()
    spool.close()
    assert read(path) == [AudioFrame(0, 0, bytes(600)), AudioFrame(1, 0, bytes(100))]


def test_rollback_forgets_what_was_not_committed(path: Path) -> None:
    spool = Spool(path, "m1", KEY)
    spool.append(AudioFrame(0, 0, b"ab"))
    spool.commit()
    spool.append(AudioFrame(1, 0, b"cd"))
    spool.rollback()
    spool.append(AudioFrame(1, 0, b"ef"))
    spool.commit()
    spool.close()
    assert read(path) == [AudioFrame(0, 0, b"ab"), AudioFrame(1, 0, b"ef")]
