"""The master key file, and under it one data key a case: a case whose key is destroyed is deleted."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ...knowledge.errors import HandenhetError

KEY_BYTES = 32
_NONCE = 12
_ID = 8
_FORMAT = "handenhet-keys-1"


class KeyRefused(HandenhetError):
    """A key is missing, wrong, readable by others, or does not open what it was asked to open."""


@dataclass(frozen=True, slots=True, repr=False)
class CaseCipher:
    """Seals and opens content of one case (AES-256-GCM, 96-bit random nonce).

    A sealed value is bound to its case, table, column and row: moved anywhere else it does not open.
    """

    case_id: str
    _key: bytes

    def seal(self, content: bytes, *, table: str, column: str, row: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, self._place(table, column, row))

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
        """The content again. Raises KeyRefused if it was altered, moved, or sealed under another key."""
        try:
            return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place(table, column, row))
        except (InvalidTag, ValueError):
            raise KeyRefused(
                "stored content does not open: it was altered or moved",
                where=f"{table}.{column} row {row}",
                mend="run `handenhet audit verify` and restore the store from a backup",
            ) from None

    def digest(self, content: bytes) -> str:
        """A keyed fingerprint (hex), so that short words cannot be guessed from the audit log."""
        return hmac.new(self._key, b"digest\0" + content, hashlib.sha256).hexdigest()

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose in this case; it is gone when the case's own key is destroyed."""
        return hmac.new(self._key, b"derive\0" + purpose.encode(), hashlib.sha256).digest()

    def _place(self, table: str, column: str, row: str) -> bytes:
        return json.dumps([self.case_id, table, column, row]).encode()


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The contents of the master key file.

    `identity` stays for the store's whole life (audit chain, name look-up); `wrapping` holds the keys that wrap case
    keys, newest first, more than one only while a rotation is under way.
    """

    identity: bytes
    wrapping: tuple[bytes, ...]

    @property
    def fingerprint(self) -> str:
        """Tells whether a key file belongs to a store, without telling anything about the key."""
        return self.derive("fingerprint").hex()[:32]

    @property
    def wrapping_id(self) -> str:
        """Tells the newest wrapping key from others (hex)."""
        return _id(self.wrapping[0]).hex()

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose that stays the same when the wrapping key is rotated."""
        return hmac.new(self.identity, purpose.encode(), hashlib.sha256).digest()

    def new_case_key(self, case_id: str) -> bytes:
        """A fresh data key for a case, wrapped: the only form in which it is stored."""
        return self._wrap(case_id, secrets.token_bytes(KEY_BYTES))

    def cipher(self, case_id: str, wrapped: bytes) -> CaseCipher:
        return CaseCipher(case_id, self._unwrap(case_id, wrapped))

    def rewrap(self, case_id: str, wrapped: bytes) -> bytes:
        """The same data key under the newest wrapping key."""
        return self._wrap(case_id, self._unwrap(case_id, wrapped))

    def _wrap(self, case_id: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        wrapping = self.wrapping[0]
        return _id(wrapping) + nonce + AESGCM(wrapping).encrypt(nonce, key, _key_place(case_id))

    def _unwrap(self, case_id: str, wrapped: bytes) -> bytes:
        id, nonce, sealed = wrapped[:_ID], wrapped[_ID : _ID + _NONCE], wrapped[_ID + _NONCE :]
        for wrapping in self.wrapping:
            if hmac.compare_digest(_id(wrapping), id):
                try:
                    return AESGCM(wrapping).decrypt(nonce, sealed, _key_place(case_id))
                except (InvalidTag, ValueError):
                    break
        raise KeyRefused(
            "the case's key does not open under this master key",
            where=f"case {case_id}",
            mend="put back the newest copy of the master key file",
        )

    def rotated(self) -> "KeyRing":
        """A ring with a new wrapping key first and the old ones behind it."""
        return KeyRing(self.identity, (secrets.token_bytes(KEY_BYTES), *self.wrapping))

    def newest_only(self) -> "KeyRing":
        return KeyRing(self.identity, self.wrapping[:1])


def _id(wrapping: bytes) -> bytes:
    return hashlib.sha256(b"handenhet wrapping key\0" + wrapping).digest()[:_ID]


def _key_place(case_id: str) -> bytes:
    return json.dumps(["case_keys", "wrapped", case_id]).encode()


def create_keys(path: Path) -> KeyRing:
    """A new master key file, readable by its owner alone. If another process was first, its key is the one."""
    ring = KeyRing(secrets.token_bytes(KEY_BYTES), (secrets.token_bytes(KEY_BYTES),))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _write_beside(path, ring)
    try:
        os.link(draft, path)  # Fails if the file exists, and is whole from its first moment.
    except FileExistsError:
        return load_keys(path)
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return ring


def replace_keys(path: Path, ring: KeyRing) -> None:
    """The master key file with other contents: either the old file or the new one, never a part."""
    draft = _write_beside(path, ring)
    draft.replace(path)
    _sync_folder(path.parent)


def load_keys(path: Path) -> KeyRing:
    """The keys in a master key file. Raises KeyRefused if it is missing, open to others or not a key file."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise KeyRefused(
                    "the master key file can be read by others than its owner",
                    where=f"{path} has mode {stat.S_IMODE(mode):04o}",
                    mend=f"chmod 600 {path}",
                )
            content = file.read(10_000)
    except FileNotFoundError:
        raise KeyRefused(
            "the master key file is missing",
            where=str(path),
            mend="put it back from its own backup, or set HANDENHET_KEY_FILE",
        ) from None
    except OSError as error:
        raise KeyRefused("the master key file cannot be read", where=f"{path}: {error.strerror}") from None
    return _parsed(content, path)


def _parsed(content: bytes, path: Path) -> KeyRing:
    try:
        fields = json.loads(content)
        if fields["format"] != _FORMAT:
            raise KeyError
        ring = KeyRing(_decoded(fields["identity"]), tuple(_decoded(key) for key in fields["wrapping"]))
        if not ring.wrapping:
            raise KeyError
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise KeyRefused(
            "this is not a whole master key file", where=str(path), mend="put it back from its own backup"
        ) from None
    return ring


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def _write_beside(path: Path, ring: KeyRing) -> Path:
    fields = {
        "format": _FORMAT,
        "identity": base64.b64encode(ring.identity).decode(),
        "wrapping": [base64.b64encode(key).decode() for key in ring.wrapping],
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fields, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise KeyRefused("the master key file cannot be written", where=f"{path}: {error.strerror}") from None
    return draft


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
