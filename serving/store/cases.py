"""Cases: opening, finding, assigning, closing. The child's name and the rest of the person lie sealed."""

import hashlib
import hmac
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from ...knowledge.errors import IllegalState
from ...knowledge.participants import Participant
from ..security.access import Actor
from .act import Act, Ground
from .records import Assignment, Case, CaseFound, CaseFrame, CaseKind, Matter, Subject
from .tables import AssignmentRow, CaseKeyRow, CaseRow, LookupRow, ParticipantRow


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What lies sealed in a case's own row."""

    subject: Subject
    matter: Matter


class Cases(Ground):
    """The rooms of the store that hold cases. Every method takes who acts and when; every one is logged."""

    def create_case(
        self, actor: Actor, *, number: str, unit: str, kind: CaseKind, subject: Subject, opened: date, at: datetime,
        matter: Matter = "other", id: str | None = None,
    ) -> Case:  # fmt: skip
        """Open a case with a key of its own; a socialsekreterare who opens it is assigned to it.

        With `id` given the same call may be made again: exactly the same case is answered, another is refused.
        """
        case_id = id or str(uuid.uuid4())
        with self._act(at) as act:
            act.require(actor, "create")
            case = Case(case_id, number, unit, kind, "open", opened, None, False, subject, matter)
            kept = act.session.get(CaseRow, case_id)
            if kept is not None:
                act.require(actor, "content", case_id)
                if case_of(act, kept) != case:
                    raise IllegalState("another case has this id", where=case_id)
            else:
                self._insert(act, case)
                if actor.role == "socialsekreterare":
                    act.session.add(
                        AssignmentRow(case_id=case_id, person_id=actor.id, person_name=actor.name, began=at)
                    )
            act.note(actor, "create case", at=at, case_id=case_id, key=f"create case:{case_id}")
        return case

    def _insert(self, act: Act, case: Case) -> None:
        taken = act.session.scalars(select(CaseRow.id).where(CaseRow.number == case.number)).first()
        if taken is not None:
            raise IllegalState("the case number is taken", where=case.number, mend="open the case that has it")
        row = CaseRow(
            id=case.id, number=case.number, unit=case.unit, kind=case.kind, status=case.status, opened=case.opened,
            closed=None, held=False, sealed=None,
        )  # fmt: skip
        act.session.add(row)
        act.session.flush()
        act.session.add(CaseKeyRow(case_id=case.id, wrapped=self._keys.new_case_key(case.id), destroyed=None))
        act.session.flush()
        self._write_file(act, row, CaseFile(case.subject, case.matter))

    def _write_file(self, act: Act, row: CaseRow, file: CaseFile) -> None:
        row.sealed = act.seal(row, file)
        act.session.query(LookupRow).filter_by(case_id=row.id).delete()
        words = {*_words(file.subject.name), _digits(file.subject.personal_number)} - {""}
        act.session.add_all(LookupRow(case_id=row.id, token=self._token(word)) for word in words)
        act.session.flush()

    def _token(self, word: str) -> str:
        return hmac.new(self._keys.derive("lookup"), word.encode(), hashlib.sha256).hexdigest()

    def case(self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None) -> Case:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read case", at=at, case_id=case_id, key=key)
            return case_of(act, act.case(case_id))

    def cases_for(self, actor: Actor, *, at: datetime, key: str | None = None) -> tuple[Case, ...]:
        """The cases the actor is assigned to, oldest first."""
        with self._act(at) as act:
            rows = act.session.scalars(
                select(CaseRow)
                .join(AssignmentRow, AssignmentRow.case_id == CaseRow.id)
                .where(AssignmentRow.person_id == actor.id, AssignmentRow.ended.is_(None), CaseRow.sealed.is_not(None))
                .order_by(CaseRow.opened, CaseRow.id)
            ).all()
            for row in rows:
                act.require(actor, "content", row.id)
            act.note(actor, "list cases", at=at, key=key)
            return tuple(case_of(act, row) for row in rows)

    def find_cases(self, actor: Actor, query: str, *, at: datetime) -> tuple[CaseFound, ...]:
        """Search across cases by case number, personal number or whole name, and by nothing else (SoLPuF 15 §).

        A case with a protected person is shown only to those assigned to it.
        """
        with self._act(at) as act:
            act.require(actor, "create")
            act.note(actor, "find case", at=at, content=query.encode())
            rows = act.session.scalars(select(CaseRow).where(CaseRow.id.in_(self._matching(act, query))))
            return tuple(
                found
                for row in rows
                if (found := _found(act, row))
                and (actor.id in act.door(row.id).assigned or not case_of(act, row).subject.protected)
            )

    def _matching(self, act: Act, query: str) -> set[str]:
        matching = set(act.session.scalars(select(CaseRow.id).where(CaseRow.number == query.strip())))
        digits = _digits(query)
        wanted = [digits] if len(digits) >= 10 else _words(query)
        by_word = [
            set(act.session.scalars(select(LookupRow.case_id).where(LookupRow.token == self._token(word))))
            for word in wanted
        ]
        return matching | (set[str].intersection(*by_word) if by_word else set())

    def change_subject(self, actor: Actor, case_id: str, subject: Subject, matter: Matter, *, at: datetime) -> Case:
        """Put right what is known of the person, or what kind of matter the case is."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            row = act.case(case_id)
            self._write_file(act, row, CaseFile(subject, matter))
            act.note(actor, "change case", at=at, case_id=case_id)
            return case_of(act, row)

    def close_case(self, actor: Actor, case_id: str, closed: date, *, at: datetime) -> Case:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            row = act.case(case_id)
            if row.closed not in (None, closed) or closed < row.opened:
                raise IllegalState("the case is closed already, or was not yet open", where=case_id)
            row.status, row.closed = "closed", closed
            act.note(actor, "close case", at=at, case_id=case_id, key=f"close case:{case_id}")
            return case_of(act, row)

    def hold_case(self, actor: Actor, case_id: str, *, held: bool, reason: str, at: datetime) -> None:
        """Set or lift a legal hold, which keeps the case and its audio from being destroyed. The reason is logged."""
        if not reason.strip():
            raise IllegalState("a legal hold needs a reason", where=case_id)
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.case(case_id).held = held
            act.note(actor, "hold case" if held else "release case", at=at, case_id=case_id, reason=reason)

    def assign(self, actor: Actor, case_id: str, person_id: str, person_name: str, *, at: datetime) -> None:
        """Give somebody access to a case; nothing happens if they have it."""
        with self._act(at) as act:
            act.require(actor, "assign", case_id)
            if person_id not in act.door(case_id).assigned:
                act.session.add(
                    AssignmentRow(case_id=case_id, person_id=person_id, person_name=person_name, began=at, ended=None)
                )
            act.note(actor, "assign", at=at, case_id=case_id, object_id=person_id)

    def unassign(self, actor: Actor, case_id: str, person_id: str, *, at: datetime) -> None:
        with self._act(at) as act:
            act.require(actor, "assign", case_id)
            for row in _living(act, case_id, person_id):
                row.ended = at
            act.note(actor, "unassign", at=at, case_id=case_id, object_id=person_id)

    def assignments(self, actor: Actor, case_id: str, *, at: datetime) -> tuple[Assignment, ...]:
        with self._act(at) as act:
            act.require(actor, "assign", case_id)
            act.note(actor, "read case", at=at, case_id=case_id, object_id="assignments")
            rows = act.session.scalars(
                select(AssignmentRow).where(AssignmentRow.case_id == case_id).order_by(AssignmentRow.began)
            )
            return tuple(Assignment(r.case_id, r.person_id, r.person_name, r.began, r.ended) for r in rows)

    def case_counts(self, actor: Actor, *, at: datetime) -> dict[str, int]:
        """How many cases of the chef's own unit are open and closed. Counts only, nothing about anybody."""
        with self._act(at) as act:
            act.require(actor, "counts")
            act.note(actor, "list cases", at=at, object_id="counts")
            rows = act.session.execute(
                select(CaseRow.status, func.count()).where(CaseRow.unit == actor.unit).group_by(CaseRow.status)
            )
            return {status: count for status, count in rows if status in ("open", "closed")}

    def case_frames(self, actor: Actor, *, at: datetime) -> tuple[CaseFrame, ...]:
        """The cases of the chef's own unit without their content, for follow-up."""
        with self._act(at) as act:
            act.require(actor, "counts")
            act.note(actor, "list cases", at=at, object_id="frames")
            rows = act.session.scalars(select(CaseRow).where(CaseRow.unit == actor.unit).order_by(CaseRow.id))
            return tuple(CaseFrame(row.id, row.unit, row.kind, row.opened, row.closed) for row in rows)

    def add_participant(self, actor: Actor, case_id: str, participant: Participant, *, at: datetime) -> None:
        """Somebody who takes part in the case's meetings; the same id again must be the same person."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            put_participant(act, actor, case_id, participant, at)

    def participants(
        self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Participant, ...]:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read case", at=at, case_id=case_id, object_id="participants", key=key)
            return tuple(participants_of(act, case_id).values())


def put_participant(act: Act, actor: Actor, case_id: str, participant: Participant, at: datetime) -> None:
    act.put_once(ParticipantRow(case_id=case_id, id=participant.id), participant)
    key = f"save participant:{case_id}/{participant.id}"
    act.note(actor, "save participant", at=at, case_id=case_id, object_id=participant.id, key=key)


def participants_of(act: Act, case_id: str) -> dict[str, Participant]:
    rows = act.session.scalars(
        select(ParticipantRow).where(ParticipantRow.case_id == case_id).order_by(ParticipantRow.id)
    )
    return {row.id: act.open(row, Participant) for row in rows}


def case_of(act: Act, row: CaseRow) -> Case:
    file = act.open(row, CaseFile)
    kind: CaseKind = "child" if row.kind == "child" else "adult"
    status = "closed" if row.status == "closed" else "open"
    return Case(
        row.id, row.number, row.unit, kind, status, row.opened, row.closed, row.held, file.subject, file.matter
    )  # fmt: skip


def _found(act: Act, row: CaseRow) -> CaseFound | None:
    if row.sealed is None:
        return None
    names = tuple(assigned.person_name for assigned in _living(act, row.id))
    return CaseFound(row.id, row.number, row.unit, row.status, names)


def _living(act: Act, case_id: str, person_id: str | None = None) -> Iterable[AssignmentRow]:
    query = select(AssignmentRow).where(AssignmentRow.case_id == case_id, AssignmentRow.ended.is_(None))
    if person_id is not None:
        query = query.where(AssignmentRow.person_id == person_id)
    return act.session.scalars(query.order_by(AssignmentRow.began)).all()


def _words(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name).casefold().replace("-", " ").split()


def _digits(number: str) -> str:
    """The last ten digits of a personal number, so that 2015... and 15... meet."""
    return "".join(char for char in number if char.isdigit())[-10:]
