"""Found against gold: polarity equal, same utterance, quote token F1 at least 0.5, one to one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..agent.readers.clauses import bare
from ..knowledge.factors import Polarity
from .corpus import Gold

QUOTE_F1 = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """One observation of a reader, as scoring sees it."""

    utterance: int
    polarity: Polarity
    factor: str
    area: str
    quote: str


class Matching(NamedTuple):
    """`pairs` are (gold, found); the rest is what nobody met."""

    pairs: tuple[tuple[Gold, Found], ...]
    missed: tuple[Gold, ...]
    extra: tuple[Found, ...]


def token_f1(one: str, other: str) -> float:
    """Overlap of two quotes as bags of words, 0-1."""
    a, b = _bag(one), _bag(other)
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def _bag(quote: str) -> Counter[str]:
    words = [bare(word) for word in quote.split()]
    return Counter(word for word in words if word)


def match(gold: Sequence[Gold], found: Sequence[Found], *, same_factor: bool = False) -> Matching:
    """The pairing with the best overlaps first; `same_factor` also asks for the same factor id."""
    scored = sorted(
        (
            (-token_f1(g.quote, f.quote), i, j)
            for i, g in enumerate(gold)
            for j, f in enumerate(found)
            if g.utterance == f.utterance
            and g.factor.polarity == f.polarity
            and (not same_factor or g.factor.id == f.factor)
        ),
    )
    left, right, pairs = set(range(len(gold))), set(range(len(found))), list[tuple[Gold, Found]]()
    for overlap, i, j in scored:
        if -overlap >= QUOTE_F1 and i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((gold[i], found[j]))
    return Matching(tuple(pairs), tuple(gold[i] for i in sorted(left)), tuple(found[j] for j in sorted(right)))
