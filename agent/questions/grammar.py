"""Plain Swedish to a typed query: what is measured, how, when, for whom, split by what.

Each part is found by its own words, so that order, politeness and spelling matter little. What is not understood is asked
back with choices; nothing is guessed into an answer but the period, which is said.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from ...knowledge.factors import catalogue
from ...tools.cases import (
    DURATIONS,
    SHARES,
    AgeBand,
    CaseQuery,
    Comparison,
    Filters,
    Group,
    Interpretation,
    Measure,
    Period,
    Statistic,
    TooWide,
    Unclear,
    Understood,
)
from .periods import MONTHS, find_period, year_of
from .refusals import declined, names_somebody
from .spelling import mended

LONGEST_DAYS = 5 * 366
MOST_GROUPS = 2
CHOICES = (
    "Hur många orosanmälningar kom in förra månaden?",
    "Hur lång tid tog förhandsbedömningarna i år, per månad?",
    "Hur stor andel av utredningarna har barnet hörts i?",
    "Hur många utredningar är över lagstadgad tid just nu?",
)

_OVERDUE = r"försen\w*|över (?:lagstadgad |laglig )?tid\w*|overtid|övertid\w*|för sen\w*|dragit över|drog över|överskrid\w*|spruck\w*|spräck\w*|utanför (?:lagstadgad|tids)\w*|inte (?:klar\w*|färdig\w*|höll\w*|hållit|hunn\w*) (?:i tid|inom)\w*|missa\w* (?:tid|frist|14|fyra)\w*|försum\w* tid\w*|mer än (?:fyra|4) månader|längre än (?:fyra|4) månader|mer än (?:14|fjorton) dagar|passera\w* (?:tid|frist|fyra)\w*|tidsfrist\w*|fyramånaders\w*|gått ut"
_TIME = r"hur lång\w*|hur länge|hur snabbt|hur fort|dröj\w*|handläggningstid\w*|utredningstid\w*|ledtid\w*|väntetid\w*|tidsåtgång|tid (?:tar|tog|det)|dagar (?:tar|tog|gick|går|innan|från)|antal dagar|genomsnittstid|snittid\w*|medeltid\w*|mediantid\w*|tog det|tar det|tiden (?:från|till|för)|hur många dagar|genomloppstid\w*"
_ASSESSMENT = r"förhandsbed\w*|förhands\b|beslut om (?:utredning|att inleda)|inleda eller inte|öppna eller inte|till (?:att )?(?:vi |man )?(?:inled|öppna|beslut)\w*|14 dagar|fjorton dagar"
_FIRST = r"första (?:samtal\w*|möte\w*|träff\w*|kontakt\w*|besök\w*)|innan (?:vi |man |någon )?(?:träffa|pratar|pratade|ser|möter)\w*|till första"
_INVESTIGATION = r"utredning\w*|utred\w*|buk\b|barnavårdsutred\w*"
_REPORT = r"orosanmäl\w*|anmälning\w*|anmälan\b|anmälda|oroanmäl\w*|oros\b|inkom\w* oro|14:1\w*|19:1\w*|aktualiser\w*"
_MEETING = r"samtal\w*|möten\b|mötet\b|möte\b|hembesök\w*|träff\w*|besök\b"
_INTERPRETER = r"tolk\w*"
_DECLINED = r"(?:tack\w* nej|sag\w* nej|säg\w* nej|avböj\w*|nekat|nekade|nekar|avstå\w*|motsatt\w*|vill\w* inte)[^.?!]*(?:inspel\w*|spela\w* in)|(?:inspel\w*|spela\w* in)[^.?!]*(?:nej|avböj\w*|nekat|nekade|nekas|avstå\w*|inte vill|avvisa\w*)|utan inspelning|nej till inspel\w*"
_DISPUTED = r"omtvist\w*|håller? inte med|höll inte med|håll\w* med|bestrid\w*|protest\w*|invänd\w*|stämmer inte|oenig\w*|ifrågas\w*"
_ALONE = r"enskil\w*|ensamma?\b|i enrum|utan (?:föräld|vårdnad)\w*|själv\w* (?:hör|talat|prat)\w*|enskilt"
_HEARD = r"barn\w*[^.?!]*(?:hör(?:t|ts|da|d|s|as)\b|komm\w* till tals|komma till tals|fått (?:prata|säga|komma)|tillfrågat?s?|delaktig\w*|kom till tals|röst\b|pratat med|talat med|träffat)|(?:hör(?:t|ts|da|d|s|as)\b|komm\w* till tals|pratat? med|talat med|träffat|samtal med)[^.?!]*barn\w*|barnsamtal\w*"
_COMMUNICATED = r"kommunicer\w*|kommunicering\w*|fl 25|25 §|fått del av|ta del av underlag\w*|delgiv\w*"
_LOAD = r"belastning\w*|arbetsbörd\w*|arbetsbelastning\w*|ärendetyngd\w*|(?:ärenden|utredningar|fall)\w* (?:i snitt |i genomsnitt |i medeltal )?(?:per|på varje|var|på en) (?:hand|soc|tjänst|medarb)\w*|(?:per|på varje) (?:hand|soc|tjänst)\w*|hur (?:mycket|tung\w*) (?:har|att göra|ligger)|snittbelastning"
_FACTORS = r"riskfaktor\w*|skyddsfaktor\w*|faktor\w*|uppgifter om (?:risk|skydd|våld|missbruk)|risker\b|skydd\b"
_AREAS = r"område\w*|livsområde\w*|bbic\w*"
_CASES = r"ärende\w*|fall\b|akter\b|case\b|ärn\b"
_COUNT = r"hur många|hur mkt|hur mycket|antal\w*|hur ofta|volym\w*|totalt|summa|räkna|mängd\w*|statistik|siffra|siffror|inflöde\w*|visa\b|ge mig|ta fram"
_SHARE = r"andel\w*|procent\w*|%|hur stor del|hur stor|kvot\w*|i hur många av|av alla"
_MEAN = r"medel\w*|genomsnitt\w*|i snitt|snitt\w*|average|normalt|brukar"
_MEDIAN = r"median\w*|mitten|typisk\w*|vanligtvis"
_P90 = r"90:?e? ?percentil\w*|percentil\w*|p90|nittio\w* percent\w*|längsta tiderna|de långsammaste|9 av 10|nio av tio|svansen"
_CLOSED = r"avsluta\w*|färdig\w*|stäng\w*|klar\w*|slutför\w*|avgjord\w*|lades ner|nedlagd\w*"
_ONGOING = r"pågå\w*|öppna\b|aktiva|just nu|nuvarande|ligger inne|inneliggande|har vi igång|igång|rullar|på gång|för närvarande|löpande"
_OPENED = r"inled\w*|öppna(?:t|de|s|ts)\b|start\w*|påbörja\w*|drog igång|ny\w* utred\w*|nya\b|satte igång"


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on: the day, the units, the asker's own unit, and the query before in the same talk."""

    today: date
    units: tuple[str, ...]
    own_unit: str = ""
    before: CaseQuery | None = None


def interpret(question: str, context: Context) -> Interpretation:
    """The question as a query, or why not. Never raises for any text."""
    text = mended(" ".join(question.lower().split()))
    known = " ".join((*context.units, *MONTHS, *(factor.area for factor in catalogue())))
    refusal = declined(text) or names_somebody(question, known)
    if refusal is not None:
        return refusal
    if _has(r"alla enheter|andra enheter|hela (?:kommunen|förvaltningen|nämnden)|övriga enheter|varje enhet", text):
        return TooWide(why=f"Du ser tal för den egna enheten ({context.own_unit or 'din enhet'}), inte för andra.")
    before = context.before if _follows(text) else None
    measure = _measure(text) or (before.measure if before else None)
    if measure is None:
        return _unclear(text)
    period, assumed = _period(text, context, before, measure)
    if period.start > context.today:
        return TooWide(why="Perioden ligger i framtiden. Fråga om tid som har gått; prognoser görs inte.")
    groups = _groups(text) or (before.groups if before else ())
    if len(groups) > MOST_GROUPS:
        return TooWide(why="Högst två indelningar åt gången, annars blir grupperna så små att någon kan kännas igen.")
    filters = _filters(text, context, before)
    other = filters.unit if filters.unit and context.own_unit and filters.unit != context.own_unit else None
    if other is not None:
        return TooWide(why=f"Du ser tal för den egna enheten ({context.own_unit}), inte {other}.")
    query = CaseQuery(
        measure=measure,
        statistic=_statistic(text, measure),
        period=period,
        filters=filters,
        groups=cast(tuple[Group, ...], groups),
        comparison=_comparison(text) if _comparison(text) != "none" or not before else before.comparison,
    )
    if (period.end - period.start).days > LONGEST_DAYS:
        return TooWide(why="Högst fem år åt gången.", query=query)
    return Understood(query=query, why=assumed)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def _follows(text: str) -> bool:
    """Whether the text reads as going on from the question before."""
    short = len(text.split()) <= 7
    return short or _has(
        r"^(?:och|men|samma|fast|i stället|istället|då|hur ser det ut|hur var det|hur blir det|dela upp|visa)\b", text
    )


def _measure(text: str) -> Measure | None:
    for measure, test in _MEASURES:
        if test(text):
            return measure
    return None


def _times(text: str) -> bool:
    return (
        _has(_TIME, text)
        or _has(_P90, text)
        or ((_has(_MEAN, text) or _has(_MEDIAN, text)) and _has(r"tid\w*|dagar", text))
    )


_MEASURES = (
    ("recording_declined", lambda t: _has(_DECLINED, t)),
    ("interpreter", lambda t: _has(_INTERPRETER, t)),
    ("disputed", lambda t: _has(_DISPUTED, t)),
    ("communicated", lambda t: _has(_COMMUNICATED, t)),
    ("child_alone", lambda t: _has(_ALONE, t) and _has(r"barn\w*|unga|ungdom\w*", t)),
    ("overdue", lambda t: _has(_OVERDUE, t)),
    ("first_meeting_days", lambda t: _has(_FIRST, t) and (_times(t) or _has(r"dagar|dröj\w*|tid\w*", t))),
    ("assessment_days", lambda t: _has(_ASSESSMENT, t) and (_times(t) or _has(r"tid\w*|dagar|median|snitt|medel", t))),
    ("investigation_days", lambda t: _times(t) and (_has(_INVESTIGATION, t) or _has(r"handläggningstid\w*|ärende\w*", t))),
    ("child_heard", lambda t: _has(_HEARD, t) and not _has(_TIME, t)),
    ("load", lambda t: _has(_LOAD, t)),
    ("areas", lambda t: _has(_AREAS, t) and not _has(r"otryggt", t)),
    ("factors", lambda t: _has(_FACTORS, t)),
    ("reports", lambda t: _has(_REPORT, t)),
    ("investigations_ongoing", lambda t: _has(_INVESTIGATION, t) and _has(_ONGOING, t) and not _has(_CLOSED, t)),
    ("investigations_closed", lambda t: _has(_INVESTIGATION, t) and _has(_CLOSED, t)),
    ("investigations_opened", lambda t: _has(_INVESTIGATION, t) and (_has(_OPENED, t) or _has(_COUNT, t))),
    ("meetings", lambda t: _has(_MEETING, t)),
    ("investigations_opened", lambda t: _has(_INVESTIGATION, t)),
    ("cases", lambda t: _has(_CASES, t)),
)  # fmt: skip
"""The most particular first: a share of talks with an interpreter is about interpreters, not about talks."""


def _statistic(text: str, measure: Measure) -> Statistic:
    if measure in SHARES:
        return "count" if _has(r"hur många|antal\w*", text) and not _has(_SHARE, text) else "share"
    if measure in DURATIONS:
        if _has(_P90, text):
            return "p90"
        return "mean" if _has(_MEAN, text) and not _has(_MEDIAN, text) else "median"
    if measure == "load":
        return "mean"
    if measure == "overdue" and _has(_SHARE, text):
        return "count"
    return "count"


def _period(text: str, context: Context, before: CaseQuery | None, measure: Measure) -> tuple[Period, str]:
    found = find_period(text, context.today)
    if found is not None:
        return found, ""
    if measure in ("investigations_ongoing", "load") or _has(r"just nu|för närvarande|i dagsläget|idag", text):
        return Period(start=context.today, end=context.today), ""
    if before is not None:
        return before.period, "Samma period som i frågan före."
    this_year = year_of(context.today.year)
    if (context.today - this_year.start).days < 31:
        return Period(start=context.today - timedelta(days=364), end=context.today), "Ingen period nämns: senaste året."
    return Period(start=this_year.start, end=context.today), "Ingen period nämns: i år hittills."


_EACH = r"(?:per|för varje|varje|uppdela\w* (?:på|per|efter)|fördela\w* (?:på|per|efter)|dela\w* upp (?:på|per|efter|det på)|nedbrut\w* (?:på|per)|efter|grupper\w* (?:på|per|efter)|på)\s+"
_GROUPS: tuple[tuple[str, Group], ...] = (
    (_EACH + r"veck\w*|veckovis|vecka för vecka", "week"),
    (_EACH + r"månad\w*|månadsvis|månad för månad|varje månad", "month"),
    (_EACH + r"kvartal\w*|kvartalsvis|kvartal för kvartal", "quarter"),
    (_EACH + r"år(?:en|et)?\b|årsvis|år för år|varje år|årligen", "year"),
    (_EACH + r"enhet\w*|enhetsvis", "unit"),
    (_EACH + r"(?:ålder\w*|åldersgrupp\w*|åldrar\w*)|åldersfördel\w*|i olika åldrar|åldersvis", "age_band"),
    (_EACH + r"(?:bbic-?)?område\w*|områdesvis|vilka områden|vilket område", "area"),
    (_EACH + r"(?:samtals(?:form|typ)\w*|mötesform\w*|typ av (?:samtal|möte)\w*|sorts? samtal)", "setting"),
    (_EACH + r"(?:ärendetyp\w*|barn och vuxna|barn- och vuxen\w*)|barn respektive vuxna|barn kontra vuxna|barn jämfört med vuxna", "kind"),
)  # fmt: skip


def _groups(text: str) -> tuple[Group, ...]:
    found: list[tuple[int, Group]] = []
    for pattern, group in _GROUPS:
        match = re.search(pattern, text)
        if match:
            found.append((match.start(), group))
    also = re.search(_EACH + r"\w+ och (\w+)", text)
    if also:
        for pattern, group in _GROUPS:
            if re.search(pattern, f"per {also[1]}") and group not in [g for _, g in found]:
                found.append((also.start(1), group))
    return tuple(group for _, group in sorted(found))


def _comparison(text: str) -> Comparison:
    if not _has(
        r"jämför\w*|mot\b|kontra|än\b|skillnad\w*|förändr\w*|ökat|minskat|utveckl\w*|trend\w*|relativt|i förhållande",
        text,
    ):
        return "none"
    if _has(
        r"(?:mot|med|än|från|till|kontra)\s+(?:samma (?:period|tid|månad|kvartal)\w* )?(?:förra året|i fjol|fjolåret|året (?:före|innan)|föregående år|förra årets)|året innan|året före|samma (?:period|tid) (?:förra|föregående)|ett år sedan|mot i fjol",
        text,
    ):
        return "previous_year"
    if _has(
        r"(?:mot|med|än|kontra)\s+(?:perioden |månaden |kvartalet |veckan )?(?:förra|föregående|innan|före|tidigare)|föregående period|perioden (?:innan|före)|månaden (?:innan|före)|kvartalet (?:innan|före)",
        text,
    ):
        return "previous_period"
    return "previous_period" if _has(r"ökat|minskat|förändr\w*", text) else "none"


_SETTINGS = {
    "hembesök": r"hembesök\w*", "barnsamtal": r"barnsamtal\w*", "telefonsamtal": r"telefon\w*",
    "nätverksmöte": r"nätverksmöt\w*", "familjesamtal": r"familjesamtal\w*",
}  # fmt: skip
_BANDS: tuple[tuple[int, int, AgeBand], ...] = (
    (0, 6, "0-6"), (7, 9, "7-9"), (10, 12, "10-12"), (13, 15, "13-15"), (16, 20, "16-17"),
)  # fmt: skip


def _filters(text: str, context: Context, before: CaseQuery | None) -> Filters:
    found = Filters(
        unit=next((unit for unit in context.units if unit.lower() in text), None),
        kind=_kind(text),
        age_band=_age_band(text),
        area=_area(text),
        polarity=_polarity(text),
        setting=next((name for name, pattern in _SETTINGS.items() if _has(pattern, text)), None),
    )
    if before is None:
        return found
    kept = {name: value for name, value in before.filters.model_dump().items() if value is not None}
    return Filters(**{**kept, **{name: value for name, value in found.model_dump().items() if value is not None}})


def _kind(text: str):
    child = _has(
        r"barnärende\w*|barnutredning\w*|barnavård\w*|för barn\b|gäller barn\b|barn och unga\b|barnen\b|barn under",
        text,
    )
    adult = _has(r"vuxenärende\w*|vuxenutred\w*|vuxna\b|missbruksärende\w*", text)
    if child == adult:
        return None
    return "child" if child else "adult"


def _age_band(text: str) -> AgeBand | None:
    span = re.search(r"\b(\d{1,2})\s*(?:-|–|till)\s*(\d{1,2})\s*(?:år\w*|-?åring\w*)", text)
    one = re.search(r"\b(\d{1,2})[\s-]?(?:år(?:iga|ig)?\b(?!\s*sed)|åring\w*)", text)
    if span:
        low = int(span[1])
    elif one:
        low = int(one[1])
    elif _has(r"tonåring\w*|tonår\w*|högstadie\w*", text):
        low = 13
    elif _has(r"förskolebarn\w*|små barn|småbarn\w*|spädbarn\w*|yngre barn", text):
        low = 0
    else:
        return None
    return next((band for first, last, band in _BANDS if first <= low <= last), None)


def _area(text: str) -> str | None:
    areas = {factor.area for factor in catalogue()}
    for area in sorted(areas, key=len, reverse=True):
        if len(area) > 5 and area.lower() in text:
            return area
    return next((area for pattern, area in _AREA_WORDS if _has(pattern, text)), None)


_AREA_WORDS = (
    (r"\bskola\w*|utbildning|skolgång", "Utbildning"),
    (r"säkerhet|\bvåld\w*", "Säkerhet"),
    (r"\bboende\w*|bostad\w*|vräkning\w*", "Boende"),
    (r"\bhälsa\w*|ohälsa", "Hälsa"),
    (r"\bekonomi\w*|arbete och", "Arbete och ekonomi"),
)


def _polarity(text: str):
    risk, protective = _has(r"\brisk\w*", text), _has(r"\bskydd\w*", text)
    if risk == protective:
        return None
    return "risk" if risk else "protective"


def _unclear(text: str) -> Unclear:
    if _has(_TIME, text):
        why = "Vilken tid menas: förhandsbedömning, utredning eller tid till första samtal?"
        return Unclear(why=why, choices=("Hur lång tid tar förhandsbedömningarna?", "Hur lång tid tar utredningarna?"))
    if _has(_COUNT, text):
        why = "Vad ska räknas: orosanmälningar, utredningar, samtal eller ärenden?"
        return Unclear(why=why, choices=CHOICES[:2])
    return Unclear(why="Jag förstår inte vad som ska räknas eller mätas. Fråga till exempel så här.", choices=CHOICES)
