"""A document as PDF/A-3u with its JSON inside, so that people and programs read the same thing. Made by WeasyPrint."""

# WeasyPrint ships no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import warnings
from datetime import datetime
from typing import TYPE_CHECKING

from ...knowledge.errors import HandenhetError
from .html import to_html
from .json import to_json
from .shown import Paper

if TYPE_CHECKING:
    from weasyprint import Attachment, Document

VARIANT = "pdf/a-3u"
ATTACHED = "dokument.json"


class PdfUnavailable(HandenhetError):
    """This machine cannot make PDF: a library is missing. DOCX and JSON still work."""


def to_pdf(paper: Paper, at: datetime) -> bytes:
    """The PDF file. `at` is the moment of export (zone-aware) and stands in the file's properties.

    Raises PdfUnavailable where WeasyPrint or pango is missing.
    """
    try:
        from weasyprint import HTML, Attachment
    except (ImportError, OSError):
        raise PdfUnavailable(
            "PDF cannot be made on this machine",
            mend="install the Debian packages libpango-1.0-0 and libpangoft2-1.0-0, or export DOCX",
        ) from None
    attached = Attachment(
        string=to_json(paper).encode(),
        name=ATTACHED,
        description="Dokumentet som JSON",
        relationship="Data",
        created=at,
        modified=at,
    )
    page = HTML(string=to_html(paper), url_fetcher=_nothing_outside)
    document = page.render(pdf_variant=VARIANT)
    document.metadata.title = paper.draft.title
    document.metadata.authors = ["Handenhet"]
    document.metadata.created = document.metadata.modified = at.isoformat()
    with warnings.catch_warnings():
        # WeasyPrint leaves its colour profile's file to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        made = _written(document, paper, attached)
    if made is None:
        raise PdfUnavailable("the PDF library returned nothing", mend="export DOCX")
    return made


def _written(document: Document, paper: Paper, attached: Attachment) -> bytes | None:
    made: bytes | None = document.write_pdf(
        pdf_variant=VARIANT, pdf_tags=True, attachments=[attached], pdf_identifier=paper.draft.digest[:32].encode()
    )
    return made


def _nothing_outside(url: str, *_args: object, **_kwargs: object) -> dict[str, object]:
    """No export fetches anything: the page holds all it needs."""
    raise ValueError("an export fetches nothing")
