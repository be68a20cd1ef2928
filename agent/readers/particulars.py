"""Whom an observation is about, how the speaker knows, whether it was so before: rules over words."""

from ...knowledge.factors import catalogue
from ...tools.proposals import About, FlagName, SourceName
from .clauses import Clause
from .features import Words, cues
from .lines import Line

_ONE_ABOUT: dict[str, About] = {
    "F-KAN-R3": "barn", "F-KAN-S2": "annan-vuxen", "F-KAN-R4": "barn", "M-NAT-S1": "annan-vuxen", "B-UTB-S2": "barn",
    "V-BAR-R1": "barn", "V-NAT-S1": "annan-vuxen", "F-SAK-R7": "förälder",
}  # fmt: skip
_FAMILY_WIDE = ("M-BOE", "M-EKO", "M-NAT", "M-FAM", "M-BAK")
MOTHERS = frozenset(("mamma", "mamman", "mamsen", "morsan", "mor", "modern"))
FATHERS = frozenset(("pappa", "pappan", "papsen", "farsan", "far", "fadern"))
_MOTHER = frozenset(("mamma", "mamman", "hennes", "hon", "henne", "fru", "frun"))
_FATHER = frozenset(("pappa", "pappan", "hans", "han", "honom", "man", "mannen"))
_FIRST_PERSON = frozenset(("jag", "mig", "min", "mitt", "mina", "vi", "oss", "vår", "vårt", "våra"))
_WRITTEN = frozenset(
    [
        "står",
        "stod",
        "skrev",
        "skrivit",
        "brevet",
        "brev",
        "journalen",
        "papperet",
        "anmälan",
        "beslutet",
        "domen",
        "intyget",
        "kallelsen",
        "mejlet",
        "veckobrevet",
    ]
)
_SEEN = frozenset(["såg", "ser", "sett", "hörde", "hör", "hört", "kollade", "vittne"])
_STILL_OPEN_PAST = ("M-BAK", "F-KAN-R4", "V-BER-S2", "B-UTB-R4")


def about(line: Line, quote: Clause, factor: str) -> About:
    """Whom the circumstance concerns. The factor's side decides first, then who is named, then who speaks."""
    if fixed := _ONE_ABOUT.get(factor):
        return fixed
    side = catalogue()[factor].side
    if side == "Vuxen":
        return "klient"
    if side == "Barnets utveckling":
        return "barn"
    named = _parent_named(line, quote)
    if factor.startswith(_FAMILY_WIDE):
        return named if named and factor.startswith(("M-FAM-R2", "M-FAM-R3", "M-BAK-R1", "M-EKO-R2")) else "familj"
    return named or "förälder"


def _parent_named(line: Line, quote: Clause) -> About | None:
    inside = line.words[quote.first : quote.end]
    if cues(inside).get("stepparent"):
        return "annan-vuxen"
    own = bool(_FIRST_PERSON.intersection(inside))
    if own and line.role.casefold() in ("mamma", "mor"):
        return "mamma"
    if own and line.role.casefold() in ("pappa", "far"):
        return "pappa"
    for words in (inside, line.words, line.question.words):
        # Who is named first is mostly the one who does it.
        for word in words:
            if word in MOTHERS:
                return "mamma"
            if word in FATHERS:
                return "pappa"
    mothers, fathers = _count(inside, _MOTHER), _count(inside, _FATHER)
    if mothers != fathers:
        return "mamma" if mothers > fathers else "pappa"
    return None


def _count(words: Words, wanted: frozenset[str]) -> int:
    return sum(word in wanted for word in words)


def source(line: Line, quote: Clause, factor: str, who: About) -> SourceName:
    """How the speaker knows it."""
    inside = line.words[quote.first : quote.end]
    told = cues(inside)
    if _WRITTEN.intersection(inside) and not _FIRST_PERSON.intersection(inside):
        return "document"
    if told.get("hearsay") and {"att", "hört", "rykte", "ryktet"}.intersection(inside):
        return "hearsay"
    if who in ("mamma", "pappa", "förälder", "annan-vuxen", "syskon", "partner"):
        if _SEEN.intersection(inside):
            return "seen"
        mine = _FIRST_PERSON.intersection(inside) or line.role.casefold() == who
        return "told_of_oneself" if mine else "told_of_another"
    if who == "barn" and line.standpoint != "child":
        return "told_of_another"
    return "told_of_oneself"


def flags(line: Line, quote: Clause, factor: str) -> frozenset[FlagName]:
    """`past` where something long gone still matters, `uncertain` where the speaker says so."""
    inside = line.words[quote.first : quote.end]
    told = cues(inside)
    kept: set[FlagName] = set()
    if factor == "M-BAK-R1" or (factor.startswith(_STILL_OPEN_PAST) and told.get("past_over")):
        kept.add("past")
    if {"tror", "kanske", "antagligen", "möjligen", "osäker"}.intersection(inside):
        kept.add("uncertain")
    return frozenset(kept)
