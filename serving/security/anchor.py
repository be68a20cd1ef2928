"""The chain's head remembered outside the store, so that a log with its end cut off is seen.

An anchor is written before the store commits, naming the new head and the one before it: whichever the store then
holds, the anchor tells the truth. After the commit the new head stands alone.
"""

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...knowledge.errors import HandenhetError


class AnchorRefused(HandenhetError):
    """The anchor cannot be written or read, so nothing may be done: an act that is not logged is not allowed."""


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's end: the last entry's number (0: empty) and seal."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an anchor remembers: `before` was certainly in the store, `after` may be."""

    before: Head
    after: Head

    @property
    def heads(self) -> tuple[Head, ...]:
        return self.before, self.after

    def beyond(self, last: int, macs: Mapping[int, bytes]) -> int | None:
        """The first entry that is missing or other than remembered, in a log that ends at `last`; None if it holds.

        `macs` gives the seal at the anchored places. A log that ends just before `after` was stopped in the act.
        """
        if self.before.seq > last:
            return last + 1
        for head in self.heads:
            if 0 < head.seq <= last and macs.get(head.seq) != head.mac and (head == self.before or last == head.seq):
                return head.seq
        return None


def write(path: Path, key: bytes, anchor: Anchor) -> None:
    """Replace the anchor file, whole or not at all. Raises AnchorRefused when that is not possible."""
    fields = [anchor.before.seq, anchor.before.mac.hex(), anchor.after.seq, anchor.after.mac.hex()]
    content = json.dumps({"heads": fields, "seal": _seal(key, fields)})
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise AnchorRefused(
            "the audit anchor cannot be written, so the act was not done",
            where=f"{path}: {error.strerror}",
            mend="make room and give the owner write access",
        ) from None


def read(path: Path, key: bytes) -> Anchor | None:
    """The anchor, None if there is no file. Raises AnchorRefused if the file is not one this key sealed."""
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AnchorRefused("the audit anchor cannot be read", where=f"{path}: {type(error).__name__}") from None
    try:
        fields = json.loads(content)["heads"]
        if not hmac.compare_digest(_seal(key, fields), json.loads(content)["seal"]):
            raise ValueError
        return Anchor(Head(fields[0], bytes.fromhex(fields[1])), Head(fields[2], bytes.fromhex(fields[3])))
    except (ValueError, KeyError, TypeError, IndexError):
        raise AnchorRefused(
            "the audit anchor was changed or belongs to another store",
            where=str(path),
            mend="compare with the second anchor and look into who wrote here",
        ) from None


def _seal(key: bytes, fields: object) -> str:
    return hmac.new(key, b"anchor\0" + json.dumps(fields).encode(), hashlib.sha256).hexdigest()
