"""One thread that owns the model, and an async face to it.

Audio is never dropped: `Lane.push` waits when the model is behind, and the sender's spool holds the rest. Partials are:
only the newest is kept for a reader that is slow, and none is made up for it later.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future

from .recognizer import (
    BYTES_PER_SAMPLE,
    SAMPLE_RATE,
    Closed,
    Event,
    Late,
    Partial,
    Recognizer,
    RecognizerError,
    RecognizerGone,
    SlotsFull,
)

BACKLOG_S = 10
"""Seconds of audio a lane may hold before `push` waits."""


class Lane:
    """One stream through the worker, used from the event loop that opened it."""

    def __init__(self, worker: "Worker", stream: int, backlog_bytes: int) -> None:
        self.stream = stream
        self._worker, self._limit = worker, backlog_bytes
        self._loop = asyncio.get_running_loop()
        self._space, self._news = asyncio.Event(), asyncio.Event()
        self._events: deque[Event] = deque()
        self._failure: BaseException | None = None
        # Shared with the worker's thread, under its lock.
        self.waiting: deque[bytes] = deque()
        self.held = 0
        self.closing = False

    async def push(self, pcm: bytes) -> None:
        """Hand over audio; waits while the model is more than the backlog behind. Raises RecognizerError."""
        while self._worker.backlog(self) > self._limit:
            self._raise_failure()
            self._space.clear()
            if self._worker.backlog(self) > self._limit:
                await self._space.wait()
        self._raise_failure()
        self._worker.give(self, pcm)

    def close(self) -> None:
        """No more audio; `events` ends when all has been heard."""
        self._worker.end(self)

    async def events(self) -> AsyncIterator[Event]:
        """What is heard, until the stream is closed. Raises RecognizerError when the model fails."""
        while True:
            while self._events:
                event = self._events.popleft()
                if isinstance(event, Closed):
                    return
                yield event
            self._raise_failure()
            self._news.clear()
            if not self._events:
                await self._news.wait()

    def heard(self, events: list[Event]) -> None:
        """Called by the worker, in the lane's event loop."""
        for event in events:
            if isinstance(event, Partial) and self._events and isinstance(self._events[-1], Partial):
                self._events.pop()
            self._events.append(event)
        self._news.set()
        self._space.set()

    def tell(self, events: list[Event]) -> None:
        """Called by the worker's thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.heard, events)

    def fail(self, error: BaseException) -> None:
        """Called by the worker's thread."""
        self._failure = error
        self.tell([])

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise RecognizerError(
                "the recognizer stopped", where=type(self._failure).__name__, mend="the audio is kept; start again"
            ) from self._failure


class Worker:
    """Runs a recognizer made by `make` in its own thread. Use as a context manager."""

    def __init__(self, make: Callable[[], Recognizer], *, backlog_s: int = BACKLOG_S) -> None:
        self._make = make
        self._backlog_bytes = backlog_s * SAMPLE_RATE * BYTES_PER_SAMPLE
        self._wake = threading.Condition()
        self._lanes: dict[int, Lane] = {}
        self._opening: deque[tuple[Future[tuple[int, int]], str | None, int]] = deque()
        self._stopping = self._answered = False
        self._life = 0
        """Counts recognizers: a stream's number means something to the one that gave it."""
        self._failure: BaseException | None = None
        self._made: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="recognizer", daemon=True)

    def __enter__(self) -> "Worker":
        """Start the thread and wait until the model is loaded. Raises what making the recognizer raises."""
        self._thread.start()
        self._made.result()
        return self

    def __exit__(self, *_: object) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    async def open(self, *, language: str | None = None, start_sample: int = 0) -> Lane:
        """A lane of its own. Raises SlotsFull, or RecognizerError for an unknown language."""
        answer: Future[tuple[int, int]] = Future()
        with self._wake:
            if self._failure is not None or self._stopping:
                raise RecognizerError("the recognizer has stopped", mend="start it again; the audio is kept")
            self._opening.append((answer, language, start_sample))
            self._wake.notify()
        life, stream = await asyncio.wrap_future(answer)
        lane = Lane(self, stream, self._backlog_bytes)
        with self._wake:
            if life == self._life:
                self._lanes[stream] = lane
            if self._failure is not None or life != self._life:
                lane.fail(self._failure or RecognizerGone("the recognizer ended as the meeting began"))
        return lane

    def backlog(self, lane: Lane) -> int:
        """Bytes the lane holds that the recognizer has not been given."""
        with self._wake:
            return lane.held

    def give(self, lane: Lane, pcm: bytes) -> None:
        with self._wake:
            lane.waiting.append(pcm)
            lane.held += len(pcm)
            self._wake.notify()

    def end(self, lane: Lane) -> None:
        with self._wake:
            lane.closing = True
            self._wake.notify()

    def _run(self) -> None:
        try:
            recognizer = self._ready_to_hear()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits in __enter__
            self._made.set_exception(error)
            return
        self._made.set_result(None)
        try:
            while recognizer is not None:
                recognizer = self._hear_with(recognizer)
        except Exception as error:  # noqa: BLE001 - whatever NeMo raises ends every lane, each told so
            self._end(error)
        else:
            self._end(RecognizerError("the recognizer was stopped"))

    def _ready_to_hear(self) -> Recognizer:
        recognizer = self._make()
        if isinstance(recognizer, Late):
            recognizer.when_answered(self._nudge)
        return recognizer

    def _hear_with(self, recognizer: Recognizer) -> Recognizer | None:
        """Hear until it is time to stop. A recognizer that died is followed by a new one, which is returned.

        The meetings it was hearing are told, and are heard again from their spools.
        """
        try:
            while self._serve(recognizer):
                pass
        except RecognizerGone as gone:
            with self._wake:
                lanes, self._lanes = self._lanes, {}
                self._life += 1
            for lane in lanes.values():
                lane.fail(gone)
            return self._ready_to_hear()
        return None

    def _end(self, error: Exception) -> None:
        with self._wake:
            self._failure = error
            for lane in self._lanes.values():
                lane.fail(error)
            for answer, _, _ in self._opening:
                if answer.set_running_or_notify_cancel():
                    answer.set_exception(RecognizerError("the recognizer has stopped"))
            self._opening.clear()

    def _serve(self, recognizer: Recognizer) -> bool:
        """Wait for work and do one step of it; False when it is time to stop."""
        with self._wake:
            patience = recognizer.patience_s() if isinstance(recognizer, Late) else None
            self._wake.wait_for(
                lambda: self._stopping or self._opening or self._answered or self._busy(recognizer), patience
            )
            if self._stopping:
                return False
            self._answered = False
            opening, self._opening = list(self._opening), deque()
            for lane in self._lanes.values():
                self._feed(recognizer, lane)
        for answer, language, start_sample in opening:
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result((self._life, recognizer.open(language=language, start_sample=start_sample)))
            except (SlotsFull, RecognizerError) as error:
                answer.set_exception(error)
        self._deliver(recognizer.step())
        return True

    def _nudge(self) -> None:
        """Called from a thread of the recognizer's own: it has something to say though no audio comes."""
        with self._wake:
            self._answered = True
            self._wake.notify()

    def _busy(self, recognizer: Recognizer) -> bool:
        return any(lane.waiting or lane.closing or recognizer.ready(stream) for stream, lane in self._lanes.items())

    def _feed(self, recognizer: Recognizer, lane: Lane) -> None:
        """Give the recognizer what its next step needs of this lane, no more."""
        while lane.waiting and not recognizer.ready(lane.stream):
            pcm = lane.waiting.popleft()
            lane.held -= len(pcm)
            recognizer.push(lane.stream, pcm)
        if lane.closing and not lane.waiting:
            recognizer.close(lane.stream)
            lane.closing = False

    def _deliver(self, events: Sequence[Event]) -> None:
        with self._wake:
            lanes = dict(self._lanes)
            for event in events:
                if isinstance(event, Closed):
                    del self._lanes[event.stream]
        for stream, lane in lanes.items():
            lane.tell([event for event in events if event.stream == stream])
