"""Write-ahead spool of one meeting: an append-only, encrypted file that is the whole meeting when it is read again.

    file     magic "HHSPOOL1", then records
    record   length u32 | CRC-32 u32 | nonce 12 bytes | AES-GCM ciphertext with tag      (big-endian; CRC over the rest)

The meeting's id and the record's place are authenticated with each record, so records cannot be moved, dropped from the
middle or carried to another meeting unseen. What a crash left half-written at the end is set aside in `<file>.torn` and
cut off; it was never acknowledged. The spool knows nothing about networks, and it does not own the key.
"""

import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ...knowledge.errors import HandenhetError
from .frames import MAX_PCM_BYTES, AudioFrame
from .messages import End, Record, parse_control

MAGIC = b"HHSPOOL1"
SUFFIX = ".spool"
_HEAD = struct.Struct(">II")
_AUDIO = struct.Struct(">IQ")
_NONCE_BYTES = 12
_TAG_BYTES = 16
_MAX_BODY = _NONCE_BYTES + 1 + _AUDIO.size + MAX_PCM_BYTES + _TAG_BYTES
_MIN_BODY = _NONCE_BYTES + 1 + _TAG_BYTES


class SpoolError(HandenhetError):
    """The spool cannot be read or written. Nothing that was committed is touched."""


class OutOfOrder(SpoolError):
    """A record does not carry the next number."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a spool has come: the next number wanted, audio samples so far, who sends, whether the end is here."""

    next: int = 0
    samples: int = 0
    device: str = ""
    ended: bool = False
    offset: int = 0
    place: int = 0
    """Byte offset and record count where the next record goes."""

    def after(self, record: Record) -> "Standing":
        """Raises OutOfOrder if the record does not follow."""
        if self.ended:
            raise OutOfOrder("the meeting has ended", where=f"record {record.seq}")
        if record.seq != self.next:
            raise OutOfOrder(f"record {self.next} is wanted, record {record.seq} came")
        samples = self.samples
        if isinstance(record, AudioFrame):
            samples += record.samples
        elif isinstance(record, End) and record.sample != samples:
            raise OutOfOrder(f"the end counts {record.sample} samples, {samples} came")
        return replace(self, next=self.next + 1, samples=samples, ended=isinstance(record, End))


class Spool:
    """One meeting's spool, open for writing by this process alone.

    `written` is what has been handed to the operating system, `durable` what has reached the disk; only the latter may
    be acknowledged. `append`, `rollback` and `close` belong to one thread; `commit` may run in another meanwhile.
    """

    def __init__(self, path: Path, meeting: str, key: bytes) -> None:
        """Open or create. `key` is 16, 24 or 32 bytes. Raises SpoolError: in use, wrong key, not a spool, disk full."""
        self.path = path
        self._meeting = meeting
        self._cipher = AESGCM(key)
        self._file = _open_alone(path)
        try:
            self.written = self.durable = self._recover()
        except BaseException:
            os.close(self._file)
            raise

    def append(self, record: Record) -> None:
        """Write the next record. Raises OutOfOrder, or SpoolError with nothing half-written when the disk is full."""
        following = self.written.after(record)
        self._write(_plain(record), following)

    def join(self, device: str) -> None:
        """Note which device sends from here on."""
        if device != self.written.device:
            self._write(b"D" + device.encode(), replace(self.written, device=device))

    def commit(self) -> Standing:
        """Wait until everything written so far is on the disk and answer how far that is.

        Raises SpoolError if the disk refuses; call `rollback` then, since nobody knows what the disk holds.
        """
        reached = self.written
        if reached != self.durable:
            try:
                os.fdatasync(self._file)
            except OSError as error:
                raise _disk_error(error, self.path) from error
            self.durable = reached
        return reached

    def rollback(self) -> None:
        """Forget what was written after the last commit."""
        self.written = self.durable
        os.ftruncate(self._file, self.durable.offset)

    def reader(self) -> "SpoolReader":
        return SpoolReader(self)

    def close(self) -> None:
        """Let go of the file without committing. Closing twice does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def read_at(self, offset: int, place: int) -> tuple[bytes, int] | None:
        """The plain bytes of the record at `offset` and the offset after it; None where no whole record stands.

        Raises SpoolError if a whole record cannot be decrypted: the wrong key, or a hand that changed the file.
        """
        body = self._body_at(offset)
        if body is None:
            return None
        try:
            plain = self._cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], self._bound_to(place))
        except InvalidTag:
            raise SpoolError(
                "the spool does not open with this key, or it was changed",
                where=f"{self.path.name}, record {place}",
                mend="use the key of the meeting's case; nothing was removed",
            ) from None
        return plain, offset + _HEAD.size + len(body)

    def _body_at(self, offset: int) -> bytes | None:
        head = os.pread(self._file, _HEAD.size, offset)
        if len(head) < _HEAD.size:
            return None
        length, checksum = _HEAD.unpack(head)
        if not _MIN_BODY <= length <= _MAX_BODY:
            return None
        body = os.pread(self._file, length, offset + _HEAD.size)
        return body if len(body) == length and zlib.crc32(body) == checksum else None

    def _bound_to(self, place: int) -> bytes:
        return b"handenhet spool 1|" + self._meeting.encode() + b"|" + place.to_bytes(8)

    def _write(self, plain: bytes, following: Standing) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        body = nonce + self._cipher.encrypt(nonce, plain, self._bound_to(self.written.place))
        data = memoryview(_HEAD.pack(len(body), zlib.crc32(body)) + body)
        start = offset = self.written.offset
        try:
            while data:
                sent = os.pwrite(self._file, data, offset)
                data, offset = data[sent:], offset + sent
        except OSError as error:
            os.ftruncate(self._file, start)
            raise _disk_error(error, self.path) from error
        self.written = replace(following, offset=offset, place=self.written.place + 1)

    def _recover(self) -> Standing:
        size = os.fstat(self._file).st_size
        begun = os.pread(self._file, len(MAGIC), 0)
        if size < len(MAGIC) and MAGIC.startswith(begun):
            return self._begin()
        if begun != MAGIC:
            raise SpoolError("this file is no spool", where=self.path.name, mend="move it away and start again")
        standing = Standing(offset=len(MAGIC))
        while (found := self.read_at(standing.offset, standing.place)) is not None:
            plain, offset = found
            standing = replace(self._replayed(standing, plain), offset=offset, place=standing.place + 1)
        if standing.offset < size:
            self._refuse_if_damaged(standing)
            self._set_aside(standing.offset, size)
        return standing

    def _refuse_if_damaged(self, standing: Standing) -> None:
        """A crash tears the end off; if whole records follow the broken one, something else happened to the file."""
        for offset in range(standing.offset + 1, standing.offset + 2 * (_HEAD.size + _MAX_BODY)):
            if self._body_at(offset) is not None:
                raise SpoolError(
                    "the spool is damaged in its middle; records after the damage are whole and stay untouched",
                    where=f"{self.path.name}, byte {standing.offset}, record {standing.place}",
                    mend=f"restore it from a copy, or copy it away and cut it at byte {standing.offset}",
                )

    def _begin(self) -> Standing:
        try:
            os.pwrite(self._file, MAGIC, 0)
            os.fdatasync(self._file)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise _disk_error(error, self.path) from error
        return Standing(offset=len(MAGIC))

    def _replayed(self, standing: Standing, plain: bytes) -> Standing:
        record = _record(plain)
        return replace(standing, device=record) if isinstance(record, str) else standing.after(record)

    def _set_aside(self, offset: int, size: int) -> None:
        """Keep the torn tail beside the spool: bytes are cut off, never destroyed."""
        torn = self.path.with_name(f"{self.path.name}.torn")
        try:
            with open(torn, "ab", opener=_private) as aside:
                for start in range(offset, size, _MAX_BODY):
                    aside.write(os.pread(self._file, min(_MAX_BODY, size - start), start))
                aside.flush()
                os.fdatasync(aside.fileno())
            os.ftruncate(self._file, offset)
            os.fdatasync(self._file)
        except OSError as error:
            raise _disk_error(error, self.path) from error


class SpoolReader:
    """Reads a spool's durable records in order, at its own pace, from the first."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._offset, self._place = len(MAGIC), 0

    @property
    def behind(self) -> bool:
        """Whether durable records wait to be read."""
        return self._offset < self._spool.durable.offset

    def read(self) -> Iterator[Record]:
        """The durable records not yet read. Call again when the spool has grown."""
        while self.behind:
            found = self._spool.read_at(self._offset, self._place)
            if found is None:
                raise SpoolError("the spool is damaged", where=f"{self._spool.path.name}, record {self._place}")
            plain, self._offset = found
            self._place += 1
            record = _record(plain)
            if not isinstance(record, str):
                yield record


def spool_path(folder: Path, meeting: str) -> Path:
    return folder / f"{meeting}{SUFFIX}"


def _plain(record: Record) -> bytes:
    if isinstance(record, AudioFrame):
        return b"A" + _AUDIO.pack(record.seq, record.capture_ms) + record.pcm
    return b"C" + record.text().encode()


def _record(plain: bytes) -> Record | str:
    """The record, or the device's name where a device joined."""
    kind, rest = plain[:1], plain[1:]
    if kind == b"A":
        seq, capture_ms = _AUDIO.unpack_from(rest)
        return AudioFrame(seq, capture_ms, rest[_AUDIO.size :])
    if kind == b"C":
        return parse_control(rest.decode())
    if kind == b"D":
        return rest.decode()
    raise SpoolError("the spool holds a kind of record this version does not know", mend="use a newer handenhet")


def _open_alone(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _disk_error(error, path) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise SpoolError("another process holds the spool", where=path.name, mend="stop the other server") from None
    return file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_error(error: OSError, path: Path) -> SpoolError:
    return SpoolError(
        f"the disk refused: {os.strerror(error.errno or 0)}",
        where=path.name,
        mend="free space for the spool folder; the hand-held keeps what is not acknowledged",
    )
