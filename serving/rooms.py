"""The meetings of one server while they are held: who may stream, what is heard, typed notes, and the sound kept.

A meeting is heard from its spool, so it can begin, break off and go on in any process of the installation.
"""

import asyncio
import contextlib
import io
import logging
import threading
import wave
from collections.abc import AsyncGenerator, Mapping

from starlette.datastructures import Headers

from ..agent.state import new_meeting
from ..knowledge.errors import HandenhetError
from ..knowledge.sources import Word
from .asr.worker import Worker
from .attribution import Segment
from .graphs import answer, pick_up
from .guard import Who, actor_of
from .house import House
from .ingest.frames import SAMPLE_RATE, AudioFrame
from .ingest.messages import Hello
from .ingest.server import Grant, Ingest
from .ingest.silence import silence_struck, silenced
from .ingest.spool import SUFFIX, SpoolError, spool_path
from .meeting import LiveMeeting
from .room import MeetingRoom
from .security.access import SYSTEM, AccessRefused, Actor
from .shapes import may_record
from .store.errors import NotThere
from .store.records import Audio

_log = logging.getLogger(__name__)
AGAIN_S = 5.0
"""How long a meeting that stopped being heard waits before it is heard again from its spool."""
MAX_NOTE_CHARS = 4_000
LONGEST_CLIP_MS = 120_000


class Rooms:
    """Every meeting of this process. `who` gives the person behind a session token."""

    def __init__(self, house: House, worker: Worker, who: Who) -> None:
        self.house, self._worker, self._who = house, worker, who
        house.spool_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.ingest = Ingest(house.spool_folder, self._authorise)
        self._hearing: dict[str, asyncio.Task[None]] = {}
        self._notes: dict[str, _Notes] = {}
        self._graph_locks: dict[str, asyncio.Lock] = {}
        self.writing = threading.Lock()
        """Held while a document is read, changed and written again, so that two fields saved at once both stay."""

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Go on hearing what a killed server left; at the end let go of every spool, whole."""
        for path in sorted(self.house.spool_folder.glob(f"*{SUFFIX}")):
            await self._pick_up(path.name.removesuffix(SUFFIX))
        try:
            yield
        finally:
            # Hearing stops before the spools close: a closed spool would read as a meeting that ended.
            tasks = [*self._hearing.values(), *self.house.running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.ingest.aclose()

    async def _pick_up(self, meeting: str) -> None:
        try:
            at = self.house.clock()
            record = await asyncio.to_thread(self.house.store.meeting_record, SYSTEM, meeting, at=at)
            if record.status == "live":
                key = await asyncio.to_thread(self.house.store.spool_key, SYSTEM, meeting, at=at)
                self._hear(meeting, key)
        except HandenhetError as error:
            _log.warning("a spool is left alone: %s", error)

    async def _authorise(self, hello: Hello, headers: Mapping[str, str]) -> Grant | None:
        actor = actor_of(Headers(dict(headers)), self._who)
        if actor is None:
            return None
        key = await asyncio.to_thread(self._spool_key_to_record, actor, hello.meeting)
        if key is None:
            return None
        self._hear(hello.meeting, key)
        return Grant(key)

    def _spool_key_to_record(self, actor: Actor, meeting: str) -> bytes | None:
        """The spool's key if this person may record this meeting now: theirs, still live, and everybody agreed."""
        store, at = self.house.store, self.house.clock()
        log_key = f"record:{meeting}:{actor.id}"
        try:
            record = store.meeting_record(actor, meeting, at=at, key=log_key)
            if record.status != "live" or not may_record(record):
                return None
            return store.spool_key(actor, meeting, at=at, key=f"{log_key}:spool")
        except (AccessRefused, NotThere):
            return None

    def _hear(self, meeting: str, key: bytes) -> None:
        task = self._hearing.get(meeting)
        if task is None or task.done():
            self._hearing[meeting] = asyncio.create_task(self._hear_to_the_end(meeting, key))

    async def _hear_to_the_end(self, meeting: str, key: bytes) -> None:
        while True:
            await asyncio.wait({self.house.listen(meeting, self.ingest, self._worker, key)})
            status = await asyncio.to_thread(self._status, meeting)
            if status != "live":
                break
            await asyncio.sleep(AGAIN_S)
        while True:
            try:
                return await asyncio.to_thread(self._put_audio_away, meeting, key)
            except SpoolError:  # The device's connection still holds it.
                await asyncio.sleep(AGAIN_S)

    def _status(self, meeting: str) -> str:
        room = f"live:{meeting}"
        return self.house.store.meeting_record(SYSTEM, meeting, at=self.house.clock(), key=f"{room}:status").status

    def _put_audio_away(self, meeting: str, key: bytes) -> None:
        """The words are stored: the sound goes, or is kept under the case's own key, as the municipality decided."""
        path = spool_path(self.house.spool_folder, meeting)
        if self.house.settings.audio_mode == "bevarad":
            silence_struck(path, meeting, key)
            kept = Audio(f"audio-{meeting}", meeting, str(path), key.hex())
            self.house.store.save_audio(SYSTEM, kept, at=self.house.clock())
        else:
            for left in (path, path.with_name(f"{path.name}.torn")):
                left.unlink(missing_ok=True)

    def has_audio(self, meeting: str) -> bool:
        return spool_path(self.house.spool_folder, meeting).exists()

    async def clip(self, actor: Actor, meeting: str, start_ms: int, end_ms: int) -> bytes:
        """The seconds as WAV. Raises AccessRefused, or HandenhetError where no sound is kept."""
        if not 0 <= start_ms < end_ms <= start_ms + LONGEST_CLIP_MS:
            raise HandenhetError("a clip is at most two minutes and starts before it ends")
        key = await asyncio.to_thread(self.house.store.spool_key, actor, meeting, at=self.house.clock())
        if not self.has_audio(meeting):
            raise NotThere("no sound is kept of this meeting", where=meeting)
        first, end = start_ms * SAMPLE_RATE // 1000, end_ms * SAMPLE_RATE // 1000
        pcm = silenced(await self._pcm(meeting, key, first, end), first, await self._struck(actor, meeting))
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(pcm)
        return out.getvalue()

    async def _struck(self, actor: Actor, meeting: str) -> list[tuple[int, int]]:
        once = f"clip:{meeting}:{actor.id}:gaps"
        gaps = await asyncio.to_thread(self.house.store.gaps, actor, meeting, at=self.house.clock(), key=once)
        per_ms = SAMPLE_RATE // 1000
        return [(gap.start_ms * per_ms, gap.end_ms * per_ms) for gap in gaps if gap.kind == "struck"]

    async def _pcm(self, meeting: str, key: bytes, first: int, end: int) -> bytes:
        out, at = bytearray(), 0
        async with contextlib.aclosing(self.ingest.follow(meeting, key)) as records:
            async for record in records:
                if isinstance(record, AudioFrame):
                    if at + record.samples > first:
                        out += record.pcm[2 * max(0, first - at) : 2 * max(0, end - at)]
                    at += record.samples
                    if at >= end:
                        break
                    await asyncio.sleep(0)
        return bytes(out)

    async def note(self, actor: Actor, meeting: str, speaker: str, text: str) -> None:
        """A typed note where somebody said no to sound: read like words said, by the one they are from."""
        if not text.split() or len(text) > MAX_NOTE_CHARS:
            raise HandenhetError(f"a note holds 1 to {MAX_NOTE_CHARS} characters")
        record = await asyncio.to_thread(self._open_for_notes, actor, meeting)
        if speaker not in {participant.id for participant in record.meeting.participants}:
            raise HandenhetError("the note is from nobody in the room", where=speaker)
        (await self._notes_of(meeting)).write(Segment(speaker, tuple(Word(word) for word in text.split())))

    async def end_notes(self, actor: Actor, meeting: str) -> None:
        """The last note is written: the room goes through them."""
        await asyncio.to_thread(self._open_for_notes, actor, meeting)
        notes = await self._notes_of(meeting)
        notes.write(None)
        await asyncio.wait({notes.task})

    def _open_for_notes(self, actor: Actor, meeting: str):
        record = self.house.store.meeting_record(actor, meeting, at=self.house.clock())
        if record.status != "live" or may_record(record):
            raise HandenhetError("this meeting is not written by hand", where=meeting)
        return record

    async def _notes_of(self, meeting: str) -> "_Notes":
        notes = self._notes.get(meeting)
        if notes is None or notes.task.done():
            notes = self._notes[meeting] = _Notes(self.house, meeting)
        return notes

    async def people_answered(self, meeting: str) -> None:
        """Tell the meeting's graph that people have done something: it looks in the store what."""
        lock = self._graph_locks.setdefault(meeting, asyncio.Lock())
        async with lock:
            graph, deps = self.house.meeting_graph, self.house.deps
            hearing = self.house.running.get(meeting)
            if hearing is None or hearing.done():
                await pick_up(graph, meeting, deps, new_meeting(meeting))
            await answer(graph, meeting, deps, frozenset({"go_through", "sign"}), "people have answered")


class _Notes:
    """A meeting written by hand: the stored notes first, so that a restart goes on where it was, then each new one."""

    def __init__(self, house: House, meeting: str) -> None:
        self._house, self._meeting = house, meeting
        self._queue: asyncio.Queue[Segment | None] = asyncio.Queue()
        room = MeetingRoom(house.store, meeting, house.clock)
        live = LiveMeeting(room, house.meeting_graph, house.deps, house.hub)
        self.task = house.running[meeting] = asyncio.create_task(live.run_in_background(self._heard(room)))

    def write(self, note: Segment | None) -> None:
        self._queue.put_nowait(note)

    async def _heard(self, room: MeetingRoom) -> AsyncGenerator[Segment]:
        for utterance in (await asyncio.to_thread(room.transcript)).utterances:
            yield Segment(utterance.speaker, utterance.words)
        while (note := await self._queue.get()) is not None:
            yield note
