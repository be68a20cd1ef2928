"""A recognizer in a process of its own.

It loads while the rest of the program starts, takes no time from screens and readers, and native code that dies takes
nobody with it: the meeting's audio is spooled and heard again. The two talk over a socket that only they hold, one
question and one answer at a time; when the program ends, however it ends, the socket closes and the process with it.
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Literal

from ...knowledge.errors import HandenhetError
from .recognizer import Closed, Event, Recognizer, RecognizerError, RecognizerGone, SlotsFull

ENDS_WITHIN_S = 5


@dataclass(frozen=True, slots=True)
class _Refused:
    """An error of ours, told over the line."""

    kind: Literal["slots", "recognizer"]
    what: str
    where: str
    mend: str
    slots: int = 0

    def error(self) -> HandenhetError:
        if self.kind == "slots":
            return SlotsFull(self.slots)
        return RecognizerError(self.what, where=self.where, mend=self.mend)


class Apart:
    """The recognizer that `make` (a function another process can import, or a `partial` of one) makes over there.

    Made at once, it loads in the background; `loaded` waits for that. Used by one thread only, as any recognizer.
    """

    def __init__(self, make: Callable[[], Recognizer]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            line = theirs.fileno()
            # Not with `-m`: what is sent must be of this module on both sides, and not of one called `__main__`.
            program = f"from {__name__} import main; main()"
            self._process = subprocess.Popen([sys.executable, "-c", program, str(line)], pass_fds=[line])
        self._line = Connection(ours.detach())
        self._end = weakref.finalize(self, _end, self._line, self._process)
        self._ready: set[int] = set()
        self._tell(make)

    @property
    def pid(self) -> int:
        return self._process.pid

    def loaded(self) -> "Apart":
        """This, when its model is loaded. Raises RecognizerError as `make` did."""
        self._hear()
        return self

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        return self._ask("open", language, start_sample)

    def push(self, stream: int, pcm: bytes) -> None:
        self._mark(stream, self._ask("push", stream, pcm))

    def close(self, stream: int) -> None:
        self._mark(stream, self._ask("close", stream))

    def ready(self, stream: int) -> bool:
        return stream in self._ready

    def step(self) -> Sequence[Event]:
        if not self._ready:
            return ()
        events, self._ready = self._ask("step")
        return events

    def _mark(self, stream: int, ready: bool) -> None:
        if ready:
            self._ready.add(stream)

    def _ask(self, what: str, *arguments: object) -> Any:
        self._tell((what, arguments))
        return self._hear()

    def _tell(self, what: object) -> None:
        try:
            self._line.send(what)
        except OSError:
            raise self._gone() from None

    def _hear(self) -> Any:
        try:
            answer = self._line.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            raise self._gone() from None
        if isinstance(answer, _Refused):
            raise answer.error()
        return answer

    def _gone(self) -> RecognizerGone:
        self._end()
        return RecognizerGone(
            "the recognizer's process ended", where=f"exit {self._process.returncode}",
            mend="the audio is kept and is heard again; if it comes back, look at memory and `handenhet doctor`",
        )  # fmt: skip


def _end(line: Connection, process: "subprocess.Popen[bytes]") -> None:
    """Closing the line is how the other process is told to end."""
    line.close()
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(line: Connection) -> None:
    """The other process's life: make the recognizer, then answer until the line closes."""
    recognizer: Recognizer | _Refused = _told(line.recv())
    line.send(recognizer if isinstance(recognizer, _Refused) else None)
    if isinstance(recognizer, _Refused):
        return
    streams: set[int] = set()
    while True:
        what, arguments = line.recv()
        match what:
            case "open":
                opened = _told(partial(recognizer.open, language=arguments[0], start_sample=arguments[1]))
                if not isinstance(opened, _Refused):
                    streams.add(opened)
                line.send(opened)
            case "push":
                recognizer.push(*arguments)
                line.send(recognizer.ready(arguments[0]))
            case "close":
                recognizer.close(*arguments)
                line.send(recognizer.ready(arguments[0]))
            case _:
                events = list(recognizer.step())
                streams -= {event.stream for event in events if isinstance(event, Closed)}
                line.send((events, {stream for stream in streams if recognizer.ready(stream)}))


def _told(ask: Callable[[], Any]) -> Any:
    """What `ask` gives, or its refusal as it can be told over the line."""
    try:
        return ask()
    except SlotsFull as full:
        return _Refused("slots", full.what, full.where, full.mend, full.slots)
    except HandenhetError as error:
        return _Refused("recognizer", error.what, error.where, error.mend)


def main() -> None:
    # Ctrl-C reaches both processes; this one ends when the other has let go of its meetings.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _serve(Connection(int(sys.argv[1])))
    except (EOFError, OSError):
        pass
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    # There is nothing to save, and torch takes its time to leave.
    os._exit(0)
