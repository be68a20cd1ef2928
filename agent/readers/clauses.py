"""Utterances cut into words and clauses, spoken and recognised text alike. Pure and deterministic.

A clause is a run of word offsets; the clauses of an utterance cover it without overlap.
"""

from dataclasses import dataclass
from functools import lru_cache

EDGE = ".,!?;:\"'”’»«…-–()[]"
_HARD = (".", "!", "?", "…", ";", ":")
_SOFT = (",", "–", "-")

SPOKEN = {
    "å": "och", "o": "och", "ä": "är", "e": "är", "va": "var", "dom": "de", "int": "inte", "int'": "inte", "ej": "inte",
    "ente": "inte", "itte": "inte", "inge": "inget", "ingenting": "inget", "nåt": "något", "nåd": "något",
    "nån": "någon", "nåra": "några", "nåra'": "några", "nåtting": "något", "nånting": "något", "någonting": "något",
    "mä": "mig", "mej": "mig", "dä": "dig", "dej": "dig", "sä": "sig", "sej": "sig", "hä": "det", "dä'": "det",
    "ja'": "jag", "ja": "ja", "jaa": "ja", "jo": "jo", "jodå": "jo", "japp": "ja", "ah": "ja", "aa": "ja", "mm": "mm",
    "nä": "nej", "nää": "nej", "näe": "nej", "nej": "nej", "icke": "inte", "sen": "sedan", "sån": "sådan",
    "sånt": "sådant", "såna": "sådana", "ska": "ska", "skall": "ska", "sku": "skulle", "sa": "sade", "säjer": "säger",
    "la": "lade", "ba": "bara", "asså": "alltså", "ass": "alltså", "typ": "typ", "liksom": "liksom", "mamsen": "mamma",
    "morsan": "mamma", "morsa": "mamma", "farsan": "pappa", "farsa": "pappa", "mor": "mamma", "far": "pappa",
    "mammas": "mamma", "pappas": "pappa", "brorsan": "bror", "brorsa": "bror", "syrran": "syster", "syrra": "syster",
    "ha": "har", "haft": "haft", "hare": "har", "vart": "blev", "vartit": "blivit", "mycke": "mycket",
    "nog": "nog", "aldri": "aldrig", "alri": "aldrig", "alldri": "aldrig", "alldrig": "aldrig", "dag": "dag",
    "dan": "dagen", "stan": "stan",
    "te": "till", "ti": "till", "mod": "mot", "ve": "vid", "ä'": "är", "e'": "är", "e'nt": "är-inte", "knas": "knas",
}  # fmt: skip
"""Spoken and dialect spellings to one form, for comparing words; quotes keep what was said."""

_OPENERS = frozenset(
    str.split("men fast sedan eftersom medan innan tills utan därför dock sån så när om för och att som då eller")
)
_ALWAYS = frozenset(str.split("men fast sedan eftersom medan innan tills därför"))
_SUBJECTS = frozenset(
    str.split(
        """jag du han hon den det vi ni de man mamma pappa mormor morfar farmor farfar någon ingen alla min mitt mina 
        hans hennes vår våra deras bror syster läraren fröken barnen hen där nu ibland varje"""
    )
)
_VERBISH = ("er", "ar", "de", "te")
_PRONOUNS = frozenset(str.split("jag du han hon vi ni de man det den nu mamma pappa"))
_FINITE = frozenset(
    str.split(
        """är har var blir blev kan ska skulle vill får fick måste gör gjorde går gick ser såg vet tar tog kommer kom
        säger sade sitter satt ligger låg står stod ger gav heter låter lät drar drog slår slog
        springer sprang sover sov åker åkte bor bodde tror trodde tycker brukar finns fanns hör håller höll
        lägger lade sätter äter åt dricker drack skriker
        skrek gråter grät skriver skrev hade kunde ville visste mår orkar hinner behöver borde ringer hämtar"""
    )
)
_HOLDS = frozenset(
    str.split(
        """att som om när för så och men då där vad hur än fast medan innan sedan eftersom eller därför tills in på i av
        med till från hos utan vid mot bara inte också ju väl alltså typ liksom vem vilken varför den det en ett
        ja nej"""
    )
)
"""Words that go with what follows, so that no clause begins right after them."""
LONGEST = 16
"""A clause of recognised text is cut at the latest after this many words."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Words `first`..`end` (end exclusive) of an utterance."""

    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """The word in lower case without the punctuation around it."""
    return word.lower().strip(EDGE)


@lru_cache(maxsize=65536)
def norm(word: str) -> str:
    """The word as features see it: bare, and in one spelling."""
    folded = bare(word)
    return SPOKEN.get(folded, folded)


def clauses(words: tuple[str, ...]) -> tuple[Clause, ...]:
    """The clauses of an utterance, in order. An utterance without punctuation is cut at conjunctions."""
    cuts = [0]
    bare_of_stops = not any(word.endswith((*_HARD, *_SOFT)) for word in words[:-1])
    for place in range(1, len(words)):
        run = place - cuts[-1]
        if _ends_sentence(words[place - 1]):
            cuts.append(place)
        elif words[place - 1].endswith(_SOFT):
            if run >= 2 or len(words) - place >= 2:
                cuts.append(place)
        elif run >= 3 and _new_clause(words, place, run, bare_of_stops):
            cuts.append(place)
    return tuple(_joined([Clause(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True)], words))


def sentences(words: tuple[str, ...]) -> tuple[Clause, ...]:
    """Runs between full stops; the whole utterance where there are none."""
    cuts = [0] + [place for place in range(1, len(words)) if _ends_sentence(words[place - 1])]
    return tuple(Clause(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True))


def _new_clause(words: tuple[str, ...], place: int, run: int, bare_of_stops: bool) -> bool:
    if _opens(words, place) or (bare_of_stops and _starts(words, place)):
        return True
    return run >= LONGEST and norm(words[place]) in _SUBJECTS


def _ends_sentence(word: str) -> bool:
    return word.rstrip("\"'”’»)").endswith(_HARD)


def _opens(words: tuple[str, ...], place: int) -> bool:
    """Whether a new clause begins at `place` by the sound of it."""
    here = norm(words[place])
    if here not in _OPENERS or place + 1 >= len(words):
        return False
    following = norm(words[place + 1])
    if here in _ALWAYS:
        return True
    if here == "och":
        return following in _SUBJECTS or following in ("så", "då", "sedan", "när", "inte") or _verbish(following)
    if here in ("så", "när", "om", "för", "då"):
        return following in _SUBJECTS
    return False


def _starts(words: tuple[str, ...], place: int) -> bool:
    """Whether somebody begins a new sentence at `place` without a stop being heard: a subject with its verb."""
    if place + 1 >= len(words) or norm(words[place]) not in _PRONOUNS:
        return False
    before, after = norm(words[place - 1]), norm(words[place + 1])
    return _finite(after) and not _finite(before) and before not in _HOLDS


def _finite(word: str) -> bool:
    return word in _FINITE or (len(word) > 4 and word.endswith(("ade", "ar", "er")))


def _verbish(word: str) -> bool:
    return len(word) > 4 and word.endswith(_VERBISH)


def _joined(cut: list[Clause], words: tuple[str, ...]) -> list[Clause]:
    """Scraps ("ja," "alltså") go with the clause after them, so that a clause can stand alone."""
    kept: list[Clause] = []
    held: int | None = None
    for clause in cut:
        first = clause.first if held is None else held
        scrap = clause.end - first < 2 and clause.end < len(words) and not _ends_sentence(words[clause.end - 1])
        held = first if scrap else None
        if not scrap:
            kept.append(Clause(first, clause.end))
    if held is not None:
        kept.append(Clause(held, len(words)))
    return kept
