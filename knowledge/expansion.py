"""Search with more than one wording: the question as asked, and phrases somebody else put it in, fused by rank."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from .citations import references
from .index import Answer, Hit, LawIndex, Query

_RANK_OFFSET = 10
"""Reciprocal rank fusion's constant: small, since what stands first among a thousand sections tells most."""
_DEEP = 20


class ExpandedLaw:
    """`LawIndex` that asks another one with every wording. `rewrite` gives phrases for a question, or none."""

    def __init__(self, law: LawIndex, rewrite: Callable[[str], Sequence[str]]) -> None:
        self._law = law
        self._rewrite = rewrite

    def search(self, query: Query) -> Answer:
        """A cited section is looked up as it is; anything else is searched with every wording, hits fused by rank."""
        asked = self._law.search(query)
        if references(query.text):
            return asked
        phrases = [phrase for phrase in self._rewrite(query.text) if phrase.strip()]
        if not phrases:
            return asked
        deep = max(query.top, _DEEP)
        answers = [self._law.search(replace(query, text=text, top=deep)) for text in (query.text, *phrases)]
        return Answer(_fused(answers)[: query.top], asked.notices)


def _fused(answers: Sequence[Answer]) -> tuple[Hit, ...]:
    """Every hit once, those that stand high in many answers first; equals keep the first answer's order."""
    shares: dict[tuple[str, str], float] = {}
    hits: dict[tuple[str, str], Hit] = {}
    for answer in answers:
        for place, hit in enumerate(answer.hits, 1):
            key = (hit.provision.sfs, hit.provision.section)
            shares[key] = shares.get(key, 0.0) + 1 / (_RANK_OFFSET + place)
            hits.setdefault(key, hit)
    return tuple(replace(hits[key], score=round(shares[key], 4)) for key in sorted(shares, key=lambda k: -shares[k]))
