"""Danger as things that meet: a family is met where a word of each of its slots stands near the others, in any order.

Phrases are said in countless ways; who does what, with what, and when is said in few. The lists are in `families.yaml`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations, product
from typing import NamedTuple

from .lexicon import Hit, Lexicon, read_sections

REACH = 14
"""Words within which all of a family's slots must be met."""
MOST = 4
"""Hits of one slot that are looked at: a longer speech holds no more dangers for naming one often."""


class Met(NamedTuple):
    """A family met in a line: how many words its entries name, and where it stands (end exclusive)."""

    size: int
    first: int
    end: int


@cache
def _slots() -> Lexicon:
    return Lexicon(read_sections("families.yaml")["slots"])


@cache
def named() -> Mapping[str, tuple[str, ...]]:
    """Family -> its slots. A family's name begins with its topic."""
    return {name: tuple(slots.split()) for name, slots in read_sections("families.yaml")["families"].items()}


@lru_cache(maxsize=8192)
def families(words: tuple[str, ...]) -> Mapping[str, Met]:
    """The families met in normalised words, each where its entries are longest and closest."""
    found: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in _slots().hits(words):
        found[hit.name].append(hit)
    met: dict[str, Met] = {}
    for name, slots in named().items():
        if all(slot in found for slot in slots):
            best = _closest([found[slot][:MOST] for slot in slots])
            if best is not None:
                met[name] = best
    return met


def _closest(choices: Sequence[Sequence[Hit]]) -> Met | None:
    together = [_spanned(hits) for hits in product(*choices) if not _share(hits)]
    near = [one for one in together if one.end - one.first <= REACH]
    return max(near, key=lambda one: (one.size, one.first - one.end, -one.first), default=None)


def _spanned(hits: Sequence[Hit]) -> Met:
    return Met(sum(hit.size for hit in hits), min(hit.first for hit in hits), max(hit.end for hit in hits))


def _share(hits: Iterable[Hit]) -> bool:
    """Whether one word would fill two slots."""
    return any(one.first < other.end and other.first < one.end for one, other in combinations(hits, 2))
