"""Where a second hearing of an utterance says other words than the stored ones. Pure, no sound and no store.

What differs only in case, in punctuation at a word's edge, in how a compound is parted or in whether a number is
written in figures is no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, get_args

from ...agent.claims import days, negations, numbers
from ...knowledge.sources import STRUCK, Word

Kind = Literal["negation", "number", "name", "other"]
"""What is at stake where the words differ, the gravest first. Days and months count as numbers."""
_EDGES = ".,;:!?\"'()–-"
_ENDS = (".", "!", "?", ":")


@dataclass(frozen=True, slots=True)
class Difference:
    """Stored words `first`..`end` (end exclusive, never empty) were heard as `heard`, which may be empty.

    `confidence` (0-1) is the least of the words heard; None where the model gives none.
    """

    first: int
    end: int
    heard: str
    kind: Kind
    confidence: float | None


def differences(stored: Sequence[Word], heard: Sequence[Word], names: frozenset[str]) -> Iterator[Difference]:
    """The differences in order of place. `names`: people's names in the case, folded.

    Words heard where none is stored are told together with the stored word beside them. Struck words are never told of.
    """
    matcher = SequenceMatcher(None, [_plain(w.text) for w in stored], [_plain(w.text) for w in heard], autojunk=False)
    for what, first, end, begin, until in matcher.get_opcodes():
        if what == "equal":
            continue
        texts = [word.text for word in heard[begin:until]]
        if first == end:
            first, end, texts = _beside(stored, first, texts)
        before, after = " ".join(word.text for word in stored[first:end]), " ".join(texts)
        if any(word.text == STRUCK for word in stored[first:end]) or _same(before, after):
            continue
        given = [word.confidence for word in heard[begin:until] if word.confidence is not None]
        named = _named(before, after, names) or any(_capital(heard, place) for place in range(begin, until))
        yield Difference(first, end, after, _kind(before, after, named), min(given, default=None))


def rank(kind: Kind) -> int:
    """0 for what is looked at first."""
    return get_args(Kind).index(kind)


def _beside(stored: Sequence[Word], place: int, texts: list[str]) -> tuple[int, int, list[str]]:
    if place:
        return place - 1, place, [stored[place - 1].text, *texts]
    return 0, 1, [*texts, stored[0].text]


def _same(before: str, after: str) -> bool:
    joined = ["".join(_plain(word) for word in text.split()) for text in (before, after)]
    if joined[0] == joined[1]:
        return True
    one, two = numbers(before), numbers(after)
    return one == two and len(one) == len(before.split()) == len(after.split())


def _kind(before: str, after: str, named: bool) -> Kind:
    if negations(before) != negations(after):
        return "negation"
    if numbers(before) != numbers(after) or days(before) != days(after):
        return "number"
    return "name" if named else "other"


def _named(before: str, after: str, names: frozenset[str]) -> bool:
    words = {_plain(word) for word in f"{before} {after}".split()}
    return any(word in names or word.removesuffix("s") in names for word in words)


def _capital(heard: Sequence[Word], place: int) -> bool:
    """Whether the word is written as a name: with a capital that no sentence begins."""
    return heard[place].text[:1].isupper() and place > 0 and not heard[place - 1].text.endswith(_ENDS)


def _plain(word: str) -> str:
    return word.strip(_EDGES).casefold()
