"""The audit chain: every entry is sealed together with the one before it, so that a change shows. Pure, no I/O.

The chain alone does not see its own tail cut off; `anchor.py` remembers the head elsewhere. An entry says who did what
to which case and object, and never what anybody said.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .anchor import Anchor

What = Literal[
    "acknowledge acute signal",
    "approve document",
    "ask about past cases",
    "assign",
    "change case",
    "close case",
    "correct words",
    "create case",
    "destroy audio",
    "destroy case",
    "export",
    "find case",
    "hold case",
    "list cases",
    "log communication",
    "move meeting on",
    "open meeting",
    "read audio",
    "read case",
    "read deadlines",
    "read document",
    "read meeting",
    "read observations",
    "read transcript",
    "refused",
    "release case",
    "review log",
    "rotate master key",
    "save acute signal",
    "save audio",
    "save deadline",
    "save document",
    "save gap",
    "save observation",
    "save participant",
    "save reading",
    "save refusal",
    "save utterance",
    "strike",
    "unassign",
]
"""Everything that is logged. A closed set, so that nobody can write content where the act is named."""

FIRST = b"\0" * 32
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it stands in the log. `at_us` is microseconds since 1970 UTC; `key` makes a repeated act one entry.

    `digest` fingerprints what was written; `reason` fingerprints a stated reason, which is kept sealed elsewhere.
    """

    key: str
    at_us: int
    who: str
    role: str
    what: str
    case_id: str
    object_id: str
    digest: str
    reason: str

    @property
    def act(self) -> tuple[str, ...]:
        """What must agree when the same key comes again; the time may differ after a restart."""
        return self.who, self.what, self.case_id, self.object_id, self.digest

    def body(self) -> bytes:
        fields = [self.key, self.at_us, self.who, self.role, self.what, self.case_id, self.object_id]
        return json.dumps([*fields, self.digest, self.reason], ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place in the chain."""

    seq: int
    entry: Entry
    prev: bytes
    mac: bytes


def link(key: bytes, seq: int, prev: bytes, entry: Entry) -> Link:
    """The next link. `seq` counts from 1, `prev` is the link before's `mac` (`FIRST` for the first)."""
    sealed = hmac.new(key, prev + seq.to_bytes(8, "big") + entry.body(), hashlib.sha256).digest()
    return Link(seq, entry, prev, sealed)


Why = Literal["", "entry_missing", "entry_changed", "shorter_than_anchor", "anchor_missing", "anchor_changed"]
"""`entry_changed` also covers an entry that was moved or written without the key."""


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. `first_broken` is the first entry that does not hold, None if all do."""

    entries: int
    first_broken: int | None = None
    why: Why = ""

    @property
    def ok(self) -> bool:
        return self.first_broken is None


def verify(key: bytes, links: Iterable[Link], anchors: Sequence[Anchor]) -> Report:
    """Walk the whole chain in order, then see that it passes through every head that was ever anchored."""
    watched = [head for anchor in anchors for head in anchor.heads]
    macs: dict[int, bytes] = {}
    seq, prev = 0, FIRST
    for found in links:
        seq += 1
        if found.seq != seq:
            return Report(seq - 1, seq, "entry_missing")
        expected = link(key, seq, prev, found.entry)
        if found.prev != prev or not hmac.compare_digest(expected.mac, found.mac):
            return Report(seq - 1, seq, "entry_changed")
        prev = found.mac
        if any(head.seq == seq for head in watched):
            macs[seq] = prev
    for anchor in anchors:
        broken = anchor.beyond(seq, macs)
        if broken is not None:
            return Report(seq, broken, "shorter_than_anchor")
    return Report(seq)
