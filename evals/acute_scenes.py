"""Short written scenes for the acute signals: danger among ordinary talk, and its harmless twin in the same words.

A file is one writing pass. A scene is a head, `= name | setting | age or - | X=role, Y=role`, and turns under it:
`X: words` said calmly, `X! words` acute, `X? words` neither way (going on about a danger told), `S: words` the
caseworker's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from ..knowledge.participants import Meeting, Participant
from ..knowledge.sources import Transcript, utterance_of_text
from .corpus import CASES, CorpusError

SCENES = CASES / "acute" / "scenes"
Mark = Literal[":", "!", "?"]
CASEWORKER = Participant("S", "socialsekreterare")


@dataclass(frozen=True)
class Scene:
    """A short meeting. `group` is its writing pass, `acute` and `open_ended` are places in the transcript."""

    meeting: Meeting
    transcript: Transcript
    group: str
    acute: frozenset[int]
    open_ended: frozenset[int]


class _Turn(NamedTuple):
    who: str
    mark: Mark
    words: str


def scenes(folder: Path = SCENES) -> Iterator[Scene]:
    """Every scene of every pass, in order. Raises CorpusError naming file and line."""
    for path in sorted(folder.glob("*.txt")):
        head, turns = "", list[_Turn]()
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            where = f"{path.name} line {number}"
            if text.startswith("= "):
                if head:
                    yield _scene(path.stem, head, turns)
                head, turns = _checked(text[2:], where), []
            elif text.strip() and not text.startswith("#"):
                if not head:
                    raise CorpusError("a turn outside of any scene", where=where, mend="begin with `= name | …`")
                turns.append(_turn(text, where))
        if head:
            yield _scene(path.stem, head, turns)


def _checked(head: str, where: str) -> str:
    parts = [part.strip() for part in head.split("|")]
    understood = len(parts) == 4 and all(parts) and (parts[2] == "-" or parts[2].isdigit())
    if not understood or any(part.count("=") != 1 for part in parts[3].split(",")):
        raise CorpusError("unreadable head of a scene", where=where, mend="`= name | setting | age or - | X=role`")
    return head


def _turn(text: str, where: str) -> _Turn:
    who, mark, words = text[0], text[1:2], text[3:].strip()
    if not who.isalpha() or text[2:3] != " " or not words or mark not in (":", "!", "?"):
        raise CorpusError("unreadable turn", where=where, mend="`X: words`, `X! words` or `X? words`")
    return _Turn(who, mark, words)


def _scene(group: str, head: str, turns: Sequence[_Turn]) -> Scene:
    name, setting, age, people = (part.strip() for part in head.split("|"))
    others = (Participant(*part.strip().split("=")) for part in people.split(","))
    meeting = Meeting(f"{group}-{name}", setting, None if age == "-" else int(age), (CASEWORKER, *others))
    transcript = Transcript(tuple(utterance_of_text(f"u{i}", i, one.who, one.words) for i, one in enumerate(turns)))
    marked = {mark: frozenset(i for i, one in enumerate(turns) if one.mark == mark) for mark in ("!", "?")}
    return Scene(meeting, transcript, group, marked["!"], marked["?"])
