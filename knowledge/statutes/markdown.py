"""Statutes as Markdown with a YAML head, in both heading styles: `### 6 §` and `#### 20 kap. 2 §`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from ..errors import HandenhetError
from .blocks import ActHead, Block, heading_block

_HEAD = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_DOUBLE = re.compile(r"§\s*§")
_SFS = re.compile(r"\d{4}:\d+")
_DATED_AMENDMENT = re.compile(r"^\s*(\d{4}:\d+)\b.*?(\d{4}-\d{2}-\d{2})\)?\s*$")


def looks_like(text: str) -> bool:
    return text.startswith("---") and "beteckning:" in text[:2000]


def parse(text: str, *, name: str) -> tuple[ActHead, Iterator[Block]]:
    """The head and the blocks of a Markdown statute. `name` is the file's name, for messages.

    Raises HandenhetError when the head is missing, unreadable or names no SFS number.
    """
    found = _HEAD.match(text)
    if found is None:
        raise HandenhetError(
            "the statute has no closed YAML head", where=name, mend="fetch the file again: it is cut short"
        )
    try:
        # BaseLoader: YAML 1.1 reads 1990:52 as the sexagesimal number 119452.
        fields: dict[str, Any] = yaml.load(found[1], Loader=yaml.BaseLoader) or {}
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise HandenhetError("the statute's head is not YAML", where=f"{name} line {line}") from None
    sfs = str(fields.get("beteckning", ""))
    if not _SFS.fullmatch(sfs):
        raise HandenhetError("the head names no SFS number", where=name, mend='give it as beteckning: "2025:400"')
    head = ActHead(
        sfs=sfs,
        title=re.sub(r"\s*\(\d{4}:\d+\)", "", str(fields.get("rubrik", ""))),
        source=name,
        in_force_from=_day(fields.get("ikraft_datum")),
        copied=_day(fields.get("publicerad_datum")) or _day(fields.get("kalla")),
        amended_through=_through(fields),
        amendments=_amendments(fields),
    )
    return head, _blocks(text[found.end() :])


def _blocks(body: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n|\n(?=#)", body.replace("\r\n", "\n")):
        lines = paragraph.strip("\n")
        if not lines.strip():
            continue
        if found := _HEADING.fullmatch(lines.split("\n", 1)[0]):
            title = plain(found[2])
            block = heading_block(title) if "\t" not in title else Block("heading", title)
            # The document's own title and its parts (AVDELNING) are no section's heading.
            if not (len(found[1]) == 1 and block.kind == "heading"):
                yield block
            lines = lines.partition("\n")[2]
        if lines.strip():
            yield Block("text", plain(lines))


def plain(text: str) -> str:
    """Links without their targets, which name the repealed socialtjänstlag, and one `§§` for two."""
    return _DOUBLE.sub("§§", _LINK.sub(r"\1", text)).strip(" \n")


def _day(raw: object) -> date | None:
    found = re.search(r"\d{4}-\d{2}-\d{2}", str(raw or ""))
    return date.fromisoformat(found[0]) if found else None


def _through(fields: dict[str, Any]) -> str:
    found = re.search(r"t\.o\.m\. SFS (\d{4}:\d+)", str(fields.get("konsoliderad", "")))
    return found[1] if found else ""


def _amendments(fields: dict[str, Any]) -> dict[str, date]:
    dates: dict[str, date] = {}
    listed: Any = fields.get("andringsforfattningar")
    for entry in listed if isinstance(listed, list) else []:  # pyright: ignore[reportUnknownVariableType]
        if isinstance(entry, dict) and (day := _day(entry.get("ikraft_datum"))):  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            dates[str(entry.get("beteckning", ""))] = day  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    told: Any = fields.get("andringar")
    for line in told if isinstance(told, list) else []:  # pyright: ignore[reportUnknownVariableType]
        if found := _DATED_AMENDMENT.match(str(line)):  # pyright: ignore[reportUnknownArgumentType]
            dates[found[1]] = date.fromisoformat(found[2])
    return dates
