"""A live meeting: what is heard goes to the transcript, new words to the graph, everything to the screens.

A meeting is a pure function of its spool. After a restart the spool is followed from its first record again, and every
step meets what it did before: the same utterance ids in the store, the same place in the graph.
"""

# LangGraph types its compiled graphs only in part.
# pyright: reportUnknownMemberType=false

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from ..agent.deps import Deps
from ..agent.gaps import gaps
from ..agent.graph import MeetingGraph
from ..agent.state import MeetingPhase, new_meeting
from ..knowledge.errors import HandenhetError
from ..knowledge.sources import Utterance
from .asr.recognizer import SlotsFull
from .attribution import VOICE, Segment
from .graphs import answer, graph_config, pick_up
from .hearing import Heard, Live, Missing
from .hub import Ended, Hearing, Hub, Noted, Quiet, Said, Trouble
from .room import MeetingRoom
from .store.records import GapKind
from .voices import TOO_MANY, too_many

_log = logging.getLogger(__name__)
_GAPS: dict[str, GapKind] = {"unclear": "no_words", "paused": "pause"}


class LiveMeeting:
    """Takes in what is heard of one meeting. `run` returns when the last words are stored and read."""

    def __init__(self, room: MeetingRoom, graph: MeetingGraph, deps: Deps, hub: Hub) -> None:
        self._room, self._graph, self._hub = room, graph, hub
        self._deps = replace(deps, read_beside=self._tell_noted)
        self._place = 0
        self._warned = False

    async def run(self, heard: AsyncIterator[Heard]) -> None:
        """Raises HandenhetError if the recognizer or the store gives up; the spool still holds the meeting."""
        await pick_up(self._graph, self._room.id, self._deps, new_meeting(self._room.id))
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
        await self._tell_graph("ended")
        await self._tell_noted()
        await asyncio.to_thread(self._room.end)
        self._hub.tell(self._room.id, Ended())

    async def run_in_background(self, heard: AsyncIterator[Heard]) -> None:
        """The same, with trouble told to the room instead of raised: the spool keeps the meeting meanwhile."""
        try:
            await self.run(heard)
        except SlotsFull:
            _log.warning("meeting %s waits for a place to be heard", self._room.id)
            what = "Inspelningen fortsätter. Orden skrivs ner när ett annat möte är slut. Ljudet är sparat."
            self._hub.tell(self._room.id, Trouble(what))
        except HandenhetError:
            _log.exception("meeting %s stopped being heard", self._room.id)
            what = "Inspelningen fortsätter, men orden skrivs inte ner just nu. Ljudet är sparat."
            self._hub.tell(self._room.id, Trouble(what))

    async def _said(self, part: Segment) -> None:
        place, self._place = self._place, self._place + 1
        utterance = Utterance(f"u{place}", place, part.speaker, part.start_ms, part.end_ms, part.words)
        if await asyncio.to_thread(self._room.append, utterance):
            self._hub.tell(self._room.id, Said(utterance))
        if part.speaker.startswith(VOICE):
            await self._warn_of_a_crowd()
        async with self._deps.turns:
            await self._tell_graph("live")
            await self._tell_noted()

    async def _warn_of_a_crowd(self) -> None:
        """Once a meeting: more people are here than voices can be told apart."""
        if not self._warned and too_many(await asyncio.to_thread(self._room.meeting)):
            self._hub.tell(self._room.id, Trouble(TOO_MANY))
        self._warned = True

    async def _missing(self, gap: Missing) -> None:
        if gap.why == "struck":
            await asyncio.to_thread(self._room.strike, gap.start_ms, gap.end_ms)
        else:
            note = f"{gap.lasted_ms // 1000} s" if gap.lasted_ms else ""
            await asyncio.to_thread(self._room.silence, _GAPS[gap.why], gap.start_ms, gap.end_ms, note)
        self._hub.tell(self._room.id, Quiet(gap.start_ms, gap.end_ms, gap.why))
        if gap.why == "struck":
            await self._tell_noted()

    async def _tell_graph(self, phase: MeetingPhase) -> None:
        """Words have come or the meeting has ended; past `listen` the graph is told nothing."""
        await answer(self._graph, self._room.id, self._deps, frozenset({"listen"}), phase)

    async def _tell_noted(self) -> None:
        state = await self._graph.aget_state(graph_config(self._room.id))
        lost = bool(state.values.get("model_lost")) or self._deps.beside.lost(self._room.id)
        noted = await asyncio.to_thread(self._noted, lost)
        self._hub.tell(self._room.id, noted)

    def _noted(self, model_lost: bool) -> Noted:
        with self._room.together():
            observations, acute = tuple(self._room.observations()), tuple(self._room.acute())
            meeting, transcript = self._room.meeting(), self._room.transcript()
        return Noted(observations, acute, gaps(meeting, transcript, observations, self._deps.catalogue), model_lost)
