"""One act: a short transaction whose audit entries are kept together with what it did, or not at all."""

import hashlib
import threading
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ...knowledge.errors import IllegalState
from ..security import access, anchor, audit
from ..security.access import Actor, CaseDoor, Need
from ..security.keys import CaseCipher, KeyRing, load_keys
from .engine import DEFERRED
from .errors import NotThere, StoreRefused, told
from .tables import (
    AssignmentRow,
    AuditRow,
    Base,
    CaseKeyRow,
    CaseRow,
    MeetingRow,
    Meta,
    ReasonRow,
    microseconds,
    row_key,
)

T = TypeVar("T")
_AUDIT_LOCK = 4712
WRAPPING = "wrapping key"
"""The row of `meta` that tells which wrapping key new case keys go under."""
HOUSE = ""
"""The case id of what concerns no case; sealed with a key of the house's own."""


@cache
def _shape(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encoded(value: object) -> bytes:
    """A frozen dataclass as JSON."""
    return _shape(type(value)).dump_json(value)


def decoded(kind: type[T], content: bytes, where: str) -> T:
    try:
        value: T = _shape(kind).validate_json(content)
    except ValidationError:
        raise StoreRefused("stored content has another shape than this version reads", where=where) from None
    return value


class Act:
    """What may be done inside one transaction."""

    def __init__(self, session: Session, keys: KeyRing) -> None:
        self.session = session
        self.keys = keys
        self.noted: list[audit.Entry] = []
        self._ciphers: dict[str, CaseCipher] = {}

    def case(self, case_id: str) -> CaseRow:
        row = self.session.get(CaseRow, case_id)
        if row is None:
            raise NotThere("there is no such case", where=case_id)
        return row

    def meeting(self, meeting_id: str, *, to_write: bool = False) -> MeetingRow:
        """The meeting's row; `to_write` holds other writers to the same meeting off (PostgreSQL)."""
        row = self.session.get(MeetingRow, meeting_id, with_for_update=True if to_write else None)
        if row is None:
            raise NotThere("there is no such meeting", where=meeting_id)
        return row

    def door(self, case_id: str) -> CaseDoor:
        assigned = self.session.scalars(
            select(AssignmentRow.person_id).where(AssignmentRow.case_id == case_id, AssignmentRow.ended.is_(None))
        )
        return CaseDoor(case_id, self.case(case_id).unit, frozenset(assigned))

    def require(self, actor: Actor, need: Need, case_id: str | None = None) -> None:
        """Raise AccessRefused unless the actor may; the store then logs the refusal."""
        refusal = access.refusal(actor, need, None if case_id is None else self.door(case_id))
        if refusal is not None:
            raise _Refused(refusal, actor, case_id or HOUSE)

    def enter_meeting(self, actor: Actor, meeting_id: str, *, to_write: bool = False) -> MeetingRow:
        row = self.meeting(meeting_id, to_write=to_write)
        self.require(actor, "content", row.case_id)
        return row

    def cipher(self, case_id: str) -> CaseCipher:
        if case_id not in self._ciphers:
            self._ciphers[case_id] = self._cipher(case_id)
        return self._ciphers[case_id]

    def _cipher(self, case_id: str) -> CaseCipher:
        if case_id == HOUSE:
            return CaseCipher(HOUSE, self.keys.derive("house"))
        row = self.session.get(CaseKeyRow, case_id)
        if row is None or row.wrapped is None:
            raise NotThere("the case has been destroyed", where=case_id)
        return self.keys.cipher(case_id, row.wrapped)

    def seal(self, row: Any, value: object) -> bytes:
        """`value` sealed for this row. The row's key columns and case id must be set already."""
        return self.cipher(row.case_id).seal(encoded(value), table=row.__tablename__, column="sealed", row=row_key(row))

    def open(self, row: Any, kind: type[T]) -> T:
        table: str = row.__tablename__
        content = self.cipher(row.case_id).open(row.sealed, table=table, column="sealed", row=row_key(row))
        return decoded(kind, content, f"{table} {row_key(row)}")

    def put_once(self, row: Any, value: object) -> bool:
        """Write a row that is never changed again. True if it is new, False if exactly this was there already.

        Raises IllegalState if something else stands there.
        """
        kept: Any = self.session.get(cast(type[Base], type(row)), tuple(row_key_parts(row)))
        if kept is not None:
            if self.open(kept, type(value)) != value or kept.case_id != row.case_id:
                raise IllegalState(
                    "something else is written there already", where=f"{row.__tablename__} {row_key(row)}"
                )
            return False
        row.sealed = self.seal(row, value)
        self.session.add(row)
        self.session.flush()
        return True

    def was_noted(self, key: str) -> bool:
        """Whether an act with this key is in the log already."""
        return self.session.scalar(select(AuditRow.seq).where(AuditRow.key == key)) is not None

    def note(
        self, actor: Actor, what: audit.What, *, at: datetime, case_id: str = HOUSE, object_id: str = "",
        content: bytes = b"", key: str | None = None, reason: str = "",
    ) -> None:  # fmt: skip
        """Log the act. `content` is fingerprinted, never kept; `reason` is kept sealed.

        `key` makes a repeated act one entry; without one every call is an entry of its own.
        """
        cipher = self.cipher(case_id) if content or reason else None
        entry = audit.Entry(
            key=key or str(uuid.uuid4()),
            at_us=microseconds(at),
            who=actor.id,
            role=actor.role,
            what=what,
            case_id=case_id,
            object_id=object_id,
            digest=cipher.digest(content) if cipher and content else "",
            reason=cipher.digest(reason.encode()) if cipher and reason else "",
        )
        self.noted.append(entry)
        if reason and self.session.get(ReasonRow, entry.key) is None:
            row = ReasonRow(key=entry.key, case_id=case_id)
            row.sealed = self.seal(row, reason)
            self.session.add(row)


def row_key_parts(row: Base) -> list[object]:
    return [getattr(row, str(column.name)) for column in type(row).__table__.primary_key]


class _Refused(Exception):
    """Carries an access refusal out of the transaction, which is then undone and the refusal logged."""

    def __init__(self, refusal: access.AccessRefused, actor: Actor, case_id: str) -> None:
        self.refusal, self.actor, self.case_id = refusal, actor, case_id
        super().__init__()


class Ground:
    """What all rooms of the store stand on: the engine, the keys and the anchors."""

    def __init__(self, engine: Engine, keys: KeyRing, key_file: Path, anchors: Sequence[Path], where: str) -> None:
        self._engine = engine
        self._keys = keys
        self._key_file = key_file
        self._anchors = tuple(anchors)
        self._where = where
        self._audit_key = keys.derive("audit")
        # SQLite lets one writer in and has the others ask again ever more seldom; here they stand in line.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def _act(self, at: datetime) -> Generator[Act]:
        """One transaction. It is committed only if it logged what it did, and the log and its anchors were written."""
        try:
            with self._transaction() as act:
                yield act
        except _Refused as refused:
            with self._transaction() as act:
                act.note(refused.actor, "refused", at=at, case_id=refused.case_id)
            raise refused.refusal from None

    @contextmanager
    def _transaction(self) -> Generator[Act]:
        with self._turn, self._written() as act:
            yield act

    @contextmanager
    def _written(self) -> Generator[Act]:
        heads: anchor.Anchor | None = None
        try:
            with Session(self._engine, expire_on_commit=False, autoflush=True) as session:
                act = Act(session, self._current_keys(session))
                yield act
                if not act.noted:
                    raise IllegalState("an act that is not logged is not allowed")
                session.flush()
                heads = self._log(session, act.noted)
                session.commit()
        except DBAPIError as error:
            raise told(error, self._where) from None
        if heads is not None:
            self._settle(heads.after)

    def _current_keys(self, session: Session) -> KeyRing:
        """The keys as they are now: another process may have rotated the master key since this one read it."""
        told_id = session.scalars(
            select(Meta.value).where(Meta.name == WRAPPING).with_for_update(read=True)
        ).one_or_none()
        if told_id is not None and told_id != self._keys.wrapping_id:
            self._keys = load_keys(self._key_file)
        return self._keys

    def _tell_wrapping(self, session: Session, keys: KeyRing) -> None:
        session.merge(Meta(name=WRAPPING, value=keys.wrapping_id))

    @contextmanager
    def _glance(self) -> Generator[Session]:
        """Ids, dates and states alone: nothing sealed can be opened here, so nothing is logged."""
        try:
            with (
                self._engine.connect().execution_options(**{DEFERRED: True}) as connection,
                Session(connection) as session,
            ):
                yield session
        except DBAPIError as error:
            raise told(error, self._where) from None

    def _log(self, session: Session, entries: Sequence[audit.Entry]) -> anchor.Anchor | None:
        """Chain the entries and anchor the new head; None if all of them stood there already."""
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"SELECT pg_advisory_xact_lock({_AUDIT_LOCK})"))
        last = session.execute(select(AuditRow.seq, AuditRow.mac).order_by(AuditRow.seq.desc()).limit(1)).one_or_none()
        before = anchor.Head(0, audit.FIRST) if last is None else anchor.Head(last.seq, last.mac)
        head = before
        for entry in entries:
            kept = session.scalars(select(AuditRow).where(AuditRow.key == entry.key)).one_or_none()
            if kept is not None:
                if entry_of(kept).act != entry.act:
                    raise IllegalState("another act was logged under the same key", where=f"audit entry {kept.seq}")
                continue
            link = audit.link(self._audit_key, head.seq + 1, head.mac, entry)
            session.add(_audit_row(link))
            session.flush()
            head = anchor.Head(link.seq, link.mac)
        if head == before:
            return None
        heads = anchor.Anchor(before, head)
        for path in self._anchors:
            anchor.write(path, self._audit_key, heads)
        return heads

    def _settle(self, head: anchor.Head) -> None:
        try:
            for path in self._anchors:
                anchor.write(path, self._audit_key, anchor.Anchor(head, head))
        except anchor.AnchorRefused:
            # The act is done, and the anchor from before the commit already vouches for it; the next act is refused.
            return


def entry_of(row: AuditRow) -> audit.Entry:
    return audit.Entry(
        row.key, row.at_us, row.who, row.role, row.what, row.case_id, row.object_id, row.digest, row.reason
    )  # fmt: skip


def _audit_row(link: audit.Link) -> AuditRow:
    entry = link.entry
    return AuditRow(
        seq=link.seq, key=entry.key, at_us=entry.at_us, who=entry.who, role=entry.role, what=entry.what,
        case_id=entry.case_id, object_id=entry.object_id, digest=entry.digest, reason=entry.reason,
        prev=link.prev, mac=link.mac,
    )  # fmt: skip


def digest_of(content: str) -> str:
    """SHA-256 (hex) of a document exactly as it was shown."""
    return hashlib.sha256(content.encode()).hexdigest()
