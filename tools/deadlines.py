"""The tool for time limits: which clocks an event starts, when they run out, and why that day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..knowledge.acts import known_acts
from ..knowledge.calendar import HOLIDAY_RULE, Due, all_due
from ..knowledge.errors import HandenhetError


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a case and starts a clock, such as `anmalan` on 2026-11-20."""

    kind: str
    on: date


def event_of(text: str) -> Event:
    """`anmalan=2026-11-20` as an event. Raises HandenhetError when it is not that."""
    kind, equals, day = text.partition("=")
    try:
        return Event(kind.strip(), date.fromisoformat(day.strip()))
    except ValueError:
        what = "the event has no date" if not equals else "the event's date cannot be read"
        raise HandenhetError(what, where=text[:60], mend="write --event anmalan=2026-11-20") from None


def deadlines(events: Iterable[Event]) -> tuple[Due, ...]:
    """Every due date the events give rise to, soonest first. Raises HandenhetError for an unknown event."""
    return tuple(sorted((due for event in events for due in all_due(event.kind, event.on)), key=lambda one: one.due))


def told(due: Due) -> dict[str, object]:
    """A due date as plain values for JSON or for the model: the section, the reason, extension and consequence."""
    limit = due.limit
    return {
        "id": limit.id,
        "what": limit.what,
        "due": due.due.isoformat(),
        "at_once": limit.amount == 0,
        "last_day_by_calendar": due.last.isoformat(),
        "event": limit.event,
        "event_on": due.event_on.isoformat(),
        "sfs": limit.sfs,
        "section": limit.section,
        "short": known_acts().short(limit.sfs),
        "why": due.why,
        "holiday_rule": HOLIDAY_RULE if limit.moves else "",
        "extension": limit.extension,
        "consequence": limit.consequence,
        "repeats": limit.repeats,
    }
