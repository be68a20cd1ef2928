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
from .shown import DRAFT_MARK, LEFT_OUT, UNTOUCHED, Paper, References, columns, left_out, own_text, paragraphs

STYLES = ("HE Brödtext", "HE Eget fält", "HE Referens", "HE Underskrift", "HE Märkning", "HE Tabelltext")
"""Paragraph styles beside Title and Heading 1-2; change them in a template and every export follows."""


def to_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The DOCX file. `template` is the municipality's own document, whose styles of the same names win."""
    document = Document(io.BytesIO(template)) if template else Document()
    _styles(document)
    _frame(document, paper)
    _Writer(document, paper).write()
    _properties(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def to_child_docx(text: str, headings: Sequence[str], *, approved: bool) -> bytes:
    """The child's version as a page to hand over: large type, nothing but the text, UTKAST until approved.

    `text` is laid out with one line a paragraph; lines that stand in `headings` become headings.
    """
    document = Document()
    _styles(document)
    base: Any = document.styles["HE Brödtext"]
    base.font.size = Pt(14)
    base.paragraph_format.line_spacing = 1.4
    if not approved:
        _mark(document, DRAFT_MARK)
    for line in (line.strip() for line in text.splitlines()):
        if line in headings:
            document.add_heading(line, level=2)
        elif line:
            document.add_paragraph(line, style="HE Brödtext")
    document.core_properties.author = "Handenhet"
    document.core_properties.title = "Till dig"
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
    if "HE Märkning" not in known:
        mark: Any = document.styles["HE Märkning"]
        mark.font.bold = True
        mark.font.color.rgb = RGBColor(0xA0, 0x00, 0x00)


def _frame(document: DocxDocument, paper: Paper) -> None:
    """Header and footer of every section, and of no other first or even page, so that no page lacks the mark."""
    _mark(document, paper.header, "HE Märkning" if paper.mark else "HE Referens")
    for part in document.sections:
        foot = part.footer.paragraphs[0] if part.footer.paragraphs else part.footer.add_paragraph()
        foot.text = f"{paper.mask(paper.footer)} · sida "
        foot.style = "HE Referens"
        foot.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _page_number(foot)


def _mark(document: DocxDocument, text: str, style: str = "HE Märkning") -> None:
    document.settings.odd_and_even_pages_header_footer = False
    for part in document.sections:
        part.different_first_page_header_footer = False
        head = part.header.paragraphs[0] if part.header.paragraphs else part.header.add_paragraph()
        head.text = text
        head.style = style


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


class _Writer:
    """Writes one paper into one document, in reading order."""

    def __init__(self, document: DocxDocument, paper: Paper) -> None:
        self.document, self.paper, self.references = document, paper, References()
        # By id: setting a style by name looks through every style for each paragraph, a second a document.
        self.ids = {str(style.name): style.style_id for style in document.styles}

    def write(self) -> None:
        self.document.add_paragraph(self.paper.mask(self.paper.draft.title), style="Title")
        for line in self.paper.signatures:
            self.paragraph("HE Underskrift", line)
        for section in self.paper.draft.sections:
            self.section(section)
        self.listing(LEFT_OUT, "HE Brödtext", left_out(self.paper.draft))
        self.listing("Källor", "HE Referens", [f"[{number}] {text}" for number, text in self.references.listed()])

    def section(self, section: Section) -> None:
        self.document.add_heading(self.paper.mask(section.heading), level=section.level)
        for together in paragraphs(section.sentences):
            self.told(self.paragraph("HE Brödtext"), together)
        if section.areas:
            self.balance(section.areas)
        for row in section.conditions:
            self.condition(row)
        if section.field:
            text, signed = own_text(self.paper.draft, section)
            self.paragraph("HE Brödtext" if signed else "HE Eget fält", self.paper.mask(text))
            if signed:
                self.paragraph("HE Underskrift", signed)

    def paragraph(self, style: str, text: str = "") -> Any:
        return self.dressed(self.document.add_paragraph(text), style)

    def dressed(self, paragraph: Any, style: str) -> Any:
        paragraph._p.style = self.ids[style]
        return paragraph

    def told(self, paragraph: Any, sentences: Sequence[Sentence]) -> None:
        first = sentences[0]
        if first.topic:
            paragraph.add_run(f"{self.paper.mask(first.topic)}. ").bold = True
        paragraph.add_run(self.paper.mask(" ".join(sentence.text for sentence in sentences)))
        if first.by is not None:
            paragraph.add_run(f" ({first.by.name}, egna ord)").italic = True
        number = self.references.of(sentences[-1].cites)
        if number:
            paragraph.add_run(f" {number}").font.size = Pt(8)

    def balance(self, rows: Sequence[AreaRow]) -> None:
        table = self.document.add_table(rows=1, cols=3, style="Table Grid")
        self.head(table.rows[0], ("Område", "Risk", "Skydd"))
        for row in rows:
            cells = table.add_row().cells
            self.dressed(cells[0].paragraphs[0], "HE Tabelltext").add_run(row.area)
            for cell, sentences in ((cells[1], row.risk), (cells[2], row.protective)):
                self.cell(cell, sentences, UNTOUCHED if row.untouched else "–")

    def condition(self, row: ConditionRow) -> None:
        self.told(self.paragraph("HE Brödtext"), (row.condition,))
        sides = columns(row)
        table = self.document.add_table(rows=2, cols=len(sides), style="Table Grid")
        self.head(table.rows[0], [heading for heading, _, _ in sides])
        for cell, (_, sentences, empty) in zip(table.rows[1].cells, sides, strict=True):
            self.cell(cell, sentences, empty)
        self.paragraph("HE Tabelltext")

    def head(self, row: Any, headings: Sequence[str]) -> None:
        """The table's head; it stands again on each page."""
        for cell, heading in zip(row.cells, headings, strict=True):
            self.dressed(cell.paragraphs[0], "HE Tabelltext").add_run(heading).bold = True
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)

    def cell(self, cell: Any, sentences: Sequence[Sentence], empty: str) -> None:
        first = self.dressed(cell.paragraphs[0], "HE Tabelltext")
        if not sentences:
            first.add_run(empty)
        for place, sentence in enumerate(sentences):
            self.told(first if place == 0 else self.dressed(cell.add_paragraph(), "HE Tabelltext"), (sentence,))

    def listing(self, heading: str, style: str, lines: Sequence[str]) -> None:
        if lines:
            self.document.add_heading(heading, level=1)
        for line in lines:
            self.paragraph(style, self.paper.mask(line))


def _properties(document: DocxDocument, paper: Paper) -> None:
    """The file's own properties say what it is and never whom it is about."""
    properties = document.core_properties
    properties.title = paper.draft.title
    properties.author = "Handenhet"
    properties.subject = f"SHA-256 {paper.draft.digest}"
    properties.comments = paper.mark or "Godkänt"
