"""A document as DOCX: named styles a municipality can restyle, case number and UTKAST on every page, references."""

# python-docx is typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from ...agent.draft import AreaRow, ConditionRow, Section, Sentence
from .shown import LEFT_OUT, UNTOUCHED, Paper, References, columns, left_out, own_text, paragraphs, reserved

STYLES = ("HE Brödtext", "HE Eget fält", "HE Referens", "HE Underskrift", "HE Märkning", "HE Tabelltext")
"""Paragraph styles beside Title and Heading 1-2; change them in a template and every export follows."""


def to_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The DOCX file. `template` is the municipality's own document, whose styles of the same names win."""
    document = Document(io.BytesIO(template)) if template else Document()
    _styles(document)
    _frame(document, paper)
    document.add_paragraph(paper.mask(paper.draft.title), style="Title")
    for line in paper.signatures:
        document.add_paragraph(line, style="HE Underskrift")
    references = References()
    for section in paper.draft.sections:
        _section(document, section, paper, references)
    if lines := left_out(paper.draft):
        document.add_heading(LEFT_OUT, level=1)
        for line in lines:
            document.add_paragraph(paper.mask(line), style="HE Brödtext")
    _references(document, paper, references)
    _properties(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _styles(document: DocxDocument) -> None:
    known = {style.name for style in document.styles}
    for name in STYLES:
        if name not in known:
            style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
            style.font.size = Pt(9 if name in ("HE Referens", "HE Tabelltext") else 11)
    if "HE Eget fält" not in known:
        own: Any = document.styles["HE Eget fält"]
        own.font.italic = True
        own.paragraph_format.left_indent = Cm(0.5)
        mark: Any = document.styles["HE Märkning"]
        mark.font.bold = True
        mark.font.color.rgb = RGBColor(0xA0, 0x00, 0x00)


def _frame(document: DocxDocument, paper: Paper) -> None:
    """Header and footer of every section and of a differing first page alike, so that no page lacks the mark."""
    document.settings.odd_and_even_pages_header_footer = False
    for part in document.sections:
        part.different_first_page_header_footer = False
        head = part.header.paragraphs[0] if part.header.paragraphs else part.header.add_paragraph()
        head.text = paper.header
        head.style = "HE Märkning" if paper.mark else "HE Referens"
        foot = part.footer.paragraphs[0] if part.footer.paragraphs else part.footer.add_paragraph()
        foot.text = f"{paper.mask(paper.footer)} · sida "
        foot.style = "HE Referens"
        foot.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _page_number(foot)


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _section(document: DocxDocument, section: Section, paper: Paper, references: References) -> None:
    document.add_heading(paper.mask(section.heading), level=section.level)
    for together in paragraphs(section.sentences):
        _write(document.add_paragraph(style="HE Brödtext"), together, paper, references)
    if section.areas:
        _balance(document, section.areas, paper, references)
    for row in section.conditions:
        _condition(document, row, paper, references)
    if section.field:
        text, signed = own_text(paper.draft, section)
        document.add_paragraph(paper.mask(text), style="HE Brödtext" if signed else "HE Eget fält")
        if signed:
            document.add_paragraph(signed, style="HE Underskrift")
        elif reserved(section):
            document.add_paragraph("", style="HE Eget fält")


def _write(paragraph: Any, sentences: Sequence[Sentence], paper: Paper, references: References) -> None:
    if sentences[0].topic:
        paragraph.add_run(f"{sentences[0].topic}. ").bold = True
    paragraph.add_run(paper.mask(" ".join(sentence.text for sentence in sentences)))
    if sentences[0].kind == "EGNA ORD" and sentences[0].by is not None:
        paragraph.add_run(f" ({sentences[0].by.name}, egna ord)").italic = True
    number = references.of(sentences[-1].cites)
    if number:
        paragraph.add_run(f" {number}").font.size = Pt(8)


def _balance(document: DocxDocument, rows: Sequence[AreaRow], paper: Paper, references: References) -> None:
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, ("Område", "Risk", "Skydd"), strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    _repeat(table.rows[0])
    for row in rows:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(row.area)
        for cell, sentences in ((cells[1], row.risk), (cells[2], row.protective)):
            _cell(cell, sentences, UNTOUCHED if row.untouched else "–", paper, references)
        for cell in cells:
            for paragraph in cell.paragraphs:
                paragraph.style = "HE Tabelltext"


def _condition(document: DocxDocument, row: ConditionRow, paper: Paper, references: References) -> None:
    _write(document.add_paragraph(style="HE Brödtext"), (row.condition,), paper, references)
    sides = columns(row)
    table = document.add_table(rows=2, cols=len(sides), style="Table Grid")
    for place, (heading, sentences, empty) in enumerate(sides):
        table.rows[0].cells[place].paragraphs[0].add_run(heading).bold = True
        _cell(table.rows[1].cells[place], sentences, empty, paper, references)
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.style = "HE Tabelltext"


def _cell(cell: Any, sentences: Sequence[Sentence], empty: str, paper: Paper, references: References) -> None:
    first = cell.paragraphs[0]
    if not sentences:
        first.add_run(empty)
    for place, sentence in enumerate(sentences):
        _write(first if place == 0 else cell.add_paragraph(), (sentence,), paper, references)


def _repeat(row: Any) -> None:
    """The table's head stands again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _references(document: DocxDocument, paper: Paper, references: References) -> None:
    rows = list(references.listed())
    if rows:
        document.add_heading("Källor", level=1)
    for number, text in rows:
        document.add_paragraph(f"[{number}] {paper.mask(text)}", style="HE Referens")


def _properties(document: DocxDocument, paper: Paper) -> None:
    """The file's own properties say what it is and never whom it is about."""
    properties = document.core_properties
    properties.title = paper.draft.title
    properties.author = "Handenhet"
    properties.subject = f"SHA-256 {paper.draft.digest}"
    properties.comments = paper.mark or "Godkänt"
