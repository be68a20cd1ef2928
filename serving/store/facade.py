"""The store as everybody else sees it: `Store.open(...)`, then small methods grouped by room."""

import fcntl
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ..security import anchor, audit, retention
from ..security.access import Actor
from ..security.keys import KeyRefused, KeyRing, create_keys, load_keys
from ..settings import Settings
from . import schema
from .act import WRAPPING, entry_of
from .cases import Cases
from .destruction import AudioPlan, Destruction, Plan, audio_plans, plans
from .documents import Documents
from .engine import DEFERRED, open_engine, read_only_engine, sqlite_path
from .errors import StoreRefused, told
from .ledger import Ledger
from .meetings import Meetings
from .strikes import Strikes
from .tables import AuditRow, Meta
from .together import Together

_FINGERPRINT = "key fingerprint"


class Store(Together, Cases, Meetings, Strikes, Documents, Ledger, Destruction):
    """Cases, meetings and what was confirmed. Safe to share between threads; several processes may open the same one.

    Every method takes who acts and when (zone-aware); every read and write of content is logged in the same
    transaction, and fails if it cannot be. `key` on a read makes a repeated read one log entry.
    """

    @classmethod
    def open(cls, url: str, key_file: Path, *, anchors: Sequence[Path] = ()) -> "Store":
        """Open the store, making it and its key at first start, bringing an older one up to this version.

        Raises StoreRefused (newer version, damaged, no room) or KeyRefused (missing, wrong or exposed key); then
        nothing was changed.
        """
        path = sqlite_path(url)
        where = str(path) if path else "the database"
        try:
            with _alone(path):
                return cls._opened(url, path, key_file, anchors, where)
        except DBAPIError as error:
            raise told(error, where) from None

    @classmethod
    def of(cls, settings: Settings) -> "Store":
        return cls.open(settings.store_url, settings.keys_path, anchors=settings.anchors)

    @classmethod
    def _opened(cls, url: str, path: Path | None, key_file: Path, anchors: Sequence[Path], where: str) -> "Store":
        found = _look(url, path)
        keys = load_keys(key_file) if found is not None or key_file.exists() else create_keys(key_file)
        engine = open_engine(url)
        try:
            if found is not None:
                _check_key(engine, keys, key_file)
            if found != schema.REVISIONS[-1]:
                schema.upgrade(engine)
                _check_key(engine, keys, key_file)
            store = cls(engine, keys, key_file, anchors, where)
            store._check_anchors()
        except BaseException:
            engine.dispose()
            raise
        if path is not None:
            path.chmod(0o600)
        return store

    def _check_anchors(self) -> None:
        """Refuse to write after a log whose end is gone, since that would cover the loss."""
        remembered = [anchor.read(path, self._audit_key) for path in self._anchors]
        if not any(remembered):
            return
        with self._glance() as session:
            last = session.scalar(select(AuditRow.seq).order_by(AuditRow.seq.desc()).limit(1)) or 0
            for path, found in zip(self._anchors, remembered, strict=True):
                if found is None:
                    continue
                at = [head.seq for head in found.heads]
                macs = {row.seq: row.mac for row in session.scalars(select(AuditRow).where(AuditRow.seq.in_(at)))}
                if found.beyond(last, macs) is not None:
                    raise StoreRefused(
                        "the audit log is shorter than its anchor remembers, or another log",
                        where=str(path),
                        mend="restore the store from a backup; to begin anew, move store, key and anchor away together",
                    )

    def verify_audit(self) -> audit.Report:
        """Walk the whole audit chain and compare it with its anchors. Reads no content and writes nothing."""
        with self._glance() as session:
            return verified(session, self._keys, self._anchors)

    def note_reason(
        self, actor: Actor, what: audit.What, reason: str, *, at: datetime, object_id: str = "", key: str | None = None
    ) -> None:
        """Log an act that touches no single case, such as a supervisor's question; the reason is kept sealed."""
        with self._act(at) as act:
            act.note(actor, what, at=at, object_id=object_id, reason=reason, key=key)

    def key_for(self, purpose: str) -> bytes:
        """A key of the house's own for something outside the store (32 bytes), such as signing logins."""
        return self._keys.derive(f"outside:{purpose}")

    def close(self) -> None:
        self._engine.dispose()


def verify(url: str, key_file: Path, anchors: Sequence[Path]) -> audit.Report:
    """Verify a store's audit chain without changing a byte of the store.

    Raises StoreRefused if there is no store, KeyRefused without the right key.
    """
    with _looked_at(url, key_file) as (session, keys):
        return verified(session, keys, anchors)


def verified(session: Session, keys: KeyRing, anchors: Sequence[Path]) -> audit.Report:
    """The chain and its anchors; a missing or altered anchor is reported after the chain itself."""
    key = keys.derive("audit")
    # Anchors before entries: what is written meanwhile can only make the log longer than the anchor says.
    remembered: list[anchor.Anchor] = []
    lost: audit.Why = ""
    for path in anchors:
        try:
            found = anchor.read(path, key)
        except anchor.AnchorRefused:
            lost = "anchor_changed"
            continue
        if found is None:
            lost = lost or "anchor_missing"
        else:
            remembered.append(found)
    rows = session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000))
    links = (audit.Link(row.seq, entry_of(row), row.prev, row.mac) for row in rows)
    report = audit.verify(key, links, remembered)
    if report.ok and report.entries and lost:
        return audit.Report(report.entries, report.entries, lost)
    return report


def preview(
    url: str, key_file: Path, today: date, *, rules: retention.Table, research_exempt: bool, audio_days: int
) -> tuple[tuple[Plan, ...], tuple[AudioPlan, ...]]:
    """What retention would do today. Looks only: nothing is written, not even in the log, and no content is shown."""
    with _looked_at(url, key_file) as (session, keys):
        return plans(session, keys, today, rules, research_exempt), audio_plans(session, today, audio_days)


@contextmanager
def _looked_at(url: str, key_file: Path) -> Generator[tuple[Session, KeyRing]]:
    path = sqlite_path(url)
    where = str(path or "the database")
    if _look(url, path) is None:
        raise StoreRefused("there is no store", where=where, mend="see HANDENHET_DATA_DIR")
    keys = load_keys(key_file)
    engine = open_engine(url) if path is None else read_only_engine(path)
    try:
        with Session(engine) as session:
            kept = session.get(Meta, _FINGERPRINT)
            if kept is None or kept.value != keys.fingerprint:
                raise _wrong_key(key_file)
            yield session, keys
    except DBAPIError as error:
        raise told(error, where) from None
    finally:
        engine.dispose()


def _look(url: str, path: Path | None) -> str | None:
    if path is None:
        engine = open_engine(url)
    elif not path.exists() or path.stat().st_size == 0:
        return None
    else:
        engine = read_only_engine(path)
    try:
        return schema.revision(engine)
    except DBAPIError as error:
        raise told(error, str(path or "the database")) from None
    finally:
        engine.dispose()


def _check_key(engine: Engine, keys: KeyRing, key_file: Path) -> None:
    """The store belongs to one key file; a new store takes the one it meets first."""
    with Session(engine.execution_options(**{DEFERRED: True})) as session:
        kept = session.get(Meta, _FINGERPRINT)
        if kept is not None and kept.value != keys.fingerprint:
            raise _wrong_key(key_file)
    if kept is None:
        with Session(engine) as session, session.begin():
            session.add(Meta(name=_FINGERPRINT, value=keys.fingerprint))
            session.add(Meta(name=WRAPPING, value=keys.wrapping_id))


def _wrong_key(key_file: Path) -> KeyRefused:
    return KeyRefused(
        "the master key file belongs to another store",
        where=str(key_file),
        mend="point HANDENHET_KEY_FILE at this store's own key",
    )


@contextmanager
def _alone(path: Path | None) -> Generator[None]:
    """One process at a time makes or upgrades a SQLite store (PostgreSQL has locks of its own)."""
    if path is None:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreRefused(
            "the store's folder cannot be written",
            where=f"{path.parent}: {error.strerror}",
            mend="see HANDENHET_DATA_DIR",
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
