"""Citations as people write them: `LVU 6 §`, `6§ lvu`, `20:2 SoL`, `20 kap 2 § nya sol`, `2001:453 11 kap 1 §`."""

import re
from dataclasses import dataclass
from functools import cache

from .acts import KnownAct, known_acts
from .statutes.blocks import section_label

_PARAGRAPH = r"(?:§{1,2}|paragraf(?:en|erna)?(?![a-zåäö])|par(?:\.|(?=\s)))"
_CHAPTER = r"(?:kap(?:itlet|itel)?(?![a-zåäö])\.?)"
_BETWEEN = r"(?:[\s,.]|\bi\b|\benligt\b|\bden\b|\bsfs\b|\bav\b|\(|\))*"
_ORDINALS = {
    word: number
    for number, word in enumerate(
        str.split(
            "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde "
            "femtonde sextonde sjuttonde artonde nittonde tjugonde tjugoförsta tjugoandra tjugotredje tjugofjärde "
            "tjugofemte tjugosjätte tjugosjunde tjugoåttonde tjugonionde trettionde trettioförsta trettioandra "
            "trettiotredje trettiofjärde trettiofemte"
        ),
        1,
    )
}
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Reference:
    """A section somebody cites. `sfs` is empty when no act is named; `start`/`end` are offsets in the text."""

    sfs: str
    section: str
    start: int
    end: int

    @property
    def chapter(self) -> str:
        return self.section.split(" kap.")[0] if " kap." in self.section else ""


def references(text: str) -> tuple[Reference, ...]:
    """Every citation in the text, in reading order, each stretch read once."""
    text = _digits_for_ordinals(text[:_LONGEST].lower())
    taken: list[Reference] = []
    for pattern in _patterns():
        for found in pattern.finditer(text):
            if any(found.start() < other.end and other.start < found.end() for other in taken):
                continue
            taken.append(_reference(found))
    return tuple(sorted(taken, key=lambda reference: reference.start))


def acts_named(text: str) -> tuple[KnownAct, ...]:
    """The acts a question names. Two-letter names count only in capitals (`KL`), since `kl` is also a clock."""
    known, found = known_acts(), dict[str, KnownAct]()
    lowered = text[:_LONGEST].lower()
    for match in _alias_pattern().finditer(lowered):
        act = known.by_alias(match[0])
        original = text[match.start() : match.end()]
        if act and (len(original) > 2 or original.isupper()):
            found.setdefault(act.sfs, act)
    for sfs in re.findall(r"\b(\d{4}:\d{1,4})\b", lowered):
        if act := known.get(sfs):
            found.setdefault(sfs, act)
    return tuple(found.values())


def _reference(found: re.Match[str]) -> Reference:
    groups = found.groupdict()
    act = known_acts().by_alias(groups["act"]) if groups.get("act") else None
    sfs = act.sfs if act else groups.get("sfs") or ""
    return Reference(sfs, section_label(groups["number"], groups.get("chapter") or ""), found.start(), found.end())


def _digits_for_ordinals(text: str) -> str:
    """`tjugonde kapitlet andra paragrafen` as `20 kapitlet 2 paragrafen`; elsewhere ordinals are left alone."""
    return re.sub(
        r"\b(\w+)(?=\s+(?:kapitlet|paragrafen))",
        lambda match: str(_ORDINALS.get(match[1], match[1])),
        text,
    )


@cache
def _alias_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\wåäö-])(?:" + "|".join(re.escape(alias) for alias in known_acts().aliases) + r")(?:s)?(?![\wåäö])"
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Surest spellings first; a later pattern never reads what an earlier one took."""
    names = "|".join(re.escape(alias) for alias in known_acts().aliases)
    named = rf"(?P<act>{names})s?(?![\wåäö])(?:\s*\(?(?:sfs\s*)?\d{{4}}:\d+\)?)?"
    act = rf"(?<![\wåäö-])(?:{named}|(?:sfs\s*)?(?P<sfs>\d{{4}}:\d{{1,4}}))"
    number, chapter = _number("number", names), r"(?<![\d:])(?P<chapter>\d{1,2}(?:\s?[a-h](?=\s*kap))?)"
    chapters = (
        rf"{chapter}\s*{_CHAPTER}\s*,?\s*{_PARAGRAPH}?\s*{number}\s*{_PARAGRAPH}?",
        rf"{_CHAPTER}\s*{chapter}\s*,?\s*(?:och\s*)?{_PARAGRAPH}?\s*{number}\s*{_PARAGRAPH}?",
        rf"{chapter}\s?:\s?{number}(?![\d:])\s*{_PARAGRAPH}?",
    )
    sections = (rf"(?<![\d:]){number}\s*{_PARAGRAPH}", rf"{_PARAGRAPH}\s*{number}")
    forms = (*chapters, *sections)
    sources = (
        *(rf"{act}{_BETWEEN}{form}" for form in forms),
        *(rf"{form}{_BETWEEN}{act}" for form in forms),
        rf"{act}\s*,?\s*{number}(?![\d:\wåäö]|\s*(?:kap|år|kr|dag|månad|veck|tim|barn|%))",
        *forms,
    )
    return tuple(re.compile(source) for source in sources)


def _number(group: str, names: str) -> str:
    """A section number. A parted letter counts only where it cannot be a word: `6 a §`, but not `6 i LVU`."""
    follows = rf"(?=\s*(?:§|$|[,.;?!)]|paragraf|(?:i|enligt|första|andra|tredje)\s|(?:{names})(?![\wåäö])))"
    return (
        rf"(?P<{group}>\d{{1,3}}(?:[a-zåäö](?![a-zåäö0-9])|\s[a-hj-zåäö]{follows}|\si(?=\s*(?:§|paragraf|i\s)))?)(?!\d)"
    )
