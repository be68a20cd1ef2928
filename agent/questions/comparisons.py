"""What a question compares with. The comparison is taken out of the words before the period is looked for."""

import re

from ...tools.cases import Comparison
from .periods import MONTH_NAMES
from .words import family

_MONTH = rf"(?:{MONTH_NAMES})"
_LAST_YEAR = r"(?:förra årets?|i fjol|fjolårets?|fjol|föregående års?|året (?:innan|före)|året dessförinnan|ett år (?:tidigare|sedan|sen))(?!\w)"
_SAME = r"(?:samma|motsvarande) (?:period|tid|tidpunkt|månad|kvartal|vecka|halvår|veckor|månader|kvartalet|perioden)\w*"
_SPAN = r"(?:period\w*|månad\w*|kvartal\w*|veck\w*|halvår\w*|tertial\w*)"
_YEAR_REF = rf"(?:(?:{_SAME}|{_MONTH}|{_SPAN}|q[1-4]|kvartal [1-4]|våren|hösten|sommaren)\s+)?(?:under\s+|för\s+)?{_LAST_YEAR}(?:\s+siffror)?"
_PERIOD_REF = rf"(?:(?:den |det )?(?:förra|föregående|tidigare) {_SPAN}|{_SPAN} (?:innan|före|dessförinnan)|dessförinnan|innan dess|tidigare|innan|förut)(?!\w)"
_POINT = rf"(?:(?:{_MONTH}\s*)?20\d\d|{_MONTH}|q[1-4]|kvartal [1-4])"
_LINK = (
    r"(?:mot|än|kontra|vs\.?|versus|relativt|gentemot|i (?:förhållande|relation|jämförelse) (?:till|med)|skillnad mot)"
)
_CUE = family("jämför~", "jmf", "jfr", "jämf", "skillnad~", "ställ~", "kontra", "relativt")
_LOOSE = (
    r"(?:mot|med|än|från|och|till|kontra|vs\.?|gentemot|relativt|i (?:förhållande|relation|jämförelse) (?:till|med))"
)
_CHANGE = family(
    "öka~",
    "minska~",
    "förändra~",
    "ändra~",
    "fler",
    "färre",
    "blivit (?:bättre|sämre|längre|kortare)",
    "gått (?:upp|ner|ned)",
    "sjunk~",
    "stig~",
    "stigit",
)
_LEAD = r"(?:,?\s*(?:jämfört?|jämför\w*|jmf|jfr|ställt|i jämförelse)(?: det| dem| detta| siffrorna)?)?\s*"


def split_comparison(text: str) -> tuple[str, Comparison, str]:
    """The text without its comparison, the comparison, and the year or month compared with ("" where only told by kind)."""
    between = re.search(rf"skillnad\w*[^.?!]*?(mellan ({_POINT}) och ({_POINT}))(?!\w)", text)
    if between:
        return text.replace(between[1], f"under {between[3]}"), "none", between[2]
    links = _LOOSE if _CUE.search(text) else _LINK
    kinds: tuple[tuple[str, Comparison], ...] = ((_YEAR_REF, "previous_year"), (_PERIOD_REF, "previous_period"))
    for reference, comparison in kinds:
        found = re.search(rf"{_LEAD}(?<!\w){links}\s+(?:under\s+)?{reference}", text)
        if found:
            return _cut(text, found), comparison, ""
    named = re.search(rf"{_LEAD}(?<!\w){links}\s+((?:{_MONTH}\s*)?20\d\d|{_MONTH}|q[1-4]|kvartal [1-4])(?!\w)", text)
    if named and (_CUE.search(text) or _CHANGE.search(text)) and not re.search(r"mellan\b", text):
        return _cut(text, named), "none", named[1]
    bare = re.search(
        rf"(?:jämför\w*|jmf|skillnad\w*)\s+(?:med\s+)?(?:{_YEAR_REF})|{_SAME}\s+(?:under\s+)?{_LAST_YEAR}", text
    )
    if bare:
        return _cut(text, bare), "previous_year", ""
    bare = re.search(rf"(?:jämför\w*|jmf|skillnad\w*)\s+(?:med\s+)?{_PERIOD_REF}", text)
    if bare:
        return _cut(text, bare), "previous_period", ""
    return text, "none", ""


def asks_for_change(text: str) -> bool:
    """Whether more or less is asked without saying than what."""
    return (
        _CHANGE.search(text) is not None
        and re.search(r"(?:fler|färre|mer|mindre) än (?:\d|en |ett |två |tre |fyra )", text) is None
    )


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()
