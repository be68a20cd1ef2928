"""Mends the spelling of words a question turns on. Words that are not near a known one are left as they are."""

import difflib
import re

_KNOWN = (
    "orosanmälningar", "orosanmälningarna", "orosanmälan", "anmälningar", "anmälningarna", "anmälan", "förhandsbedömning",
    "förhandsbedömningar", "förhandsbedömningarna", "utredning", "utredningar", "utredningarna", "utredningen",
    "utredningstid", "utredningstiden", "utredningstider", "handläggningstid", "handläggningstiden", "handläggningstider",
    "genomsnitt", "genomsnittlig", "genomsnittliga", "snitt", "antal", "antalet", "andel", "andelen", "procent", "median",
    "medianen", "medel", "medelvärde", "percentil", "månad", "månaden", "månader", "kvartal", "kvartalet", "vecka", "veckan",
    "halvåret", "enhet", "samtal", "samtalen", "möten", "tolk", "inspelning", "inspelningen", "barnet", "barnen", "enskilt",
    "ärenden", "ärende", "ärendena", "handläggare", "avslutade", "avslutades", "avslutats", "inledda", "inleddes",
    "pågående", "pågår", "försenade", "försenat", "försenad", "senaste", "förra", "åldersgrupp", "åldersgrupper",
    "riskfaktorer", "skyddsfaktorer", "område", "områden", "kommunicerats", "kommunicerade", "omtvistade", "belastning",
    "belastningen", "januari", "februari", "mars", "april", "juni", "juli", "augusti", "september", "oktober", "november",
    "december", "hösten", "våren", "sommaren", "vintern", "socialsekreterare", "socialsekreterarna", "medarbetare",
    "familjer", "familjerna", "hembesök", "jämfört", "jämför", "överskridit", "lagstadgad", "många", "telefonsamtal",
    "nätverksmöten", "barnsamtal", "uppdelat", "fördelat", "genomfördes", "första", "träffade", "året", "hittills",
)  # fmt: skip
_ORDINARY = frozenset(
    """
    tolv anmäla utreda inleda avsluta pågå medan medarbetar vecko veckor åldrar andra annat antar antas samma samla tolka
    tolkar tolkad utredare utredaren handläggaren handläggarna försent förrän varen möte mötet mötena talk barnens inleder
    inleds avslutas avslutar avslutat avslutad kvartalen kvartalsvis barnen barnets samtala inspelad inspelat möter
    medelst medelåldern områdena enheter enheten enheterna antalen andelar första förr måste snittet snittid
    tolken tolkat åren halvår
    """.split()  # noqa: SIM905
)
"""Words in order that stand near a known one and mean something else."""
_PLAIN = str.maketrans("åäöáàâéèêëóòôüúùíì", "aaoaaaeeeeooouuuii")
_ACCENTS = str.maketrans("áàâéèêëóòôüúùíìæø", "aaaeeeeooouuuiiäö")
_UNDOTTED = {word.translate(_PLAIN): word for word in _KNOWN if word.translate(_PLAIN) != word} | {
    "forra": "förra", "aret": "året", "manga": "många", "lang": "lång", "lange": "länge", "hort": "hört", "horts": "hörts",
    "oppna": "öppna", "for": "för", "nar": "när", "ar": "år", "pa": "på", "fa": "få", "far": "får", "hosten": "hösten",
    "hostas": "höstas", "varas": "våras", "overskridit": "överskridit", "over": "över", "foraldrar": "föräldrar",
    "aldersgrupp": "åldersgrupp", "aldrar": "åldrar", "alder": "ålder", "manadsvis": "månadsvis", 
}  # fmt: skip
_BY_LETTER: dict[str, list[str]] = {}
for _word in _KNOWN:
    _BY_LETTER.setdefault(_word[0], []).append(_word)
_CLOSE, _CLOSE_SHORT = 0.84, 0.75
_SHORT, _SHORTEST = 6, 4


def mended(text: str) -> str:
    """The text (lower case) with near misses of known words put right. Text written without å, ä, ö is read with them."""
    undotted = not re.search("[åäö]", text)
    return re.sub(r"[^\W\d_]+", lambda found: _mend(found[0], undotted=undotted), text.translate(_ACCENTS))


def _mend(word: str, *, undotted: bool) -> str:
    if undotted and word in _UNDOTTED:
        return _UNDOTTED[word]
    if len(word) < _SHORTEST or word in _KNOWN or word in _ORDINARY:
        return word
    cutoff = _CLOSE if len(word) >= _SHORT else _CLOSE_SHORT
    known = [each for each in _BY_LETTER.get(word[0], []) if len(word) >= _SHORT or len(each) == len(word)]
    near = difflib.get_close_matches(word, known, n=1, cutoff=cutoff)
    return near[0] if near and abs(len(near[0]) - len(word)) <= 2 else word
