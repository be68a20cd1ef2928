"""A live meeting: spool to recognizer, finals to transcript, new words to the graph, everything to the screens.

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
from .asr.recognizer import Closed, Final, Gap, Partial, to_ms
from .asr.worker import Lane
from .attribution import Tap, attribute
from .hub import Ended, Hearing, Hub, Noted, Quiet, Said, Trouble
from .ingest.frames import AudioFrame
from .ingest.messages import End, Pause, Record, Resume, Strike, Turn
from .room import MeetingRoom

_log = logging.getLogger(__name__)


class LiveMeeting:
    """Follows one meeting from its first record to its last. `run` returns when the last words are stored and read."""

    def __init__(self, room: MeetingRoom, graph: MeetingGraph, deps: Deps, hub: Hub) -> None:
        self._room, self._graph, self._deps, self._hub = room, graph, deps, hub
        self._taps: list[Tap] = []
        self._place = 0
        self._paused_at: int | None = None
        self._samples = 0

    async def run(self, records: AsyncIterator[Record], lane: Lane) -> None:
        """Raises HandenhetError if the recognizer or the store gives up; the spool still holds the meeting."""
        await self._begin()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._feed(records, lane))
            tasks.create_task(self._take(lane))
        await self._resume("ended")
        await self._tell_noted()
        self._room.end()
        self._hub.tell(self._room.id, Ended())

    async def _feed(self, records: AsyncIterator[Record], lane: Lane) -> None:
        async for record in records:
            match record:
                case AudioFrame():
                    self._samples += record.samples
                    await lane.push(record.pcm)
                case Turn():
                    self._taps.append(Tap(to_ms(record.sample), record.speaker))
                case Pause():
                    self._paused_at = record.at_ms
                case Resume():
                    self._resume_after_pause(record)
                case Strike():
                    self._room.strike(to_ms(record.since), to_ms(record.sample))
                case End():
                    break
                case _:
                    pass
        lane.close()

    def _resume_after_pause(self, record: Resume) -> None:
        if self._paused_at is not None:
            at = to_ms(record.sample)
            self._room.silence("pause", at, at, f"{max(0, record.at_ms - self._paused_at) // 1000} s")
            self._hub.tell(self._room.id, Quiet(at, at, "pause"))
        self._paused_at = None

    async def _take(self, lane: Lane) -> None:
        async for event in lane.events():
            match event:
                case Partial():
                    self._hub.tell(self._room.id, Hearing(event.text, event.at_ms))
                case Final():
                    await self._said(event)
                case Gap():
                    self._room.silence("no_words", event.start_ms, event.end_ms, event.why)
                    self._hub.tell(self._room.id, Quiet(event.start_ms, event.end_ms, event.why))
                case Closed():
                    return

    async def _said(self, final: Final) -> None:
        for part in attribute(final, self._taps):
            place, self._place = self._place, self._place + 1
            utterance = Utterance(f"u{place}", place, part.speaker, part.start_ms, part.end_ms, part.words)
            new = await asyncio.to_thread(self._room.append, utterance)
            if new:
                self._hub.tell(self._room.id, Said(utterance))
        await self._resume("live")
        await self._tell_noted()

    async def _begin(self) -> None:
        """Start the graph, or pick it up where a killed process left it."""
        state = await self._graph.aget_state(self._config)
        if state.values:
            if state.next and not state.interrupts:
                await self._invoke(None)
            return
        await self._invoke(new_meeting(self._room.id))

    async def _resume(self, phase: MeetingPhase) -> None:
        """Tell the graph that words have come or the meeting has ended; past `listen` it is told nothing."""
        state = await self._graph.aget_state(self._config)
        if "listen" in state.next:
            await self._invoke(Command(resume=phase))

    async def _invoke(self, given: Any) -> None:
        await self._graph.ainvoke(given, self._config, context=self._deps, durability="sync")

    @property
    def _config(self) -> Any:
        return {"configurable": {"thread_id": f"meeting:{self._room.id}"}, "recursion_limit": 100_000}

    async def _tell_noted(self) -> None:
        state = await self._graph.aget_state(self._config)
        noted = await asyncio.to_thread(self._noted, bool(state.values.get("model_lost")))
        self._hub.tell(self._room.id, noted)

    def _noted(self, model_lost: bool) -> Noted:
        observations = self._room.observations()
        ledger = gaps(self._room.meeting(), self._room.transcript(), observations, self._deps.catalogue)
        return Noted(tuple(observations), tuple(self._room.acute()), ledger, model_lost)


async def follow_until_done(live: LiveMeeting, records: AsyncIterator[Record], lane: Lane, hub: Hub, id: str) -> None:
    """Run a live meeting in the background: what goes wrong is told to the room, and the spool keeps the meeting."""
    try:
        await live.run(records, lane)
    except* HandenhetError:
        _log.exception("meeting %s stopped being heard", id)
        hub.tell(id, Trouble("Inspelningen fortsätter, men orden skrivs inte ner just nu. Ljudet är sparat."))
