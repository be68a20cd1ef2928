"""Lay, professional and statutory words for the same thing, folded to one concept so that they can meet."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from .errors import HandenhetError
from .words import words

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FREE_ENDING = 4
"""A prefix this long may have any ending; a shorter one only a two-letter one (`son` finds `sonen`, not `sonderar`)."""


class Concepts:
    """Which concepts a text touches. Built from concept name to comma-separated words, prefixes and phrases."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._prefixes: dict[str, list[tuple[str, str]]] = {}
        self._phrases: list[tuple[str, str]] = []
        self._known: dict[str, tuple[str, ...]] = {}
        for concept, listed in table.items():
            for entry in (part.strip().lower() for part in listed.split(",")):
                if not entry:
                    raise HandenhetError(f"an empty word under {concept}", where="lay_terms.yaml")
                if len(parts := words(entry)) > 1:
                    self._phrases.append((" " + " ".join(parts), concept))
                else:
                    self._prefixes.setdefault(entry[:2], []).append((entry, concept))

    def of(self, text: str) -> list[str]:
        """Concept names, once for each word or phrase that touches them, in no particular order."""
        found = words(text)
        flat = " " + " ".join(found)
        return [c for word in found for c in self._word(word)] + [c for phrase, c in self._phrases if phrase in flat]

    def _word(self, word: str) -> tuple[str, ...]:
        known = self._known.get(word)
        if known is None:
            known = tuple(
                dict.fromkeys(
                    concept
                    for prefix, concept in self._prefixes.get(word[:2], ())
                    if word.startswith(prefix) and (len(prefix) >= _FREE_ENDING or len(word) <= len(prefix) + 2)
                )
            )
            self._known[word] = known
        return known


@cache
def shipped_concepts() -> Concepts:
    """The table that ships with the project (`lay_terms.yaml`)."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("lay_terms.yaml").read_text(encoding="utf-8")
    table: Mapping[str, str] = yaml.load(text, Loader=_Loader)
    return Concepts(table)
