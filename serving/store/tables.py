"""The tables. What was said or written lies in `sealed` columns, encrypted per case; the rest is ids and dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, LargeBinary, MetaData, String, UniqueConstraint, inspect
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 UTC. Raises ValueError for a time that does not say its zone."""
    if at.tzinfo is None:
        raise ValueError("a time must say its zone")
    return (at - _EPOCH) // timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment as microseconds since 1970 UTC; comes back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, date: Date, bytes: LargeBinary, str: String, int: BigInteger}  # noqa: RUF012


class Meta(Base):
    """Facts about the store itself: the fingerprint of the key file it belongs to."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CaseRow(Base):
    """A case. The number is the municipality's own; once destroyed the number is gone too."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    unit: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    status: Mapped[str]
    opened: Mapped[date]
    closed: Mapped[date | None]
    held: Mapped[bool]
    sealed: Mapped[bytes | None]

    @property
    def case_id(self) -> str:
        return self.id


class CaseKeyRow(Base):
    """A case's data key, wrapped by the master key. `wrapped` is NULL once the case is destroyed."""

    __tablename__ = "case_keys"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    wrapped: Mapped[bytes | None]
    destroyed: Mapped[datetime | None]


class StrikingRow(Base):
    """Stands only inside a transaction that strikes words of the case: the triggers then let those rows be changed."""

    __tablename__ = "striking"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)


class LookupRow(Base):
    """A keyed fingerprint of a name or number by which a case may be found (SoLPuF 15 §)."""

    __tablename__ = "lookups"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True, index=True)


class AssignmentRow(Base):
    __tablename__ = "assignments"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    person_name: Mapped[str]
    began: Mapped[datetime] = mapped_column(primary_key=True)
    ended: Mapped[datetime | None]


class SealedRow(Base):
    """What every row of content has: the case whose key seals it, and the sealed value bound to the row's own key."""

    __abstract__ = True
    sealed: Mapped[bytes]

    @declared_attr
    def case_id(cls) -> Mapped[str]:
        return mapped_column(ForeignKey("cases.id"), index=True)


class OfMeeting(SealedRow):
    __abstract__ = True

    @declared_attr
    def meeting_id(cls) -> Mapped[str]:
        return mapped_column(ForeignKey("meetings.id"), index=True)


class ParticipantRow(Base):
    __tablename__ = "participants"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class MeetingRow(SealedRow):
    __tablename__ = "meetings"
    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    started: Mapped[datetime]
    ended: Mapped[datetime | None]
    approved: Mapped[datetime | None]


class UtteranceRow(SealedRow):
    """Append-only: a trigger refuses change, and refuses deletion while the case's key lives."""

    __tablename__ = "utterances"
    __table_args__ = (UniqueConstraint("meeting_id", "place"),)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]


class CorrectionRow(OfMeeting):
    __tablename__ = "corrections"
    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]


class GapRow(OfMeeting):
    __tablename__ = "gaps"
    id: Mapped[str] = mapped_column(primary_key=True)
    start_ms: Mapped[int]


class ObservationRow(OfMeeting):
    """One version of an observation: as proposed, then as each person left it. The last version counts."""

    __tablename__ = "observations"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)


class AcuteRow(OfMeeting):
    __tablename__ = "acute_signals"
    id: Mapped[str] = mapped_column(primary_key=True)


class AcuteSeenRow(SealedRow):
    __tablename__ = "acute_seen"
    signal_id: Mapped[str] = mapped_column(ForeignKey("acute_signals.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)


class NoteRow(OfMeeting):
    """Words kept verbatim beside the observations: sorted under a journal heading, or the child's own."""

    __tablename__ = "notes"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]


class RefusalRow(OfMeeting):
    __tablename__ = "refusals"
    id: Mapped[str] = mapped_column(primary_key=True)


class DocumentRow(SealedRow):
    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    written: Mapped[datetime]


class ApprovalRow(SealedRow):
    __tablename__ = "approvals"
    document_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class DeadlineRow(SealedRow):
    __tablename__ = "deadlines"
    id: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[date] = mapped_column(index=True)
    met: Mapped[datetime | None]


class CommunicationRow(SealedRow):
    __tablename__ = "communications"
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ExportRow(SealedRow):
    __tablename__ = "exports"
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class AudioRow(OfMeeting):
    """A kept recording: `sealed` holds its path and own key; destroyed together with the file."""

    __tablename__ = "audio"
    id: Mapped[str] = mapped_column(primary_key=True)


class DestructionRow(Base):
    """The receipt of a destroyed case: by which rule, when, how many rows. Nothing about the person."""

    __tablename__ = "destructions"
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    receipt: Mapped[str]


class AuditRow(Base):
    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(unique=True)
    at_us: Mapped[int]
    who: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    what: Mapped[str]
    case_id: Mapped[str] = mapped_column(index=True)
    object_id: Mapped[str]
    digest: Mapped[str]
    reason: Mapped[str]
    prev: Mapped[bytes]
    mac: Mapped[bytes]


class ReasonRow(Base):
    """A stated reason, sealed with the case's key (or the house's, where no case is concerned)."""

    __tablename__ = "audit_reasons"
    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    sealed: Mapped[bytes]


def row_key(row: Base) -> str:
    """The row's primary key as one text: what its sealed value is bound to."""
    return "/".join(str(getattr(row, str(column.name))) for column in inspect(type(row)).primary_key)


APPEND_ONLY = (
    "acute_seen",
    "acute_signals",
    "approvals",
    "audit",
    "audit_reasons",
    "communications",
    "corrections",
    "documents",
    "exports",
    "destructions",
    "gaps",
    "notes",
    "observations",
    "refusals",
    "utterances",
)
"""Tables whose rows are never changed, by trigger."""

NEVER_DELETED = ("audit", "destructions")
"""Tables whose rows are never deleted either; the other append-only ones may be once the case's key is destroyed."""

STRIKABLE = ("acute_seen", "acute_signals", "corrections", "notes", "observations", "utterances")
"""Tables whose rows may be changed or deleted while words of the case are being struck, and at no other time."""

CONTENT: tuple[type[Base], ...] = (
    LookupRow, AcuteSeenRow, AcuteRow, NoteRow, RefusalRow, ObservationRow, CorrectionRow, GapRow, AudioRow,
    ApprovalRow, DocumentRow, DeadlineRow, CommunicationRow, ExportRow, UtteranceRow, MeetingRow, ParticipantRow,
    ReasonRow, AssignmentRow,
)  # fmt: skip
"""Tables emptied of a case's rows when the case is destroyed, in an order the foreign keys allow."""
