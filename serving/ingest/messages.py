"""The text messages of the hand-held's protocol: a closed family, each with a literal tag.

Device to server: `hello` first; then recorded events, numbered in the same sequence as the audio frames, so that one
cumulative acknowledgement covers both. Server to device: `ready`, `ack`, `error`, and whatever the meeting shows live.
`sample` counts audio samples from the meeting's first; a pause sends none, so samples never count silence unheard.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from ...knowledge.errors import HandenhetError
from .frames import MAX_CAPTURE_MS, MAX_SEQ, AudioFrame

MAX_TEXT_CHARS = 4_000
MAX_SAMPLE = 2**40

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9ÅÄÖåäö][A-Za-z0-9ÅÄÖåäö_.:-]{0,63}$")]
MeetingId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ)]
Sample = Annotated[int, Field(ge=0, le=MAX_SAMPLE)]
Milliseconds = Annotated[int, Field(ge=0, le=MAX_CAPTURE_MS)]


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    def text(self) -> str:
        """The message as it travels."""
        return self.model_dump_json(by_alias=True)


class Hello(Message):
    """Who streams what. `from` is the lowest number the device still holds, or the next it will make."""

    type: Literal["hello"] = "hello"
    meeting: MeetingId
    token: Annotated[str, Field(max_length=2_000, repr=False)]
    device: Name
    from_: Annotated[Seq, Field(alias="from")] = 0
    takeover: bool = False
    """A person has said that this device goes on where another one stopped."""


class _Event(Message):
    seq: Seq
    sample: Sample
    at_ms: Milliseconds


class Turn(_Event):
    """The caseworker's tap: `speaker` (a participant id) speaks from `sample` on."""

    type: Literal["turn"] = "turn"
    speaker: Name


class Pause(_Event):
    """Nothing is recorded from `sample` until the next resume: a marked gap."""

    type: Literal["pause"] = "pause"


class Resume(_Event):
    type: Literal["resume"] = "resume"


class Strike(_Event):
    """What was said in samples `since`..`sample` is taken back before it was confirmed: a marked gap."""

    type: Literal["strike"] = "strike"
    since: Sample

    @model_validator(mode="after")
    def _forward(self) -> "Strike":
        if self.since >= self.sample:
            raise ValueError("a strike covers at least one sample")
        return self


class Mark(_Event):
    """A moment somebody wants to find again."""

    type: Literal["mark"] = "mark"


class End(_Event):
    """The meeting's last message; `sample` is how many samples were sent in all."""

    type: Literal["end"] = "end"


Control = Turn | Pause | Resume | Strike | Mark | End
Record = AudioFrame | Control
"""What a meeting is made of, in order of `seq`."""


class Ready(Message):
    """The server holds everything before `next` safely on disk: `samples` samples of it audio."""

    type: Literal["ready"] = "ready"
    next: Seq
    samples: Sample
    ended: bool


class Ack(Message):
    """Everything up to and including `upto` is on the server's disk; the device may forget it."""

    type: Literal["ack"] = "ack"
    upto: Seq


Fault = Literal[
    "hello", "refused", "device", "taken", "ended", "message", "size", "checksum", "version", "order", "disk", "closing"
]


class Problem(Message):
    """Why the server closes the connection, in Swedish for the device's screen."""

    type: Literal["error"] = "error"
    code: Fault
    what: str
    mend: str


class MessageError(HandenhetError):
    """A text message outside the protocol. Never quotes the message."""


Parsed = TypeVar("Parsed")
_HELLO = TypeAdapter(Hello)
_CONTROL: TypeAdapter[Control] = TypeAdapter(Annotated[Control, Field(discriminator="type")])
_ANSWER: TypeAdapter[Ready | Ack | Problem] = TypeAdapter(Annotated[Ready | Ack | Problem, Field(discriminator="type")])


def parse_hello(text: str) -> Hello:
    """Raises MessageError if `text` is not a hello."""
    return _parse(_HELLO, text)


def parse_control(text: str) -> Control:
    """Raises MessageError if `text` is no recorded event."""
    return _parse(_CONTROL, text)


def parse_answer(text: str) -> Ready | Ack | Problem:
    """Raises MessageError if `text` is none of the server's own answers."""
    return _parse(_ANSWER, text)


def _parse(adapter: TypeAdapter[Parsed], text: str) -> Parsed:
    if len(text) > MAX_TEXT_CHARS:
        raise MessageError(f"a text message holds at most {MAX_TEXT_CHARS} characters")
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    # The keys of a stranger's message are the stranger's words: only names of ours are repeated.
    ours = [str(part) for part in first["loc"] if part in _OUR_KEYS]
    raise MessageError("a text message is outside the protocol", where=": ".join([*ours[-1:], first["type"]]))


_OUR_KEYS = frozenset({"type", "meeting", "token", "device", "from", "seq", "sample", "since", "at_ms", "speaker"})
