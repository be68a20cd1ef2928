"""The case's ledgers: time limits, what was communicated to whom, and the log review."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from ...knowledge.errors import IllegalState
from ..security.access import Actor
from .act import Act, Ground
from .errors import NotThere
from .records import Communication, Deadline, LogLine
from .tables import AssignmentRow, AuditRow, CommunicationRow, DeadlineRow


@dataclass(frozen=True, slots=True)
class KeptDeadline:
    rule: str
    started: date
    note: str


class Ledger(Ground):
    """The rooms of the store that hold deadlines, communication and the log review."""

    def save_deadline(self, actor: Actor, deadline: Deadline, *, at: datetime) -> None:
        """A time limit that runs; the same id again must be the same limit."""
        with self._act(at) as act:
            act.require(actor, "content", deadline.case_id)
            kept = act.session.get(DeadlineRow, deadline.id)
            row = DeadlineRow(id=deadline.id, case_id=deadline.case_id, due=deadline.due, met=deadline.met)
            act.put_once(row, KeptDeadline(deadline.rule, deadline.started, deadline.note))
            if kept is not None and kept.due != deadline.due:
                raise IllegalState("another due date stands there already", where=f"deadline {deadline.id}")
            key = f"save deadline:{deadline.id}"
            act.note(actor, "save deadline", at=at, case_id=deadline.case_id, object_id=deadline.id, key=key)

    def meet_deadline(self, actor: Actor, deadline_id: str, *, at: datetime) -> None:
        """A person says that a time limit was kept; the first time counts."""
        with self._act(at) as act:
            row = act.session.get(DeadlineRow, deadline_id)
            if row is None:
                raise NotThere("there is no such deadline", where=deadline_id)
            act.require(actor, "content", row.case_id)
            row.met = row.met or at
            key = f"meet deadline:{deadline_id}"
            act.note(actor, "save deadline", at=at, case_id=row.case_id, object_id=f"{deadline_id}/met", key=key)

    def deadlines(self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None) -> tuple[Deadline, ...]:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read deadlines", at=at, case_id=case_id, key=key)
            rows = act.session.scalars(
                select(DeadlineRow).where(DeadlineRow.case_id == case_id).order_by(DeadlineRow.due, DeadlineRow.id)
            )
            return tuple(_deadline(act, row) for row in rows)

    def deadlines_due(self, actor: Actor, by: date, *, at: datetime, key: str | None = None) -> tuple[Deadline, ...]:
        """Limits not yet kept that run out on or before `by`, in the cases the actor is assigned to."""
        with self._act(at) as act:
            rows = act.session.scalars(
                select(DeadlineRow)
                .join(AssignmentRow, AssignmentRow.case_id == DeadlineRow.case_id)
                .where(AssignmentRow.person_id == actor.id, AssignmentRow.ended.is_(None))
                .where(DeadlineRow.met.is_(None), DeadlineRow.due <= by)
                .order_by(DeadlineRow.due, DeadlineRow.id)
            ).all()
            for case_id in {row.case_id for row in rows}:
                act.require(actor, "content", case_id)
            act.note(actor, "read deadlines", at=at, key=key)
            return tuple(_deadline(act, row) for row in rows)

    def log_communication(self, actor: Actor, case_id: str, entry: Communication, *, at: datetime) -> None:
        """What was communicated to a party, when, how, and what they answered (FL 25 §)."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.put_once(CommunicationRow(id=entry.id, case_id=case_id, at=entry.at), entry)
            key = f"communication:{entry.id}"
            act.note(actor, "log communication", at=at, case_id=case_id, object_id=entry.id, key=key)

    def communications(
        self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Communication, ...]:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read document", at=at, case_id=case_id, object_id="communications", key=key)
            rows = act.session.scalars(
                select(CommunicationRow)
                .where(CommunicationRow.case_id == case_id)
                .order_by(CommunicationRow.at, CommunicationRow.id)
            )
            return tuple(act.open(row, Communication) for row in rows)

    def review_log(
        self, actor: Actor, *, at: datetime, case_id: str | None = None, who: str | None = None, last: int = 200
    ) -> tuple[LogLine, ...]:
        """The newest entries of the log, newest first: who did what. For the recurring review (SoLPuL 10 §)."""
        with self._act(at) as act:
            act.require(actor, "log", case_id)
            act.note(actor, "review log", at=at, object_id=who or "", case_id="")
            query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(last)
            if case_id is not None:
                query = query.where(AuditRow.case_id == case_id)
            if who is not None:
                query = query.where(AuditRow.who == who)
            return tuple(_line(row) for row in act.session.scalars(query))


def _deadline(act: Act, row: DeadlineRow) -> Deadline:
    kept = act.open(row, KeptDeadline)
    return Deadline(row.id, row.case_id, kept.rule, kept.started, row.due, row.met, kept.note)


def _line(row: AuditRow) -> LogLine:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row.at_us)
    return LogLine(row.seq, at, row.who, row.role, row.what, row.case_id, row.object_id)
