"""A document before anybody approved it: sentences of four kinds, each with what carries it.

A sentence of the first three kinds cannot be built without a citation; the fourth needs a named person.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from ..knowledge.errors import HandenhetError, IllegalState
from .cites import Cite, LawRef, ProtestRef, QuoteRef
from .observation import Person, Proposer
from .written import RESERVED, Written

Kind = Literal["FAKTA", "HÄRLEDD", "SAMMANSTÄLLNING", "EGNA ORD"]
"""Somebody said it or the record holds it; counted by code; several sources told together; a person's own words."""

DraftKind = Literal["journal", "decision_basis"]
"""The child's version is a text of its own shape (`agent.child`), with a digest and an approval of its own."""
FORMAT = "handenhet.draft/1"
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement. `topic` is the catalogue's name of the circumstance, shown before the text where there is one."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    kind: Kind
    text: str
    cites: tuple[Cite, ...] = ()
    by: Person | None = None
    topic: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise IllegalState("a sentence says something")
        if self.kind == "EGNA ORD":
            if self.by is None:
                raise IllegalState("own words need the person whose words they are")
        elif self.by is not None:
            raise IllegalState("only own words have a person as their source", mend="make it EGNA ORD")
        elif not self.cites:
            raise IllegalState(f"a sentence of kind {self.kind} cites what it rests on", mend="cite it or leave it out")

    @property
    def quotes(self) -> tuple[QuoteRef, ...]:
        return tuple(cite for cite in self.cites if isinstance(cite, QuoteRef))

    @property
    def laws(self) -> tuple[LawRef, ...]:
        return tuple(cite for cite in self.cites if isinstance(cite, LawRef))

    @property
    def observations(self) -> frozenset[str]:
        """Ids of the observations and pinned words it rests on."""
        return frozenset(cite.observation for cite in self.cites if isinstance(cite, QuoteRef | ProtestRef))


@dataclass(frozen=True, slots=True)
class AreaRow:
    """Risk and protection side by side for one area. Both empty means not touched, never absent."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    area: str
    risk: tuple[Sentence, ...] = ()
    protective: tuple[Sentence, ...] = ()

    @property
    def untouched(self) -> bool:
        return not (self.risk or self.protective)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition the law sets: what the material says for it, against it or about it, and which topics are missing.

    It never says whether the condition is met.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    condition: Sentence
    speaks_for: tuple[Sentence, ...] = ()
    speaks_against: tuple[Sentence, ...] = ()
    bears_on: tuple[Sentence, ...] = ()
    missing: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, a table, or a field that only a person fills. `key` is unique in the draft."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    key: str
    heading: str
    sentences: tuple[Sentence, ...] = ()
    areas: tuple[AreaRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()
    field: str = ""
    level: Literal[1, 2] = 1

    def __post_init__(self) -> None:
        if not (self.key and self.heading):
            raise IllegalState("a section has a key and a heading")
        if self.field in RESERVED and (self.sentences or self.areas or self.conditions):
            raise IllegalState(f"{RESERVED[self.field]} is never filled in beforehand", where=f"section {self.key}")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A confirmed observation that the text does not use, and why; listed so that nothing goes missing unseen."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    observation: str
    meeting: str
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made the draft: readers of the observations, composer, model and prompt, and the law's corpus date."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    composer: str
    version: str
    readers: tuple[Proposer, ...] = ()
    model: str = ""
    prompt_digest: str = ""
    corpus_date: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A document nobody approved yet. `on` is the case's date, by which law is cited; `meetings` those it rests on."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    kind: DraftKind
    title: str
    case_id: str
    case_number: str
    on: date
    sections: tuple[Section, ...]
    provenance: Provenance
    meetings: tuple[str, ...] = ()
    written: tuple[Written, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    ground: str = ""
    """Id of the legal ground whose conditions are laid out (`knowledge.prerequisites`); empty for a journal entry."""
    format: Literal["handenhet.draft/1"] = FORMAT

    def __post_init__(self) -> None:
        keys = [section.key for section in self.sections]
        if len(set(keys)) != len(keys):
            raise IllegalState("two sections share a key", where=f"draft of case {self.case_id}")
        fields = {section.field for section in self.sections if section.field}
        written = [text.field for text in self.written]
        if len(set(written)) != len(written):
            raise IllegalState("a field is written twice", mend="replace the earlier text")
        if not fields.issuperset(written):
            raise IllegalState("there is no such field in this document", where=", ".join(set(written) - fields))

    @property
    def canonical(self) -> str:
        """Exactly what is shown, as JSON with sorted keys; the digest is taken over this."""
        return canonical_json(_shape().dump_python(self, mode="json"))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def section(self, key: str) -> Section:
        for section in self.sections:
            if section.key == key:
                return section
        raise HandenhetError("there is no such section", where=key)

    def wrote(self, field: str) -> Written | None:
        """What a person wrote in a field, or None while it is empty."""
        return next((text for text in self.written if text.field == field), None)

    def write(self, text: Written) -> "Draft":
        """The draft with a person's text in its field, in place of an earlier one. The digest becomes another."""
        kept = tuple(other for other in self.written if other.field != text.field)
        return replace(self, written=(*kept, text))

    def placed(self) -> Iterator["Placed"]:
        """Every sentence with its place (`facts/s/0`, `balance/a/2/risk/0`), in reading order."""
        for section in self.sections:
            for number, sentence in enumerate(section.sentences):
                yield Placed(f"{section.key}/s/{number}", sentence)
            for row, area in enumerate(section.areas):
                for side, sentences in (("risk", area.risk), ("protective", area.protective)):
                    for number, sentence in enumerate(sentences):
                        yield Placed(f"{section.key}/a/{row}/{side}/{number}", sentence)
            for row, line in enumerate(section.conditions):
                yield Placed(f"{section.key}/c/{row}/condition/0", line.condition)
                for side in ("speaks_for", "speaks_against", "bears_on", "missing"):
                    sentences: tuple[Sentence, ...] = getattr(line, side)
                    for number, sentence in enumerate(sentences):
                        yield Placed(f"{section.key}/c/{row}/{side}/{number}", sentence)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(placed.sentence for placed in self.placed())

    @property
    def cited(self) -> frozenset[str]:
        """Ids of every observation and pinned words some sentence rests on."""
        return frozenset[str]().union(*(sentence.observations for sentence in self.sentences))


class Placed(NamedTuple):
    place: str
    sentence: Sentence


def draft_of(text: str) -> Draft:
    """The draft of its JSON. Raises HandenhetError if it has another shape or says more than a draft can hold."""
    try:
        draft = _shape().validate_json(text)
    except (ValidationError, IllegalState) as error:
        where = _where(error)
        raise HandenhetError("this is not a draft", where=where, mend=f"the format is {FORMAT}") from None
    if canonical_json(json.loads(text)) != draft.canonical:
        raise HandenhetError("the draft holds keys or spellings this version does not know", mend="export it again")
    return draft


def draft_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a draft."""
    schema = _shape().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Handenhet draft", **schema}


def canonical_json(value: object) -> str:
    """One spelling of a JSON value: sorted keys, no spaces, Swedish letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@cache
def _shape() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)


def _where(error: ValidationError | IllegalState) -> str:
    """The place of the first fault, without what stands there."""
    if isinstance(error, IllegalState):
        return error.what
    return "/".join(str(part) for part in error.errors(include_input=False, include_context=False)[0]["loc"])
