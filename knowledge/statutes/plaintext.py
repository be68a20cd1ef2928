"""Statutes as the plain text of Riksdagen's and the Government Offices' databases."""

import re
from collections.abc import Iterator
from datetime import date

from ..errors import HandenhetError
from .blocks import CHAPTER, TRANSITION, ActHead, Block

_SECTION_START = re.compile(r"(?:(\d+(?:\s?[a-z])?)\s+kap\.\s+)?(\d+(?:\s?[a-zåäö])?)\s*§(?=\s|$)\s*(.*)", re.DOTALL)
_CROSS_REFERENCE = re.compile(r"(?:och|eller|första|andra|tredje|fjärde|femte|kap\.|§|,|i\s)", re.IGNORECASE)
_SFS = re.compile(r"\b(\d{4}:\d+)\b")
_FIELD = re.compile(
    r"^\s*(SFS nr|Utfärdad|Ändrad|Departement(?:/myndighet)?|Ikraft|Omtryck|Övrigt)\s*:\s*(.*)$", re.MULTILINE
)


def looks_like(text: str) -> bool:
    return bool(re.search(r"^\s*(?:\d+\s*kap\.\s*)?1\s*§", text, re.MULTILINE))


def parse(
    text: str, *, name: str, sfs: str = "", title: str = "", through: str = ""
) -> tuple[ActHead, Iterator[Block]]:
    """Head and blocks. What is given by argument (from a JSON envelope) wins over what the text says.

    Raises HandenhetError when no SFS number is given or found.
    """
    fields = {key: value.strip() for key, value in _FIELD.findall(text[:3000])}
    number = sfs or next(iter(_SFS.findall(fields.get("SFS nr", "") or text[:300])), "")
    if not number:
        raise HandenhetError("the text names no SFS number", where=name, mend="begin the file with `SFS nr: 2025:400`")
    changed = through or next(iter(_SFS.findall(fields.get("Ändrad", ""))), "")
    head = ActHead(
        sfs=number,
        title=re.sub(r"\s*\(\d{4}:\d+\)", "", title or _title(text)),
        source=name,
        amended_through=changed,
        in_force_from=_day(fields.get("Ikraft", "")),
    )
    return head, blocks(_body(text))


def _title(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip() and not _FIELD.match(line)), "")


def _body(text: str) -> str:
    ends = [found.end() for found in _FIELD.finditer(text[:3000])]
    return text[max(ends, default=0) :]


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs (parted by blank lines) as blocks; hard line breaks inside a paragraph are folded.

    A line that begins `6 § Text` opens a section; a short paragraph without a full stop is a heading candidate.
    """
    for paragraph in re.split(r"\r?\n[ \t]*\r?\n", text):
        raw = paragraph.strip("\r\n ")
        if not raw:
            continue
        yield from _paragraph(raw)


def _paragraph(raw: str) -> Iterator[Block]:
    folded = fold(raw)
    section = _SECTION_START.fullmatch(folded)
    if section and not _CROSS_REFERENCE.match(section[3]):
        yield Block("section", number=section[2], chapter=section[1] or "")
        if section[3]:
            yield Block("text", section[3])
    elif TRANSITION.fullmatch(folded):
        yield Block("transition", folded)
    elif (
        (chapter := CHAPTER.fullmatch(folded)) and len(folded) < 160 and "§" not in folded and not folded.endswith(".")
    ):
        yield Block("chapter", text=folded, number=chapter["number"])
    elif re.fullmatch(r"\d+(?:\s?[a-z])?\s+kap\.", folded):
        yield Block("chapter", text=folded, number=folded.split(" kap.")[0])
    elif _looks_like_heading(folded):
        yield Block("heading", folded)
    else:
        yield Block("text", folded)


def _looks_like_heading(text: str) -> bool:
    return (
        len(text) <= 100
        and "\n" not in text
        and text[0].isupper()
        and not re.search(r"[.,;:)]$", text.removesuffix(" m.m.").removesuffix(" m.fl."))
    )


def fold(raw: str) -> str:
    """Hard line breaks away, but list items and table rows kept on lines of their own."""
    out: list[str] = []
    for line in raw.splitlines():
        stripped = line.strip(" \r\u00a0")
        if not stripped:
            continue
        starts_item = re.match(r"(?:\d+\s?[a-z]?\.|[a-z]\)|[-–—])\s", stripped)
        if out and "\t" not in line and not starts_item:
            out[-1] += " " + stripped
        else:
            out.append(stripped)
    return "\n".join(re.sub(r"[ \u00a0]{2,}", " ", line) if "\t" not in line else line for line in out)


def _day(raw: str) -> date | None:
    found = re.search(r"\d{4}-\d{2}-\d{2}", raw)
    return date.fromisoformat(found[0]) if found else None
