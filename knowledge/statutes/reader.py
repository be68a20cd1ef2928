"""Any statute file to an `Act`: finds out the format, or says why it is not a statute."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..acts import known_acts
from ..errors import HandenhetError
from . import markdown, plaintext, riksdagen
from .assemble import act_of
from .blocks import Act, ActHead, Block

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".json", ".txt"})


def read_file(path: Path, *, imported: date) -> Act:
    """The act in a file. Raises HandenhetError when it cannot be read, is no statute, or is cut short."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HandenhetError(f"cannot read the file: {error.strerror}", where=str(path)) from None
    return read(decode(data, str(path)), name=path.name, imported=imported)


def read(text: str, *, name: str, imported: date) -> Act:
    """The act in a text; `name` is what messages and the provisions' source call it."""
    head, blocks = _parse(text, name)
    return act_of(head, blocks, short=known_acts().short(head.sfs), imported=imported)


def _parse(text: str, name: str) -> tuple[ActHead, Iterator[Block]]:
    if not text.strip():
        raise HandenhetError("the file is empty", where=name)
    if markdown.looks_like(text):
        return markdown.parse(text, name=name)
    if riksdagen.looks_like_json(text):
        return riksdagen.parse_json(text, name=name)
    if riksdagen.looks_like_html(text):
        return riksdagen.parse_html(text, name=name)
    if plaintext.looks_like(text):
        return plaintext.parse(text, name=name)
    raise HandenhetError(
        "this is not a statute: no section (1 §) was found",
        where=name,
        mend="give Markdown, HTML, JSON or text from Riksdagen; guidelines go with --guideline",
    )


def decode(data: bytes, name: str) -> str:
    """UTF-8 (with or without mark), UTF-16 with a mark, or Latin-1 when Swedish letters show that it is.

    Raises HandenhetError on binary files.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" not in data[:4096] and any(letter in data for letter in (b"\xe5", b"\xe4", b"\xf6", b"\xa7")):
            return data.decode("cp1252", errors="replace")
        raise HandenhetError(
            "unknown encoding", where=f"{name} byte {error.start}", mend="save the file as UTF-8"
        ) from None
