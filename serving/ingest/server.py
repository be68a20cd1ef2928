"""The server's end of the hand-held's stream: one WebSocket a meeting, every record spooled before it is acknowledged.

Everything it needs is handed in: where the spools lie, who may, what to do with durable records, and the clock's pace.
The sink sees a record only once it is on disk, so what is recognised can always be recognised again from the spool.
This module knows nothing about speech recognition; the process that runs it stays small.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from ...knowledge.errors import HandenhetError
from .frames import MAX_FRAME_BYTES, SAMPLE_RATE, AudioFrame, FrameError, decode
from .messages import (
    Ack,
    End,
    Fault,
    Hello,
    Message,
    MessageError,
    Problem,
    Ready,
    Record,
    parse_control,
    parse_hello,
)
from .spool import OutOfOrder, Spool, SpoolError, spool_path

_log = logging.getLogger(__name__)

PATH = "/ws/audio"
COMMIT_S = 0.1
DISK_THREADS = 8
"""Spools made durable at once. Threads of their own: what else waits for a thread never delays an acknowledgement."""
LONGEST_S = 24 * 3600
"""No meeting is longer: a recording somebody forgot is ended here, before it fills the disk."""
HELLO_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to stream into a meeting, with the key its spool is encrypted with (16, 24 or 32 bytes)."""

    key: bytes

    def __repr__(self) -> str:
        return "Grant(key=...)"


Authorise = Callable[[Hello, Mapping[str, str]], Awaitable[Grant | None]]
"""Hello and the request's headers (lower-case names; cookie and origin among them) to a grant, or None: refused."""

Sink = Callable[[str, Sequence[Record]], None]
"""Told of a meeting's durable records, each once and in order while the process lives. Must not block."""


def no_sink(meeting: str, records: Sequence[Record]) -> None:
    """For those who read by `Ingest.follow`."""


_PROBLEMS: dict[Fault, tuple[int, str, str]] = {
    "hello": (1008, "Anslutningen började inte med en giltig hälsning.", "Ladda om sidan och anslut igen."),
    "refused": (1008, "Du har inte behörighet till det här mötet.", "Logga in igen eller välj ett av dina möten."),
    "device": (4409, "En annan enhet spelar in det här mötet.", "Fortsätt på den, eller ta över på den här enheten."),
    "taken": (4409, "Mötet fortsätter från en annan anslutning.", "Stäng den här sidan."),
    "ended": (4410, "Mötet är avslutat.", "Starta ett nytt möte för att spela in mer."),
    "message": (1007, "Ett meddelande gick inte att läsa.", "Ladda om sidan och anslut igen."),
    "size": (1009, "Ett ljudpaket har fel storlek.", "Anslut igen; det som inte är kvitterat skickas om."),
    "checksum": (1007, "Ett ljudpaket skadades på vägen.", "Anslut igen; det som inte är kvitterat skickas om."),
    "version": (1003, "Ljudpaketen har en version som servern inte känner.", "Ladda om sidan."),
    "order": (4409, "Ett ljudpaket saknas i följden.", "Anslut igen och skicka från det nummer servern ber om."),
    "disk": (1011, "Servern kan inte spara ljudet.", "Enheten behåller ljudet. Be driften frigöra diskutrymme."),
    "closing": (1012, "Servern startar om.", "Enheten ansluter igen av sig själv."),
}


class _Refusal(Exception):
    """Ends a connection with one problem."""

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        super().__init__(fault)


class _Connection:
    """One WebSocket: sends are best effort, since the device learns all it needs when it connects again."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, message: Message) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
                await self._socket.send_text(message.text())

    async def fail(self, fault: Fault) -> None:
        code, what, mend = _PROBLEMS[fault]
        await self.send(Problem(code=fault, what=what, mend=mend))
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
                await self._socket.close(code)

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the device has gone."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        return text if text is not None else (message.get("bytes") or b"")


class _Meeting:
    """A meeting whose spool is open: its connection, its committer and those who follow it."""

    def __init__(self, id: str, spool: Spool, sink: Sink, commit_s: float, longest_s: int, disk: Executor) -> None:
        self.id, self.spool, self._disk = id, spool, disk
        self.owner: _Connection | None = None
        self.users = 0
        self._sink, self._commit_s, self._longest = sink, commit_s, longest_s * SAMPLE_RATE
        self._written: list[Record] = []
        self._dirty, self._grown = asyncio.Event(), asyncio.Condition()
        self._lock, self._closed = asyncio.Lock(), False
        self._committer = asyncio.create_task(self._commit_forever())

    def accept(self, record: Record) -> None:
        """Raises OutOfOrder or SpoolError. A record that stands in the spool already is passed over.

        Sound beyond the longest meeting is neither taken nor acknowledged: the meeting ends there.
        """
        standing = self.spool.written
        if record.seq < standing.next:
            return
        if isinstance(record, AudioFrame) and standing.samples + record.samples > self._longest:
            self._write(End(seq=record.seq, sample=standing.samples, at_ms=record.capture_ms))
            raise OutOfOrder("no meeting is this long: it has been ended", where=f"{standing.samples} samples")
        self._write(record)

    def _write(self, record: Record) -> None:
        self.spool.append(record)
        self._written.append(record)
        self._dirty.set()

    async def commit(self) -> None:
        """Make what is written durable, then tell the device, the sink and the followers. Raises SpoolError."""
        async with self._lock:
            self._dirty.clear()
            try:
                reached = await asyncio.get_running_loop().run_in_executor(self._disk, self.spool.commit)
            except SpoolError:
                self._written.clear()
                self.spool.rollback()
                raise
            # The disk may have got further than what stood here when the wait began.
            durable = [record for record in self._written if record.seq < reached.next]
            del self._written[: len(durable)]
        if not durable:
            return
        if self.owner is not None:
            await self.owner.send(Ack(upto=reached.next - 1))
        self._sink(self.id, durable)
        async with self._grown:
            self._grown.notify_all()

    async def _commit_forever(self) -> None:
        while True:
            await self._dirty.wait()
            await asyncio.sleep(self._commit_s)
            try:
                await self.commit()
            except SpoolError as error:
                _log.error("a spool cannot be written: %s", error)
                if self.owner is not None:
                    await self.owner.fail("disk")
                    self.owner = None

    async def follow(self) -> AsyncGenerator[Record]:
        reader = self.spool.reader()
        while not self._closed:
            for record in reader.read():
                yield record
                # The end may become durable while a slow reader is still busy with what came before it.
                if isinstance(record, End) or self._closed:
                    return
            async with self._grown:
                await self._grown.wait_for(lambda: reader.behind or self._closed)

    async def close(self) -> None:
        async with self._grown:
            self._closed = True
            self._grown.notify_all()
        self._committer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._committer
        try:
            await self.commit()
        finally:
            self.spool.close()


class Ingest:
    """All meetings that stream into this process. `endpoint` is the WebSocket route; see `PATH`.

    Serve it with a WebSocket message limit near `MAX_FRAME_BYTES` (uvicorn: `ws_max_size`), so that larger ones are
    refused before they fill memory.
    """

    def __init__(
        self,
        folder: Path,
        authorise: Authorise,
        *,
        sink: Sink = no_sink,
        commit_s: float = COMMIT_S,
        hello_timeout_s: float = HELLO_TIMEOUT_S,
        longest_s: int = LONGEST_S,
    ) -> None:
        self._folder, self._authorise, self._sink = folder, authorise, sink
        self._commit_s, self._hello_timeout_s, self._longest_s = commit_s, hello_timeout_s, longest_s
        self._meetings: dict[str, _Meeting] = {}
        self._opening = asyncio.Lock()
        self._closing = False
        self._disk = ThreadPoolExecutor(DISK_THREADS, "spool")

    async def endpoint(self, socket: WebSocket) -> None:
        """One connection, from hello to the end."""
        await socket.accept()
        connection = _Connection(socket)
        try:
            hello = await self._hello(connection)
            if hello is None:
                return
            grant = await self._authorise(hello, socket.headers)
            if grant is None:
                raise _Refusal("refused")
            async with self._open(hello.meeting, grant.key) as meeting:
                await self._stream(connection, meeting, hello)
        except _Refusal as refusal:
            await connection.fail(refusal.fault)
        except SpoolError as error:
            _log.error("a spool cannot be opened or written: %s", error)
            await connection.fail("disk")

    async def follow(self, meeting: str, key: bytes) -> AsyncGenerator[Record]:
        """Every durable record of a meeting from its first, then each new one as it becomes durable, to its end.

        Reads from the disk at the reader's own pace, so a slow recognizer costs no memory. Raises SpoolError.
        """
        async with self._open(meeting, key) as live, contextlib.aclosing(live.follow()) as records:
            async for record in records:
                yield record

    async def tell(self, meeting: str, message: Message) -> None:
        """Show something on the meeting's device, if one is connected."""
        live = self._meetings.get(meeting)
        if live is not None and live.owner is not None:
            await live.owner.send(message)

    async def aclose(self) -> None:
        """Commit and close every spool; devices are told to come back."""
        self._closing = True
        async with self._opening:
            while self._meetings:
                _, meeting = self._meetings.popitem()
                if meeting.owner is not None:
                    await meeting.owner.fail("closing")
                    meeting.owner = None
                await meeting.close()

    async def _hello(self, connection: _Connection) -> Hello | None:
        try:
            first = await asyncio.wait_for(connection.receive(), self._hello_timeout_s)
            if first is None:
                return None
            return parse_hello(first if isinstance(first, str) else "")
        except (MessageError, TimeoutError):
            raise _Refusal("hello") from None

    @contextlib.asynccontextmanager
    async def _open(self, id: str, key: bytes) -> AsyncGenerator[_Meeting]:
        async with self._opening:
            if self._closing:
                raise _Refusal("closing")
            meeting = self._meetings.get(id)
            if meeting is None:
                spool = await asyncio.to_thread(Spool, spool_path(self._folder, id), id, key)
                meeting = _Meeting(id, spool, self._sink, self._commit_s, self._longest_s, self._disk)
                self._meetings[id] = meeting
            meeting.users += 1
        try:
            yield meeting
        finally:
            async with self._opening:
                meeting.users -= 1
                if not meeting.users and self._meetings.get(id) is meeting:
                    del self._meetings[id]
                    await meeting.close()

    async def _stream(self, connection: _Connection, meeting: _Meeting, hello: Hello) -> None:
        await self._take(meeting, hello)
        try:
            await meeting.commit()
            meeting.owner = connection
            standing = meeting.spool.durable
            await connection.send(Ready(next=standing.next, samples=standing.samples, ended=standing.ended))
            while (message := await connection.receive()) is not None:
                if meeting.owner is not connection:
                    return
                meeting.accept(_record(message))
        except (FrameError, OutOfOrder, MessageError) as error:
            raise _Refusal(_fault(error, meeting)) from None
        finally:
            if meeting.owner is connection:
                meeting.owner = None

    async def _take(self, meeting: _Meeting, hello: Hello) -> None:
        """Let go of an older connection: the same device has lost its network, or a person moved to another device."""
        standing = meeting.spool.written
        mine = hello.takeover or standing.device in ("", hello.device)
        if not mine:
            raise _Refusal("device")
        if hello.from_ > standing.next and not hello.takeover:
            raise _Refusal("order")
        if not standing.ended:
            meeting.spool.join(hello.device)
        older, meeting.owner = meeting.owner, None
        if older is not None:
            await older.fail("taken")


def _record(message: str | bytes) -> Record:
    if isinstance(message, str):
        return parse_control(message)
    return decode(message[: MAX_FRAME_BYTES + 1])


def _fault(error: HandenhetError, meeting: _Meeting) -> Fault:
    if isinstance(error, FrameError):
        return error.fault
    if isinstance(error, MessageError):
        return "message"
    return "ended" if meeting.spool.written.ended else "order"
