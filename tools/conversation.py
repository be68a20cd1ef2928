"""The tool for what was said and noted in the open case: retrieval by words, each hit citable to the second.

It searches one case alone; nothing in it can name another.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..knowledge.words import grams, stems

Kind = Literal["said", "fact", "note"]
"""Words in a meeting, a circumstance with its standing, something the case's own record holds."""
_GRAM_WEIGHT = 0.25
_FACT_LIFT = 1.25
ENOUGH = 0.34
"""The share of the question's weight that a passage must carry to count as an answer to it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something citable. `where` is how a person finds it (`Skolbesök 19 okt 2026, 00:42`); `seen_as` what it is.

    `text` is verbatim for what was said. `searched` is text that helps find it and is not shown.
    """

    id: str
    kind: Kind
    text: str
    who: str
    where: str
    seen_as: str = ""
    meeting: str = ""
    start_ms: int = 0
    end_ms: int = 0
    searched: str = ""


@dataclass(frozen=True)
class Conversation:
    """Everything in one case that may be cited."""

    passages: tuple[Passage, ...]
    people: tuple[str, ...] = ()
    """Names and parts, as people ask for them (`emma`, `pappa`)."""

    def search(self, question: str, top: int = 5) -> tuple[Passage, ...]:
        """The passages that carry enough of the question, best first; none where the case does not tell."""
        asked = [stem for stem in stems(question) if stem not in _ASKING]
        weights = {stem: self._rarity(stem) for stem in asked}
        topics = {stem: weight for stem, weight in weights.items() if stem not in self._people}
        needed = sum(topics.values()) or sum(weights.values())
        if not needed:
            return ()
        scored = [(self._score(passage, weights, topics, question), passage) for passage in self.passages]
        found = sorted((one for one in scored if one[0] >= ENOUGH), key=lambda one: -one[0])
        return tuple(passage for _, passage in found[:top])

    @cached_property
    def _people(self) -> frozenset[str]:
        return frozenset(stem for name in self.people for stem in stems(name))

    @cached_property
    def _terms(self) -> dict[str, Counter[str]]:
        return {p.id: Counter(stems(f"{p.text} {p.who} {p.searched}")) for p in self.passages}

    @cached_property
    def _grams(self) -> dict[str, frozenset[str]]:
        return {p.id: frozenset(grams(f"{p.text} {p.searched}")) for p in self.passages}

    @cached_property
    def _met(self) -> Counter[str]:
        return Counter(term for terms in self._terms.values() for term in terms)

    def _rarity(self, stem: str) -> float:
        return math.log(1 + (len(self.passages) + 1) / (self._met[stem] + 0.5))

    def _score(self, passage: Passage, weights: dict[str, float], topics: dict[str, float], question: str) -> float:
        """The share of what is asked for that stands here; who it is about lifts what already answers."""
        carried = sum(weight * self._carries(passage, stem) for stem, weight in (topics or weights).items())
        share = carried / sum((topics or weights).values())
        if topics and share < ENOUGH:
            return 0.0
        people = [stem for stem in weights if stem in self._people]
        near = sum(stem in self._terms[passage.id] for stem in people) / len(people) if people else 0.0
        lift = _FACT_LIFT if passage.kind == "fact" else 1.0
        return (share + 0.3 * near) * lift

    def _carries(self, passage: Passage, stem: str) -> float:
        """1 for the word itself, less for a compound or form that shares most of its letters."""
        if stem in self._terms[passage.id]:
            return 1.0
        if _GROUP.get(stem, frozenset()) & self._terms[passage.id].keys():
            return _ALIKE_WEIGHT
        own = frozenset(grams(stem))
        if len(stem) < 4 or not own:
            return 0.0
        inner = frozenset(gram for gram in own if "_" not in gram[-1:])
        shared = len(inner & self._grams[passage.id]) / max(1, len(inner))
        return shared if shared >= 1 - _GRAM_WEIGHT else 0.0


_ASKING_WORDS = """
säger sa sagt sade sägs berättar berättat berättade berätta nämner nämnt nämns nämnde nämna visa citat citaten
ord sak saker fråga frågan svarade svarar svarat svar tycker anser menar uppger uppgift uppgifter uppgiften
står ärendet mötet möten möte någon vem vilka hur många gånger gång kommit fram handlar beskriver beskrivit
enligt alls annat mycket finns angående gällande kring pratar pratat pratade talar tala känner vet emellan
heter gammal gammalt själv sina sin sitt
"""
_ASKING = frozenset(stem for word in _ASKING_WORDS.split() for stem in (stems(word) or [word]))
"""What a question is made of beside what it asks for."""


_ALIKE = (
    ("alkohol", "dricker", "druckit", "dricka", "drack", "öl", "vin", "full", "berusad", "nykter"),
    ("lovat", "lovade", "lovar", "löfte", "lova"),
    ("rädd", "rädsla", "gömde", "gömmer", "orolig", "skrämd"),
    ("våld", "slagit", "slår", "slog", "slå", "skriker", "skrek", "hot", "hotat"),
    ("sömn", "sover", "somnade", "somnar", "vaknar", "sova", "trött"),
    ("ekonomi", "ekonomin", "pengar", "hyra", "hyran", "skuld", "skulder", "lön"),
    ("skola", "skolan", "lektion", "lektionen", "rasterna", "läxor", "lärare"),
    ("hjälp", "hjälper", "stöd", "avlastning"),
    ("jobb", "arbete", "arbetar", "jobbar"),
)
_GROUP: dict[str, frozenset[str]] = {}
for _group in _ALIKE:
    _stems = frozenset(stem for word in _group for stem in stems(word))
    _GROUP.update(dict.fromkeys(_stems, _stems))
"""Words people use for the same matter; they carry a little less than the very word asked for."""
_ALIKE_WEIGHT = 0.8
