"""Every form a document leaves the house in: marked while a draft, masked where it must be, whole when read back."""

# python-docx, pypdf and jsonschema are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportIndexIssue=false, reportOperatorIssue=false, reportAttributeAccessIssue=false

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from handenhet.agent.approval import Approval, ApprovedDocument, approve, reopened
from handenhet.agent.basis import compose_basis
from handenhet.agent.draft import Draft
from handenhet.agent.edits import removed
from handenhet.agent.journal import compose_journal
from handenhet.agent.written import Assessment
from handenhet.evals import examples
from handenhet.evals.examples import MARIA
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.factors import catalogue
from handenhet.serving.export.archive import ArchiveDamaged, to_archive, verify_archive
from handenhet.serving.export.copyblocks import copy_blocks
from handenhet.serving.export.docx import STYLES, to_child_docx, to_docx
from handenhet.serving.export.html import to_html
from handenhet.serving.export.json import document_schema, published_schema, read_draft, to_json
from handenhet.serving.export.out import export, filename
from handenhet.serving.export.pdf import ATTACHED, to_pdf
from handenhet.serving.export.shown import MASKED, Masking, paper, protected_words

BASIS = compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON)
JOURNAL = compose_journal(examples.case(), examples.talks()[0], catalogue())
MASK = protected_words("Emma Ek", "20160312-2387", "Storgatan 4, 111 22 Orten")


@pytest.fixture
def approved(when_noon: datetime) -> ApprovedDocument:
    draft = BASIS.write(Assessment("Emma behöver\nnågon att tala med.", MARIA, when_noon))
    return approve(draft, Approval(MARIA, draft.digest, when_noon), [], may_approve=lambda person: True)


def word_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def word_heads(content: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(content))
    return [paragraph.text for part in document.sections for paragraph in part.header.paragraphs]


def test_a_draft_says_so_on_every_page_of_the_docx() -> None:
    content = to_docx(paper(BASIS))
    assert word_heads(content) == ["UTKAST · Ärende BoF 2026-118"]
    assert not docx.Document(io.BytesIO(content)).sections[0].different_first_page_header_footer


def test_an_approved_docx_carries_no_mark_and_the_signature(approved: ApprovedDocument) -> None:
    content = to_docx(paper(approved))
    assert word_heads(content) == ["Ärende BoF 2026-118"]
    assert "Godkänt av Maria Lindberg, 2026-11-20 13.00." in word_text(content)
    assert "någon att tala med." in word_text(content)


def test_an_outdated_basis_says_so(approved: ApprovedDocument) -> None:
    assert word_heads(to_docx(paper(reopened(approved, "m1")))) == ["INAKTUELL · Ärende BoF 2026-118"]


def test_the_docx_has_named_styles_references_and_the_table() -> None:
    content = to_docx(paper(BASIS))
    document = docx.Document(io.BytesIO(content))
    assert set(STYLES) <= {style.name for style in document.styles}
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Område", "Risk", "Skydd"]
    assert "Ej berört" in word_text(content)
    assert any(p.text.startswith("[1] möte 2026-11-06") for p in document.paragraphs)


def test_a_municipalitys_own_styles_win() -> None:
    own = docx.Document()
    own.styles.add_style("HE Brödtext", 1).font.name = "Garamond"
    kept = io.BytesIO()
    own.save(kept)
    made = docx.Document(io.BytesIO(to_docx(paper(BASIS), kept.getvalue())))
    assert made.styles["HE Brödtext"].font.name == "Garamond"


def test_the_childs_page_holds_the_text_alone_and_is_marked_until_approved() -> None:
    text = "Vad vi pratade om\nDu har en bra kompis.\n\nVem bestämmer\nDet är vuxna som bestämmer."
    headings = ("Vad vi pratade om", "Vem bestämmer")
    document = docx.Document(io.BytesIO(to_child_docx(text, headings, approved=True)))
    assert [(p.style.name, p.text) for p in document.paragraphs if p.style][:2] == [
        ("Heading 2", "Vad vi pratade om"),
        ("HE Brödtext", "Du har en bra kompis."),
    ]
    assert word_heads(to_child_docx(text, headings, approved=True)) in ([], [""])
    assert word_heads(to_child_docx(text, headings, approved=False)) == ["UTKAST"]


def test_empty_fields_say_whose_they_are() -> None:
    blocks = {block.key: block.text for block in copy_blocks(paper(BASIS))}
    assert blocks["assessment"] == "UTKAST\n[Fylls i av handläggaren.]"


def test_copy_blocks_follow_the_headings_and_carry_time_and_place() -> None:
    draft = compose_journal(examples.case(), examples.talks()[0], catalogue())
    blocks = {block.heading: block.text for block in copy_blocks(paper(draft))}
    assert "Säkerhet" in blocks["Uppgifter som kom fram"]
    assert "(möte 2026-11-06, 00:45)" in blocks["Uppgifter som kom fram"]
    assert all(text.startswith("UTKAST\n") for text in blocks.values())


def test_the_json_follows_the_published_schema_and_is_read_back(approved: ApprovedDocument) -> None:
    for document in (BASIS, approved):
        text = to_json(paper(document))
        jsonschema.Draft202012Validator(json.loads(published_schema())).validate(json.loads(text))
        assert read_draft(text) == (document.draft if isinstance(document, ApprovedDocument) else document)


def test_the_published_schema_is_the_codes_own() -> None:
    assert json.loads(published_schema()) == json.loads(json.dumps(document_schema()))


def test_a_json_that_is_not_ours_is_refused() -> None:
    for text in ("{}", "[]", "nej", '{"draft": {}, "masked": false}'):
        with pytest.raises(HandenhetError):
            read_draft(text)


def test_a_masked_json_is_not_read_back() -> None:
    with pytest.raises(HandenhetError, match="masked"):
        read_draft(to_json(paper(BASIS, MASK)))


@pytest.mark.parametrize("form", ["docx", "json", "text"])
def test_protected_details_leave_in_no_form(approved: ApprovedDocument, when_noon: datetime, form: str) -> None:
    content = export(approved, form, at=when_noon, mask=MASK)  # pyright: ignore[reportArgumentType]
    text = word_text(content) if form == "docx" else content.decode()
    assert "Emma" not in text
    assert MASKED in text


@pytest.mark.parametrize(
    "said", ["EMMA Ek", "Emmas bror", "160312-2387", "201603122387", "storgatan 4", "Emma\u00a0Ek"]
)
def test_every_spelling_of_a_protected_detail_is_masked(said: str) -> None:
    masked = MASK(f"Det står {said} här.")
    assert MASKED in masked
    assert not any(part in masked.casefold() for part in ("emma", "2387", "storgatan"))


@given(st.text(max_size=60))
def test_masking_nothing_changes_nothing(text: str) -> None:
    assert Masking()(text) == text


def test_a_file_name_tells_nothing_about_the_person(approved: ApprovedDocument) -> None:
    assert filename(BASIS, "docx") == f"decision_basis-2026-12-20-{BASIS.digest[:12]}-utkast.docx"
    assert "utkast" not in filename(approved, "pdf")
    assert "2026-118" not in filename(approved, "pdf")


def test_what_was_left_out_is_listed_in_the_paper() -> None:
    place = next(one.place for one in BASIS.placed() if "vara som han är på måndagar" in one.sentence.text)
    draft: Draft = removed(BASIS, place, "Emma bad om det.")
    assert "Emma bad om det." in word_text(to_docx(paper(draft)))
    assert "Emma bad om det." in to_html(paper(draft))
    assert any("Emma bad om det." in block.text for block in copy_blocks(paper(draft)))


def test_the_page_escapes_what_people_wrote(when_noon: datetime) -> None:
    draft = BASIS.write(Assessment("<script>alert(1)</script>", MARIA, when_noon))
    page = to_html(paper(draft))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_case_number_cannot_break_out_of_the_style() -> None:
    page = to_html(paper(replace(BASIS, case_number='1"; } </style><script>')))
    assert "<script>" not in page
    assert page.count("</style>") == 1


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(paper(JOURNAL), datetime(2026, 11, 20, 12, tzinfo=UTC))))


def test_the_pdf_says_that_it_is_pdf_a_and_in_swedish(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert ("<pdfaid:part>3</pdfaid:part>" in metadata) or ('pdfaid:part="3"' in metadata)
    assert "/OutputIntents" in root
    assert root["/Lang"] == "sv"
    assert not pdf.is_encrypted


def test_the_pdf_holds_the_json(pdf: PdfReader) -> None:
    assert json.loads(pdf.attachments[ATTACHED][0])["digest"] == JOURNAL.digest


def test_every_page_of_the_pdf_carries_mark_and_case(pdf: PdfReader) -> None:
    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) > 1
    assert all("UTKAST" in page and "BoF 2026-118" in page for page in pages)


def test_every_font_is_embedded(pdf: PdfReader) -> None:
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())


def test_an_archive_holds_every_form_with_its_sum(when_noon: datetime) -> None:
    approval = Approval(MARIA, JOURNAL.digest, when_noon)
    content = export(approve(JOURNAL, approval, [], may_approve=lambda person: True), "zip", at=when_noon)
    assert set(verify_archive(content)) == {"dokument.docx", "dokument.pdf", "dokument.json", "dokument.txt"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["document"], manifest["status"]) == (JOURNAL.digest, "approved")


def test_a_changed_archive_is_seen(when_noon: datetime) -> None:
    content = to_archive({"a.txt": b"ett"}, digest="0" * 64, status="draft", at=when_noon)
    assert content == to_archive({"a.txt": b"ett"}, digest="0" * 64, status="draft", at=when_noon)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        new.writestr("manifest.json", old.read("manifest.json"))
        new.writestr("a.txt", b"tva")
    for broken in (changed.getvalue(), content[:40], b""):
        with pytest.raises(ArchiveDamaged):
            verify_archive(broken)


@pytest.mark.parametrize("name", ["../x", "a/b", "manifest.json", "", ".hidden"])
def test_an_archive_takes_plain_names_only(name: str, when_noon: datetime) -> None:
    with pytest.raises(HandenhetError, match="plain"):
        to_archive({name: b""}, digest="0" * 64, status="draft", at=when_noon)
