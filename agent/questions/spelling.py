"""Mends the spelling of words a question turns on. Words that are not near a known one are left as they are."""

import difflib
import re

_KNOWN = (
    "orosanmälningar", "orosanmälan", "anmälningar", "förhandsbedömning", "förhandsbedömningar", "förhandsbedömningarna",
    "utredning", "utredningar", "utredningarna", "utredningstid", "handläggningstid", "genomsnitt", "genomsnittlig",
    "andel", "andelen", "procent", "median", "månad", "månaden", "kvartal", "kvartalet", "vecka", "veckan", "enhet",
    "samtal", "samtalen", "tolk", "inspelning", "barnet", "barnen", "enskilt", "ärenden", "ärende", "handläggare",
    "avslutade", "avslutades", "inledda", "inleddes", "pågående", "försenade", "försenat", "senaste", "förra", "åldersgrupp",
    "riskfaktorer", "skyddsfaktorer", "område", "områden", "kommunicerats", "omtvistade", "belastning", "januari",
    "februari", "mars", "april", "augusti", "september", "oktober", "november", "december", "hösten", "våren", "sommaren",
    "socialsekreterare", "medarbetare", "familjer", "hembesök", "jämfört", "överskridit", "lagstadgad",
)  # fmt: skip
_BY_LETTER: dict[str, list[str]] = {}
for _word in _KNOWN:
    _BY_LETTER.setdefault(_word[0], []).append(_word)
_CLOSE = 0.86
_SHORTEST = 6


def mended(text: str) -> str:
    """The text (lower case) with near misses of known words put right."""
    return re.sub(r"[a-zåäö]+", lambda found: _mend(found[0]), text)


def _mend(word: str) -> str:
    if len(word) < _SHORTEST or word in _KNOWN:
        return word
    near = difflib.get_close_matches(word, _BY_LETTER.get(word[0], []), n=1, cutoff=_CLOSE)
    return near[0] if near and abs(len(near[0]) - len(word)) <= 2 else word
