"""The answer to a typed query over rows: counts with cell-key noise, times and shares withheld for small groups.

Noise is the same for the same cell every time, so asking again or asking for the difference of two cells teaches little.
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
"""Times and shares over fewer than these are withheld."""
NOISE = (-2, -1, 0, 1, 2)
SMALL = 3
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
    """A count with cell-key noise: the key of the cell is the sum of its cases' keys, so equal cells get equal noise."""
    cases = {id(event.case): event.case for event in events}
    counted = list(events)
    if not counted:
        return 0
    key = sum(case.key for case in cases.values()) % 1
    if len(counted) < SMALL:
        return 0 if key < 1 - len(counted) / SMALL else SMALL
    return max(0, len(counted) + NOISE[min(len(NOISE) - 1, int(key * len(NOISE)))])


def _figure(query: CaseQuery, events: list[Event], notes: list[str]) -> float | int | None:
    if query.statistic == "count":
        if events:
            notes.append("Antal har en liten slumpmässig avvikelse som skyddar enskilda (samma varje gång).")
        return noisy(e for e in events if e.value is None or e.value > 0 or query.measure not in SHARES)
    if len({id(event.case) for event in events}) < SMALLEST_GROUP:
        notes.append(f"Grupper med färre än {SMALLEST_GROUP} ärenden visas inte.")
        return None
    values = [event.value or 0.0 for event in events]
    match query.statistic:
        case "mean" | "share":
            return round(mean(values) * (100 if query.statistic == "share" else 1), 1)
        case "median":
            return round(median(values), 1)
        case _:
            return sorted(values)[ceil(0.9 * len(values)) - 1]


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
                yield Event(case, period.end, 1.0 if measure == "load" else None)
        case "assessment_days":
            yield from _between(case, case.reported, case.assessed)
        case "investigation_days":
            yield from _between(case, case.opened, case.closed)
        case "first_meeting_days":
            first = min((talk.on for talk in case.talks), default=None)
            yield from _between(case, case.reported, first)
        case "overdue":
            yield from _overdue(case, today)
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


def _overdue(case: CaseRow, today: date) -> Iterable[Event]:
    """On the day a limit was passed."""
    for start, end, limit in (
        (case.reported, case.assessed, ASSESSMENT_LIMIT_DAYS),
        (case.opened, case.closed, INVESTIGATION_LIMIT_DAYS),
    ):
        if start is not None and ((end or today) - start).days > limit:
            yield Event(case, start + timedelta(days=limit + 1))


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
