"""What every statute format is reduced to before sections are put together: a stream of small blocks."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..provisions import Provision

BlockKind = Literal["chapter", "section", "heading", "text", "transition"]

SECTION = re.compile(r"(?:(?P<chapter>\d+(?:\s?[a-z])?)\s+kap\.\s+)?(?P<number>\d+(?:\s?[a-zåäö])?)\s*§")
"""A section's own number and nothing more: `6 §`, `6 a §`, `20 kap. 2 §`."""

CHAPTER = re.compile(r"(?P<number>\d+(?:\s?[a-z])?)\s+kap\.?\s*(?P<title>.*)", re.DOTALL)
TRANSITION = re.compile(r"(?:ikraftträdande- och )?övergångsbestämmelser", re.IGNORECASE)
_SPACES = re.compile(r"[ \u00a0]+")


@dataclass(frozen=True, slots=True)
class Block:
    """`number` and `chapter` only for sections and chapters; `text` is the title, heading or paragraph."""

    kind: BlockKind
    text: str = ""
    number: str = ""
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as imported once.

    `amended_through` is the latest amending SFS number in the copy, `copied` the date the copy was published at its
    source, `digest` SHA-256 (hex) over all sections. `notices` tell what the reader should know about the copy.
    """

    sfs: str
    title: str
    short: str
    provisions: tuple[Provision, ...]
    in_force_from: date | None = None
    in_force_to: date | None = None
    amended_through: str = ""
    copied: date | None = None
    imported: date | None = None
    source: str = ""
    digest: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActHead:
    """What a statute file says of itself before its sections begin."""

    sfs: str
    title: str
    source: str
    in_force_from: date | None = None
    copied: date | None = None
    amended_through: str = ""
    amendments: dict[str, date] = field(default_factory=dict[str, date])
    """In-force date by amending SFS number, as far as the file tells."""


def number_of(raw: str) -> str:
    """`15a`, `15 a` and `15  a` all become `15 a`."""
    match = re.fullmatch(r"(\d+)\s*([a-zåäö]?)", raw.strip().lower())
    if match is None:
        return raw.strip()
    return f"{match[1]} {match[2]}".strip()


def section_label(number: str, chapter: str = "") -> str:
    """The spelling everything is compared by: `2 §` or `20 kap. 2 §`."""
    own = f"{number_of(number)} §"
    return f"{number_of(chapter)} kap. {own}" if chapter else own


def heading_block(text: str) -> Block:
    """A heading line as the block it is: section, chapter, transition rules or a rubric."""
    text = _SPACES.sub(" ", text).strip()
    if section := SECTION.fullmatch(text):
        return Block("section", number=section["number"], chapter=section["chapter"] or "")
    if (chapter := CHAPTER.fullmatch(text)) and "§" not in text:
        return Block(
            "chapter", text=f"{number_of(chapter['number'])} kap. {chapter['title']}".strip(), number=chapter["number"]
        )
    if TRANSITION.fullmatch(text):
        return Block("transition", text)
    return Block("heading", text)
