"""What a question asks to have counted, timed or shared: the measure and the statistic."""

from collections.abc import Callable

from ...tools.cases import DURATIONS, SHARES, Measure, Statistic
from .words import family

_LAWFUL = r"(?:lagstad\w+ |laglig\w* |lagens )?(?:tid\w*|gräns\w*|frist\w*|krav\w*)"
_LATE = family(
    "försen~", "försent", "för sen~", "över[ -]?tid~", "sprack", "spruck~", "spräck~", "spricker", "dragit över", "drog över",
    "drar över", "överskr~", "passera~", "gått ut", "försum~", "drar? ut på tiden", "drog ut på tiden", "för lång tid",
    "utanför " + _LAWFUL, "över " + _LAWFUL, "inom " + _LAWFUL, "utöver " + _LAWFUL, "mot " + _LAWFUL, "miss~ " + _LAWFUL,
    "tidsfrist~", "tidsgräns~", "lagkrav~", "lagen (?:tillåter|kräver|säger)", "i tid", "ligger efter", "släpar~",
    "(?:mer|längre) än (?:14|fjorton|två veckor|fyra månader|4 månader|120 dagar)~", "inom (?:14|fjorton|två veckor|fyra|4) ?~",
    "över (?:14|fjorton|två veckor|fyra månader|4 månader|120 dagar)~", "fyramånaders~", "4-?månaders~",
    "fjortondagars~", "14-?dagars~", "tvåveckors~",
)  # fmt: skip
_TIME = family(
    "hur lång", "hur långa", "hur långt", "hur länge", "hur snabb~", "hur fort", "hur kvickt", "hur långsam~", "dröj~", "dröjsmål~",
    "handläggningstid~", "utredningstid~", "förhandsbedömningstid~", "ledtid~", "väntetid~", "vänta~", "tidsåtgång",
    "(?:genom)?snitt(?:s)?tid~", "medeltid~", "mediantid~", "genomloppstid~", "varaktighet~", "längd~", "tid (?:tar|tog|det|för|från|till)",
    "tider", "tiden", "tiderna", "dagar (?:tar|tog|gick|går|innan|från|mellan|till|det)", "antal dagar", "hur många dagar",
    "hur många veckor (?:tar|tog|går|gick|det)", "tog det", "tar det", "tidsmässigt", "ta~ (?:\\w+ )?lång tid",
)  # fmt: skip
_UNIT_OF_TIME = family(
    "tid", "tiden", "tider~", "tidsåtgång~", "dag", "dagar~", "dröj~", "lång~", "vänta~", "snabb~", "fort"
)
_ASSESS = family(
    "förhandsbed~", "förhands", "beslut\\w* om (?:att )?(?:\\w+ )?(?:utred|inled)~", "(?:ska|skall|att) (?:inleda\\w*|öppna\\w*|utreda\\w*|starta\\w*)",
    "inleda eller inte", "öppna eller inte", "till (?:vi |man |att )?(?:beslut|inled|öppna)~", "om (?:en )?utredning (?:ska )?(?:inled|öppna|start)~",
    "om (?:vi |man |de |det )?ska utred~", "(?:inleds|öppnas|inledas)",
    "besked",
)  # fmt: skip
_REPORTS = family(
    "orosanmäl~", "oro(?:s)?anmäl~", "anmälning~", "anmälan", "anmälda", "anmäls", "anmälts", "anmäldes", "oros", "inkom~ oro",
    "oro (?:har |som )?(?:\\w+ )?(?:in|kom|kommit)", "14:1~", "19:1~", "aktualiser~", "anm", "inflöde~",
)  # fmt: skip
_INVESTIGATIONS = family("utred~", "buk", "barnavårdsutred~", "barnutred~", "vuxenutred~", "barnavårdsärende~")
_FIRST = family(
    "första(?: (?:\\w+ )?)?(?:samtal|möte|träff|kontakt|besök|hembesök)~", "(?:innan|tills|till) (?:vi |man |någon |en \\w+ )?(?:träffa|pratar|pratade|ser|möter|mött|får träffa)~",
    "på att (?:träffa|möta|prata|få till)~", "till första", "träffa\\w* (?:\\w+ ){0,3}efter (?:en |att )?(?:\\w+)?anmäl~",
    "mellan (?:oros)?anmäl\\w* och (?:\\w+ )?(?:samtal|möte|träff)~", "första gången vi (?:träffa|ser|möter)~",
)  # fmt: skip
_MEETINGS = family(
    "samtal~",
    "möte~",
    "möten",
    "hembesök~",
    "träffar",
    "träffade",
    "träffat",
    "besök~",
    "nätverksmöt~",
    "telefonsamtal~",
    "barnsamtal~",
    "familjesamtal~",
)
_INTERPRETER = family("tolk~", "språktolk~", "telefontolk~")
_RECORDING = family("inspel~", "spel\\w* in(?!om)~", "bandning~")
_NO = family(
    "nej",
    "neka~",
    "avböj~",
    "avstå~",
    "motsätt~",
    "motsatt~",
    "vill\\w* (?:inte|ej)",
    "inte (?:vill|velat|ville)~",
    "avvisa~",
    "vägra~",
    "utan",
)
_DISPUTED = family(
    "omtvist~", "(?:håll|höll)\\w* (?:\\w+ )?(?:inte|ej) med", "(?:inte|ej) (?:håll|höll)\\w* med", "bestrid~", "bestritt~", "protester~",
    "invänd~", "stäm\\w* inte", "inte stäm~", "oenig~", "oense", "ifrågas~", "motsäg~", "delade meningar",
)  # fmt: skip
_ALONE = family(
    "enskil~", "enskilt", "ensam~", "i enrum", "på egen hand", "utan (?:sina |sin |att )?(?:föräld|vårdnad|mamma|pappa)~",
    "själv\\w* (?:hör|tala|prat|träff)~",
)  # fmt: skip
_CHILD = family("barn~", "unga", "ungdom~", "tonåring~")
_HEARD = family(
    "hör(?:t|ts|da|des|s|as|a|d)", "höras", "till tals", "komm\\w* till tals", "delaktig~", "röst", "röster", "lyssna~", "tillfråga~",
    "fått (?:prata|säga|berätta)~", "(?:prata|tala|träffa|samtala)(?:r|t|de|ts|s)? (?:med )?(?:\\w+ )?barn~", "barnets (?:röst|åsikt|bästa|inställning)~",
    "barnen (?:själva )?(?:får|fått|fick) (?:prata|säga|berätta|tycka)~", "samtal med barn~", "mött barn~",
)  # fmt: skip
_COMMUNICATED = family(
    "kommunicer~", "fl 25", "25 ?§~", "(?:få|fått|får|fick|tar?|tagit|ta) (?:\\w+ )?del av (?:utredning|underlag|material|handling|uppgift|akt|sin)~", "delgiv~", "delgett~",
)  # fmt: skip
_WORKER = r"(?:handl|soc|tjänst|medarb|utredare|anställd|person)"
_LOAD = family(
    "belast~", "arbetsbelast~", "ärendebelast~", "arbetsbörd~", "arbetsmängd~", "ärendetyngd~", "ärendemängd~", "snittbelast~",
    "(?:per|på varje|var|på en|för varje) " + _WORKER + "~", "(?:har|hanterar|bär) (?:varje|en|var) (?:\\w+ )?" + _WORKER + "~",
    "på (?:sina|sitt|våra|deras) bord~", "hur (?:mycket|tungt?) (?:har|att göra|ligger)~", "på tallriken",
)  # fmt: skip
_FACTORS = family(
    "riskfaktor~",
    "skyddsfaktor~",
    "faktor~",
    "risker",
    "riskuppgift~",
    "skydd",
    "skyddsuppgift~",
    "uppgifter om (?:risk|skydd|våld|missbruk)~",
)
_AREAS = family("områd~", "livsområd~", "behovsområd~", "problemområd~", "bbic~")
_AREA_SPLIT = family(
    "(?:per|efter|på|i|inom) (?:bbic-)?(?:liv|behov)?s?områd~", "vilka (?:\\w+ )?(?:liv|behov|problem)?s?områd~"
)
_CASES = family("ärende~", "fall", "fallen", "akter", "case", "ärn")
_CLOSED = family(
    "avsluta~",
    "avslut",
    "färdig~",
    "stäng~",
    "klar",
    "klara",
    "klart",
    "slutför~",
    "avgjord~",
    "lades ner",
    "nedlagd~",
    "bli\\w* (?:färdig|klar)~",
)
_ONGOING = family(
    "pågå~", "öppna", "öppen", "aktiva", "just nu", "nuvarande", "ligger inne", "inneliggande", "igång", "rullar", "på gång", "för närvarande",
    "löpande", "inte avsluta~", "oavsluta~", "kvar", "nu", "idag", "i dag", "i dagsläget",
)  # fmt: skip
_UNCLOSED = family("(?:inte|ej) (?:är |har |blivit |än |ännu )*(?:avsluta|färdig|klar|stäng|slutför)~", "oavsluta~")
_OPENED = family(
    "inled~",
    "öppna(?:t|de|s|ts|des)",
    "start~",
    "påbörja~",
    "drog igång",
    "drogs igång",
    "nya",
    "satte igång",
    "ny\\w* utred~",
)
_COUNT = family(
    "hur många",
    "hur mkt",
    "hur mycket",
    "hur mång~",
    "antal~",
    "hur ofta",
    "volym~",
    "totalt",
    "summa",
    "räkna",
    "mängd~",
    "hur mnga",
    "fler",
    "färre",
)
_SHARE = family(
    "andel~",
    "procent~",
    "procentandel~",
    "hur stor",
    "hur stor del",
    "kvot~",
    "av alla",
    "hur ofta",
    "i hur många av",
    "täckningsgrad~",
    "del av (?:utred|samtal|möte|barn|famil|ärende)~",
)
_MEAN = family(
    "medel",
    "medelvärde~",
    "medeltid~",
    "medeltal~",
    "genomsnitt~",
    "snitt",
    "snittet",
    "snitt~",
    "average",
    "i medel",
    "medellängd~",
)
_MEDIAN = family("median~", "mitten", "typisk~", "vanligtvis")
_P90 = family(
    "(?:90|p90|nittio)[:\\w]* ?percentil~",
    "percentil~",
    "p90",
    "p 90",
    "(?:9|nio) av (?:10|tio)",
    "längsta tiderna",
    "de långsammaste",
    "svansen",
    "90-percentil~",
    "90 ?%~",
)
_EVER = family("hur många", "antal~", "hur mång~")


def _about(*patterns: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: all(pattern(text) for pattern in patterns)


def _times(text: str) -> bool:
    averages = any(pattern.search(text) for pattern in (_MEAN, _MEDIAN, _P90))
    return _TIME.search(text) is not None or (averages and _UNIT_OF_TIME.search(text) is not None)


def _averages(text: str) -> bool:
    return _times(text) or any(pattern.search(text) for pattern in (_MEAN, _MEDIAN, _P90))


def _late(text: str) -> bool:
    return _LATE.search(text) is not None and not (_P90.search(text) or _MEAN.search(text) or _MEDIAN.search(text))


def _ongoing(text: str) -> bool:
    if _UNCLOSED.search(text):
        return True
    return _ONGOING.search(text) is not None and _CLOSED.search(text) is None


_TESTS: tuple[tuple[Measure, Callable[[str], object]], ...] = (
    ("recording_declined", _about(_RECORDING.search, _NO.search)),
    ("interpreter", _INTERPRETER.search),
    ("disputed", _DISPUTED.search),
    ("communicated", _COMMUNICATED.search),
    ("child_alone", _about(_ALONE.search, _CHILD.search)),
    ("overdue", _late),
    ("first_meeting_days", _about(_FIRST.search, _averages)),
    ("assessment_days", _about(_ASSESS.search, _averages)),
    ("child_heard", _about(_HEARD.search, _CHILD.search, lambda t: not _times(t))),
    ("child_heard", _about(family("barnsamtal~").search, lambda t: _INVESTIGATIONS.search(t) or _SHARE.search(t))),
    ("load", _LOAD.search),
    ("investigation_days", _about(_averages, _INVESTIGATIONS.search)),
    ("investigation_days", _about(_times, _CASES.search)),
    ("investigation_days", family("handläggningstid~", "utredningstid~").search),
    ("factors", _FACTORS.search),
    ("areas", _about(_AREAS.search, lambda t: not (_AREA_SPLIT.search(t) and _counted(t)))),
    ("reports", _REPORTS.search),
    ("investigations_opened", _about(_ASSESS.search, family("led~ till", "gick till", "blev").search, _INVESTIGATIONS.search)),
    ("investigations_closed", _about(_INVESTIGATIONS.search, _CLOSED.search, lambda t: not _UNCLOSED.search(t))),
    ("investigations_ongoing", _about(_INVESTIGATIONS.search, _ongoing, lambda t: not _OPENED.search(t) or "pågå" in t)),
    ("investigations_opened", _about(_INVESTIGATIONS.search, lambda t: _OPENED.search(t) or _COUNT.search(t))),
    ("meetings", _MEETINGS.search),
    ("investigations_opened", _INVESTIGATIONS.search),
    ("investigations_closed", _about(_CASES.search, _CLOSED.search, lambda t: not _UNCLOSED.search(t))),
    ("investigations_ongoing", _about(_CASES.search, _ongoing)),
    ("cases", _CASES.search),
)  # fmt: skip
"""The most particular first: a share of talks with an interpreter is about interpreters, not about talks."""


def _counted(text: str) -> bool:
    """Something else than the areas themselves is counted, and the areas only split it."""
    return any(pattern.search(text) for pattern in (_REPORTS, _INVESTIGATIONS)) and _COUNT.search(text) is not None


def find_measure(text: str) -> Measure | None:
    """What is asked about, or None. Text is lower case and mended."""
    return next((measure for measure, test in _TESTS if test(text)), None)


def find_statistic(text: str, measure: Measure) -> Statistic:
    """How it is asked for: shares as shares unless a number is asked for, times by their median."""
    if measure in SHARES:
        share = _SHARE.search(text) is not None
        return "share" if share or (measure != "overdue" and _EVER.search(text) is None) else "count"
    if measure in DURATIONS:
        return named_statistic(text) or "median"
    return "mean" if measure == "load" else "count"


def named_statistic(text: str) -> Statistic | None:
    """The statistic of a time that the words name themselves."""
    if _P90.search(text):
        return "p90"
    if _MEDIAN.search(text):
        return "median"
    return "mean" if _MEAN.search(text) else None


def asks_for_time(text: str) -> bool:
    return _times(text)


def asks_for_count(text: str) -> bool:
    return _COUNT.search(text) is not None


def limit_asked(text: str):
    """Which time limit an overdue question is about: the assessment's, the investigation's, or None for both."""
    short = _ASSESS.search(text) or family("14", "fjorton~", "14-~", "två veckor~", "tvåveckors~").search(text)
    long = _INVESTIGATIONS.search(text) or family("fyra~", "4 ?mån~", "4-mån~", "120 dagar").search(text)
    if bool(short) == bool(long):
        return None
    return "assessment" if short else "investigation"
