"""The store as the program itself uses it while a meeting runs: the graph's records, and what the live flow keeps.

Everything is done as `system` and logged once per object, so that a restart leaves the same audit log.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from ..agent.gate import Gate
from ..agent.observation import AcuteSignal, Observation
from ..knowledge.participants import Meeting
from ..knowledge.sources import Transcript, Utterance
from .security.access import SYSTEM
from .store.facade import Store
from .store.records import Gap, GapKind

Clock = Callable[[], datetime]


class MeetingRoom:
    """One live meeting's words, gaps and findings in the store."""

    def __init__(self, store: Store, meeting_id: str, clock: Clock) -> None:
        self.id = meeting_id
        self._store, self._clock = store, clock

    def _once(self, what: str) -> str:
        """The log key of a read that the program repeats all through the meeting."""
        return f"live {what}:{self.id}"

    def together(self) -> AbstractContextManager[None]:
        """What is read inside is one act."""
        return self._store.together(self._clock())

    def meeting(self) -> Meeting:
        return self._store.meeting(SYSTEM, self.id, at=self._clock(), key=self._once("meeting"))

    def transcript(self) -> Transcript:
        return self._store.transcript(SYSTEM, self.id, at=self._clock(), key=self._once("transcript"))

    def observations(self) -> Sequence[Observation]:
        return self._store.observations(SYSTEM, self.id, at=self._clock(), key=self._once("observations"))

    def acute(self) -> Sequence[AcuteSignal]:
        return self._store.acute_signals(SYSTEM, self.id, at=self._clock(), key=self._once("acute signals"))

    def append(self, utterance: Utterance) -> bool:
        """Keep an utterance; False if it was there already, word for word."""
        return self._store.append_utterance(SYSTEM, self.id, utterance, at=self._clock())

    def silence(self, kind: GapKind, start_ms: int, end_ms: int, note: str = "") -> None:
        gap = Gap(f"{self.id}-{kind}-{start_ms}", kind, start_ms, end_ms, note)
        self._store.save_gap(SYSTEM, self.id, gap, at=self._clock())

    def strike(self, start_ms: int, end_ms: int) -> None:
        """Somebody took back what was said in this stretch: the words go, and a marked gap stays."""
        self._store.strike(SYSTEM, self.id, start_ms, end_ms, at=self._clock())

    def save_reading(self, gate: Gate) -> None:
        self._store.save_reading(SYSTEM, self.id, gate, at=self._clock())

    def end(self) -> None:
        """The last words are stored and read."""
        self._store.move_meeting_on(SYSTEM, self.id, "closed", at=self._clock())
