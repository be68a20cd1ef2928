"""What every export shows: paragraphs with numbered references, drafts marked as drafts, protected details masked."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ...agent.approval import ApprovedDocument
from ...agent.cites import Cite, LawRef, ProtestRef, QuoteRef, RecordRef
from ...agent.draft import ConditionRow, Draft, Section, Sentence
from ...agent.journal import written_when

DRAFT_MARK = "UTKAST"
OUTDATED_MARK = "INAKTUELL"
EMPTY_FIELD = "Fylls i av handläggaren."
UNTOUCHED = "Ej berört"
LEFT_OUT = "Bekräftade uppgifter som inte är med i texten"
NOTHING = "Inget i underlaget"
MASKED = "[skyddad uppgift]"
_MARKS = {"doubtful": "hördes otydligt", "corrected": "rättat efteråt", "changed": "ändrat vid genomgången"}


@dataclass(frozen=True)
class Masking:
    """Words that must not leave the house: name, number and address of a person with protected identity.

    Every run of them is replaced, whatever the case of the letters and also in the genitive.
    """

    words: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        for word in sorted({word.strip() for word in self.words if word.strip()}, key=len, reverse=True):
            pattern = r"\s+".join(re.escape(part) for part in word.split())
            text = re.sub(rf"(?<!\w){pattern}s?(?!\w)", MASKED, text, flags=re.IGNORECASE)
        return text


def protected_words(name: str, personal_number: str = "", address: str = "") -> Masking:
    """The masking of one protected person: the name and each part of it, the number however spelt, the address."""
    digits = re.sub(r"\D", "", personal_number)
    numbers = [personal_number]
    if len(digits) >= 10:
        numbers += [digits, f"{digits[:-4]}-{digits[-4:]}", digits[-10:], f"{digits[-10:-4]}-{digits[-4:]}"]
    lines = [line for line in re.split(r"[\n,]", address) if len(line.strip()) > 3]
    return Masking((name, *name.split(), *numbers, address, *lines))


@dataclass(frozen=True)
class Paper:
    """A document on its way out: the draft, its standing in one word, who approved it, and what is masked."""

    draft: Draft
    approved: ApprovedDocument | None = None
    mask: Callable[[str], str] = field(default_factory=Masking)

    @property
    def mark(self) -> str:
        """Shown on every page: UTKAST until approved, INAKTUELL once a meeting was opened again; else empty."""
        if self.approved is None:
            return DRAFT_MARK
        return OUTDATED_MARK if self.approved.outdated else ""

    @property
    def status(self) -> Literal["draft", "approved", "outdated"]:
        if self.approved is None:
            return "draft"
        return "outdated" if self.approved.outdated else "approved"

    @property
    def header(self) -> str:
        return self.mask(" · ".join(part for part in (self.mark, f"Ärende {self.draft.case_number}") if part))

    @property
    def footer(self) -> str:
        return f"{self.draft.title} · {self.draft.on} · SHA-256 {self.draft.digest[:16]}"

    @property
    def signatures(self) -> tuple[str, ...]:
        if self.approved is None:
            return ("Inte godkänt. Detta är ett utkast.",)
        return tuple(f"Godkänt av {one.by.name}, {written_when(one.at)}." for one in self.approved.approvals)


def paper(document: Draft | ApprovedDocument, mask: Callable[[str], str] | None = None) -> Paper:
    """A draft goes out as a draft; only an approved document goes out without the mark."""
    shown = mask or Masking()
    if isinstance(document, ApprovedDocument):
        return Paper(document.draft, document, shown)
    return Paper(document, None, shown)


@dataclass
class References:
    """Numbers citations in the order they are met; the same citation keeps its number."""

    _numbers: dict[Cite, int] = field(default_factory=dict[Cite, int])

    def of(self, cites: Iterable[Cite]) -> str:
        numbers = [self._numbers.setdefault(cite, len(self._numbers) + 1) for cite in cites]
        return f"[{', '.join(map(str, numbers))}]" if numbers else ""

    def listed(self) -> Iterator[tuple[int, str]]:
        """Number and text: speaker, meeting, time and the words; the provision; the row of the record."""
        for cite, number in self._numbers.items():
            yield number, described(cite)


def described(cite: Cite) -> str:
    match cite:
        case QuoteRef():
            marks = "".join(f" ({_MARKS[mark]})" for mark in cite.marks)
            return f"{cite.label}: ”{cite.text}”{marks}"
        case ProtestRef():
            return f"{cite.label}: ”{cite.words}”"
        case LawRef():
            note = ", egen vägledning" if cite.citation.provision.origin != "statute" else ""
            return f"{cite.label}, lydelse den {cite.citation.on}{note}"
        case RecordRef():
            return cite.label


def paragraphs(sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Neighbours that rest on the same sources become one paragraph."""
    together: list[Sentence] = []
    for sentence in sentences:
        if together and (together[-1].cites != sentence.cites or sentence.topic or together[-1].topic):
            yield tuple(together)
            together = []
        together.append(sentence)
    if together:
        yield tuple(together)


def columns(row: ConditionRow) -> tuple[tuple[str, tuple[Sentence, ...], str], ...]:
    """Heading, statements and what an empty column says. The two sides stand there together or not at all."""
    sides = (("Talar för", row.speaks_for, NOTHING), ("Talar emot", row.speaks_against, NOTHING))
    shown = sides if row.speaks_for or row.speaks_against else ()
    about = (("Rör villkoret", row.bears_on, NOTHING),) if row.bears_on or not shown else ()
    return (*shown, *about, ("Saknas", row.missing, "–"))


def own_text(draft: Draft, section: Section) -> tuple[str, str]:
    """What a person wrote in the section's field and her signature, or that it is hers to fill."""
    written = draft.wrote(section.field)
    if written is None:
        return EMPTY_FIELD, ""
    return written.text, f"{written.by.name}, {written_when(written.at)}"


def left_out(draft: Draft) -> tuple[str, ...]:
    """A line for each confirmed observation the text does not use."""
    return tuple(f"{left.topic} (möte {left.meeting}): {left.reason}" for left in draft.left_out)
