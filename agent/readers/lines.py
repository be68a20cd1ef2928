"""A line: one utterance with what a reader may look at around it. Everything further is computed from lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ...knowledge.factors import Catalogue
from ...knowledge.names import ENDS, is_first_name
from ...knowledge.participants import Meeting, Standpoint
from ...knowledge.sources import Transcript, Utterance
from .clauses import EDGE, Clause, clauses, norm

NAMED = "<namn>"
"""What stands for every first name: what a family's names are must change nothing."""


@dataclass(frozen=True)
class Side:
    """A neighbouring utterance: its normalised words, and who said it. Empty words where there is none."""

    words: tuple[str, ...] = ()
    standpoint: Standpoint = "other"


@dataclass(frozen=True)
class Line:
    """An utterance that may carry evidence, with its neighbours.

    `fits` are the factor ids that can be logged in this meeting, `adult` whether it is about an adult's own matter,
    `question` the caseworker's latest words before it, `opening` whether it is among the meeting's first utterances.
    """

    utterance: Utterance
    role: str
    standpoint: Standpoint
    setting: str
    child_age: int | None
    fits: frozenset[str]
    before: Side
    after: Side
    question: Side

    @property
    def adult(self) -> bool:
        return self.child_age is None

    @cached_property
    def raw(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.utterance.words)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return normed(self.raw)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses(unnamed(self.raw))

    def text(self, clause: Clause) -> str:
        """The clause verbatim."""
        return " ".join(self.raw[clause.first : clause.end])


def lines(meeting: Meeting, transcript: Transcript, catalogue: Catalogue) -> Iterator[Line]:
    """Every utterance that is not the caseworker's, in order."""
    fits = frozenset(factor.id for factor in catalogue.for_age(meeting.child_age))
    said = sides(meeting, transcript)
    question = Side()
    for place, utterance in enumerate(transcript.utterances):
        participant = meeting.participant(utterance.speaker)
        if participant.standpoint == "caseworker":
            question = said[place]
            continue
        yield Line(
            utterance,
            participant.role,
            participant.standpoint,
            meeting.setting,
            meeting.child_age,
            fits,
            said[place - 1] if place else Side(),
            said[place + 1] if place + 1 < len(said) else Side(),
            question,
        )


def sides(meeting: Meeting, transcript: Transcript) -> list[Side]:
    """Every utterance as a neighbour sees it, by place."""
    return [
        Side(normed(tuple(word.text for word in said.words)), meeting.participant(said.speaker).standpoint)
        for said in transcript.utterances
    ]


def normed(raw: tuple[str, ...]) -> tuple[str, ...]:
    """The words as features see them: in one spelling, and all first names alike."""
    return tuple(norm(word) for word in unnamed(raw))


def unnamed(raw: tuple[str, ...]) -> tuple[str, ...]:
    """The words with `NAMED` for each first name; the marks around it stay."""
    opens = [True, *(word.endswith(ENDS) for word in raw[:-1])]
    return tuple(
        word.replace(name, NAMED) if is_first_name(name := word.strip(EDGE), opens=first) else word
        for word, first in zip(raw, opens, strict=True)
    )
