"""The answer to a typed query over rows: counts with cell-key noise, times and shares withheld for small groups.

Noise is the same for the same cell every time (the Cell Key Method), so asking again teaches nothing, and the
difference of two answers carries the noise of both. No noisy count is 1 or 2. What it does not withstand is somebody
who finds many different cells that each differ by the same people and averages them; that is why a reason is logged.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import mean, median
from typing import Any

from ...agent.questions.periods import shifted
from ...tools.cases import DURATIONS, SHARES, CaseQuery, Filters, Group, Measure, Period
from .rows import CaseRow, TalkRow

SMALLEST_GROUP = 5
"""Times and shares over fewer cases than these are withheld."""
SMALLEST_SHOWN = 3
FEWEST_WORKERS = 3
NOISE: tuple[tuple[tuple[float, int], ...], ...] = (
    ((1.0, 0),),
    ((2 / 3, 0), (1.0, 3)),
    ((1 / 3, 0), (1.0, 3)),
    ((0.2, 0), (0.6, 3), (0.8, 4), (1.0, 5)),
    ((0.35, 3), (0.7, 4), (0.95, 5), (1.0, 6)),
)
"""For a true count of 0 to 4: up to which cell key (0-1) which count is shown. Each row's mean is the true count."""
SPREAD = (-2, -1, 0, 1, 2)
"""From 5 on: one of these is added, each as often."""
ASSESSMENT_LIMIT_DAYS = 14
INVESTIGATION_LIMIT_DAYS = 122
"""Four months (SoL 20:3), counted as the longest four months are."""
_BANDS = ((0, 6, "0-6"), (7, 9, "7-9"), (10, 12, "10-12"), (13, 15, "13-15"), (16, 20, "16-17"))


@dataclass(frozen=True, slots=True)
class Event:
    """One thing counted: the case it belongs to, its day, the value measured (None for a plain count)."""

    case: CaseRow
    on: date
    value: float | None = None
    area: str = ""
    polarity: str = ""
    setting: str = ""
    limit: str = ""


def answer(query: CaseQuery, rows: Sequence[CaseRow], today: date) -> dict[str, Any]:
    """`{value, unit, rows:[{group..., value}], compared, notes}`; a withheld figure is null with a note."""
    notes: list[str] = []
    events = [e for e in _events(query, rows, query.period, today) if _passes(e, query.filters)]
    result: dict[str, Any] = {"value": _figure(query, events, notes), "unit": _unit(query)}
    if query.groups:
        result["rows"] = _grouped(query, events, notes)
    if query.comparison != "none":
        period = shifted(query.period, query.comparison)
        before = [e for e in _events(query, rows, period, today) if _passes(e, query.filters)]
        result["compared"] = {"period": period.told, "value": _figure(query, before, notes)}
    result["notes"] = list(dict.fromkeys(notes))
    return result


def noisy(events: Iterable[Event]) -> int:
    """A count with cell-key noise: the key of the cell is the sum of its cases' keys, so equal cells get equal noise.

    Many events of one or two cases are shown as if they were no more than the cases: a small cell is one of few people.
    """
    counted = list(events)
    cases = {id(event.case): event.case for event in counted}
    key = sum(case.key for case in cases.values()) % 1
    count = len(counted) if len(cases) >= SMALLEST_SHOWN else min(len(counted), len(cases))
    if count < len(NOISE):
        return next(shown for upto, shown in NOISE[count] if key < upto)
    return count + SPREAD[min(int(key * len(SPREAD)), len(SPREAD) - 1)]


def _figure(query: CaseQuery, events: list[Event], notes: list[str]) -> float | int | None:
    happened = [e for e in events if e.value is None or e.value > 0 or query.measure not in SHARES]
    if query.statistic == "count":
        if happened:
            notes.append("Antal har en liten slumpmässig avvikelse som skyddar enskilda (samma varje gång).")
        return noisy(happened)
    if query.measure == "load":
        return _load(events, notes)
    if len({id(event.case) for event in events}) < SMALLEST_GROUP:
        notes.append(f"Grupper med färre än {SMALLEST_GROUP} ärenden visas inte.")
        return None
    values = sorted(event.value or 0.0 for event in events)
    match query.statistic:
        case "share":
            # Of the noisy counts, so that shares tell no more than the counts do.
            return min(100, round(100 * noisy(happened) / max(noisy(events), 1)))
        case "mean":
            return round(mean(values), 1)
        case "median":
            return round(median(values), 1)
        case _:
            return values[ceil(0.9 * len(values)) - 1]


def _load(events: list[Event], notes: list[str]) -> float | None:
    """Ongoing cases for each caseworker that has any; withheld where so few work that one of them could be made out."""
    workers = frozenset[str]().union(*(event.case.workers for event in events))
    if len(workers) < FEWEST_WORKERS:
        notes.append(f"Visas inte när färre än {FEWEST_WORKERS} handläggare har pågående ärenden.")
        return None
    return round(noisy(events) / len(workers), 1)


def _unit(query: CaseQuery) -> str:
    if query.statistic == "share":
        return "procent"
    return "dagar" if query.measure in DURATIONS else "antal"


def _grouped(query: CaseQuery, events: list[Event], notes: list[str]) -> list[dict[str, Any]]:
    cells: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        cells.setdefault(tuple(_GROUP[group](event) for group in query.groups), []).append(event)
    return [
        {**dict(zip(query.groups, names, strict=True)), "value": _figure(query, cells[names], notes)}
        for names in sorted(cells)
    ]


def _band(event: Event) -> str:
    if event.case.age is None:
        return "okänd"
    return next((name for low, high, name in _BANDS if low <= (event.case.age or 0) <= high), "okänd")


_GROUP: dict[Group, Callable[[Event], str]] = {
    "week": lambda e: f"{e.on.isocalendar()[0]}-v{e.on.isocalendar()[1]:02d}",
    "month": lambda e: f"{e.on:%Y-%m}",
    "quarter": lambda e: f"{e.on.year} kv {(e.on.month + 2) // 3}",
    "year": lambda e: str(e.on.year),
    "unit": lambda e: e.case.unit,
    "kind": lambda e: "barn" if e.case.kind == "child" else "vuxna",
    "age_band": _band,
    "area": lambda e: e.area or "okänt",
    "setting": lambda e: e.setting or "okänd",
}


def _passes(event: Event, filters: Filters) -> bool:
    return (
        filters.unit in (None, event.case.unit)
        and filters.kind in (None, event.case.kind)
        and filters.age_band in (None, _band(event))
        and filters.setting in (None, event.setting or filters.setting)
        and (filters.area is None or _about_area(event, filters.area))
        and filters.polarity in (None, event.polarity or filters.polarity)
        and filters.limit in (None, event.limit)
    )


def _about_area(event: Event, area: str) -> bool:
    return event.area == area if event.area else any(area == touched for _, touched in event.case.factors)


def _events(query: CaseQuery, rows: Iterable[CaseRow], period: Period, today: date) -> Iterable[Event]:
    for case in rows:
        for event in _of_case(query.measure, case, period, today):
            if query.measure in ("investigations_ongoing", "load") or period.start <= event.on <= period.end:
                yield event


def _of_case(measure: Measure, case: CaseRow, period: Period, today: date) -> Iterable[Event]:
    match measure:
        case "reports" | "cases":
            yield from _on(case, case.reported)
        case "investigations_opened":
            yield from _on(case, case.opened)
        case "investigations_closed":
            yield from _on(case, case.closed)
        case "investigations_ongoing" | "load":
            if case.opened and case.opened <= period.end and (case.closed is None or case.closed > period.end):
                yield Event(case, period.end)
        case "assessment_days":
            yield from _between(case, case.reported, case.assessed)
        case "investigation_days":
            yield from _between(case, case.opened, case.closed)
        case "first_meeting_days":
            first = min((talk.on for talk in case.talks), default=None)
            yield from _between(case, case.reported, first)
        case "overdue":
            yield from _overdue(case, period, today)
        case "child_heard" | "child_alone" | "communicated":
            yield from _share_of_case(measure, case)
        case "meetings" | "interpreter" | "recording_declined" | "disputed":
            for talk in case.talks:
                yield Event(case, talk.on, _told(measure, talk), setting=talk.setting)
        case "factors" | "areas":
            yield from _areas(measure, case)


def _on(case: CaseRow, day: date | None) -> Iterable[Event]:
    if day is not None:
        yield Event(case, day)


def _between(case: CaseRow, start: date | None, end: date | None) -> Iterable[Event]:
    if start is not None and end is not None and end >= start:
        yield Event(case, end, float((end - start).days))


def _overdue(case: CaseRow, period: Period, today: date) -> Iterable[Event]:
    """Each limit on the day it was passed (1) or would have been, or when it was held (0).

    Asked for a single day, what stands over time that day.
    """
    until = min(period.end, today)
    if case.kind != "child":
        return  # The law sets these limits for children alone.
    for start, end, days, limit in (
        (case.reported, case.assessed, ASSESSMENT_LIMIT_DAYS, "assessment"),
        (case.opened, case.closed, INVESTIGATION_LIMIT_DAYS, "investigation"),
    ):
        if start is None or (limit == "assessment" and end is None and case.opened is not None):
            continue
        due = start + timedelta(days=days + 1)
        if period.start == period.end:
            if start <= until and (end is None or end > until):
                yield Event(case, period.end, float(due <= until), limit=limit)
        elif due <= (end or today):
            yield Event(case, due, 1.0, limit=limit)
        elif end is not None:
            yield Event(case, end, 0.0, limit=limit)


def _share_of_case(measure: Measure, case: CaseRow) -> Iterable[Event]:
    if measure == "communicated":
        if case.closed:
            yield Event(case, case.closed, float(case.communicated))
    elif case.opened and case.kind == "child":
        yield Event(case, case.opened, float(case.child_heard if measure == "child_heard" else case.child_alone))


def _told(measure: Measure, talk: TalkRow) -> float | None:
    match measure:
        case "interpreter":
            return float(talk.interpreter)
        case "recording_declined":
            return float(talk.declined)
        case "disputed":
            return float(talk.disputed)
        case _:
            return None


def _areas(measure: Measure, case: CaseRow) -> Iterable[Event]:
    day = case.opened or case.reported
    if day is None:
        return
    found = case.factors if measure == "factors" else tuple(dict.fromkeys(("", area) for _, area in case.factors))
    for polarity, area in found:
        yield Event(case, day, area=area, polarity=polarity)
