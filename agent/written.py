"""What only a named person writes: a note under a heading, the assessment, the proposal, the decision.

No shape that a model returns refers to these types.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from ..knowledge.errors import IllegalState
from ..knowledge.participants import standpoint
from .observation import Person

DecisionField = Literal["assessment", "proposal", "decision"]
RESERVED: dict[str, str] = {"assessment": "BEDÖMNING", "proposal": "FÖRSLAG", "decision": "BESLUT"}
"""The three fields that stay empty until a caseworker or chief writes them, and their headings."""

_CHIEFS = ("chef", "enhetschef", "sektionschef", "avdelningschef", "förste socialsekreterare")


def may_assess(person: Person) -> bool:
    """Whether the person's role is one that assesses and decides: a caseworker or a chief."""
    role = person.role.casefold().replace("_", " ").strip()
    return role in _CHIEFS or standpoint(role) == "caseworker"


@dataclass(frozen=True, slots=True)
class OwnNote:
    """What a person wrote under a heading that only she can fill. `field` is the section's field."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    field: str
    text: str
    by: Person
    at: datetime
    type: Literal["note"] = "note"

    def __post_init__(self) -> None:
        if self.field in RESERVED:
            raise IllegalState(f"{RESERVED[self.field]} is not a note", mend="write it as what it is, in its own type")
        _written(self.text, self.field)


@dataclass(frozen=True, slots=True)
class Assessment:
    """BEDÖMNING, in the words of the person who makes it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    text: str
    by: Person
    at: datetime
    type: Literal["assessment"] = "assessment"

    def __post_init__(self) -> None:
        _answered_for(self.text, self.by, self.field)

    @property
    def field(self) -> DecisionField:
        return "assessment"


@dataclass(frozen=True, slots=True)
class Proposal:
    """FÖRSLAG TILL BESLUT, in the words of the person who puts it forward."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    text: str
    by: Person
    at: datetime
    type: Literal["proposal"] = "proposal"

    def __post_init__(self) -> None:
        _answered_for(self.text, self.by, self.field)

    @property
    def field(self) -> DecisionField:
        return "proposal"


@dataclass(frozen=True, slots=True)
class Decision:
    """BESLUT, in the words of the person who decides."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    text: str
    by: Person
    at: datetime
    type: Literal["decision"] = "decision"

    def __post_init__(self) -> None:
        _answered_for(self.text, self.by, self.field)

    @property
    def field(self) -> DecisionField:
        return "decision"


Written = OwnNote | Assessment | Proposal | Decision


def _written(text: str, field: str) -> None:
    if not text.strip():
        raise IllegalState("an empty text is not written", where=f"field {field}", mend="leave the field out instead")


def _answered_for(text: str, by: Person, field: DecisionField) -> None:
    _written(text, field)
    if not may_assess(by):
        raise IllegalState(
            f"{RESERVED[field]} is written by a caseworker or a chief",
            where=f"role {by.role or 'unknown'}",
            mend="let the caseworker in charge write it",
        )
