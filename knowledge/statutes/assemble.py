"""Blocks to provisions: who owns which heading, which lines are really headings, and from when a wording holds.

The public copies are converted by machine and err in both directions: the lead-in of a list is set as a heading
(and a naive reader then cuts the list off), a heading is left as the last line of the section above, and the rows
of a table are headings with tabs in them. The rules here mend these and are pinned by golden tests.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from ..errors import HandenhetError
from ..provisions import Provision
from .blocks import Act, ActHead, Block, section_label

_AMENDED = re.compile(r"\s*(?:Lag|Förordning|Kungörelse)\s+\((\d{4}:\d+)\)\s*\.?\s*$")
_REPEALED = re.compile(r"^\W*(?:har\s+upph(?:ävts|ört)|upphävd)\b", re.IGNORECASE)
_MARKER = re.compile(r"/\s*(Träder i kraft|Upphör att gälla)\s+[IU]:\s*([^/]+?)\s*/\s*", re.IGNORECASE)
_WORDING = re.compile(r"[*_\[]*\s*lydelse från (\d{4}-\d{2}-\d{2})[\]*_]*\s*", re.IGNORECASE)
"""Set by hand in some copies: `*[lydelse från 2026-01-15]*` before the text."""
_HEADING_MARKER = re.compile(r"/\s*Rubriken[^/]*/\s*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ENTERS = re.compile(r"träder i kraft den (\d{1,2}) (\w+) (\d{4})")
_SFS = re.compile(r"\d{4}:\d+")
_MONTHS: tuple[str, ...] = tuple(
    str.split("januari februari mars april maj juni juli augusti september oktober november december")
)
_LONGEST_HEADING = 100


def act_of(head: ActHead, blocks: Iterable[Block], *, short: str, imported: date) -> Act:
    """Put the sections together.

    Raises HandenhetError when there is no section, or when a section stands twice without dates that keep them apart.
    """
    stream = _unmask(list(blocks))
    amendments = {**head.amendments, **_transition_dates(stream)}
    provisions = tuple(_provisions(head, stream, amendments, short, imported))
    if not provisions:
        raise HandenhetError(
            f"{head.title or head.sfs} holds no sections, only a register",
            where=head.source,
            mend="fetch the act's text from Riksdagen's open data: handenhet law import " + head.sfs,
        )
    _refuse_duplicates(head, provisions)
    amended = head.amended_through or max((p.amended_by for p in provisions if p.amended_by), key=_order, default="")
    latest = max([amended, *(s for s in amendments if s != head.sfs)], key=_order, default="")
    return Act(
        sfs=head.sfs,
        title=head.title,
        short=short,
        provisions=provisions,
        in_force_from=head.in_force_from or amendments.get(head.sfs),
        amended_through=head.amended_through or latest,
        copied=head.copied,
        imported=imported,
        source=head.source,
        digest=sha256("\n".join(f"{p.section} {p.digest}" for p in provisions).encode()).hexdigest(),
        notices=_notices(provisions, amendments),
    )


def _unmask(blocks: list[Block]) -> list[Block]:
    """False headings back into text, missed headings out of it."""
    blocks = [
        Block("text", block.text) if block.kind == "heading" and ("\t" in block.text or "   " in block.text) else block
        for block in blocks
    ]
    out: list[Block] = []
    in_section = in_transition = False
    for place, block in enumerate(blocks):
        if block.kind == "section":
            in_section = True
        elif block.kind in ("chapter", "transition"):
            in_section, in_transition = False, block.kind == "transition"
        if block.kind == "heading" and in_section and _next_kind(blocks, place) == "text":
            block = Block("text", block.text)
        elif block.kind == "text" and in_section and not in_transition and _is_missed_heading(blocks, place):
            block = Block("heading", block.text)
        out.append(block)
    return out


def _next_kind(blocks: Sequence[Block], place: int) -> str:
    return next((block.kind for block in blocks[place + 1 :] if block.kind != "heading"), "end")


def _is_missed_heading(blocks: Sequence[Block], place: int) -> bool:
    """A short unpunctuated line that ends a section's text and stands right before the next section or heading."""
    text = blocks[place].text
    if place + 1 >= len(blocks) or blocks[place + 1].kind == "text" or blocks[place - 1].kind == "section":
        return False
    if "\t" in text or "|" in text or "\n" in text or len(text) > _LONGEST_HEADING or not text[0].isupper():
        return False
    return not re.search(r"[.:,;)]$", text) or text.endswith((" m.m.", " m.fl."))


def _provisions(
    head: ActHead, blocks: Sequence[Block], amendments: dict[str, date], short: str, imported: date
) -> Iterator[Provision]:
    chapter = chapter_title = ""
    headings: list[str] = []
    run_open = False
    for place, block in enumerate(blocks):
        if block.kind == "transition":
            return
        if block.kind == "chapter":
            chapter, chapter_title, headings, run_open = block.number, block.text, [], True
        elif block.kind == "heading":
            text = _HEADING_MARKER.sub("", block.text).strip()
            headings, run_open = [*headings, text] if run_open else [text], True
        elif block.kind == "section":
            run_open = False
            texts = _texts_after(blocks, place)
            owners = tuple(h for h in (chapter_title, *headings[-2:]) if h)
            made = _provision(head, section_label(block.number, block.chapter or chapter), owners, texts, amendments)
            if made is not None:
                yield _with_act(made, head, short, imported)


def _texts_after(blocks: Sequence[Block], place: int) -> list[str]:
    texts: list[str] = []
    for block in blocks[place + 1 :]:
        if block.kind != "text":
            break
        texts.append(block.text)
    return texts


def _provision(
    head: ActHead, section: str, owners: tuple[str, ...], texts: list[str], amendments: dict[str, date]
) -> Provision | None:
    text = "\n\n".join(_tables(texts)).strip()
    text, enters, ends = _take_markers(text)
    if not text or _REPEALED.match(text):
        return None
    amended_by = ""
    if found := _AMENDED.search(text):
        amended_by, text = found[1], text[: found.start()].rstrip()
    return Provision(
        sfs=head.sfs,
        section=section,
        title=owners[-1] if owners else head.title,
        text=text,
        origin="statute",
        in_force_from=enters or _wording_from(head, amended_by, amendments),
        in_force_to=ends,
        amended_by=amended_by,
        digest=sha256(text.encode()).hexdigest(),
        headings=owners,
    )


def _with_act(provision: Provision, head: ActHead, short: str, imported: date) -> Provision:
    return replace(provision, act=head.title, short=short, source=head.source, imported=imported)


def _take_markers(text: str) -> tuple[str, date | None, date | None]:
    """Riksdagen's `/Träder i kraft I:…/` and `/Upphör att gälla U:…/`, cut out of the text and read as dates."""
    enters = ends = None
    if lead := _WORDING.match(text):
        enters, text = date.fromisoformat(lead[1]), text[lead.end() :]
    for kind, when in _MARKER.findall(text[:300]):
        day = _day(when)
        if kind.lower().startswith("träder"):
            # "den dag regeringen bestämmer": decided but without a date, so it is in force on no day we know of.
            enters = day or date.max
        elif day is not None:
            ends = day - timedelta(days=1)
    return _MARKER.sub("", text).strip(), enters, ends


def _day(raw: str) -> date | None:
    found = _DATE.search(raw)
    return date.fromisoformat(found[0]) if found else None


def _wording_from(head: ActHead, amended_by: str, amendments: dict[str, date]) -> date | None:
    """From when this wording can have held: the amendment's own date, or else no earlier than its year began."""
    if not amended_by:
        return head.in_force_from or amendments.get(head.sfs)
    if amended_by in amendments:
        return amendments[amended_by]
    year = date(int(amended_by.split(":")[0]), 1, 1)
    return max(year, head.in_force_from) if head.in_force_from else year


def _tables(texts: list[str]) -> Iterator[str]:
    """Tab-separated rows that follow each other become one Markdown table; everything else stays as it is."""
    rows: list[list[str]] = []
    for text in [*texts, ""]:
        if "\t" in text:
            rows += [[cell.strip() for cell in re.split(r"\t+", line)] for line in text.splitlines() if line.strip()]
            continue
        if rows:
            yield _table(rows)
            rows = []
        if text:
            yield text


def _table(rows: list[list[str]]) -> str:
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _transition_dates(blocks: Sequence[Block]) -> dict[str, date]:
    """Amending SFS number to in-force date, read from the transition rules at the end."""
    dates: dict[str, date] = {}
    current, inside = "", False
    for block in blocks:
        inside = inside or block.kind == "transition"
        if not inside:
            continue
        for line in (block.text or block.number).splitlines():
            if _SFS.fullmatch(line.strip()):
                current = line.strip()
            elif (found := _ENTERS.search(line)) and current and found[2] in _MONTHS:
                dates.setdefault(current, date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])))
    return dates


def _refuse_duplicates(head: ActHead, provisions: tuple[Provision, ...]) -> None:
    seen: dict[str, list[Provision]] = {}
    for provision in provisions:
        for other in seen.setdefault(provision.section, []):
            if _overlap(provision, other):
                raise HandenhetError(
                    f"{provision.section} stands twice with no dates that tell the wordings apart",
                    where=head.source,
                    mend="mark them /Upphör att gälla U:ÅÅÅÅ-MM-DD/ and /Träder i kraft I:ÅÅÅÅ-MM-DD/, or remove one",
                )
        seen[provision.section].append(provision)


def _overlap(one: Provision, other: Provision) -> bool:
    return (one.in_force_from or date.min) <= (other.in_force_to or date.max) and (other.in_force_from or date.min) <= (
        one.in_force_to or date.max
    )


def _notices(provisions: tuple[Provision, ...], amendments: dict[str, date]) -> tuple[str, ...]:
    undated = sorted({p.amended_by for p in provisions if p.amended_by and p.amended_by not in amendments}, key=_order)
    if not undated:
        return ()
    return (
        f"Ikraftträdandet framgår inte av kopian för {len(undated)} ändringar (senast SFS {undated[-1]}); "
        "sådana lydelser räknas tidigast från ändringsårets början.",
    )


def _order(sfs: str) -> tuple[int, int]:
    year, _, number = sfs.partition(":")
    return (int(year), int(number)) if year.isdigit() and number.isdigit() else (0, 0)
