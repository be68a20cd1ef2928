"""The written word lists (factors, concepts, cues; `*.yaml`) as a matcher over normalised words, without weights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

LOADER: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every scalar is read as text; in C where PyYAML was built so."""
GAP = 2
"""Words that may stand between two words of an entry."""
SHORTEST_KEY = 2


class Hit(NamedTuple):
    """An entry of the list `name` met at words `first`..`end` (end exclusive); `size` is how many words it names."""

    name: str
    first: int
    end: int
    size: int


class _Entry(NamedTuple):
    name: str
    rest: tuple[str, ...]
    """Identifiers of the patterns that must follow the first one, in order."""


class Lexicon:
    """Named lists of entries. A word pattern may begin or end with `*`; several words match with gaps."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._entries: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._exact: set[str] = set()
        self._prefix: defaultdict[str, list[str]] = defaultdict(list)
        self._other: list[str] = []
        for name, text in lists.items():
            for entry in dict.fromkeys(" ".join(part.split()) for part in text.split(",")):
                if entry:
                    patterns = entry.split(" ")
                    self._entries[patterns[0]].append(_Entry(name, tuple(patterns[1:])))
                    for pattern in patterns:
                        self._learn(pattern)
        self.names = tuple(lists)
        self.word = lru_cache(maxsize=65536)(self._word)

    def _learn(self, pattern: str) -> None:
        if pattern.startswith("*"):
            if pattern not in self._other:
                self._other.append(pattern)
        elif pattern.endswith("*"):
            stem = pattern[:-1]
            if stem not in self._prefix[stem[:SHORTEST_KEY]]:
                self._prefix[stem[:SHORTEST_KEY]].append(stem)
        else:
            self._exact.add(pattern)

    def _word(self, word: str) -> frozenset[str]:
        """Every pattern this word fits."""
        found = {f"{stem}*" for stem in self._prefix.get(word[:SHORTEST_KEY], ()) if word.startswith(stem)}
        if word in self._exact:
            found.add(word)
        found.update(pattern for pattern in self._other if pattern.strip("*") in word)
        return frozenset(found)

    def hits(self, words: Sequence[str]) -> tuple[Hit, ...]:
        """Every entry met in these normalised words, by place. An entry counts once at each place it begins."""
        fits = [self.word(word) for word in words]
        return tuple(self._hits(fits))

    def _hits(self, fits: Sequence[frozenset[str]]) -> Iterable[Hit]:
        met = frozenset[str]().union(*fits)
        for place, patterns in enumerate(fits):
            seen: set[str] = set()
            for pattern in sorted(patterns):
                for entry in self._entries.get(pattern, ()):
                    if not met.issuperset(entry.rest):
                        continue
                    end = _follow(fits, place, entry.rest)
                    if end is not None and (entry.name not in seen or entry.rest):
                        seen.add(entry.name)
                        yield Hit(entry.name, place, end, 1 + len(entry.rest))


def _follow(fits: Sequence[frozenset[str]], place: int, rest: Sequence[str]) -> int | None:
    """Where an entry begun at `place` ends, or None if its later words do not follow closely."""
    at = place
    for pattern in rest:
        nearby = range(at + 1, min(at + 2 + GAP, len(fits)))
        following = next((spot for spot in nearby if pattern in fits[spot]), None)
        if following is None:
            return None
        at = following
    return at + 1


def read_lists(name: str) -> dict[str, str]:
    """A list file beside this module: name to entries."""
    return _read(name)


def read_sections(name: str) -> dict[str, dict[str, str]]:
    """A file beside this module with several named lists of lists."""
    return _read(name)


def _read(name: str) -> Any:
    file = resources.files(__name__.rpartition(".")[0]).joinpath(name)
    return yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)


@cache
def factor_entries() -> dict[str, str]:
    """Each factor's list as written: entries between commas."""
    return read_lists("lexicon.yaml")


@cache
def factor_words() -> Lexicon:
    """What people say about each factor; list names are factor ids."""
    return Lexicon(factor_entries())


@cache
def concept_words() -> Lexicon:
    """Classes of words that mean nearly the same."""
    return Lexicon(read_lists("concepts.yaml"))


@cache
def cue_words() -> Lexicon:
    """Words that turn, weaken or move what is said."""
    return Lexicon(read_lists("cues.yaml"))


@cache
def acute_words() -> Lexicon:
    """Phrases of danger, by topic."""
    return Lexicon(read_lists("acute.yaml"))


@cache
def danger_words() -> Lexicon:
    """Single ideas that danger is made of; what counts is which of them meet."""
    return Lexicon(read_lists("dangers.yaml"))
