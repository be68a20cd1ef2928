"""From the store's records to what prose may rest on: meetings gone through, the case's own record, the law by date."""

from datetime import date, datetime

from ..agent.material import CaseFile, Communicated, Pinned, Silence, Talk, TimeLimit, confirmed_only
from ..knowledge.participants import Participant
from .security.access import Actor
from .store.facade import Store
from .store.records import Case, MeetingRecord

WHY: dict[str, str] = {
    "pause": "paus",
    "struck": "struket på begäran",
    "microphone_lost": "mikrofonen tappades",
    "no_words": "hördes inte tydligt",
}


def age_on(born: date | None, on: date) -> int | None:
    """Whole years on a day, None if the birth date is not known."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def talk_of(store: Store, actor: Actor, record: MeetingRecord, pins: tuple[Pinned, ...], at: datetime) -> Talk:
    """A meeting with what the room confirmed and pinned; what nobody confirmed is left behind."""
    id = record.meeting.id
    return Talk(
        meeting=record.meeting,
        started=record.started,
        transcript=store.transcript(actor, id, at=at),
        observations=confirmed_only(store.observations(actor, id, at=at)),
        pinned=pins,
        ended=record.ended,
        interpreter=record.interpreter,
        silences=tuple(
            Silence(gap.id, gap.start_ms, gap.end_ms, WHY[gap.kind]) for gap in store.gaps(actor, id, at=at)
        ),
    )


def case_file(store: Store, actor: Actor, case: Case, parties: tuple[Participant, ...], at: datetime) -> CaseFile:
    return CaseFile(
        id=case.id,
        number=case.number,
        kind=case.kind,
        name=case.subject.name,
        age=age_on(case.subject.birth_date, at.date()),
        opened=case.opened,
        parties=parties,
        limits=tuple(
            TimeLimit(limit.id, limit.rule, limit.due, limit.met.date() if limit.met else None)
            for limit in store.deadlines(actor, case.id, at=at)
        ),
        communicated=tuple(
            Communicated(entry.id, entry.at.date(), entry.to, entry.how, entry.what, entry.reply)
            for entry in store.communications(actor, case.id, at=at)
        ),
        protected=case.subject.protected,
    )
