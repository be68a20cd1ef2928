"""Transcripts from outside to meetings: our JSON lines, plain `NAME: words` lines, WebVTT. Pure parsing, no reading.

Every utterance with a word in it is kept; those without are listed. Bad input raises with the line and how to mend it.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ..knowledge.errors import HandenhetError
from ..knowledge.participants import Meeting, Participant, standpoint
from ..knowledge.sources import Transcript, Utterance, utterance_of_text

OLDEST_CHILD = 20
LETTERS = {
    "S": "socialsekreterare", "B": "barn", "M": "mamma", "P": "pappa", "K": "klient", "T": "tolk",
}  # fmt: skip
"""What one letter before the colon stands for in a plain transcript."""


class TranscriptError(HandenhetError):
    """A transcript cannot be understood; nothing was read."""


@dataclass(frozen=True, slots=True)
class Given:
    """A meeting as it was handed in. `numbers` gives each utterance id its number in the input."""

    meeting: Meeting
    transcript: Transcript
    numbers: Mapping[str, int]
    empty: tuple[int, ...] = ()
    """Numbers of utterances without a single word."""


def parse(text: str, name: str, *, setting: str = "", child_age: int | None = None) -> list[Given]:
    """The meetings in a file's text. `setting` and `child_age` are for formats that cannot say them themselves."""
    body = text.removeprefix("\ufeff")
    if body.lstrip().startswith("{") or name.endswith((".jsonl", ".json")):
        return list(_json_lines(body))
    said = _webvtt(body) if body.lstrip().startswith("WEBVTT") else _plain(body)
    return [_told(said, re.sub(r"\.\w+$", "", name.rsplit("/", 1)[-1]) or "samtal", setting, child_age)]


# --- JSON lines -------------------------------------------------------------------------------------------------


def _json_lines(text: str) -> Iterator[Given]:
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        given = _json_meeting(_object(line, f"line {number}"), number)
        if given.meeting.id in seen:
            raise TranscriptError("two meetings share an id", where=f"line {number}", mend="give each its own id")
        seen.add(given.meeting.id)
        yield given


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        column = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise TranscriptError("not JSON", where=where + column, mend="write one JSON object a line") from None
    if not isinstance(value, dict):
        raise TranscriptError("not a JSON object", where=where, mend="write one JSON object a line")
    return cast(dict[str, Any], value)


def _json_meeting(told: Mapping[str, Any], number: int) -> Given:
    where = f"line {number}"
    utterances = told.get("utterances")
    if utterances is None:
        raise TranscriptError("utterances is missing", where=where, mend='write "utterances": [...], empty if none')
    draft = _Draft()
    for place, item in enumerate(_objects(utterances, "utterances", where)):
        at = f"{where}, utterance {place}"
        draft.add(
            _number(item.get("i"), len(draft.taken) if "i" not in item else None, at),
            _text(item.get("speaker", "okänd"), "speaker", at),
            _text(item.get("text", ""), "text", at),
            _milliseconds(item.get("start_s")),
            _milliseconds(item.get("end_s")),
            at,
        )
    people = _people(told.get("participants"), where)
    id, everybody = told.get("id"), tuple(_with_strangers(people, draft))
    meeting = Meeting(
        f"m{number}" if id is None or id == "" else str(id),
        _text(told.get("setting") or "samtal", "setting", where),
        _age_or_guess(_age(told.get("child_age"), where), everybody),
        everybody,
    )
    return draft.given(meeting)


def _objects(value: Any, what: str, where: str) -> list[dict[str, Any]]:
    items = cast(list[Any], value) if isinstance(value, list) else None
    if items is None or not all(isinstance(item, dict) for item in items):
        raise TranscriptError(f"{what} is not a list of objects", where=where, mend=f'write "{what}": [{{...}}]')
    return cast(list[dict[str, Any]], items)


def _text(value: Any, what: str, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise TranscriptError(f"{what} is not text", where=where, mend=f"write {what} between quotes")
    # Half a surrogate pair cannot be written out again.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _number(value: Any, otherwise: int | None, where: str) -> int:
    if value is None and otherwise is not None:
        return otherwise
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TranscriptError("i is not a whole number from 0", where=where, mend="number the utterances")
    return value


def _milliseconds(value: Any) -> int | None:
    """A time that is missing or makes no sense is no time; what was said is read all the same."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return round(value * 1000)


def _age(value: Any, where: str) -> int | None:
    if value is None or value in ("", "-"):
        return None
    try:
        age = math.floor(float(value))
    except (TypeError, ValueError, OverflowError):
        age = -1
    if not 0 <= age <= OLDEST_CHILD:
        raise TranscriptError(
            f"child_age is not a child's age (0-{OLDEST_CHILD})", where=where, mend="leave it out for an adult's matter"
        )
    return age


UNKNOWN_AGE = 12
"""Read as the age of a child of whom no age is said: every factor about children fits it."""
_CHILD = frozenset(("barn", "barnet", "ungdom", "ungdomen", "tonåring", "elev", "eleven", "flicka", "pojke", "child"))


def _age_or_guess(age: int | None, people: Sequence[Participant]) -> int | None:
    """A meeting in which a child speaks is about a child, also where nobody wrote an age."""
    if age is None and any(participant.role.casefold().strip() in _CHILD for participant in people):
        return UNKNOWN_AGE
    return age


def _people(value: Any, where: str) -> list[Participant]:
    people: dict[str, Participant] = {}
    for item in _objects([] if value is None else value, "participants", where):
        id = _text(item.get("id"), "participants.id", where)
        if not id:
            raise TranscriptError("a participant lacks an id", where=where, mend='write {"id": "B", "role": "barn"}')
        if id in people:
            raise TranscriptError("two participants share an id", where=where, mend="give each their own")
        people[id] = Participant(id, _text(item.get("role"), "participants.role", where) or "okänd")
    return list(people.values())


# --- plain text and WebVTT --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


_LINE = re.compile(r"\s*([^\W\d_][\w .\-/()]{0,39}?)\s*:\s+(.*\S)\s*")
_CUE = re.compile(r"(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?[^>]+>")


def _plain(text: str) -> list[_Said]:
    said: list[_Said] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if match := _LINE.fullmatch(line):
            said.append(_Said(match[1], match[2]))
        elif said:
            said[-1] = _Said(said[-1].speaker, f"{said[-1].text} {line.strip()}")
        else:
            raise TranscriptError("nobody says these words", where=f"line {number}", mend="write `NAME: words`")
    return said


def _webvtt(text: str) -> list[_Said]:
    said: list[_Said] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = block.strip().split("\n")
        at = next((place for place, line in enumerate(lines) if "-->" in line), None)
        if at is None:
            continue
        times = _CUE.search(lines[at])
        start, end = (_cue_ms(times.groups()[:4]), _cue_ms(times.groups()[4:])) if times else (None, None)
        for line in lines[at + 1 :]:
            said += _cue_line(line, said[-1].speaker if said else "okänd", start, end)
    return said


def _cue_line(line: str, before: str, start: int | None, end: int | None) -> Iterator[_Said]:
    voice = _VOICE.search(line)
    plain = _TAG.sub("", line).strip()
    named = _LINE.fullmatch(plain)
    if voice:
        yield _Said(voice[1].strip(), plain, start, end)
    elif named:
        yield _Said(named[1], named[2], start, end)
    elif plain:
        yield _Said(before, plain, start, end)


def _cue_ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _told(said: Sequence[_Said], id: str, setting: str, child_age: int | None) -> Given:
    if child_age is not None and not 0 <= child_age <= OLDEST_CHILD:
        raise TranscriptError(f"the child's age lies between 0 and {OLDEST_CHILD}", mend="leave it out for an adult")
    draft = _Draft()
    for number, one in enumerate(said):
        draft.add(number, one.speaker, one.text, one.start_ms, one.end_ms, f"utterance {number}")
    people = tuple(Participant(name, LETTERS.get(name, name)) for name in draft.speakers)
    return draft.given(Meeting(id, setting or "samtal", _age_or_guess(child_age, people), people))


# --- assembling -------------------------------------------------------------------------------------------------


@dataclass
class _Draft:
    """Utterances as they are gathered."""

    said: list[Utterance] = field(default_factory=list[Utterance])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    taken: set[int] = field(default_factory=set[int])
    empty: list[int] = field(default_factory=list[int])

    @property
    def speakers(self) -> list[str]:
        return list(dict.fromkeys(utterance.speaker for utterance in self.said))

    def add(self, number: int, speaker: str, text: str, start: int | None, end: int | None, where: str) -> None:
        if number in self.taken:
            raise TranscriptError(f"two utterances have number {number}", where=where, mend="number each once")
        self.taken.add(number)
        if not text.split():
            self.empty.append(number)
            return
        place = len(self.said)
        began = (self.said[-1].end_ms if self.said else 0) if start is None else start
        ended = began if end is None else max(began, end)
        self.numbers[f"u{place}"] = number
        self.said.append(utterance_of_text(f"u{place}", place, speaker or "okänd", text, began, ended))

    def given(self, meeting: Meeting) -> Given:
        return Given(meeting, Transcript(tuple(self.said)), self.numbers, tuple(self.empty))


def _with_strangers(people: Sequence[Participant], draft: _Draft) -> Iterator[Participant]:
    """The participants, and whoever speaks without being one: a role word as a name is taken for the role."""
    yield from people
    known = {person.id for person in people}
    for speaker in draft.speakers:
        if speaker not in known:
            role = (
                speaker if standpoint(speaker) != "other" else LETTERS.get(speaker, speaker) if not people else "okänd"
            )
            yield Participant(speaker, role)
