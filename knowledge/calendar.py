"""Statutory time limits as dated data, and due dates by the calendar: weeks, months and Swedish holidays."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal, cast

import yaml

from .errors import HandenhetError
from .guidance import LimitUnit

Moves = Literal["yes", "no"]
HOLIDAY_RULE = "SFS 1930:173"
_UNITS = {"hours": "timmar", "days": "dagar", "weeks": "veckor", "months": "månader", "years": "år"}
_ONE = {"hours": "timme", "days": "dag", "weeks": "vecka", "months": "månad", "years": "år"}
_KEYS = {"id", "what", "sfs", "section", "event", "amount", "unit", "moves", "from"}
_OPTIONAL = {"to", "extension", "consequence", "repeats"}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A limit a section sets. `amount` 0 means at once. `moves`: a last day off moves to the next working day."""

    id: str
    what: str
    sfs: str
    section: str
    event: str
    amount: int
    unit: LimitUnit
    moves: bool
    since: date
    to: date | None = None
    extension: str = ""
    consequence: str = ""
    repeats: bool = False

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.to is None or on <= self.to)


@dataclass(frozen=True, slots=True)
class Due:
    """A limit applied to a date. `last` is the day counted by the calendar, `due` the day after any holiday rule."""

    limit: TimeLimit
    event_on: date
    last: date
    due: date

    @property
    def why(self) -> str:
        """Why this date, in words, with the section's span and any move."""
        if self.limit.amount == 0:
            return f"genast när {events()[self.limit.event]} ({self.event_on.isoformat()})"
        unit = (_ONE if self.limit.amount == 1 else _UNITS)[self.limit.unit]
        told = f"{self.limit.amount} {unit} från {self.event_on.isoformat()} ({events()[self.limit.event]})"
        if self.due != self.last:
            return f"{told}; {self.last.isoformat()} är ingen arbetsdag och flyttas till nästa enligt {HOLIDAY_RULE}"
        if not is_working_day(self.last):
            return f"{told}; dagen är ingen arbetsdag men flyttas inte här"
        return told


def add(start: date, amount: int, unit: LimitUnit) -> date:
    """The day `amount` units after `start`, which itself is not counted.

    Months and years end on the day with the same number, or on the month's last day where there is none.
    """
    match unit:
        case "hours":
            return start + timedelta(hours=amount)
        case "days":
            return start + timedelta(days=amount)
        case "weeks":
            return start + timedelta(weeks=amount)
        case "months":
            month = start.month - 1 + amount
            year, month = start.year + month // 12, month % 12 + 1
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        case "years":
            return add(start, 12 * amount, "months")


def is_working_day(day: date) -> bool:
    """Not Saturday, Sunday, public holiday, Midsummer Eve, Christmas Eve or New Year's Eve."""
    if day.weekday() >= 5 or (day.month, day.day) in ((12, 24), (12, 31)):
        return False
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    return not midsummer_eve and day not in _holidays(day.year)


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("SE", years=year, include_sundays=False))  # pyright: ignore


def due(limit: TimeLimit, event_on: date) -> Due:
    """Apply a limit. Raises HandenhetError when the rule was not in force on the event's date."""
    if not limit.in_force(event_on):
        raise HandenhetError(
            f"the limit {limit.id} was not in force on {event_on}",
            mend="look the older rule up in the act of that time",
        )
    last = add(event_on, limit.amount, limit.unit)
    return Due(limit, event_on, last, next_working_day(last) if limit.moves else last)


def all_due(event: str, event_on: date) -> tuple[Due, ...]:
    """Every limit the event starts that was in force then, soonest first.

    Raises HandenhetError for an unknown event, naming the known ones.
    """
    if event not in events():
        raise HandenhetError(f"there is no event {event}", mend="known: " + ", ".join(events()))
    found = [due(limit, event_on) for limit in limits() if limit.event == event and limit.in_force(event_on)]
    return tuple(sorted(found, key=lambda one: one.due))


@cache
def limits() -> tuple[TimeLimit, ...]:
    """The limits that ship with the project, each id once. Raises HandenhetError when the file is broken."""
    found = [_limit(row) for row in cast(list[Mapping[str, str]], _file()["limits"])]
    if len({limit.id for limit in found}) != len(found):
        raise HandenhetError("two limits share an id", where="limits.yaml")
    return tuple(found)


@cache
def events() -> Mapping[str, str]:
    """What can start a clock: key to description."""
    return cast(Mapping[str, str], _file()["events"])


@cache
def _file() -> Mapping[str, object]:
    text = resources.files(__name__.rpartition(".")[0]).joinpath("limits.yaml").read_text(encoding="utf-8")
    return cast(Mapping[str, object], yaml.load(text, Loader=yaml.BaseLoader))


def _limit(row: Mapping[str, str]) -> TimeLimit:
    where = f"limits.yaml {row.get('id', '')}"
    if not row.keys() >= _KEYS or not row.keys() <= _KEYS | _OPTIONAL:
        raise HandenhetError("a limit lacks a key or has an unknown one", where=where)
    if row["event"] not in events() or row["unit"] not in _UNITS or row["moves"] not in ("yes", "no"):
        raise HandenhetError("a limit has an unknown event, unit or moves", where=where)
    try:
        return TimeLimit(
            id=row["id"],
            what=row["what"],
            sfs=row["sfs"],
            section=row["section"],
            event=row["event"],
            amount=int(row["amount"]),
            unit=cast(LimitUnit, row["unit"]),
            moves=row["moves"] == "yes",
            since=date.fromisoformat(row["from"]),
            to=date.fromisoformat(row["to"]) if "to" in row else None,
            extension=row.get("extension", ""),
            consequence=row.get("consequence", ""),
            repeats=row.get("repeats") == "yes",
        )
    except ValueError:
        raise HandenhetError("a limit's amount or date cannot be read", where=where) from None
