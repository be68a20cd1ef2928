"""The language model beside the embedded reader: it reads in the background, and nobody waits for it to talk on.

While it reads, words go on coming and the embedded reader goes on proposing. What it proposed is therefore put to the
meeting as that stands when the model is done.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic_ai.exceptions import UnexpectedModelBehavior

from ..knowledge.factors import Catalogue
from ..knowledge.sources import Transcript
from ..tools.proposals import Accepted, Desk, Proposal, Refused
from .engine import Engine, Turn
from .gate import Gate
from .readers.protocol import Window

SAME_AGAIN = 3
"""So many times the same proposal is refused before the model is taken to be going round in circles."""
GIVEN_UP = 3
"""Readings in a row that led nowhere before the model is left out for the rest of the meeting."""


@dataclass
class Hearing:
    """A desk that remembers what passed, and stops a model that says the same refused thing over and over."""

    desk: Desk
    passed: list[Proposal] = field(default_factory=list[Proposal])
    refused: Counter[Proposal] = field(default_factory=Counter[Proposal])

    def submit(self, proposal: Proposal) -> Accepted | Refused:
        if self.refused[proposal] == SAME_AGAIN:
            raise UnexpectedModelBehavior("the same refused proposal again and again")
        answer = self.desk.submit(proposal)
        if isinstance(answer, Accepted):
            self.passed.append(proposal)
        else:
            self.refused[proposal] += 1
        return answer


@dataclass
class Place:
    """How far the language model has come in one meeting."""

    upto: int
    lost: bool
    wanted: int = 0
    given_up: int = 0
    task: asyncio.Task[None] | None = None

    def count(self, turn: Turn) -> None:
        self.given_up = self.given_up + 1 if turn == "given_up" else 0
        self.lost = turn == "gone" or self.given_up == GIVEN_UP


@dataclass(frozen=True)
class Meeting:
    """One meeting as the language model's reading needs it.

    `gate` opens a gate over what is said and kept at the time of asking; `save` keeps what a gate holds; `told` is
    called after each reading, so that the screens may show it.
    """

    id: str
    engine: Engine
    catalogue: Catalogue
    gate: Callable[[], Gate]
    save: Callable[[Gate], None]
    told: Callable[[], Awaitable[None]]


@dataclass
class Beside:
    """Every meeting that a language model reads in this process, each one window at a time."""

    places: dict[str, Place] = field(default_factory=dict[str, Place])

    def nudge(self, meeting: Meeting, upto: int, wanted: int, lost: bool) -> Place:
        """Let the model read on to `wanted` utterances. `upto` and `lost` count where the meeting is new here.

        Returns at once; words that come while it reads are read together when it is done.
        """
        place = self.places.setdefault(meeting.id, Place(upto, lost))
        place.wanted = max(place.wanted, wanted)
        if place.task is None or place.task.done():
            place.task = asyncio.create_task(_read_on(meeting, place))
        return place

    async def caught_up(self, meeting_id: str) -> Place:
        """Wait until the model has read what it was nudged to, or is lost; the meeting is then forgotten here."""
        place = self.places[meeting_id]
        if place.task is not None:
            await place.task
        return self.places.pop(meeting_id)

    def lost(self, meeting_id: str) -> bool:
        """Whether the model has failed in this meeting since it was nudged here."""
        return meeting_id in self.places and self.places[meeting_id].lost

    async def aclose(self) -> None:
        tasks = [place.task for place in self.places.values() if place.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_on(meeting: Meeting, place: Place) -> None:
    while place.upto < place.wanted and not place.lost:
        upto = place.wanted
        await _read(meeting, place, upto)


async def _read(meeting: Meeting, place: Place, upto: int) -> None:
    engine = meeting.engine
    assert engine.llm is not None
    proposer = engine.llm_proposer(engine.llm)
    then = meeting.gate()
    then.proposer = proposer
    then.transcript = Transcript(then.transcript.utterances[:upto])
    hearing = Hearing(then)
    window = Window(then.meeting, then.transcript, place.upto, engine.logged(then))
    turn = await engine.read_beside(engine.llm, window, hearing, meeting.catalogue)
    now = meeting.gate()
    now.proposer = proposer
    now.refusals += then.refusals
    for proposal in hearing.passed:
        now.submit(proposal)
    meeting.save(now)
    # Words that led nowhere are not put to the model once more: the embedded reader has read them.
    place.upto = upto
    place.count(turn)
    await meeting.told()
