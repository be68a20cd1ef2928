"""A live meeting: what is heard goes to the transcript, new words to the graph, everything to the screens.

A meeting is a pure function of its spool. After a restart the spool is followed from its first record again, and every
step meets what it did before: the same utterance ids in the store, the same place in the graph.
"""

# LangGraph types its compiled graphs only in part.
# pyright: reportUnknownMemberType=false

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from langgraph.types import Command

from ..agent.deps import Deps
from ..agent.gaps import gaps
from ..agent.graph import MeetingGraph
from ..agent.state import MeetingPhase, new_meeting
from ..knowledge.errors import HandenhetError
from ..knowledge.sources import Utterance
from .attribution import Segment
from .hearing import Heard, Live, Missing
from .hub import Ended, Hearing, Hub, Noted, Quiet, Said, Trouble
from .room import MeetingRoom
from .store.records import GapKind

_log = logging.getLogger(__name__)
_GAPS: dict[str, GapKind] = {"unclear": "no_words", "paused": "pause"}


class LiveMeeting:
    """Takes in what is heard of one meeting. `run` returns when the last words are stored and read."""

    def __init__(self, room: MeetingRoom, graph: MeetingGraph, deps: Deps, hub: Hub) -> None:
        self._room, self._graph, self._deps, self._hub = room, graph, deps, hub
        self._place = 0

    async def run(self, heard: AsyncIterator[Heard]) -> None:
        """Raises HandenhetError if the recognizer or the store gives up; the spool still holds the meeting."""
        await self._begin()
        async for one in heard:
            match one:
                case Segment():
                    await self._said(one)
                case Live():
                    self._hub.tell(self._room.id, Hearing(one.text, one.at_ms))
                case Missing():
                    await self._missing(one)
                case _:
                    pass
        await self._resume("ended")
        await self._tell_noted()
        self._room.end()
        self._hub.tell(self._room.id, Ended())

    async def run_in_background(self, heard: AsyncIterator[Heard]) -> None:
        """The same, with trouble told to the room instead of raised: the spool keeps the meeting meanwhile."""
        try:
            await self.run(heard)
        except HandenhetError:
            _log.exception("meeting %s stopped being heard", self._room.id)
            what = "Inspelningen fortsätter, men orden skrivs inte ner just nu. Ljudet är sparat."
            self._hub.tell(self._room.id, Trouble(what))

    async def _said(self, part: Segment) -> None:
        place, self._place = self._place, self._place + 1
        utterance = Utterance(f"u{place}", place, part.speaker, part.start_ms, part.end_ms, part.words)
        if await asyncio.to_thread(self._room.append, utterance):
            self._hub.tell(self._room.id, Said(utterance))
        await self._resume("live")
        await self._tell_noted()

    async def _missing(self, gap: Missing) -> None:
        if gap.why == "struck":
            await asyncio.to_thread(self._room.strike, gap.start_ms, gap.end_ms)
        else:
            note = f"{gap.lasted_ms // 1000} s" if gap.lasted_ms else ""
            self._room.silence(_GAPS[gap.why], gap.start_ms, gap.end_ms, note)
        self._hub.tell(self._room.id, Quiet(gap.start_ms, gap.end_ms, gap.why))
        if gap.why == "struck":
            await self._tell_noted()

    async def _begin(self) -> None:
        """Start the graph, or pick it up where a killed process left it."""
        state = await self._graph.aget_state(self._config)
        if not state.values:
            await self._invoke(new_meeting(self._room.id))
        elif state.next and not state.interrupts:
            await self._invoke(None)

    async def _resume(self, phase: MeetingPhase) -> None:
        """Tell the graph that words have come or the meeting has ended; past `listen` it is told nothing."""
        state = await self._graph.aget_state(self._config)
        if "listen" in state.next:
            await self._invoke(Command(resume=phase))

    async def _invoke(self, given: Any) -> None:
        await self._graph.ainvoke(given, self._config, context=self._deps, durability="sync")

    @property
    def _config(self) -> Any:
        return graph_config(self._room.id)

    async def _tell_noted(self) -> None:
        state = await self._graph.aget_state(self._config)
        noted = await asyncio.to_thread(self._noted, bool(state.values.get("model_lost")))
        self._hub.tell(self._room.id, noted)

    def _noted(self, model_lost: bool) -> Noted:
        observations = self._room.observations()
        ledger = gaps(self._room.meeting(), self._room.transcript(), observations, self._deps.catalogue)
        return Noted(tuple(observations), tuple(self._room.acute()), ledger, model_lost)


def graph_config(thread: str) -> Any:
    """The run of a meeting's or a case's graph, by its id."""
    return {"configurable": {"thread_id": thread}, "recursion_limit": 100_000}
