"""A document as the screen shows it: every sentence with what carries it, the findings, the ways out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...agent.child import ChildVersion
from ...agent.cites import Cite, LawRef, ProtestRef, QuoteRef, RecordRef, clock
from ...agent.draft import AreaRow, ConditionRow, Draft, Section, Sentence
from ...agent.review import Finding
from ...agent.written import RESERVED
from ..store.records import Approval, Document
from . import words
from .markup import Markup, el, hidden, join, lines, page
from .opened import Opened

KIND = {
    "FAKTA": "Någon har sagt det, eller ärendet visar det",
    "HÄRLEDD": "Räknat fram av programmet",
    "SAMMANSTÄLLNING": "Flera källor tillsammans",
    "EGNA ORD": "Skrivet av en person",
}
_MARKS = {"doubtful": "hördes otydligt", "corrected": "rättat efteråt", "changed": "ändrat vid genomgången"}
SEEN_CHARS = 280
FORMS = (("docx", "Word (DOCX)"), ("pdf", "PDF/A"), ("json", "JSON"), ("text", "Text"), ("zip", "Arkiv (ZIP)"))


CHANGE = "#andra:"
"""Begins the address of the link by which a sentence is chosen for a change (`screen.js` takes the click)."""


def changeable(sentence: Sentence) -> bool:
    """What is counted, recorded or set by law is not changed here; see `agent.edits`."""
    return sentence.kind == "EGNA ORD" or (sentence.kind != "HÄRLEDD" and bool(sentence.observations))


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of a paper is shown with: the case, and whether its sentences may still be changed."""

    opened: Opened
    open_: bool


def paper(draft: Draft, opened: Opened, *, open_: bool = False) -> Markup:
    """The whole draft. Each citation opens to the words or the section it rests on; while it is open to change, each
    sentence that may be changed has a link for that."""
    shown = _Page(opened, open_)
    head = el("p", f"Ärende {draft.case_number} · lagen som den gällde {words.short_date(draft.on)}", cls="hh-quiet")
    body = [_section(section, draft, shown) for section in draft.sections]
    return page(el("h2", draft.title), head, *body, _left_out(draft), cls="hh-paper")


def _section(section: Section, draft: Draft, shown: _Page) -> Markup:
    written = draft.wrote(section.field) if section.field else None
    own: Markup | None = None
    if written is not None:
        by = el("p", f"{written.by.name}, {words.moment(written.at)}", cls="hh-quiet")
        own = el("div", el("p", lines(written.text)), by, cls="hh-own")
    elif section.field:
        own = el("p", "Tomt. Skrivs av dig under Dina egna ord.", cls="hh-empty")
    return el(
        "section",
        el("h4" if section.level == 2 else "h3", section.heading),
        *_sentences(section.sentences, f"{section.key}/s", shown),
        _areas(section, shown) if section.areas else None,
        *(_condition(row, f"{section.key}/c/{place}", shown) for place, row in enumerate(section.conditions)),
        own,
        cls="hh-reserved" if section.field in RESERVED else "",
    )


def _sentences(sentences: Iterable[Sentence], where: str, shown: _Page) -> list[Markup]:
    """`where` is the place of the list in the draft; a sentence's own place is that and its number."""
    return [_sentence(sentence, f"{where}/{number}", shown) for number, sentence in enumerate(sentences)]


def _sentence(sentence: Sentence, place: str, shown: _Page) -> Markup:
    topic = el("strong", f"{sentence.topic}. ") if sentence.topic else None
    cites = [_cite(number, cite, sentence, shown.opened) for number, cite in enumerate(sentence.cites, 1)]
    change = (
        el("a", "Ändra", hidden(" meningen"), href=f"{CHANGE}{place}", cls="hh-change hh-noprint")
        if shown.open_ and changeable(sentence)
        else None
    )
    return el("div", topic, sentence.text, " ", *cites, change, cls="hh-sentence")


def _cite(number: int, cite: Cite, sentence: Sentence, opened: Opened) -> Markup:
    label, told = _told(cite, opened)
    seen = el("span", f"{KIND[sentence.kind]}. {label}: {_words(cite)}", cls="hh-seen")
    summary = el("summary", str(number), hidden(f" källa: {label}"), seen)
    return el("details", summary, el("div", el("p", el("b", label)), told, cls="hh-source"), cls="hh-cite")


def _words(cite: Cite) -> str:
    """What a citation rests on in short, to be seen in passing."""
    match cite:
        case QuoteRef():
            text = f"”{cite.text}”"
        case ProtestRef():
            text = f"”{cite.words}”"
        case LawRef():
            text = " ".join(cite.citation.provision.text.split())
        case RecordRef():
            text = "ärendets egna uppgifter"
    return text if len(text) <= SEEN_CHARS else f"{text[:SEEN_CHARS].rsplit(' ', 1)[0]} …"


def _told(cite: Cite, opened: Opened) -> tuple[str, Markup]:
    match cite:
        case QuoteRef():
            marks = ", ".join(_MARKS[mark] for mark in cite.marks)
            return cite.label, join((el("blockquote", f"”{cite.text}”"), el("p", marks) if marks else None,
                                     _sound(cite, opened)))  # fmt: skip
        case ProtestRef():
            return cite.label, el("blockquote", f"”{cite.words}”")
        case LawRef():
            provision = cite.citation.provision
            since = provision.in_force_from
            held = f"Gäller från {words.short_date(since)}." if since else ""
            origin = "Vår egen note; lagtexten är inte inläst." if provision.origin == "guidance" else held
            return cite.label, join((el("blockquote", lines(provision.text)), el("p", origin, cls="hh-quiet")))
        case RecordRef():
            return cite.label, el("p", "Raden finns i ärendets egna uppgifter.", cls="hh-quiet")


def _sound(cite: QuoteRef, opened: Opened) -> Markup | None:
    held = opened.meeting(cite.meeting)
    if held is None or not held.audio:
        return None
    start, end = max(0, cite.start_ms - 500), cite.end_ms + 700
    address = f"/api/v1/meetings/{cite.meeting}/clip?from_ms={start}&to_ms={end}"
    return el("audio", src=address, controls=True, preload="none", title=f"Lyssna från {clock(start)}")


def _areas(section: Section, shown: _Page) -> Markup:
    head = el("tr", *(el("th", name, scope="col") for name in ("Område", "Risk", "Skydd")))
    body = [_area(row, f"{section.key}/a/{place}", shown) for place, row in enumerate(section.areas)]
    return el("table", el("thead", head), el("tbody", *body), cls="hh-balance")


def _area(row: AreaRow, where: str, shown: _Page) -> Markup:
    if row.untouched:
        return el("tr", el("th", row.area, scope="row"), el("td", "Ej berört", colspan="2", cls="hh-untouched"))
    cells = (
        _sentences(side, f"{where}/{name}", shown)
        for name, side in (("risk", row.risk), ("protective", row.protective))
    )
    return el("tr", el("th", row.area, scope="row"), *(el("td", *cell) for cell in cells))


def _condition(row: ConditionRow, where: str, shown: _Page) -> Markup:
    sides = (
        ("Talar för", "speaks_for", row.speaks_for),
        ("Talar emot", "speaks_against", row.speaks_against),
        ("Rör villkoret", "bears_on", row.bears_on),
        ("Saknas", "missing", row.missing),
    )
    told = [el("h5", name) + join(_sentences(side, f"{where}/{key}", shown)) for name, key, side in sides if side]
    condition = _sentence(row.condition, f"{where}/condition/0", shown)
    return el("div", condition, *(Markup(one) for one in told), cls="hh-condition")


def _left_out(draft: Draft) -> Markup | None:
    if not draft.left_out:
        return None
    rows = [el("li", f"{left.topic}: {left.reason}") for left in draft.left_out]
    return el("section", el("h3", "Bekräftat som inte är med i texten"), el("ul", *rows))


def child_paper(version: ChildVersion) -> Markup:
    left = [el("li", f"{one.topic}: {one.reason}") for one in version.left_out]
    return page(
        el("h2", "Barnets version"),
        el("p", f"För {version.band} år. Bara sådant som bekräftats vid genomgången.", cls="hh-quiet"),
        el("div", *(el("p", lines(part)) for part in version.text.split("\n\n")), cls="hh-child"),
        el("details", el("summary", f"Inte med ({len(left)})"), el("ul", *left)) if left else None,
        cls="hh-paper",
    )


def findings(found: Iterable[Finding]) -> Markup:
    """What the review found: what must be settled first, then what is good to know."""
    return told_findings([(finding.text, finding.blocks) for finding in found])


def told_findings(rows: list[tuple[str, bool]]) -> Markup:
    """The same from text and whether it blocks."""
    blocking = [text for text, blocks in rows if blocks]
    notices = [text for text, blocks in rows if not blocks]
    if not rows:
        return page(el("p", "Granskningen hittade inget att reda ut."))
    return page(
        *_listed("Måste redas ut före godkännande", blocking, "hh-late"), *_listed("Att veta", notices, "hh-soon")
    )


def _listed(heading: str, told: list[str], cls: str) -> Iterator[Markup]:
    if told:
        yield el("p", el("span", heading, cls=f"hh-tag {cls}"))
        yield el("ul", *(el("li", one) for one in dict.fromkeys(told)))


def standing(document: Document | None, approvals: tuple[Approval, ...], *, four_eyes: bool) -> Markup:
    """Whether it is a draft, half-approved or approved; the fingerprint that an approval names; the ways out."""
    if document is None:
        return page(el("p", "Inget är skrivet ännu."))
    mark = el("p", f"Fingeravtryck {document.digest[:16]} · version {document.version}", cls="hh-quiet")
    people = [el("li", f"{one.by.name}, {words.moment(one.at)}") for one in approvals]
    if len(approvals) < (2 if four_eyes else 1):
        wait = el("p", "En till ska läsa och godkänna.") if approvals else None
        draft = el("p", el("span", "Utkast", cls="hh-tag hh-soon"))
        out = _ways_out(document, "Ta ut utkastet, märkt UTKAST på varje sida")
        return page(draft, mark, wait, el("ul", *people) if people else None, out)
    out = _ways_out(document, "Lämna ut")
    return page(el("p", el("span", "Godkänt", cls="hh-tag hh-approved"), " av"), el("ul", *people), mark, out)


def _ways_out(document: Document, heading: str) -> Markup | None:
    """A child's version is read on the screen or printed with the page; everything else leaves as a file."""
    if document.kind == "child_version":
        return None
    links = [
        el("a", name, href=f"/api/v1/documents/{document.id}/export?format={form}", download=True, cls="hh-out")
        for form, name in FORMS
    ]
    return el("div", el("h4", heading), *links, cls="hh-outs")
