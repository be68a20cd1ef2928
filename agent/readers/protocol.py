"""The Reader protocol: a window of new utterances in, proposals out."""

from dataclasses import dataclass
from typing import Protocol

from ...knowledge.participants import Meeting
from ...knowledge.sources import Transcript, Utterance
from ...tools.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Logged:
    """An observation already kept in this meeting, as a reader needs to see it."""

    id: str
    factor: str
    utterance: str
    quote: str
    about: str


@dataclass(frozen=True, slots=True)
class Window:
    """What a reader reads: the talk so far, where the new part begins, and what is already logged."""

    meeting: Meeting
    transcript: Transcript
    new_from: int
    """Index of the first utterance not read before."""
    logged: tuple[Logged, ...] = ()

    @property
    def new(self) -> tuple[Utterance, ...]:
        return self.transcript.utterances[self.new_from :]


class Reader(Protocol):
    """Reads without side effects; what it proposes still has to pass the gate."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, window: Window) -> list[Proposal]:
        """Proposals for the new utterances, in the order they were said; withdrawals of logged ones among them."""
        ...
