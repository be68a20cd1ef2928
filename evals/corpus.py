"""Labelled meetings: the corpus format to frozen values, with an error that names file and line.

The format is described in `cases/reading/GUIDE.md`. Nothing here knows how a reader works.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from ..knowledge.errors import HandenhetError
from ..knowledge.factors import Factor, catalogue
from ..knowledge.participants import Meeting, Participant
from ..knowledge.quotes import find_quote
from ..knowledge.sources import Transcript, Utterance, utterance_of_text
from ..tools.proposals import About, FlagName, SourceName

CASES = Path(str(resources.files(__name__.rpartition(".")[0]))) / "cases" / "reading"

TrapKind = Literal[
    "nekad", "fråga", "hypotetisk", "dåtid-över", "annan-familj", "spel-film-lek", "ironi", "idiom", "homonym",
    "hörsägen-nekad", "tomt-löfte", "stöd-upphört", "minimering", "skenbart-skydd", "upprepning", "allmänt",
]  # fmt: skip
TRAP_KINDS: frozenset[str] = frozenset(get_args(TrapKind))
SOURCES: dict[str, SourceName] = {
    "själv": "told_of_oneself",
    "annan": "told_of_another",
    "sett": "seen",
    "hörsägen": "hearsay",
    "handling": "document",
}
FLAGS: dict[str, FlagName] = {"dåtid": "past", "osäker": "uncertain"}
ABOUT: dict[str, About] = {word: word for word in get_args(About)}


class CorpusError(HandenhetError):
    """A corpus file does not follow the format."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What an annotator found in utterance number `utterance`."""

    utterance: int
    factor: Factor
    about: About
    source: SourceName
    flags: frozenset[FlagName]
    quote: str


@dataclass(frozen=True, slots=True)
class Trap:
    """An utterance that looks like a factor and is none."""

    utterance: int
    kind: TrapKind


@dataclass(frozen=True, slots=True)
class Urgent:
    """Words an annotator marked as acute."""

    utterance: int
    why: str
    quote: str


@dataclass(frozen=True, slots=True)
class LabelledMeeting:
    """A meeting with its gold. `part` is the writing pass (`p1`), `scenario` the file it was written in."""

    meeting: Meeting
    transcript: Transcript
    part: str
    scenario: str
    register: str
    style: str
    gold: tuple[Gold, ...]
    traps: tuple[Trap, ...]
    acute: tuple[Urgent, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing acute was said, so that any acute signal is a false alarm."""
        return not self.acute


@dataclass
class _Draft:
    """A meeting while its lines are read."""

    id: str
    where: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    said: list[Utterance] = field(default_factory=list[Utterance])
    gold: list[Gold] = field(default_factory=list[Gold])
    traps: list[Trap] = field(default_factory=list[Trap])
    acute: list[Urgent] = field(default_factory=list[Urgent])


HEADERS = ("scenario", "setting", "register", "style", "child_age", "participants")
_HEADER = re.compile(rf"({'|'.join(HEADERS)}): (.+)")
_TURN = re.compile(r"(\w{1,3}): (.+)")
_OBSERVATION = re.compile(r"  \+ ([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\| ?\"(.*)\"")
_ACUTE = re.compile(r"  ! ([^|]+)\| ?\"(.*)\"")
_TRAP = re.compile(r"  ~ (\S+)")


def load(folder: Path) -> tuple[LabelledMeeting, ...]:
    """Every meeting under `folder`, in order of file name. Raises CorpusError."""
    return tuple(
        meeting for path in sorted(folder.glob("*.txt")) for meeting in parse(path.read_text("utf-8"), path.name)
    )


def parse(text: str, name: str) -> Iterator[LabelledMeeting]:
    """The meetings of one file called `name`. Raises CorpusError naming file and line."""
    draft: _Draft | None = None
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name} line {number}"
        if line.startswith("= "):
            if draft is not None:
                yield _finished(draft)
            draft = _Draft(line[2:].strip(), where)
        elif line.strip() and not line.startswith("#"):
            if draft is None:
                raise CorpusError("a line before the first meeting", where=where, mend="begin with `= ID`")
            _line(draft, line.rstrip(), where)
    if draft is not None:
        yield _finished(draft)


def _line(draft: _Draft, line: str, where: str) -> None:
    if header := _HEADER.fullmatch(line):
        draft.headers[header[1]] = header[2].strip()
    elif turn := _TURN.fullmatch(line):
        place = len(draft.said)
        draft.said.append(utterance_of_text(f"u{place}", place, turn[1], turn[2]))
    elif line.startswith("  ") and draft.said:
        _label(draft, line, where)
    else:
        raise CorpusError("unreadable line", where=where, mend="write a header, `X: words` or a label")


def _label(draft: _Draft, line: str, where: str) -> None:
    utterance = draft.said[-1]
    if match := _OBSERVATION.fullmatch(line):
        draft.gold.append(_gold(utterance, [part.strip() for part in match.groups()], where))
    elif match := _ACUTE.fullmatch(line):
        draft.acute.append(Urgent(utterance.index, match[1].strip(), _quoted(utterance, match[2], where)))
    elif match := _TRAP.fullmatch(line):
        draft.traps.append(Trap(utterance.index, _known_trap(match[1], where)))
    else:
        raise CorpusError("unreadable label", where=where, mend='write `  + …`, `  ~ kind` or `  ! why | "quote"`')


def _gold(utterance: Utterance, parts: list[str], where: str) -> Gold:
    factor, about, source, flags, quote = parts
    if factor not in catalogue():
        raise CorpusError(f"there is no factor {factor}", where=where, mend="take an id from factors.csv")
    if about not in ABOUT:
        raise CorpusError(f"unknown about {about}", where=where, mend=f"one of {', '.join(ABOUT)}")
    if source not in SOURCES:
        raise CorpusError(f"unknown source {source}", where=where, mend=f"one of {', '.join(SOURCES)}")
    named = [] if flags == "-" else [flag.strip() for flag in flags.split(",")]
    if strange := [flag for flag in named if flag not in FLAGS]:
        raise CorpusError(f"unknown flag {strange[0]}", where=where, mend=f"`-` or {', '.join(FLAGS)}")
    return Gold(
        utterance.index,
        catalogue()[factor],
        ABOUT[about],
        SOURCES[source],
        frozenset(FLAGS[flag] for flag in named),
        _quoted(utterance, quote, where),
    )


def _quoted(utterance: Utterance, quote: str, where: str) -> str:
    if not quote or quote not in utterance.text:
        raise CorpusError("the quote is not in its turn", where=where, mend="copy it from the turn above")
    found = find_quote(utterance, quote)
    return quote if found is None else found.text


def _known_trap(kind: str, where: str) -> TrapKind:
    for known in get_args(TrapKind):
        if known == kind:
            return known
    raise CorpusError(f"unknown kind {kind}", where=where, mend=f"one of {', '.join(sorted(TRAP_KINDS))}")


def _finished(draft: _Draft) -> LabelledMeeting:
    if missing := [key for key in HEADERS if key not in draft.headers]:
        raise CorpusError(f"meeting {draft.id} lacks {missing[0]}", where=draft.where)
    headers = draft.headers
    age = None if headers["child_age"] == "-" else int(headers["child_age"])
    meeting = Meeting(draft.id, headers["setting"], age, tuple(_people(headers["participants"], draft.where)))
    return LabelledMeeting(
        meeting,
        Transcript(tuple(draft.said)),
        draft.id.split("-")[0],
        headers["scenario"],
        headers["register"],
        headers["style"],
        tuple(draft.gold),
        tuple(draft.traps),
        tuple(draft.acute),
    )


def _people(text: str, where: str) -> Iterable[Participant]:
    for part in text.split(","):
        letter, equals, role = part.strip().partition("=")
        if not equals or not letter or not role:
            raise CorpusError("unreadable participants", where=where, mend="write `S=socialsekreterare, B=barn`")
        yield Participant(letter, role.strip())
