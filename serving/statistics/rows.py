"""What follow-up knows of a case: dates, counts and areas, without a name, a number or a word that was said."""

import hashlib
import hmac
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ...agent.observation import Disputed
from ...knowledge.factors import Polarity, catalogue
from ..material import age_on
from ..security.access import SYSTEM, Actor
from ..store.facade import Store
from ..store.records import CaseFrame

SETTINGS = ("barnsamtal", "familjesamtal", "hembesök", "telefonsamtal", "nätverksmöte")


@dataclass(frozen=True, slots=True)
class TalkRow:
    on: date
    setting: str
    interpreter: bool
    declined: bool
    disputed: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case. `key` is its cell key (0-1), drawn from its id with a secret, the same every time.

    Dates that have not come are None.
    """

    key: float
    unit: str
    kind: str
    age: int | None
    reported: date | None = None
    assessed: date | None = None
    opened: date | None = None
    closed: date | None = None
    child_heard: bool = False
    child_alone: bool = False
    communicated: bool = False
    factors: tuple[tuple[Polarity, str], ...] = ()
    talks: tuple[TalkRow, ...] = field(default=())
    workers: frozenset[str] = frozenset()
    """Digests of who works with the case; for counting how many they are, never shown."""


def cell_key(secret: bytes, case_id: str) -> float:
    """0-1, the same for the same case; nobody without the secret can reckon it out."""
    return int(cell_digest(secret, case_id)[:12], 16) / 2**48


def cell_digest(secret: bytes, id: str) -> str:
    return hmac.new(secret, id.encode(), hashlib.sha256).hexdigest()


def rows_of(store: Store, chef: Actor, secret: bytes, at: datetime) -> list[CaseRow]:
    """The rows of the chef's own unit. Raises AccessRefused for anybody but a chef."""
    return [_row(store, frame, secret, at) for frame in store.case_frames(chef, at=at)]


def _row(store: Store, frame: CaseFrame, secret: bytes, at: datetime) -> CaseRow:
    key = f"follow-up:{frame.id}:{at.date()}"
    case = store.case(SYSTEM, frame.id, at=at, key=key)
    held = store.meetings(SYSTEM, frame.id, at=at, key=f"{key}:meetings")
    records = [record for record in held if not record.meeting.dictation]
    observations = store.case_observations(SYSTEM, frame.id, at=at, key=f"{key}:observations")
    disputed = {o.meeting_id for o in observations if isinstance(o.standing, Disputed)}
    unopened = case.matter == "unopened_report"
    heard = [r for r in records if any(p.standpoint == "child" for p in r.meeting.participants)]
    return CaseRow(
        key=cell_key(secret, frame.id),
        unit=frame.unit,
        kind=frame.kind,
        age=age_on(case.subject.birth_date, at.date()),
        reported=frame.opened,
        # The store knows when a report was closed without an investigation, not when one that led on was assessed.
        assessed=frame.closed if unopened else None,
        opened=None if unopened else frame.opened,
        closed=None if unopened else frame.closed,
        child_heard=bool(heard),
        child_alone=any(not any(p.standpoint == "guardian" for p in r.meeting.participants) for r in heard),
        communicated=bool(store.communications(SYSTEM, frame.id, at=at, key=f"{key}:communications")),
        factors=tuple((o.polarity, o.factor.area) for o in observations if o.stands),
        talks=tuple(
            TalkRow(
                record.started.date(),
                record.meeting.setting,
                record.interpreter,
                any(consent.agreed is False for consent in record.consents),
                record.meeting.id in disputed,
            )
            for record in records
        ),
        workers=frozenset(
            cell_digest(secret, who.person_id)
            for who in store.assignments(SYSTEM, frame.id, at=at)
            if who.ended is None
        ),
    )


def demonstration_rows(units: tuple[str, ...], today: date, count: int = 600) -> list[CaseRow]:
    """Made-up cases over the last two years, the same every time for the same day and units."""
    rng = random.Random(20260417)
    return [_made_up(rng, units, today) for _ in range(count)]


def _made_up(rng: random.Random, units: tuple[str, ...], today: date) -> CaseRow:
    unit = rng.choice(units)
    child = unit == units[0]
    reported = today - timedelta(days=rng.randrange(730))

    def later(day: date, low: int, high: int) -> date | None:
        then = day + timedelta(days=rng.randint(low, high))
        return then if then <= today else None

    assessed = later(reported, 1, 19)
    opened = assessed if assessed and rng.random() < 0.6 else None
    closed = later(opened, 40, 150) if opened else None
    first = later(reported, 4, 40) if opened else None
    talks: list[TalkRow] = []
    day = first
    while day is not None and len(talks) < 5:
        talks.append(TalkRow(day, rng.choice(SETTINGS), rng.random() < 0.2, rng.random() < 0.08, rng.random() < 0.15))
        day = later(day, 10, 45)
    offered = catalogue().for_age(rng.randint(1, 17) if child else None)
    factors: tuple[tuple[Polarity, str], ...] = ()
    if talks:
        factors = tuple((f.polarity, f.area) for f in rng.sample(offered, rng.randint(2, 7)))
    heard = bool(talks) and child and rng.random() < 0.8
    return CaseRow(
        key=rng.random(),
        unit=unit,
        kind="child" if child else "adult",
        age=rng.randint(0, 17) if child else None,
        reported=reported,
        assessed=assessed,
        opened=opened,
        closed=closed,
        child_heard=heard,
        child_alone=heard and rng.random() < 0.6,
        communicated=closed is not None and rng.random() < 0.9,
        factors=factors,
        talks=tuple(talks),
        workers=frozenset((f"{unit}-{rng.randrange(8)}",)) if opened else frozenset(),
    )
