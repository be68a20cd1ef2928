"""Destroying what is due: a case by destroying its key and rows, a recording by its key and file. Receipts stay."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from ...knowledge.errors import IllegalState
from ..security import retention
from ..security.access import Actor
from ..security.keys import KeyRing, load_keys, replace_keys
from .act import Act, Ground
from .cases import CaseFile
from .records import Audio
from .tables import (
    CONTENT,
    ApprovalRow,
    AudioRow,
    CaseKeyRow,
    CaseRow,
    CommunicationRow,
    DestructionRow,
    DocumentRow,
    MeetingRow,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What retention says of one case."""

    case_id: str
    number: str
    verdict: retention.Verdict


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """A recording whose days are over."""

    audio_id: str
    meeting_id: str
    due: date


class Destruction(Ground):
    """The rooms of the store where things end."""

    def retention_plan(
        self, actor: Actor, today: date, *, at: datetime, rules: retention.Table, research_exempt: bool = False
    ) -> tuple[Plan, ...]:
        """Every case that is left and what the rules say of it."""
        with self._act(at) as act:
            act.require(actor, "retention")
            act.note(actor, "list cases", at=at, object_id="retention")
            return plans(act.session, self._keys, today, rules, research_exempt)

    def destroy_case(
        self, actor: Actor, case_id: str, *, today: date, at: datetime, rules: retention.Table,
        research_exempt: bool = False,
    ) -> str:  # fmt: skip
        """Destroy a case that is due: its key, its rows, its recordings. The receipt (JSON) says by which rule.

        Raises IllegalState if it is not due any more, such as under a legal hold.
        """
        with self._act(at) as act:
            act.require(actor, "retention", case_id)
            row = act.case(case_id)
            if row.sealed is None:
                kept = act.session.get_one(DestructionRow, case_id)
                act.note(actor, "destroy case", at=at, case_id=case_id, key=f"destroy case:{case_id}")
                return kept.receipt
            verdict = _verdict(act, row, today, rules, research_exempt)
            if verdict.standing != "due":
                raise IllegalState("the case is not due for destruction", where=f"case {case_id}: {verdict.standing}")
            recordings = [act.open(audio, Audio).path for audio in _audio(act, case_id)]
            act.note(actor, "destroy case", at=at, case_id=case_id, key=f"destroy case:{case_id}")
            receipt = self._destroy(act, row, verdict, at)
        self._remove(recordings)
        self._wipe_log()
        return receipt

    def _destroy(self, act: Act, row: CaseRow, verdict: retention.Verdict, at: datetime) -> str:
        key = act.session.get_one(CaseKeyRow, row.id)
        key.wrapped, key.destroyed = None, at
        act.session.flush()  # The key first: only then do the triggers let the rows go.
        rows: dict[str, int] = {}
        for table in CONTENT:
            done = act.session.execute(delete(table).where(table.__table__.c.case_id == row.id))
            rows[table.__tablename__] = done.rowcount if isinstance(done, CursorResult) else 0
        row.number, row.sealed, row.status = f"destroyed:{row.id}", None, "destroyed"
        receipt = json.dumps(
            {"case": row.id, "at": at.astimezone(UTC).isoformat(), "rule": verdict.rule, "source": verdict.source,
             "due": str(verdict.due), "key": "destroyed", "rows": {name: n for name, n in rows.items() if n}},
            ensure_ascii=False,
        )  # fmt: skip
        act.session.add(DestructionRow(id=row.id, at=at, receipt=receipt))
        return receipt

    def audio_plan(self, actor: Actor, today: date, *, at: datetime, days: int) -> tuple[AudioPlan, ...]:
        """Recordings whose meeting was approved more than `days` days ago, in cases without a legal hold."""
        with self._act(at) as act:
            act.require(actor, "retention")
            act.note(actor, "list cases", at=at, object_id="audio")
            return audio_plans(act.session, today, days)

    def destroy_audio(self, actor: Actor, audio_id: str, *, at: datetime) -> None:
        """Destroy a recording: its key first, then its file. Nothing happens if it is gone."""
        with self._act(at) as act:
            act.require(actor, "retention")
            row = act.session.get(AudioRow, audio_id)
            if row is not None and act.case(row.case_id).held:
                raise IllegalState("the case is under a legal hold", where=f"recording {audio_id}")
            paths = [] if row is None else [act.open(row, Audio).path]
            case_id = "" if row is None else row.case_id
            if row is not None:
                act.session.delete(row)
            act.note(actor, "destroy audio", at=at, case_id=case_id, object_id=audio_id)
        self._remove(paths)
        self._wipe_log()

    def rotate_master_key(self, actor: Actor, *, at: datetime) -> None:
        """Wrap all case keys anew under a new master key and forget the old one.

        After this, the keys of destroyed cases that still lie in old copies of the store open with nothing but an old
        copy of the master key file: keep the file's backups apart from the store's, and replace them now.
        """
        both = load_keys(self._key_file).rotated()
        replace_keys(self._key_file, both)  # Killed after this line, both keys are there and every wrap opens.
        with self._act(at) as act:
            act.require(actor, "retention")
            self._tell_wrapping(act.session, both)
            act.session.flush()  # From here on nobody opens a case under the old key.
            for row in act.session.scalars(select(CaseKeyRow).where(CaseKeyRow.wrapped.is_not(None))):
                if row.wrapped is not None:
                    row.wrapped = both.rewrap(row.case_id, row.wrapped)
            act.note(actor, "rotate master key", at=at)
        replace_keys(self._key_file, both.newest_only())
        self._keys = both.newest_only()
        self._wipe_log()

    def _remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                Path(path).unlink()

    def _wipe_log(self) -> None:
        """Empty SQLite's write-ahead log, where the pages as they were before may still stand."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                if raw is not None:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def plans(
    session: Session, keys: KeyRing, today: date, rules: retention.Table, research_exempt: bool
) -> tuple[Plan, ...]:
    """What the rules say of every case that is left, by number."""
    act = Act(session, keys)
    rows = session.scalars(select(CaseRow).where(CaseRow.sealed.is_not(None)).order_by(CaseRow.number))
    return tuple(Plan(row.id, row.number, _verdict(act, row, today, rules, research_exempt)) for row in rows)


def audio_plans(session: Session, today: date, days: int) -> tuple[AudioPlan, ...]:
    rows = session.execute(
        select(AudioRow.id, MeetingRow.id, MeetingRow.approved)
        .join(MeetingRow, MeetingRow.id == AudioRow.meeting_id)
        .join(CaseRow, CaseRow.id == AudioRow.case_id)
        .where(MeetingRow.approved.is_not(None), CaseRow.held.is_(False))
        .order_by(AudioRow.id)
    )
    found = (
        AudioPlan(audio_id, meeting_id, approved.date() + timedelta(days=days))
        for audio_id, meeting_id, approved in rows
        if approved is not None
    )
    return tuple(plan for plan in found if plan.due < today)


def _verdict(act: Act, row: CaseRow, today: date, rules: retention.Table, research_exempt: bool) -> retention.Verdict:
    file = act.open(row, CaseFile)
    dates = retention.CaseDates(
        kind=row.kind,
        matter=file.matter,
        closed=row.closed,
        last_note=_last_note(act, row),
        birth_date=file.subject.birth_date,
        held=row.held,
    )
    return retention.verdict(dates, today, rules, research_exempt=research_exempt)


def _last_note(act: Act, row: CaseRow) -> date:
    columns = (DocumentRow.written, ApprovalRow.at, CommunicationRow.at, MeetingRow.started, MeetingRow.ended)
    last = [act.session.scalar(select(func.max(column)).where(column.class_.case_id == row.id)) for column in columns]
    return max([row.opened, *(at.date() for at in last if at is not None)])


def _audio(act: Act, case_id: str) -> list[AudioRow]:
    return list(act.session.scalars(select(AudioRow).where(AudioRow.case_id == case_id)))
