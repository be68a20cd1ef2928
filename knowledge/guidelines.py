"""The municipality's own guidelines as citable provisions: Markdown, DOCX and PDF, a heading at a time."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from .errors import HandenhetError
from .provisions import Provision
from .statutes.blocks import Act
from .statutes.reader import decode

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".docx", ".pdf"})
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*")
_LONGEST = 3000


def read_guideline(path: Path, *, imported: date) -> Act:
    """A guideline as an act of its own, cited by file name and heading; `sfs` is `lokal:<file name>`.

    Raises HandenhetError when the file cannot be read, is damaged, or holds no text (a scanned PDF).
    """
    parts = [(title, text) for title, text in _parts(path) if text.strip()]
    if not parts:
        raise HandenhetError(
            "the guideline holds no text", where=path.name, mend="a scanned PDF must be recognised to text first"
        )
    number = f"lokal:{path.stem}"
    provisions = tuple(
        Provision(
            sfs=number,
            section=f"avsnitt {place}",
            title=title or path.stem,
            text=text,
            origin="guideline",
            act=path.stem,
            short=path.stem,
            source=path.name,
            imported=imported,
            digest=sha256(text.encode()).hexdigest(),
            headings=(title,) if title else (),
        )
        for place, (title, text) in enumerate(parts, 1)
    )
    return Act(
        sfs=number,
        title=path.stem,
        short=path.stem,
        provisions=provisions,
        imported=imported,
        source=path.name,
        digest=sha256("".join(p.digest for p in provisions).encode()).hexdigest(),
    )


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    match path.suffix.lower():
        case ".docx":
            yield from _cut(_docx(path))
        case ".pdf":
            yield from _pdf(path)
        case _:
            lines = decode(path.read_bytes(), path.name).splitlines()
            yield from _cut((bool(m := _HEADING.fullmatch(line)), m[1] if m else line) for line in lines)


def _cut(lines: Iterator[tuple[bool, str]]) -> Iterator[tuple[str, str]]:
    """(is heading, text) lines to (heading, text) parts; a part that grows too long is cut at a line."""
    title, kept = "", list[str]()
    for heading, line in lines:
        if heading or sum(map(len, kept)) > _LONGEST:
            if kept:
                yield title, "\n".join(kept).strip()
            kept = []
        if heading:
            title = line.strip()
        else:
            kept.append(line)
    if kept:
        yield title, "\n".join(kept).strip()


def _docx(path: Path) -> Iterator[tuple[bool, str]]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, OSError):
        raise HandenhetError("the DOCX file is damaged", where=path.name, mend="open and save it again") from None
    for paragraph in document.paragraphs:
        style = (paragraph.style.name or "") if paragraph.style else ""
        heading = style.lower().startswith(("heading", "rubrik", "title"))
        if paragraph.text.strip():
            yield heading, paragraph.text
    for table in document.tables:
        for row in table.rows:
            yield False, "| " + " | ".join(cell.text.strip() for cell in row.cells) + " |"


def _pdf(path: Path) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        for number, page in enumerate(PdfReader(path).pages, 1):
            yield f"sida {number}", page.extract_text()
    except (PyPdfError, ValueError, OSError):
        raise HandenhetError(
            "the PDF file is damaged or locked", where=path.name, mend="save it again unlocked"
        ) from None
