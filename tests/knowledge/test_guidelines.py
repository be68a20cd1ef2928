"""The municipality's own guidelines: a heading at a time, from Markdown, DOCX and PDF."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document

from handenhet.knowledge.corpus import Corpus
from handenhet.knowledge.entries import library_of
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.guidelines import read_guideline
from handenhet.knowledge.index import Query
from handenhet.knowledge.lookup import LawLookup

ON = date(2026, 11, 22)
MARKDOWN = "# Riktlinje\n\nInledning.\n\n## Hembesök\n\nVi går alltid två.\n\n## Gåvor\n\nVi tar inte emot gåvor.\n"


def test_markdown_is_cut_at_its_headings_and_can_be_found(tmp_path: Path) -> None:
    file = tmp_path / "Riktlinje barn.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    act = read_guideline(file, imported=ON)
    assert [(p.section, p.title) for p in act.provisions] == [
        ("avsnitt 1", "Riktlinje"),
        ("avsnitt 2", "Hembesök"),
        ("avsnitt 3", "Gåvor"),
    ]
    Corpus(tmp_path).add(act)
    hit = LawLookup(library_of(Corpus(tmp_path).provisions, ())).search(Query("får vi ta emot gåvor", ON)).hits[0]
    assert (hit.provision.origin, hit.provision.title) == ("guideline", "Gåvor")


def test_docx_headings_and_tables(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Jour", level=1)
    document.add_paragraph("Ring socialjouren efter klockan 17.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Nummer", "08-0000"
    document.save(str(tmp_path / "jour.docx"))
    (part,) = read_guideline(tmp_path / "jour.docx", imported=ON).provisions
    assert part.title == "Jour"
    assert "| Nummer | 08-0000 |" in part.text


@pytest.mark.parametrize("name", ["trasig.docx", "trasig.pdf"])
def test_a_damaged_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"inte vad namnet lovar")
    with pytest.raises(HandenhetError, match="damaged"):
        read_guideline(tmp_path / name, imported=ON)


def test_an_empty_guideline_is_told(tmp_path: Path) -> None:
    (tmp_path / "tom.md").write_text("\n\n", encoding="utf-8")
    with pytest.raises(HandenhetError, match="no text"):
        read_guideline(tmp_path / "tom.md", imported=ON)
