"""One call for every form a document leaves the house in, by name."""

from datetime import datetime
from typing import Literal

from ...agent.approval import ApprovedDocument
from ...agent.draft import Draft
from . import archive, copyblocks, docx, pdf
from .json import to_json
from .shown import Masking, paper

Format = Literal["docx", "pdf", "json", "text", "zip"]
SUFFIX: dict[Format, str] = {"docx": ".docx", "pdf": ".pdf", "json": ".json", "text": ".txt", "zip": ".zip"}


def export(document: Draft | ApprovedDocument, form: Format, *, at: datetime, mask: Masking | None = None) -> bytes:
    """The bytes of the export. `at` is the moment of export. A draft goes out marked UTKAST."""
    shown = paper(document, mask)
    match form:
        case "docx":
            return docx.to_docx(shown)
        case "pdf":
            return pdf.to_pdf(shown, at)
        case "json":
            return to_json(shown).encode()
        case "text":
            blocks = copyblocks.copy_blocks(shown)
            return "\n\n".join(f"{block.heading}\n{block.text}" for block in blocks).encode()
        case "zip":
            forms: tuple[Format, ...] = ("docx", "pdf", "json", "text")
            files = {f"dokument{SUFFIX[one]}": export(document, one, at=at, mask=mask) for one in forms}
            return archive.to_archive(files, digest=shown.draft.digest, status=shown.status, at=at)


def filename(document: Draft | ApprovedDocument, form: Format) -> str:
    """A name that says what it is and never whom it is about: kind, day, the digest's head."""
    draft = document.draft if isinstance(document, ApprovedDocument) else document
    state = "" if isinstance(document, ApprovedDocument) else "-utkast"
    return f"{draft.kind}-{draft.on}-{draft.digest[:12]}{state}{SUFFIX[form]}"
