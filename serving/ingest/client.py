"""A hand-held in Python: the same protocol the installable page speaks, for files, the demo and load tests.

It keeps every record until the server acknowledges it, and after a lost connection it sends on from where the server
says. Each record is made only when there is room for it in the window, so a three-hour file costs no memory.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from ...knowledge.errors import HandenhetError
from .frames import SAMPLE_RATE, AudioFrame, encode
from .messages import Ack, Control, End, Fault, Hello, MessageError, Problem, Ready, Record, parse_answer

WINDOW = 64
"""Records on their way without an acknowledgement."""
ROUGH = (7, 19)
"""Where a rough client tears its own connection: just after sending these numbers."""
PATIENCE = 8
"""Connections in a row that may fail before the client gives up."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0
FINAL: frozenset[Fault] = frozenset({"hello", "refused", "device", "taken", "ended", "message", "version", "size"})
"""Problems that connecting again cannot mend."""


class Refused(HandenhetError):
    """The server will not take the stream; `fault` is its code."""

    def __init__(self, problem: Problem) -> None:
        self.fault: Fault = problem.code
        super().__init__(problem.what, mend=problem.mend)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a stream came to: records acknowledged, samples in them, and connections it took."""

    records: int
    samples: int
    connections: int


def numbered(
    blocks: Iterable[bytes], controls: Iterable[Control] = (), *, start_ms: int = 0, end: bool = True
) -> Iterator[Record]:
    """Audio blocks (PCM16, 16 kHz, mono, at most a second each) and controls as one numbered sequence.

    Each control is sent just before the block that holds its `sample`; its own `seq` is replaced. `start_ms` is the
    device's clock at the first sample. With `end`, the last record ends the meeting.
    """
    waiting = deque(sorted(controls, key=lambda control: control.sample))
    seq = samples = 0
    for pcm in blocks:
        while waiting and waiting[0].sample < samples + len(pcm) // 2:
            yield waiting.popleft().model_copy(update={"seq": seq})
            seq += 1
        yield AudioFrame(seq, start_ms + samples * 1000 // SAMPLE_RATE, pcm)
        seq, samples = seq + 1, samples + len(pcm) // 2
    for control in waiting:
        yield control.model_copy(update={"seq": seq})
        seq += 1
    if end:
        yield End(seq=seq, sample=samples, at_ms=start_ms + samples * 1000 // SAMPLE_RATE)


class Client:
    """Streams one meeting. `pace` is a multiple of real time, None as fast as the server acknowledges.

    `show` is given every text message that is not the protocol's own (live words). `sleep` and `clock` (seconds) are
    the event loop's unless a test hands in others. `rough` tears the connection twice on purpose.
    """

    def __init__(
        self,
        url: str,
        hello: Hello,
        *,
        pace: float | None = None,
        rough: bool = False,
        show: Callable[[str], None] | None = None,
        acknowledged: Callable[[int], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._url, self._hello, self._pace = url, hello, pace
        self._tears = set(ROUGH if rough else ())
        self._show, self._acknowledged = show, acknowledged
        self._sleep, self._clock = sleep, clock or asyncio.get_running_loop().time
        self._kept: deque[Record] = deque()
        self._next = self._sent = self._safe = self._samples = self._records = self._connections = self._failed = 0
        self._more = True
        self._acked = asyncio.Event()
        self._began: float | None = None

    async def stream(self, records: Iterable[Record]) -> Sent:
        """Send all records and wait until all are acknowledged.

        Raises Refused when the server will not have them, HandenhetError when it cannot be reached.
        """
        source = iter(records)
        wait_s = FIRST_WAIT_S
        while self._more or self._kept:
            before = self._records
            try:
                async with connect(self._url, compression=None, ping_interval=None) as socket:
                    self._connections += 1
                    await self._session(socket, source)
            except (OSError, InvalidHandshake, ConnectionClosed, _TryAgain) as error:
                self._failed = self._failed + 1 if self._records == before else 0
                if self._failed >= PATIENCE:
                    raise _given_up(error) from None
                wait_s = FIRST_WAIT_S if not self._failed else min(2 * wait_s, LONGEST_WAIT_S)
                await self._sleep(wait_s)
        return Sent(self._records, self._samples, self._connections)

    async def _session(self, socket: ClientConnection, source: Iterator[Record]) -> None:
        start = self._kept[0].seq if self._kept else self._next
        await socket.send(self._hello.model_copy(update={"from_": start}).text())
        ready = await self._answer(socket)
        if not isinstance(ready, Ready):
            raise _TryAgain("the server did not answer the hello")
        self._sent = self._safe = ready.next
        self._forget(ready.next - 1)
        listener = asyncio.create_task(self._listen(socket))
        sender = asyncio.create_task(self._send_all(socket, source))
        try:
            done, _ = await asyncio.wait({listener, sender}, return_when=asyncio.FIRST_COMPLETED)
            # A problem the server names says more than the closed connection that follows it.
            if listener not in done and sender.exception() is not None:
                await asyncio.wait({listener}, timeout=1.0)
            for task in (listener, sender):
                if task.done():
                    task.result()
        finally:
            for task in (listener, sender):
                task.cancel()
            await asyncio.gather(listener, sender, return_exceptions=True)

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            answer = await self._answer(socket)
            if isinstance(answer, Ack):
                self._forget(answer.upto)

    async def _answer(self, socket: ClientConnection) -> Ready | Ack:
        while True:
            text = await socket.recv()
            try:
                answer = parse_answer(text if isinstance(text, str) else "")
            except MessageError:
                if self._show is not None and isinstance(text, str):
                    self._show(text)
                continue
            if not isinstance(answer, Problem):
                return answer
            if answer.code in FINAL:
                raise Refused(answer)
            raise _TryAgain(answer.what)

    async def _send_all(self, socket: ClientConnection, source: Iterator[Record]) -> None:
        while True:
            record = self._following(source)
            if record is None:
                if not self._more and not self._kept:
                    return
                self._acked.clear()
                await self._acked.wait()
                continue
            await self._keep_pace(record)
            await socket.send(encode(record) if isinstance(record, AudioFrame) else record.text())
            self._sent = record.seq + 1
            if record.seq in self._tears:
                self._tears.discard(record.seq)
                socket.transport.abort()
            # Sending alone need not yield, and acknowledgements have to be heard.
            await asyncio.sleep(0)

    def _following(self, source: Iterator[Record]) -> Record | None:
        """The next record to send: one kept from before, or a new one if the window has room."""
        if self._kept and self._sent <= self._kept[-1].seq:
            return self._kept[max(0, self._sent - self._kept[0].seq)]
        if not self._more or len(self._kept) >= WINDOW:
            return None
        for record in source:
            self._next = record.seq + 1
            if record.seq >= self._safe:
                self._kept.append(record)
                return record
            # The server has it from an earlier life of this client.
            self._count(record)
        self._more = False
        return None

    async def _keep_pace(self, record: Record) -> None:
        """Wait until the record's last sample has been spoken."""
        if self._pace is None or not isinstance(record, AudioFrame):
            return
        if self._began is None:
            self._began = self._clock() - record.capture_ms / 1000 / self._pace
        spoken_ms = record.capture_ms + record.samples * 1000 / SAMPLE_RATE
        late = self._began + spoken_ms / 1000 / self._pace - self._clock()
        if late > 0:
            await self._sleep(late)

    def _forget(self, upto: int) -> None:
        while self._kept and self._kept[0].seq <= upto:
            self._count(self._kept.popleft())
        self._acked.set()
        if self._acknowledged is not None:
            self._acknowledged(self._samples)

    def _count(self, record: Record) -> None:
        self._records += 1
        self._samples += record.samples if isinstance(record, AudioFrame) else 0


class _TryAgain(Exception):
    """The server asked for a new connection."""


def _given_up(error: Exception) -> HandenhetError:
    return HandenhetError(
        "the ingest server cannot be reached or does not take the stream",
        where=str(error) if isinstance(error, _TryAgain) else type(error).__name__,
        mend="check that it runs and that its disk has room; nothing acknowledged is lost",
    )
