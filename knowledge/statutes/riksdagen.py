"""Statutes from Riksdagen's open data: HTML with anchors such as `K20P2`, and the JSON envelope around it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any, cast

from ..errors import HandenhetError
from . import plaintext
from .blocks import ActHead, Block, heading_block

_ANCHOR = re.compile(r"(?:K(?P<chapter>\d+[a-z]?))?P(?P<number>\d+[a-zåäö]?)")
_BREAKS = {"br", "p", "div", "li", "tr", "pre", "ul", "ol", "table"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SFS = re.compile(r"\b(\d{4}:\d+)\b")
_THROUGH = re.compile(r"t\.o\.m\.\s+SFS\s+(\d{4}:\d+)")


def looks_like_html(text: str) -> bool:
    return bool(re.search(r"""class=["']?paragraf|name=["'](?:K\d+[a-z]?)?P1["']""", text))


def looks_like_json(text: str) -> bool:
    return text.lstrip("\ufeff \r\n").startswith("{")


def parse_json(text: str, *, name: str) -> tuple[ActHead, Iterator[Block]]:
    """Riksdagen's `dokumentstatus` envelope; its HTML is read when it holds anchors, else its text.

    Raises HandenhetError when the JSON is cut short or holds no document.
    """
    try:
        loaded = cast(object, json.loads(text.lstrip("\ufeff")))
    except json.JSONDecodeError as error:
        raise HandenhetError(
            "the file is not whole JSON", where=f"{name} line {error.lineno}", mend="fetch it again"
        ) from None
    document = _document(loaded, name)
    html, plain = str(document.get("html") or ""), str(document.get("text") or "")
    sfs = next(iter(_SFS.findall(str(document.get("beteckning") or document.get("titel") or ""))), "")
    if not sfs and (found := re.search(r"sfs-(\d{4})-(\d+)", str(document.get("dok_id") or ""))):
        sfs = f"{found[1]}:{found[2]}"
    title = str(document.get("titel") or "")
    through = next(iter(_THROUGH.findall(str(document.get("subtitel") or ""))), "")
    if looks_like_html(html):
        head, blocks = parse_html(html, name=name, sfs=sfs, title=title)
    else:
        head, blocks = plaintext.parse(plain or re.sub(r"<[^>]+>", "", html), name=name, sfs=sfs, title=title)
    copied = re.search(r"\d{4}-\d{2}-\d{2}", str(document.get("systemdatum") or ""))
    return replace(
        head,
        amended_through=through or head.amended_through,
        copied=date.fromisoformat(copied[0]) if copied else None,
    ), blocks


def _document(loaded: object, name: str) -> dict[str, Any]:
    node = loaded
    for key in ("dokumentstatus", "dokument"):
        if isinstance(node, dict) and key in node:
            node = cast(dict[str, object], node)[key]
    if not isinstance(node, dict) or not ({"html", "text"} & set(cast(dict[str, object], node))):
        raise HandenhetError(
            "the JSON holds no statute", where=name, mend="expected Riksdagen's dokumentstatus with html or text"
        )
    return cast(dict[str, Any], node)


def parse_html(text: str, *, name: str, sfs: str = "", title: str = "") -> tuple[ActHead, Iterator[Block]]:
    """Head and blocks of the HTML document.

    Raises HandenhetError when it names no SFS number.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    blocks, lead = reader.finish()
    number = sfs or next(iter(_SFS.findall(lead + " " + text[:3000])), "")
    if not number:
        raise HandenhetError("the page names no SFS number", where=name, mend="save the whole page, with its head")
    through = next(iter(_THROUGH.findall(text[:6000])), "")
    rubrics = [block.text for block in blocks if block.kind == "heading"]
    wanted = title or next((line for line in [*rubrics, *lead.splitlines()] if f"({number})" in line), "")
    head = ActHead(
        sfs=number,
        title=re.sub(r"\s*\(\d{4}:\d+\)", "", wanted).strip(),
        source=name,
        amended_through=through,
    )
    return head, iter(blocks)


class _Reader(HTMLParser):
    """Anchors open sections, h-elements are headings, `br`, `p` and stycke anchors part the paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._lines: list[str] = []
        self._heading: list[str] | None = None
        self._skip = 0
        self._number: list[str] | None = None
        self._lead: list[str] = []
        self._in_transition = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if self._skip or tag in ("style", "script") or "sfstoc" in (fields.get("class") or ""):
            self._skip += tag in ("div", "style", "script")
            return
        anchor = _ANCHOR.fullmatch(fields.get("name") or fields.get("id") or "")
        if tag in _HEADINGS:
            self._flush()
            self._heading = []
        elif tag == "a" and anchor and self._heading is None and "paragraf" in (fields.get("class") or "paragraf"):
            self._flush()
            self._number = []
            self._blocks.append(Block("section", number=anchor["number"], chapter=anchor["chapter"] or ""))
        elif tag in ("td", "th"):
            self._lines.append("\t" if self._lines and not self._lines[-1].endswith("\n") else "")
        elif tag in _BREAKS:
            self._lines.append("\n" if tag in ("br", "tr") else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skip:
            self._skip -= tag in ("div", "style", "script")
            return
        if tag in _HEADINGS and self._heading is not None:
            title = " ".join("".join(self._heading).split())
            self._heading = None
            if title:
                block = heading_block(title)
                self._in_transition = self._in_transition or block.kind == "transition"
                self._blocks.append(block)
        elif tag == "a":
            self._number = None
        elif tag in ("p", "div", "table", "ul", "ol"):
            self._lines.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._heading is not None:
            self._heading.append(data)
        elif self._number is not None and re.fullmatch(r"\s*\d+\s*[a-zåäö]?\s*§\s*", data):
            return
        else:
            self._lines.append(data.replace("\u00a0", " "))

    def _flush(self) -> None:
        text, self._lines = "".join(self._lines), []
        if not self._blocks:
            self._lead.append(text)
            return
        for block in plaintext.blocks(text):
            # The anchors already say where sections begin; a line that looks like one is a reference.
            if block.kind == "section":
                label = f"{block.chapter} kap. " if block.chapter else ""
                self._blocks.append(Block("text", f"{label}{block.number} §"))
            elif block.kind == "heading":
                self._blocks.append(Block("text", block.text))
            else:
                self._blocks.append(block)

    def finish(self) -> tuple[list[Block], str]:
        self._flush()
        return self._blocks, "\n".join(self._lead)
