"""Swedish expressions of time to two dates. The day it is asked is an argument."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from ...tools.cases import Period

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
           "november", "december")  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_ORDINALS = {"första": 1, "1:a": 1, "1a": 1, "ett": 1, "andra": 2, "2:a": 2, "två": 2, "tredje": 3, "3:e": 3, "tre": 3,
             "fjärde": 4, "4:e": 4, "fyra": 4, "sista": 4}  # fmt: skip
_NUMBERS = {"en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9,
            "tio": 10, "elva": 11, "tolv": 12, "arton": 18, "tjugofyra": 24}  # fmt: skip
_SEASONS = {"vår": (3, 5), "som": (6, 8), "hös": (9, 11), "vin": (12, 14)}
"""First and last month; a winter ends the year after it begins."""
MONTH_NAMES = (
    "jan(?:uari)?|feb(?:r|ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|okt(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?<!\w)({MONTH_NAMES})(?!\w)\.?"
_YEAR = r"(?:(?<!\d)(20\d\d)(?!\d))"
_COUNT = r"(\d{1,2}|" + "|".join(_NUMBERS) + r")(?!\w)"
_LAST = r"(?:de\s+|det\s+|den\s+)?(?<!\w)(?:senaste|sista|gångna)"
_SEASON = r"(vår(?:en|as)?|sommar(?:en)?|somras|höst(?:en|as)?|vinter(?:n)?|vintras)(?!\w)"
_OF = r"\s*(?:i\s|år\s|under\s|av\s)?\s*"
_TO = r"\s*(?:till och med|t\.?\s?o\.?\s?m\.?|till|och|-|–|—)\s*"
_FROM = r"(?<!\w)(?:sedan|sen|från och med|fr\.?\s?o\.?\s?m\.?|från|efter|alltsedan)\s+(?:i\s+|den\s+)?"
_NAMED = rf"((?:{MONTH_NAMES})\.?|(?:kvartal|kv\.?|q|tertial|t)\s?[1-4]|kvartalet|tertialet|halvåret|(?:v\.?|vecka)\s?\d{{1,2}}|våren|sommaren|hösten|vintern)"


def find_period(text: str, today: date) -> Period | None:
    """The period the text names, or None. Text is lower case. A period in progress ends today.

    Raises ValueError for a day that does not exist, such as 2026-02-31.
    """
    text = _with_years(text, today)
    for pattern, make in _RULES:
        found = re.search(pattern, text)
        if found:
            return make(found, today)
    return None


def _with_years(text: str, today: date) -> str:
    """`mars förra året` as `mars 2025`: the year belongs to what stands before it."""
    text = re.sub(
        rf"(?<!\w){_NAMED}\s+(?:under\s+)?(?:förra året|i fjol|föregående år)(?!\w)", rf"\1 {today.year - 1}", text
    )
    return re.sub(rf"(?<!\w){_NAMED}\s+(?:i år|detta år|innevarande år|det här året)(?!\w)", rf"\1 {today.year}", text)


def month_of(year: int, month: int) -> Period:
    return Period(start=date(year, month, 1), end=date(year, month, monthrange(year, month)[1]))


def year_of(year: int) -> Period:
    return Period(start=date(year, 1, 1), end=date(year, 12, 31))


def quarter_of(year: int, quarter: int) -> Period:
    return Period(start=date(year, 3 * quarter - 2, 1), end=month_of(year, 3 * quarter).end)


def shifted(period: Period, comparison: str) -> Period:
    """The period to compare with: the same days a year earlier, or the one just before.

    Before whole months stand as many whole months; before other days as many days.
    """
    if comparison == "previous_year":
        return Period(start=_year_before(period.start), end=_end_year_before(period.end))
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if period.start.day == 1 and period.end == month_of(period.end.year, period.end.month).end:
        return Period(start=_back(period.start, months), end=period.start - timedelta(days=1))
    length = (period.end - period.start).days + 1
    return Period(start=period.start - timedelta(days=length), end=period.start - timedelta(days=1))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _end_year_before(day: date) -> date:
    """The last of February stays the last of February."""
    if day.month == 2 and day == month_of(day.year, 2).end:
        return month_of(day.year - 1, 2).end
    return _year_before(day)


def _until(period: Period, today: date) -> Period:
    return Period(start=period.start, end=min(period.end, today)) if period.start <= today else period


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _month_number(word: str) -> int:
    return _SHORT[word[:3]]


def _latest_year(month: int, today: date) -> int:
    return today.year if month <= today.month else today.year - 1


def _back(today: date, months: int) -> date:
    total = today.year * 12 + today.month - 1 - months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _previous_month(today: date) -> Period:
    before = today.replace(day=1) - timedelta(days=1)
    return month_of(before.year, before.month)


def _quarter(today: date) -> int:
    return (today.month + 2) // 3


def _previous_quarter(today: date) -> Period:
    number = _quarter(today) - 1
    return quarter_of(today.year, number) if number else quarter_of(today.year - 1, 4)


def _week(year: int, week: int) -> Period:
    last = date(year, 12, 28).isocalendar().week
    start = date.fromisocalendar(year, min(max(week, 1), last), 1)
    return Period(start=start, end=start + timedelta(days=6))


def _week_named(found: re.Match[str], today: date) -> Period:
    first, last = int(found[1]), int(found[2] or found[1])
    year = int(found[3]) if found[3] else today.year - (first > today.isocalendar().week)
    return _until(Period(start=_week(year, first).start, end=_week(year, max(first, last)).end), today)


def _this_week(today: date) -> Period:
    start = today - timedelta(days=today.weekday())
    return Period(start=start, end=today)


def _between_months(found: re.Match[str], today: date) -> Period:
    first, last = _month_number(found[1]), _month_number(found[3])
    last_year = int(found[4]) if found[4] else _latest_year(last, today)
    first_year = int(found[2]) if found[2] else (last_year if first <= last else last_year - 1)
    return _until(Period(start=date(first_year, first, 1), end=month_of(last_year, last).end), today)


def _dates(found: re.Match[str], today: date) -> Period:
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    return Period(start=min(first, last), end=max(first, last))


def _one_date(found: re.Match[str], today: date) -> Period:
    day = date.fromisoformat(found[1])
    return Period(start=day, end=day)


def _since_date(found: re.Match[str], today: date) -> Period:
    day = date.fromisoformat(found[1])
    return Period(start=day, end=max(day, today))


def _days_named(found: re.Match[str], today: date) -> Period:
    """`1 mars till 15 april 2026`, `1-15 oktober`, `den 3 maj`."""
    last_month = _month_number(found["to"] or found["from"])
    year = int(found["year"]) if found["year"] else _latest_year(last_month, today)
    first_month = _month_number(found["from"]) if found["from"] else last_month
    first = date(year - (first_month > last_month), first_month, int(found["d1"]))
    last = date(year, last_month, int(found["d2"])) if found["d2"] else first
    return Period(start=first, end=max(first, last))


def _years(found: re.Match[str], today: date) -> Period:
    first, last = sorted((int(found[1]), int(found[2])))
    return _until(Period(start=date(first, 1, 1), end=date(last, 12, 31)), today)


def _rolling(found: re.Match[str], today: date) -> Period:
    count, unit = _number(found[1] or "ett"), found[2]
    if unit.startswith(("vecka", "vecko", "veckor")):
        return Period(start=today - timedelta(days=7 * count - 1), end=today)
    if unit.startswith("dag"):
        return Period(start=today - timedelta(days=count - 1), end=today)
    if unit.startswith("dyg"):
        return Period(start=today - timedelta(days=count - 1), end=today)
    months = {"m": 1, "k": 3, "å": 12, "h": 6}[unit[0]] * count
    return Period(start=_back(today, months) + timedelta(days=1), end=today)


def _season(found: re.Match[str], today: date) -> Period:
    """`i våras` has ended, `i vår` may go on, `förra våren` was last year's."""
    lead, name, year = found[1] or "", found[2], int(found[3]) if found[3] else 0
    if year:
        return _until(_season_of(name, year), today)
    latest = _season_of(name, today.year)
    if latest.start > today or ((name.endswith("ras") or name.endswith("tas")) and latest.end >= today):
        latest = _season_of(name, today.year - 1)
    if lead.startswith("förra") and latest.start.year == today.year:
        latest = _season_of(name, today.year - 1)
    return _until(latest, today)


def _season_of(name: str, year: int) -> Period:
    first, last = _SEASONS["som" if name.startswith("som") else name[:3]]
    return Period(start=date(year, first, 1), end=month_of(year + last // 13, (last - 1) % 12 + 1).end)


def _since_season(found: re.Match[str], today: date) -> Period:
    latest = _season_of(found[1], int(found[2]) if found[2] else today.year)
    if latest.start > today and not found[2]:
        latest = _season_of(found[1], today.year - 1)
    return Period(start=latest.start, end=max(today, latest.start))


def _quarter_named(found: re.Match[str], today: date) -> Period:
    number = int(found[1]) if found[1].isdigit() else _ORDINALS[found[1]]
    year = int(found[2]) if found[2] else (today.year if number <= _quarter(today) else today.year - 1)
    return _until(quarter_of(year, number), today)


def _tertial_named(found: re.Match[str], today: date) -> Period:
    number = min(int(found[1]) if found[1].isdigit() else _ORDINALS[found[1]], 3)
    year = int(found[2]) if found[2] else (today.year if 4 * number - 3 <= today.month else today.year - 1)
    return _until(Period(start=date(year, 4 * number - 3, 1), end=month_of(year, 4 * number).end), today)


def _half_named(found: re.Match[str], today: date) -> Period:
    year = int(found[2]) if found[2] else today.year
    first = found[1].startswith(("första", "1"))
    start, end = (date(year, 1, 1), date(year, 6, 30)) if first else (date(year, 7, 1), date(year, 12, 31))
    if start > today and not found[2]:
        start, end = start.replace(year=year - 1), end.replace(year=year - 1)
    return _until(Period(start=start, end=end), today)


def _previous_half(today: date) -> Period:
    if today.month > 6:
        return Period(start=date(today.year, 1, 1), end=date(today.year, 6, 30))
    return Period(start=date(today.year - 1, 7, 1), end=date(today.year - 1, 12, 31))


def _month_named(found: re.Match[str], today: date) -> Period:
    month = _month_number(found[1])
    year = int(found[2]) if found[2] else _latest_year(month, today)
    return _until(month_of(year, month), today)


def _until_month(found: re.Match[str], today: date) -> Period:
    month = _month_number(found[1])
    year = int(found[2]) if found[2] else _latest_year(month, today)
    return Period(start=date(year, 1, 1), end=month_of(year, month).end)


def _since(found: re.Match[str], today: date) -> Period:
    month = _month_number(found[1])
    year = int(found[2]) if found[2] else _latest_year(month, today)
    return Period(start=date(year, month, 1), end=max(today, date(year, month, 1)))


def _since_year(found: re.Match[str], today: date) -> Period:
    return Period(start=date(min(int(found[1]), today.year), 1, 1), end=today)


def _years_ago(found: re.Match[str], today: date) -> Period:
    return year_of(today.year - _number(found[1]))


_RULES: tuple[tuple[str, Callable[[re.Match[str], date], Period]], ...] = (
    (rf"(20\d\d-\d\d-\d\d){_TO}(20\d\d-\d\d-\d\d)", _dates),
    (rf"{_FROM}(20\d\d-\d\d-\d\d)", _since_date),
    (r"(20\d\d-\d\d-\d\d)", _one_date),
    (
        rf"(?<!\w)(?P<d1>\d{{1,2}})(?::e|:a)?\s*(?P<from>{MONTH_NAMES})?\s*(?:20\d\d)?(?:till och med|till|t\.?o\.?m\.?|och|-|–)"
        rf"\s*(?:den\s+)?(?P<d2>\d{{1,2}})(?::e|:a)?\s+(?P<to>{MONTH_NAMES})(?!\w)\s*(?P<year>20\d\d)?",
        _days_named,
    ),
    (rf"(?<!\w)den (?P<d1>\d{{1,2}})(?::e|:a)?\s+(?P<from>{MONTH_NAMES})(?!\w)(?P<to>)(?P<d2>)\s*(?P<year>20\d\d)?", _days_named),
    (rf"{_MONTH}\s*{_YEAR}?{_TO}{_MONTH}\s*{_YEAR}?", _between_months),
    (rf"{_YEAR}{_TO}{_YEAR}", _years),
    (rf"{_FROM}{_SEASON}\s*{_YEAR}?", _since_season),
    (rf"{_FROM}{_MONTH}\s*{_YEAR}?", _since),
    (rf"{_FROM}(?:år\s+)?{_YEAR}", _since_year),
    (rf"{_FROM}(?:nyår|årsskiftet|årets början)", lambda _, t: _until(year_of(t.year), t)),
    (rf"(?:t\.?\s?o\.?\s?m\.?|till och med|fram till)\s+{_MONTH}\s*{_YEAR}?", _until_month),
    (rf"(?<!\w)(?:kvartal|kv\.?|q)\s?([1-4]|ett|två|tre|fyra)(?!\w){_OF}{_YEAR}?", _quarter_named),
    (rf"(?<!\w)(första|andra|tredje|fjärde|sista|1:a|2:a|3:e|4:e)\s+kvartalet(?!\w){_OF}{_YEAR}?", _quarter_named),
    (rf"(?<!\w)tertial\s?([1-3]|ett|två|tre)(?!\w){_OF}{_YEAR}?", _tertial_named),
    (rf"(?<!\w)(första|andra|tredje|sista|1:a|2:a|3:e)\s+tertialet(?!\w){_OF}{_YEAR}?", _tertial_named),
    (rf"(?<!\w)(första|andra|1:a|2:a)\s+halvåret(?!\w){_OF}{_YEAR}?", _half_named),
    (r"(?<!\w)(?:förra|föregående|senaste) halvåret?(?!\w)", lambda _, t: _previous_half(t)),
    (
        rf"{_LAST}\s+(?:{_COUNT}\s+)?(månaderna|månader|månaden|månad|veckorna|veckor|veckan|vecka|åren|år|året|dagarna|dagar|dygnen|dygnet|kvartalen|kvartalet|halvåret)(?!\w)",
        _rolling,
    ),
    (rf"(?<!\w)(förra\s+|i\s+|under\s+)?{_SEASON}\s*{_YEAR}?", _season),
    (rf"(?<!\w)för {_COUNT}\s+år sed?a?n(?!\w)", _years_ago),
    (r"(?<!\w)(?:förra året|i fjol|fjol|fjolårets?|förra år|föregående år|förra årets)(?!\w)", lambda _, t: year_of(t.year - 1)),
    (r"(?<!\w)(?:förra|föregående|förgående) kvartal(?:et)?(?!\w)", lambda _, t: _previous_quarter(t)),
    (r"(?<!\w)(?:förra|föregående) månad(?:en)?(?!\w)", lambda _, t: _previous_month(t)),
    (r"(?<!\w)(?:förra|föregående) vecka(?:n)?(?!\w)", lambda _, t: _week(*(t - timedelta(days=7)).isocalendar()[:2])),
    (r"(?<!\w)(?:det här kvartalet|detta kvartal|i kvartalet|innevarande kvartal|kvartalet hittills|nuvarande kvartal)", lambda _, t: _until(quarter_of(t.year, _quarter(t)), t)),
    (r"(?<!\w)(?:den här månaden|denna månad(?:en)?|i månaden|innevarande månad|nuvarande månad|månaden hittills)", lambda _, t: _until(month_of(t.year, t.month), t)),
    (r"(?<!\w)(?:den här veckan|denna vecka|i veckan|innevarande vecka|veckan hittills)", lambda _, t: _this_week(t)),
    (rf"(?<!\w)(?:v\.?|vecka|veckorna|veckor|v\.)\s?(\d{{1,2}})(?:{_TO}(?:vecka\s|v\.?\s?)?(\d{{1,2}}))?(?!\w){_OF}{_YEAR}?", _week_named),
    (rf"{_MONTH}(?:\s+månad)?{_OF}{_YEAR}?", _month_named),
    (rf"{_YEAR}", lambda f, t: _until(year_of(int(f[1])), t)),
    (r"(?<!\w)(?:i år|det här året|detta år|hittills|årets|innevarande år|under året)(?!\w)", lambda _, t: _until(year_of(t.year), t)),
    (r"(?<!\w)(?:i dag|idag)(?!\w)", lambda _, t: Period(start=t, end=t)),
    (r"(?<!\w)(?:i går|igår)(?!\w)", lambda _, t: Period(start=t - timedelta(days=1), end=t - timedelta(days=1))),
)  # fmt: skip
"""Most telling first: a span before a month, a month before a year."""
