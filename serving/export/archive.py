"""An archive of a document: every form of it in one ZIP, with a manifest of SHA-256 sums. The same in, the same out."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime

from ...knowledge.errors import HandenhetError

MANIFEST = "manifest.json"
FORMAT = "handenhet.archive/1"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveDamaged(HandenhetError):
    """The archive is not what its manifest says."""


def to_archive(files: Mapping[str, bytes], *, digest: str, status: str, at: datetime) -> bytes:
    """The ZIP. `files` by plain name (no folders, nothing about a person); `digest` is the document's own."""
    for name in files:
        if "/" in name or "\\" in name or name in ("", MANIFEST) or name.startswith("."):
            raise HandenhetError("an archive holds plain file names", where=name)
    manifest = {
        "format": FORMAT,
        "document": digest,
        "status": status,
        "exported": at.isoformat(),
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode())
        for name, content in sorted(files.items()):
            _put(archive, name, content)
    return made.getvalue()


def verify_archive(content: bytes) -> dict[str, str]:
    """Name and SHA-256 of every file, after all of them were checked. Raises ArchiveDamaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            sums = {str(row["name"]): str(row["sha256"]) for row in manifest["files"]}
            held = set(archive.namelist()) - {MANIFEST}
            if held != set(sums):
                raise ArchiveDamaged("files and manifest differ", where=", ".join(sorted(held ^ set(sums))))
            for name, wanted in sums.items():
                if hashlib.sha256(archive.read(name)).hexdigest() != wanted:
                    raise ArchiveDamaged("a file has another content than the manifest says", where=name)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise ArchiveDamaged("this is not a whole archive", mend="export it again") from None
    return sums


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)
