"""A meeting's records in, who said what out: the path from the spool through the recognizer to attributed words.

The demo, `transcribe` and the live server all hear through here, and a spool read again after a crash gives the same.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Literal

from ..knowledge.errors import HandenhetError
from .asr.recognizer import Final, Gap, Partial, to_ms
from .asr.worker import Lane, Worker
from .attribution import Segment, Speakers, Tap
from .ingest.frames import AudioFrame
from .ingest.messages import End, Mark, Pause, Record, Resume, Strike, Turn


@dataclass(frozen=True, slots=True)
class Live:
    """Words that may still change, for the screen only."""

    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A marked gap in the words.

    `unclear`: voice-like sound no word could be stood by. `struck`: taken back by somebody in the room; the words
    between the times have come already and are to go. `paused`: nothing was recorded for `lasted_ms` of the device's
    clock; both times are the sample where the pause fell.
    """

    why: Literal["unclear", "struck", "paused"]
    start_ms: int
    end_ms: int
    lasted_ms: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A moment somebody wants to find again."""

    at_ms: int


Heard = Segment | Live | Missing | Marked


async def hear(records: AsyncIterator[Record], worker: Worker, *, language: str | None = None) -> AsyncGenerator[Heard]:
    """Hear a meeting to its end. Each `Segment` is final and belongs to one speaker.

    Raises SlotsFull or RecognizerError; what was recorded stays in the spool and can be heard again.
    """
    hearing = _Hearing(worker, language)
    feeding = asyncio.create_task(hearing.feed(records))
    try:
        while (heard := await hearing.out.get()) is not None:
            yield heard
        await feeding
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        hearing.abandon()


class _Hearing:
    """One meeting being heard: at most one lane at a time, a new one after each pause."""

    def __init__(self, worker: Worker, language: str | None) -> None:
        self.out: asyncio.Queue[Heard | None] = asyncio.Queue()
        self._worker, self._language = worker, language
        self._lane: Lane | None = None
        self._reading: asyncio.Task[None] | None = None
        self._speakers = Speakers()
        self._samples = 0
        self._paused: Pause | None = None

    async def feed(self, records: AsyncIterator[Record]) -> None:
        try:
            async for record in records:
                await self._take(record)
            await self._finish_lane()
        finally:
            self.out.put_nowait(None)

    def abandon(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._lane is not None:
            self._lane.close()

    async def _take(self, record: Record) -> None:
        match record:
            case AudioFrame():
                await (await self._open_lane()).push(record.pcm)
                self._samples += record.samples
            case Turn():
                self._speakers.tap(Tap(to_ms(record.sample), record.speaker))
            case Pause():
                await self._finish_lane()
                self._paused = record
            case Resume():
                self._resume(record)
            case Strike():
                # Everything said before it is final first, so that the same words are struck however often it is heard.
                await self._finish_lane()
                self.out.put_nowait(Missing("struck", to_ms(record.since), to_ms(record.sample)))
            case Mark():
                self.out.put_nowait(Marked(to_ms(record.sample)))
            case End():
                pass

    def _resume(self, record: Resume) -> None:
        if self._paused is not None:
            at_ms = to_ms(self._samples)
            self.out.put_nowait(Missing("paused", at_ms, at_ms, max(0, record.at_ms - self._paused.at_ms)))
            self._paused = None

    async def _open_lane(self) -> Lane:
        if self._lane is None:
            self._lane = await self._worker.open(language=self._language, start_sample=self._samples)
            self._reading = asyncio.create_task(self._read(self._lane))
        elif self._reading is not None and self._reading.done():
            self._reading.result()
        return self._lane

    async def _finish_lane(self) -> None:
        """What is said before a pause is finished there, so that no utterance spans it."""
        if self._lane is not None and self._reading is not None:
            self._lane.close()
            await self._reading
            self._lane = self._reading = None

    async def _read(self, lane: Lane) -> None:
        async for event in lane.events():
            match event:
                case Final():
                    for segment in self._speakers.attribute(event):
                        self.out.put_nowait(segment)
                case Partial():
                    self.out.put_nowait(Live(event.text, event.at_ms))
                case Gap():
                    self.out.put_nowait(Missing("unclear", event.start_ms, event.end_ms))
                case _:
                    raise HandenhetError("the recognizer said something unknown")
