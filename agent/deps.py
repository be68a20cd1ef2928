"""What the graphs' nodes are handed for one run: the records, the readers, the clock. Never checkpointed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ..knowledge.factors import Catalogue
from ..knowledge.participants import Meeting
from ..knowledge.sources import Transcript
from .beside import Beside
from .engine import Engine
from .gate import Gate
from .observation import Observation


class MeetingRecords(Protocol):
    """The store as the meeting graph needs it. Every method is idempotent: a node killed half-way runs again."""

    def meeting(self, meeting_id: str) -> Meeting: ...

    def transcript(self, meeting_id: str) -> Transcript: ...

    def observations(self, meeting_id: str) -> Sequence[Observation]: ...

    def save_reading(self, meeting_id: str, gate: Gate, at: datetime) -> None:
        """Keep what the gate holds: new, withdrawn, acute, notes, the child's words, refusals."""
        ...

    def save_drafts(self, meeting_id: str, at: datetime) -> None:
        """Compose and keep the child's version and the journal entry from what the room confirmed."""
        ...

    async def rewrite_for_child(self, meeting_id: str) -> None:
        """Let the language model, where there is one, put the child's version in its words, if they pass the review."""
        ...

    def signed(self, meeting_id: str) -> bool:
        """Whether a named person has approved the journal entry by its digest."""
        ...


class CaseRecords(Protocol):
    """The store as the case graph needs it; idempotent too."""

    def draft_basis(self, case_id: str, ground: str, on: str, at: datetime) -> str:
        """Compose the decision basis from all approved meetings and keep it; the draft's id."""
        ...

    def blocking(self, draft_id: str) -> int:
        """How many findings of the review block approval right now."""
        ...

    def approved(self, draft_id: str) -> bool:
        """Whether a named person has approved exactly this draft."""
        ...


READ_AT_ONCE = 2


async def _nobody() -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Deps:
    """`clock` gives the current time, zone-aware; logic below takes time as an argument.

    `beside` and `turns` are one for the whole process; `read_beside` is called when the language model has read a
    window. `turns` lets few meetings read at once: where fifty people end a sentence together, the sound of all of them
    is still taken in between two readings.
    """

    meetings: MeetingRecords
    cases: CaseRecords
    engine: Engine
    catalogue: Catalogue
    clock: Callable[[], datetime]
    beside: Beside = field(default_factory=Beside)
    read_beside: Callable[[], Awaitable[None]] = _nobody
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))
