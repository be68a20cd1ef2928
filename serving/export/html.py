"""A document as one HTML page, without scripts or outside resources: the PDF is made of it, a screen may show it."""

from collections.abc import Iterable, Sequence
from html import escape

from ...agent.draft import AreaRow, ConditionRow, Section, Sentence
from .shown import (
    LEFT_OUT,
    UNTOUCHED,
    Paper,
    References,
    columns,
    left_out,
    own_text,
    paragraphs,
)

_STYLE = """
body { font: 10.5pt/1.45 'DejaVu Sans', sans-serif; color: #111; }
h1 { font-size: 19pt; margin: 0 0 3mm; } h2 { font-size: 13pt; margin: 6mm 0 1.5mm; border-bottom: .4pt solid #999; }
h3 { font-size: 11pt; margin: 3mm 0 1mm; } h2, h3 { break-after: avoid; }
p { margin: 0 0 1.6mm; } .topic { font-weight: bold; } sup { font-size: 7pt; color: #444; }
.own { border: .4pt dashed #777; padding: 2mm; min-height: 9mm; color: #444; font-style: italic; }
.wrote { white-space: pre-wrap; } .signed { font-size: 8.5pt; color: #333; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 3mm; font-size: 8.5pt; table-layout: fixed; }
th, td { border: .4pt solid #888; padding: 1.4mm; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { background: #eee; } table.balance th:first-child { width: 22%; } thead { display: table-header-group; }
ol.refs { font-size: 8.5pt; padding-left: 8mm; }
"""


def to_html(paper: Paper) -> str:
    """The page. Every text is escaped; `<html lang="sv">`."""
    references = References()
    body = "".join(_section(section, paper, references) for section in paper.draft.sections)
    signatures = "".join(f'<p class="signed">{_text(paper, line)}</p>' for line in paper.signatures)
    title, style = _text(paper, paper.draft.title), _page(paper) + _STYLE
    return (
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head>"
        f"<body><h1>{title}</h1>{signatures}<main>{body}{_left_out(paper)}</main>"
        f"{_references(paper, references)}</body></html>"
    )


def _page(paper: Paper) -> str:
    """Head and foot of every page, as style: case number, the mark, what it is, which page."""
    case, foot = _quoted(paper, f"Ärende {paper.draft.case_number}"), _quoted(paper, paper.footer)
    face = "'DejaVu Sans', sans-serif"
    return (
        "@page { size: A4; margin: 24mm 20mm 22mm; "
        f"@top-left {{ content: {case}; font: 9pt {face}; }} "
        f"@top-right {{ content: {_quoted(paper, paper.mark)}; font: bold 11pt {face}; color: #a00000; }} "
        f"@bottom-left {{ content: {foot}; font: 7.5pt {face}; color: #444; }} "
        f'@bottom-right {{ content: "sida " counter(page) " av " counter(pages); font: 8pt {face}; }} }}'
    )


def _quoted(paper: Paper, text: str) -> str:
    """A CSS string that cannot end the style element or itself."""
    safe = "".join(c if c.isalnum() or c in " .,:;·-–()" else f"\\{ord(c):06x}" for c in paper.mask(text))
    return f'"{safe}"'


def _section(section: Section, paper: Paper, references: References) -> str:
    parts = [f"<h{section.level + 1}>{_text(paper, section.heading)}</h{section.level + 1}>"]
    parts += [_paragraph(together, paper, references) for together in paragraphs(section.sentences)]
    if section.areas:
        parts.append(_balance(section.areas, paper, references))
    parts += [_condition(row, paper, references) for row in section.conditions]
    if section.field:
        text, signed = own_text(paper.draft, section)
        if signed:
            parts.append(f'<p class="wrote">{_text(paper, text)}</p><p class="signed">{escape(signed)}</p>')
        else:
            parts.append(f'<p class="own">{escape(text)}</p>')
    return f"<section>{''.join(parts)}</section>"


def _paragraph(sentences: Sequence[Sentence], paper: Paper, references: References) -> str:
    return f"<p>{_inline(sentences, paper, references)}</p>"


def _inline(sentences: Sequence[Sentence], paper: Paper, references: References) -> str:
    first = sentences[0]
    topic = f'<span class="topic">{_text(paper, first.topic)}.</span> ' if first.topic else ""
    text = _text(paper, " ".join(sentence.text for sentence in sentences))
    own = f" <em>({escape(first.by.name)}, egna ord)</em>" if first.by else ""
    number = references.of(sentences[-1].cites)
    return f"{topic}{text}{own}" + (f" <sup>{number}</sup>" if number else "")


def _balance(rows: Iterable[AreaRow], paper: Paper, references: References) -> str:
    lines = "".join(
        f"<tr><td>{_text(paper, row.area)}</td>"
        + "".join(
            _cell(side, UNTOUCHED if row.untouched else "–", paper, references) for side in (row.risk, row.protective)
        )
        + "</tr>"
        for row in rows
    )
    head = "<thead><tr><th>Område</th><th>Risk</th><th>Skydd</th></tr></thead>"
    return f'<table class="balance">{head}<tbody>{lines}</tbody></table>'


def _condition(row: ConditionRow, paper: Paper, references: References) -> str:
    told = _paragraph((row.condition,), paper, references)
    sides = columns(row)
    head = "".join(f"<th>{name}</th>" for name, _, _ in sides)
    cells = "".join(_cell(sentences, empty, paper, references) for _, sentences, empty in sides)
    return f"{told}<table><thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"


def _cell(sentences: Sequence[Sentence], empty: str, paper: Paper, references: References) -> str:
    told = "".join(_paragraph((sentence,), paper, references) for sentence in sentences)
    return f"<td>{told or escape(empty)}</td>"


def _left_out(paper: Paper) -> str:
    rows = "".join(f"<li>{_text(paper, line)}</li>" for line in left_out(paper.draft))
    return f"<section><h2>{LEFT_OUT}</h2><ul>{rows}</ul></section>" if rows else ""


def _references(paper: Paper, references: References) -> str:
    rows = "".join(f'<li value="{number}">{_text(paper, text)}</li>' for number, text in references.listed())
    return f'<section><h2>Källor</h2><ol class="refs">{rows}</ol></section>' if rows else ""


def _text(paper: Paper, text: str) -> str:
    return escape(paper.mask(text))
