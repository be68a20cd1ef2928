"""What was struck is silent also in a recording that is kept."""

from collections.abc import Iterable
from pathlib import Path

from .frames import AudioFrame
from .messages import Record, Strike
from .spool import Spool

Spans = Iterable[tuple[int, int]]
"""First sample and the one after the last."""


def silenced(pcm: bytes, first: int, spans: Spans) -> bytes:
    """Samples (PCM16) from sample `first` on, with zeros where they fall inside `spans`."""
    quiet = bytearray(pcm)
    for start, end in spans:
        low, high = 2 * max(0, start - first), min(len(quiet), 2 * max(0, end - first))
        if low < high:
            quiet[low:high] = bytes(high - low)
    return bytes(quiet)


def silence_struck(path: Path, meeting: str, key: bytes) -> None:
    """Write the spool anew with silence in what was struck; nothing happens where nothing was.

    The new spool takes the old one's place whole or not at all. Raises SpoolError.
    """
    spool = Spool(path, meeting, key)
    try:
        struck = [(r.since, r.sample) for r in spool.reader().read() if isinstance(r, Strike)]
        if struck:
            fresh = path.with_name(f"{path.name}.silenced")
            fresh.unlink(missing_ok=True)
            _copy(spool, Spool(fresh, meeting, key), struck)
            fresh.replace(path)
    finally:
        spool.close()


def _copy(old: Spool, new: Spool, struck: list[tuple[int, int]]) -> None:
    at = 0
    try:
        for record in old.reader().read():
            kept: Record = record
            if isinstance(record, AudioFrame):
                kept = AudioFrame(record.seq, record.capture_ms, silenced(record.pcm, at, struck))
                at += record.samples
            new.append(kept)
        new.commit()
    finally:
        new.close()
