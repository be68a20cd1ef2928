"""Plain Swedish to a typed query: what is measured, how, when, for whom, split by what.

Each part is found by its own words, so that order, politeness and spelling matter little. What is not understood is asked
back with choices, and a condition that follow-up cannot see is said and never dropped; nothing is guessed into an answer
but the period, which is said.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ...knowledge.factors import catalogue
from ...tools.cases import (
    DURATIONS,
    CaseQuery,
    Comparison,
    Group,
    Interpretation,
    Measure,
    Period,
    Statistic,
    TooWide,
    Unclear,
    Understood,
)
from .comparisons import asks_for_change, split_comparison
from .measures import asks_for_count, asks_for_time, find_measure, find_statistic, named_statistic
from .missing import not_held
from .periods import MONTHS, find_period, shifted, year_of
from .refusals import declined, names_somebody
from .spelling import mended
from .splits import ages_named, find_age_band, find_filters, find_groups, unseen_condition
from .words import family

LONGEST_DAYS = 5 * 366
LONGEST_QUESTION = 600
"""Characters; a longer text is not a question."""
MOST_GROUPS = 2
CHOICES = (
    "Hur många orosanmälningar kom in förra månaden?",
    "Hur lång tid tog förhandsbedömningarna i år, per månad?",
    "Hur stor andel av utredningarna har barnet hörts i?",
    "Hur många utredningar är över lagstadgad tid just nu?",
)
_OUTSIDE = family(
    "alla (?:våra |de )?enheter~", "andra enhet~", "andra (?:kommun|stad|förvaltning|team)~", "hela (?:kommunen|förvaltningen|nämnden|staden|socialtjänsten)",
    "övriga (?:enhet|kommun)~", "varje enhet", "riket", "rikssnitt~", "nationell~", "grannkommun~", "länet", "en annan enhet", "mellan enheterna",
)  # fmt: skip
_NOW = family(
    "pågå~",
    "öppna",
    "är (?:\\w+ ){0,2}försen~",
    "är (?:\\w+ ){0,2}över",
    "ligger (?:\\w+ )?(?:över|efter)",
    "just nu",
    "för närvarande",
    "i dagsläget",
    "idag",
    "i dag",
    "nu",
    "i nuläget",
    "för tillfället",
)
_GOES_ON = re.compile(
    r"(?:och|men|samma|fast|i ?stället|då|hur ser det ut|hur var det|hur blir det|dela upp|bryt ner|jämför (?:det|med)|ta (?:det|bort)|visa (?:det|samma)|"
    r"hur många av (?:dem|dom|de)|av (?:dem|dom)|gör (?:om|det)|bara|endast|per)\b"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on: the day, the units, the asker's own unit, and the query before in the same talk."""

    today: date
    units: tuple[str, ...]
    own_unit: str = ""
    before: CaseQuery | None = None


def interpret(question: str, context: Context) -> Interpretation:
    """The question as a query, or why not. Never raises for any text."""
    return stopped(question, context) or _query(_folded(question), context)


def stopped(question: str, context: Context) -> Interpretation | None:
    """Why the question is not read at all, whoever could read it: declined, past the own unit, or not held. Else None."""
    if len(question) > LONGEST_QUESTION:
        return Unclear(why="Frågan är för lång. Ställ en fråga i taget, i en mening.", choices=CHOICES)
    text = _folded(question)
    known = " ".join((*context.units, *MONTHS, *(factor.area for factor in catalogue())))
    why_not = declined(text) or names_somebody(question, known) or _outside(text, context) or not_held(text)
    if why_not is not None:
        return why_not
    named = ages_named(text)
    if named is not None and find_age_band(text) is None:
        why = "Åldrar finns i grupperna 0-6, 7-9, 10-12, 13-15 och 16-17 år. Vilken grupp menas?"
        return Unclear(
            why=why, choices=("Hur många orosanmälningar gällde 13-15 år?", "Orosanmälningar per åldersgrupp i år?")
        )
    if unseen := unseen_condition(text):
        return Unclear(why=f"Villkoret ”{unseen}” finns inte i uppföljningen.", choices=CHOICES)
    return None


def _folded(question: str) -> str:
    return mended(" ".join(question.lower().split()))


def _outside(text: str, context: Context) -> TooWide | None:
    """What reaches past the asker's own unit."""
    mine = f"Du ser tal för den egna enheten ({context.own_unit or 'din enhet'}), inte för andra."
    if _OUTSIDE.search(text):
        return TooWide(why=mine)
    for unit in context.units:
        if unit != context.own_unit and re.search(_named(unit), text):
            return TooWide(why=mine)
    return None


def _named(unit: str) -> str:
    """The unit's name; where the name is itself a word that is counted, only where a unit is spoken of."""
    name = re.escape(unit.lower())
    if find_measure(unit.lower()) is None:
        return rf"(?<!\w){name}(?:enhet\w*)?(?!\w)"
    return rf"(?:enhet\w*|gruppen|avdelning\w*|sektion\w*)\s+{name}(?!\w)|(?<!\w){name}s?enhet\w*"


def _query(text: str, context: Context) -> Interpretation:
    rest, comparison, against = split_comparison(text)
    named_measure = find_measure(rest)
    before = context.before if _follows(text, named_measure) else None
    measure = named_measure or (before.measure if before else None)
    if measure is None:
        return _unclear(text)
    try:
        period, assumed = _period(rest, context, before, measure)
        compared = _comparison(text, comparison, against, period, context.today)
    except ValueError:
        return Unclear(why="Datumet finns inte i almanackan. Skriv till exempel 2026-03-01 till 2026-03-31.")
    if compared is None:
        return Unclear(
            why="Jämförelse görs med perioden närmast före eller med samma period året före.",
            choices=("… jämfört med föregående period?", "… jämfört med samma period förra året?"),
        )
    groups = find_groups(rest, named_measure) or (before.groups if before else ())
    filters = find_filters(rest, context.own_unit, measure, before)
    query = CaseQuery(
        measure=measure,
        statistic=_statistic(rest, measure, before, named_measure),
        period=period,
        filters=filters,
        groups=groups[:MOST_GROUPS],
        comparison=before.comparison if before and compared == "none" else compared,
    )
    return within(query, groups, context.today, assumed)


def within(query: CaseQuery, groups: tuple[Group, ...], today: date, assumed: str) -> Interpretation:
    """The query if it is neither in the future, too finely split nor too long; `assumed` is told with it."""
    if query.period.start > today:
        return TooWide(why="Perioden ligger i framtiden. Fråga om tid som har gått; prognoser görs inte.")
    if len(groups) > MOST_GROUPS:
        return TooWide(why="Högst två indelningar åt gången, annars blir grupperna så små att någon kan kännas igen.")
    if (query.period.end - query.period.start).days > LONGEST_DAYS:
        return TooWide(why="Högst fem år åt gången.", query=query)
    return Understood(query=query, why=assumed)


def _follows(text: str, measure: Measure | None) -> bool:
    """Whether the text reads as going on from the question before: it says so, or it names nothing to measure."""
    return (
        measure is None or _GOES_ON.match(text) is not None or family("av (?:dem|dom|dessa)").search(text) is not None
    )


def _statistic(text: str, measure: Measure, before: CaseQuery | None, named_measure: Measure | None) -> Statistic:
    if before is not None and before.measure == measure and named_measure is None:
        if measure in DURATIONS:
            return named_statistic(text) or before.statistic
        asked = find_statistic(text, measure)
        return asked if asked == "count" and asks_for_count(text) else before.statistic
    return find_statistic(text, measure)


def _period(text: str, context: Context, before: CaseQuery | None, measure: Measure) -> tuple[Period, str]:
    found = find_period(text, context.today)
    if found is not None:
        return found, ""
    if measure in ("investigations_ongoing", "load") or (measure == "overdue" and _NOW.search(text)):
        return Period(start=context.today, end=context.today), ""
    if before is not None:
        return before.period, "Samma period som i frågan före."
    this_year = year_of(context.today.year)
    if (context.today - this_year.start).days < 31:
        return Period(start=context.today - timedelta(days=364), end=context.today), "Ingen period nämns: senaste året."
    return Period(start=this_year.start, end=context.today), "Ingen period nämns: i år hittills."


def _comparison(text: str, said: Comparison, against: str, period: Period, today: date) -> Comparison | None:
    """The comparison for this period; None for one that is not made. Raises ValueError for a day that does not exist."""
    if against:
        other = find_period(against, today)
        for comparison in ("previous_period", "previous_year"):
            if other is not None and shifted(period, comparison).start == other.start:
                return comparison if (period.end - period.start).days < 360 else "previous_year"
        return None
    if said != "none":
        return said
    if asks_for_change(text):
        return (
            "previous_year" if (period.end - period.start).days > 300 or period.start.month == 1 else "previous_period"
        )
    return "none"


def _unclear(text: str) -> Unclear:
    if asks_for_time(text):
        why = "Vilken tid menas: förhandsbedömning, utredning eller tid till första samtal?"
        return Unclear(why=why, choices=("Hur lång tid tar förhandsbedömningarna?", "Hur lång tid tar utredningarna?"))
    if asks_for_count(text):
        why = "Vad ska räknas: orosanmälningar, utredningar, samtal eller ärenden?"
        return Unclear(why=why, choices=CHOICES[:2])
    return Unclear(why="Jag förstår inte vad som ska räknas eller mätas. Fråga till exempel så här.", choices=CHOICES)
