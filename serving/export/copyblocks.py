"""Plain text per heading, to copy into a case system that takes nothing else."""

from dataclasses import dataclass

from ...agent.cites import QuoteRef
from ...agent.draft import Section, Sentence
from .shown import LEFT_OUT, UNTOUCHED, Paper, columns, left_out, own_text, paragraphs


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """One heading's text. The mark (UTKAST) stands in the text itself, so that it follows the copy."""

    key: str
    heading: str
    text: str


def copy_blocks(paper: Paper) -> tuple[CopyBlock, ...]:
    """A block a main heading, its subsections inside it; headings without anything are left out."""
    blocks: list[CopyBlock] = []
    for section in paper.draft.sections:
        text = "\n".join(_lines(paper, section))
        if section.level == 2 and blocks:
            last = blocks[-1]
            blocks[-1] = CopyBlock(last.key, last.heading, f"{last.text}\n\n{section.heading}\n{text}".strip())
        else:
            blocks.append(CopyBlock(section.key, section.heading, text))
    if lines := left_out(paper.draft):
        blocks.append(CopyBlock("left_out", LEFT_OUT, "\n".join(lines)))
    mark = f"{paper.mark}\n" if paper.mark else ""
    return tuple(
        CopyBlock(block.key, block.heading, paper.mask(mark + block.text)) for block in blocks if block.text.strip()
    )


def _lines(paper: Paper, section: Section) -> list[str]:
    lines = [_told(together) for together in paragraphs(section.sentences)]
    for row in section.areas:
        sides = (("Risk", row.risk), ("Skydd", row.protective))
        told = [f"  {name}: {_told((sentence,))}" for name, sentences in sides for sentence in sentences]
        lines += [row.area, *told] if told else [f"{row.area}: {UNTOUCHED.lower()}."]
    for row in section.conditions:
        lines.append(_told((row.condition,)))
        for name, sentences, empty in columns(row):
            lines += [f"  {name}: {_told((sentence,))}" for sentence in sentences] or [f"  {name}: {empty}"]
    if section.field:
        text, signed = own_text(paper.draft, section)
        lines.append(f"{text} ({signed})" if signed else f"[{text}]")
    return lines


def _told(sentences: tuple[Sentence, ...]) -> str:
    """The sentences with meeting and time in brackets after them, as a reader without the program needs it."""
    first = sentences[0]
    topic = f"{first.topic}: " if first.topic else ""
    quotes = [cite for cite in sentences[-1].cites if isinstance(cite, QuoteRef)]
    where = "; ".join(dict.fromkeys(_where(cite) for cite in quotes))
    laws = "; ".join(law.label for law in sentences[-1].laws)
    own = f"{first.by.name}, egna ord" if first.by else ""
    source = "; ".join(part for part in (where, laws, own) if part)
    return f"{topic}{' '.join(sentence.text for sentence in sentences)}" + (f" ({source})" if source else "")


def _where(cite: QuoteRef) -> str:
    return cite.label.removeprefix(f"{cite.who}, ")
