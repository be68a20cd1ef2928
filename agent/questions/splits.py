"""How the figures are split (groups) and narrowed (filters) by the words of a question."""

import re

from ...knowledge.factors import catalogue
from ...tools.cases import AgeBand, CaseQuery, Filters, Group, Measure
from .measures import find_measure, limit_asked
from .periods import MONTH_NAMES
from .words import family

_NOUNS: tuple[tuple[str, Group], ...] = (
    (r"veck(?:a|or|orna)", "week"),
    (r"månad(?:er|erna)?", "month"),
    (r"(?:kvartal(?:en)?|kv)", "quarter"),
    (r"(?:kalender)?år(?:en)?", "year"),
    (r"enhet(?:er|erna)?", "unit"),
    (r"(?:ålders(?:grupp|klass|kategori|spann|intervall)\w*|ålder|åldrar|barnets ålder|barnens ålder)", "age_band"),
    (r"(?:bbic-?)?(?:livs|behovs|problem)?område(?:n|na)?", "area"),
    (r"(?:(?:samtals|mötes)(?:form|typ|sort|slag)\w*|(?:typ|sort|form|slag) av (?:samtal|möte)\w*|sorts? (?:samtal|möte)\w*)", "setting"),
    (r"(?:ärendetyp\w*|ärendeslag\w*|typ av ärende\w*|barn (?:och|respektive|kontra|resp\.?) vuxna|barn- och vuxen\w*)", "kind"),
)  # fmt: skip
_NOUN = "(?:" + "|".join(pattern for pattern, _ in _NOUNS) + r")(?!\w)"
_EACH = (
    r"(?:per|för varje|varje|var|uppdela\w* (?:på|per|efter|i)|fördela\w* (?:på|per|efter|över)|fördelning\w* (?:på|per|över|efter)|"
    r"dela\w* upp (?:det |dem |siffrorna )?(?:på|per|efter|i)|nedbrut\w* (?:på|per)|bryt ner (?:det )?(?:på|per)|brutet på|"
    r"grupper\w* (?:på|per|efter)|sorter\w* (?:på|per|efter)|split\w* på|efter|på)"
)
_LISTED = re.compile(
    rf"(?<!\w){_EACH}\s+(?:respektive\s+)?({_NOUN}(?:\s*(?:,\s*och|,|och|samt|x|/|&|\+)\s*(?:per\s+|efter\s+|på\s+|varje\s+)?{_NOUN})*)"
)
_ALONE: tuple[tuple[str, Group], ...] = (
    (r"veckovis|vecka för vecka|(?:vilken|vilka) veck\w+", "week"),
    (r"månadsvis|månad för månad|månatlig\w*|(?:vilken|vilka) månad\w*", "month"),
    (r"kvartalsvis|kvartal för kvartal|(?:vilket|vilka) kvartal", "quarter"),
    (r"årsvis|år för år|årligen|(?:vilket|vilka) år(?!\w)", "year"),
    (r"enhetsvis", "unit"),
    (r"åldersfördel\w*|i olika åldrar|åldersvis|vilka åld\w+|vilken åld\w+|hur gamla", "age_band"),
    (r"områdesvis|vilka (?:\w+ )?(?:livs|behovs|problem)?områden|vilket (?:\w+ )?(?:livs)?område", "area"),
    (r"vilka (?:samtals|mötes)(?:former|typer)|olika (?:samtals|mötes)\w+", "setting"),
    (r"barn (?:respektive|kontra|jämfört med|och) vuxna", "kind"),
)
_TREND = family("utveckl~", "trend~", "över tid", "kurva~")
_TIMES: frozenset[Group] = frozenset(("week", "month", "quarter", "year"))


def find_groups(text: str, measure: Measure | None) -> tuple[Group, ...]:
    """The splits in the order they are said; a trend without a step is by month, areas are shown by area."""
    found: list[tuple[int, Group]] = []
    for listed in _LISTED.finditer(text):
        for pattern, noun in _NOUNS:
            for at in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", listed[1]):
                found.append((listed.start(1) + at.start(), noun))
    for pattern, alone in _ALONE:
        for at in re.finditer(rf"(?<!\w)(?:{pattern})", text):
            found.append((at.start(), alone))
    groups: list[Group] = list(dict.fromkeys(group for _, group in sorted(found, key=_place)))
    if _TREND.search(text) and not _TIMES & set(groups):
        groups.append("month")
    if measure == "areas" and "area" not in groups and named_area(text) is None:
        groups.insert(0, "area")
    return tuple(groups)


def _place(found: tuple[int, Group]) -> int:
    return found[0]


_SETTINGS = {
    "hembesök": "hembesök", "barnsamtal": "barnsamtal", "telefonsamtal": "telefon", "nätverksmöte": "nätverksmöt",
    "familjesamtal": "familjesamtal",
}  # fmt: skip
_BANDS: tuple[tuple[int, int, AgeBand], ...] = (
    (0, 6, "0-6"), (7, 9, "7-9"), (10, 12, "10-12"), (13, 15, "13-15"), (16, 20, "16-17"),
)  # fmt: skip
_OF_TALKS: frozenset[Measure] = frozenset(("meetings", "interpreter", "recording_declined", "disputed"))


def find_filters(text: str, own_unit: str, measure: Measure, before: CaseQuery | None) -> Filters:
    """What narrows the question; what the question before narrowed is kept unless it is said anew."""
    found = Filters(
        unit=own_unit if own_unit and re.search(rf"(?<!\w){re.escape(own_unit.lower())}(?!\w)", text) else None,
        kind=_kind(text.replace(own_unit.lower(), " ")),
        age_band=find_age_band(text),
        area=named_area(text),
        polarity=_polarity(text) if measure in ("factors", "areas") else None,
        setting=_setting(text) if measure in _OF_TALKS else None,
        limit=limit_asked(text) if measure == "overdue" else None,
    )
    if before is None:
        return found
    kept = {name: value for name, value in before.filters.model_dump().items() if value is not None}
    if measure != "overdue":
        kept.pop("limit", None)
    return Filters(**{**kept, **{name: value for name, value in found.model_dump().items() if value is not None}})


def _setting(text: str) -> str | None:
    return next((name for name, stem in _SETTINGS.items() if re.search(rf"(?<!\w){stem}", text)), None)


_CHILD = family(
    "barnärende~",
    "barnutred~",
    "barnavård~",
    "(?:gäller|avser|rör|gällande|avseende|kring) (?:bara |endast |enbart )?barn(?:en)?",
    "barn under",
)
_ADULT = family(
    "vuxenärende~",
    "vuxenutred~",
    "(?:gäller|avser|rör|gällande|avseende|för|bara) (?:bara |endast )?vuxna",
    "missbruksärende~",
)


def _kind(text: str):
    child, adult = _CHILD.search(text) is not None, _ADULT.search(text) is not None
    if child == adult:
        return None
    return "child" if child else "adult"


def ages_named(text: str) -> tuple[int, int] | None:
    """The ages a question names, first and last, or None."""
    span = re.search(
        r"(?<!\d)(\d{1,2})\s*(?:-|–|till|och)\s*(\d{1,2})\s*-?(?:år(?:s|iga|ingar\w*)?(?!\w)|åring\w*)", text
    )
    if span:
        return int(span[1]), int(span[2])
    one = re.search(r"(?<!\d)(\d{1,2})[\s-]?(?:år(?:iga|ig|s)(?!\w)|åring\w*)|(\d{1,2}) år gam\w+", text)
    if one:
        age = int(one[1] or one[2])
        return age, age
    return None


def find_age_band(text: str) -> AgeBand | None:
    """The band the named age falls in; None for no age or for a span over several bands."""
    named = ages_named(text)
    if named is None:
        if family("tonår~", "högstadie~").search(text):
            named = (13, 15)
        elif family("förskolebarn~", "små barn~", "småbarn~", "spädbarn~", "yngre barn~", "de minsta").search(text):
            named = (0, 6)
        elif family("gymnasie~").search(text):
            named = (16, 17)
        elif family("mellanstadie~").search(text):
            named = (10, 12)
        elif family("lågstadie~").search(text):
            named = (7, 9)
    if named is None:
        return None
    return next((band for first, last, band in _BANDS if first <= named[0] and named[1] <= last), None)


_AREA_WORDS = (
    (family("skolgång~", "skolfrånvaro~", "frånvaro i skolan", "skolproblem~", "skolsituation~", "skolan", "utbildning~"), "Utbildning"),
    (family("säkerhet~", "våld~", "misshandel~", "hedersvåld~", "hot", "hot och våld"), "Säkerhet"),
    (family("boende", "boendet", "boendesituation~", "bostad~", "vräkning~", "trångbodd~", "hemlös~"), "Boende"),
    (family("hälsa", "hälsan", "ohälsa~", "psykisk ohälsa"), "Hälsa"),
    (family("familjens ekonomi", "ekonomi", "ekonomin", "arbete och ekonomi"), "Arbete och ekonomi"),
    (family("omsorgssvikt~", "vanvård~", "bristande omsorg~", "grundläggande omsorg~"), "Grundläggande omsorg"),
    (family("alkohol~"), "Alkohol"),
    (family("narkotika~", "droger~", "knark~"), "Narkotika"),
)  # fmt: skip


def named_area(text: str) -> str | None:
    """The area of the catalogue the text names, by its name or by a common word for it."""
    for area in sorted({factor.area for factor in catalogue()}, key=len, reverse=True):
        if len(area) > 6 and re.search(rf"(?<!\w){re.escape(area.lower())}(?!\w)", text):
            return area
    return next((area for pattern, area in _AREA_WORDS if pattern.search(text)), None)


_ABOUT = re.compile(
    r"(?<!\w)(?:gäll(?:er|de|ande)|rör(?:de|ande)?|handla(?:r|de) om|avse(?:r|ende)|på grund av|pga|kopplad?e?t? till|orsakade? av|"
    r"(?:anmälningar(?:na)?|anmälan|utredningar(?:na)?|ärenden(?:a)?|samtal(?:en)?) om|med inslag av)\s+((?:\w+\s?){1,3})"
)


def unseen_condition(text: str) -> str:
    """What a question is said to be about when no filter, age, period or measure is told by it; "" where all is seen."""
    for about in _ABOUT.finditer(text):
        told = about[1]
        seen = (
            named_area(told)
            or find_age_band(told)
            or find_measure(told)
            or _COMMON.search(told)
            or ages_named(about[0] + text[about.end() :])
        )
        if not seen:
            return told.strip()
    return ""


_COMMON = family(
    "barn~",
    "unga",
    "ungdom~",
    "vuxna",
    "famil~",
    "inled~",
    "oro",
    "risk~",
    "skydd~",
    "de",
    "dem",
    "vi",
    "oss",
    "vår~",
    "enhet~",
    "förra",
    "i",
    "under",
    "senaste",
    MONTH_NAMES,
    "20\\d\\d",
    "q[1-4]",
    "kvartal",
    "hela",
    "om",
)


def _polarity(text: str):
    risk, protective = family("risk~").search(text) is not None, family("skydd~").search(text) is not None
    if risk == protective:
        return None
    return "risk" if risk else "protective"
