"""Swedish expressions of time to two dates. The day it is asked is an argument."""

import re
from calendar import monthrange
from datetime import date, timedelta

from ...tools.cases import Period

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
           "november", "december")  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_ORDINALS = {
    "första": 1,
    "1:a": 1,
    "1a": 1,
    "andra": 2,
    "2:a": 2,
    "tredje": 3,
    "3:e": 3,
    "fjärde": 4,
    "4:e": 4,
    "sista": 4,
}
_NUMBERS = {"en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9,
            "tio": 10, "elva": 11, "tolv": 12, "arton": 18, "tjugofyra": 24}  # fmt: skip
_SEASONS = {"våren": (3, 5), "vår": (3, 5), "sommaren": (6, 8), "sommar": (6, 8), "hösten": (9, 11), "höst": (9, 11)}
_MONTH = r"(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_YEAR = r"(20\d\d)"
_COUNT = r"(\d{1,2}|" + "|".join(_NUMBERS) + r")"
_LAST = r"(?:de\s+)?(?:senaste|sista|gångna|föregående)"


def find_period(text: str, today: date) -> Period | None:
    """The period the text names, or None. Text is lower case. A period in progress ends today."""
    for pattern, make in _RULES:
        found = re.search(pattern, text)
        if found:
            return make(found, today)
    return None


def month_of(year: int, month: int) -> Period:
    return Period(start=date(year, month, 1), end=date(year, month, monthrange(year, month)[1]))


def year_of(year: int) -> Period:
    return Period(start=date(year, 1, 1), end=date(year, 12, 31))


def quarter_of(year: int, quarter: int) -> Period:
    return Period(start=date(year, 3 * quarter - 2, 1), end=month_of(year, 3 * quarter).end)


def shifted(period: Period, comparison: str) -> Period:
    """The period to compare with: the one just before, or the same days a year earlier."""
    if comparison == "previous_year":
        return Period(start=_year_before(period.start), end=_year_before(period.end))
    length = (period.end - period.start).days + 1
    return Period(start=period.start - timedelta(days=length), end=period.start - timedelta(days=1))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


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
    start = date.fromisocalendar(year, min(week, 52), 1)
    return Period(start=start, end=start + timedelta(days=6))


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


def _years(found: re.Match[str], today: date) -> Period:
    first, last = sorted((int(found[1]), int(found[2])))
    return _until(Period(start=date(first, 1, 1), end=date(last, 12, 31)), today)


def _rolling(found: re.Match[str], today: date) -> Period:
    count, unit = _number(found[1] or "ett"), found[2]
    if unit.startswith(("vecka", "vecko", "veckor")):
        return Period(start=today - timedelta(days=7 * count - 1), end=today)
    if unit.startswith("dag"):
        return Period(start=today - timedelta(days=count - 1), end=today)
    months = {"m": 1, "k": 3, "å": 12}[unit[0]] * count
    return Period(start=_back(today, months) + timedelta(days=1), end=today)


def _season(found: re.Match[str], today: date) -> Period:
    first, last = _SEASONS[found[2]]
    year = int(found[3]) if found[3] else (today.year if first <= today.month else today.year - 1)
    if found[1] and not found[3]:
        year -= year == today.year
    return _until(Period(start=date(year, first, 1), end=month_of(year, last).end), today)


def _quarter_named(found: re.Match[str], today: date) -> Period:
    number = int(found[1]) if found[1].isdigit() else _ORDINALS[found[1]]
    year = int(found[2]) if found[2] else (today.year if number <= _quarter(today) else today.year - 1)
    return _until(quarter_of(year, number), today)


def _half_named(found: re.Match[str], today: date) -> Period:
    year = int(found[2]) if found[2] else today.year
    first = found[1].startswith(("första", "1"))
    start, end = (date(year, 1, 1), date(year, 6, 30)) if first else (date(year, 7, 1), date(year, 12, 31))
    if start > today and not found[2]:
        start, end = start.replace(year=year - 1), end.replace(year=year - 1)
    return _until(Period(start=start, end=end), today)


def _month_named(found: re.Match[str], today: date) -> Period:
    month = _month_number(found[1])
    year = int(found[2]) if found[2] else _latest_year(month, today)
    return _until(month_of(year, month), today)


def _since(found: re.Match[str], today: date) -> Period:
    month = _month_number(found[1])
    year = int(found[2]) if found[2] else _latest_year(month, today)
    return Period(start=date(year, month, 1), end=today)


def _since_year(found: re.Match[str], today: date) -> Period:
    return Period(start=date(min(int(found[1]), today.year), 1, 1), end=today)


_RULES = (
    (r"(20\d\d-\d\d-\d\d)\s*(?:till|-|–|och|t\.?o\.?m\.?)\s*(20\d\d-\d\d-\d\d)", _dates),
    (rf"(?:mellan|från|under)?\s*\b{_MONTH}\s*{_YEAR}?\s*(?:till och med|t\.?o\.?m\.?|till|och|-|–)\s*{_MONTH}\b\s*{_YEAR}?", _between_months),
    (rf"{_YEAR}\s*(?:till|och|-|–)\s*{_YEAR}", _years),
    (rf"(?:sedan|sen|från och med|fr\.?o\.?m\.?|efter)\s+{_MONTH}\b\s*{_YEAR}?", _since),
    (rf"(?:sedan|sen|från och med|fr\.?o\.?m\.?)\s+(?:år\s+)?{_YEAR}", _since_year),
    (rf"\b(?:kvartal|q)\s?([1-4])\b\s*(?:i\s|år\s)?\s*{_YEAR}?", _quarter_named),
    (rf"\b(första|andra|tredje|fjärde|sista|1:a|2:a|3:e|4:e)\s+kvartalet\b\s*(?:i\s|år\s)?\s*{_YEAR}?", _quarter_named),
    (rf"\b(första|andra|1:a|2:a)\s+halvåret\b\s*(?:i\s|år\s)?\s*{_YEAR}?", _half_named),
    (rf"{_LAST}\s+{_COUNT}?\s*(månaderna|månader|månaden|månad|veckorna|veckor|veckan|vecka|åren|år|året|dagarna|dagar|dygnen|kvartalen|kvartalet)\b", _rolling),
    (rf"(förra\s+|i\s+)?\b(våren|vår|sommaren|sommar|hösten|höst)(?:as|en)?\b\s*{_YEAR}?", _season),
    (r"\bförra året\b|\bi fjol\b|\bfjolåret\b|\bförra år\b|\bföregående år\b", lambda _, t: year_of(t.year - 1)),
    (r"\bförra kvartalet\b|\bföregående kvartal", lambda _, t: _previous_quarter(t)),
    (r"\bförra månaden\b|\bföregående månad", lambda _, t: _previous_month(t)),
    (r"\bförra veckan\b|\bföregående vecka", lambda _, t: _week(*(t - timedelta(days=7)).isocalendar()[:2])),
    (r"\bi år\b|\bdet här året\b|\bdetta år\b|\bhittills\b|\bårets\b|\binnevarande år\b|\bunder året\b", lambda _, t: _until(year_of(t.year), t)),
    (r"\bdet här kvartalet\b|\bdetta kvartal\b|\bi kvartalet\b|\binnevarande kvartal", lambda _, t: _until(quarter_of(t.year, _quarter(t)), t)),
    (r"\bden här månaden\b|\bdenna månad\b|\bi månaden\b|\binnevarande månad", lambda _, t: _until(month_of(t.year, t.month), t)),
    (r"\bden här veckan\b|\bdenna vecka\b|\bi veckan\b", lambda _, t: _this_week(t)),
    (r"\bi dag\b|\bidag\b", lambda _, t: Period(start=t, end=t)),
    (r"\bi går\b|\bigår\b", lambda _, t: Period(start=t - timedelta(days=1), end=t - timedelta(days=1))),
    (rf"\b(?:v\.?|vecka)\s?(\d{{1,2}})\b\s*(?:i\s|år\s)?\s*{_YEAR}?", lambda f, t: _week(int(f[2]) if f[2] else t.year, max(1, int(f[1])))),
    (rf"\b{_MONTH}\b(?:\s+månad)?\s*(?:i\s|år\s)?\s*{_YEAR}?", _month_named),
    (rf"\b{_YEAR}\b", lambda f, t: _until(year_of(int(f[1])), t)),
)  # fmt: skip
"""Most telling first: a span before a month, a month before a year."""
