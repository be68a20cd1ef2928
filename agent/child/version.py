"""What a child's version is made of: sentences that each say what they rest on, and what was left out and why."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from ...knowledge.errors import IllegalState
from ...knowledge.participants import Meeting, Participant
from ..language import Readability
from .bands import Band

Section = Literal["opening", "about", "next", "decide", "say", "ask"]
SECTIONS: tuple[Section, ...] = ("opening", "about", "next", "decide", "say", "ask")
SentenceKind = Literal["fact", "own_words", "fixed", "agreed"]
"""From observations; the child's pinned words; the same for everybody; what the caseworker wrote for the child."""

VERBATIM = "#ord"
"""Stands after an observation's id in the sentence that quotes its words."""

Stage = Literal["samtal", "forhandsbedomning", "utredning", "uppfoljning"]

FindingKind = Literal[
    "untraced", "not_kept", "section_missing", "promise", "outcome", "blame", "frightening", "secret", "number",
    "name", "person", "negation", "teller", "unsupported", "band", "hard_word", "careful", "disputed",
    "uncertain_hearing", "official_style",
]  # fmt: skip
ADVISORY: frozenset[FindingKind] = frozenset(
    {"hard_word", "careful", "disputed", "uncertain_hearing", "official_style"}
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something agreed, in the caseworker's own words to the child."""

    id: str
    text: str

    def __post_init__(self) -> None:
        if not (self.id and self.text.strip()):
            raise IllegalState("what was agreed has an id and a text")


@dataclass(frozen=True, slots=True)
class TalkFacts:
    """The frame of the talk that the text is about.

    `caseworker` and `child_name` are what the child calls them; empty leaves them out. `said_apart` are ids of
    utterances made while the child was out of the room. `child_in_room` overrides what the participants say.
    """

    meeting: Meeting
    stage: Stage = "samtal"
    caseworker: str = ""
    child_name: str = ""
    phone: str = ""
    helpline: bool = True
    agreed: tuple[Agreed, ...] = ()
    said_apart: frozenset[str] = frozenset()
    child_in_room: bool | None = None

    @property
    def reader_present(self) -> bool:
        """Whether the one the text is for (the child, or the client in an adult's matter) was there."""
        if self.child_in_room is not None:
            return self.child_in_room
        return any(self.is_reader(participant.id) for participant in self.meeting.participants)

    def voice(self, speaker: str) -> Participant:
        """Whose words a speaker's are: an interpreter's are those of the only other person present, if only one is."""
        person = self.meeting.participant(speaker)
        if person.standpoint != "interpreter":
            return person
        others = [p for p in self.meeting.participants if p.standpoint not in ("interpreter", "caseworker")]
        return others[0] if len(others) == 1 else person

    def is_reader(self, participant_id: str) -> bool:
        """Whether this participant, or the one an interpreter speaks for, is the one the text is for."""
        person = self.voice(participant_id)
        if self.meeting.child_age is None:
            return person.standpoint == "client"
        return person.standpoint == "child" and not person.role.casefold().startswith(_SIBLING)


_SIBLING = ("syskon", "storasyster", "storebror", "lillasyster", "lillebror")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or two short sentences of the text.

    `rests_on` are observation ids (with `#ord` after it where the child's words of that observation are quoted), ids
    of pinned words or of what was agreed; `fixed` names the fixed information. Exactly one of them is there.
    """

    text: str
    section: Section
    kind: SentenceKind
    rests_on: tuple[str, ...] = ()
    fixed: str = ""
    told_by: str = ""
    """Who told it, as a sentence may say it: `du`, `mamma`, `vuxen`; empty where nobody is named."""

    def __post_init__(self) -> None:
        if bool(self.rests_on) == bool(self.fixed):
            raise IllegalState("a sentence to a child rests on what was confirmed or on fixed information")
        if not self.text.strip():
            raise IllegalState("a sentence says something")

    @property
    def observations(self) -> tuple[str, ...]:
        """The ids it rests on, without the mark of a quotation."""
        return tuple(id.removesuffix(VERBATIM) for id in self.rests_on)

    @property
    def ids(self) -> tuple[str, ...]:
        """All it rests on: what was confirmed, or the name of the fixed information."""
        return self.rests_on or (self.fixed,)

    @property
    def must_stay(self) -> bool:
        """Facts, own words and agreements stay in a rewriting, and so does what every child is told."""
        return not self.fixed.startswith(("comfort.", "bridge.", "opening"))

    @property
    def verbatim(self) -> bool:
        """The child's own words, and what the caseworker wrote to the child, are nobody's to reword."""
        return self.kind in ("own_words", "agreed")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An observation the text does not tell, with the reason for the caseworker."""

    observation: str
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. `blocking` refuses the text; `sentence` is its place in the version, None for the whole."""

    kind: FindingKind
    text: str
    sentence: int | None = None

    @property
    def blocking(self) -> bool:
        return self.kind not in ADVISORY


@dataclass(frozen=True, slots=True)
class ChildVersion:
    """The text for one band. Nothing in it is decided or assessed.

    `headings` is one line for each section that has one. `readability` measures all of it but the child's own
    pinned words, which are the child's whatever their length. `told` are the observations it tells.
    """

    band: Band
    sentences: tuple[Sentence, ...]
    headings: tuple[tuple[str, int], ...]
    """Heading lines with the number of the sentence they stand before."""
    readability: Readability
    told: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()
    for_adult: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    notice: str = ""
    """Says that nothing is confirmed yet, shown beside the text; empty for a version of confirmed observations."""
    made_by: str = "utan språkmodell"

    @property
    def preview(self) -> bool:
        return bool(self.notice)

    @property
    def text(self) -> str:
        """What the child hears or reads: headings on lines of their own, sections with an empty line between."""
        return layout(self.sentences, self.headings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocking)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of band and text, for the approval of exactly what was shown."""
        return hashlib.sha256(f"{self.band}\n{self.text}".encode()).hexdigest()


def layout(sentences: tuple[Sentence, ...], headings: tuple[tuple[str, int], ...], own_words: bool = True) -> str:
    """The running text; without the child's pinned words when it is to be measured."""
    at = {place: heading for heading, place in headings}
    blocks: list[str] = []
    for place, sentence in enumerate(sentences):
        starts = place in at or not blocks
        if place in at:
            blocks.append(at[place] + "\n")
        if sentence.kind == "own_words" and not own_words:
            if starts and place not in at:
                blocks.append("")
            continue
        if starts and place not in at:
            blocks.append(sentence.text)
        else:
            blocks[-1] += sentence.text if blocks[-1].endswith("\n") else f" {sentence.text}"
    return "\n\n".join(block.strip() for block in blocks if block.strip())
