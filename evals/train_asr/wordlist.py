"""A word list of the language (optional): random words and compounds that teach spelling far beyond our own sentences.

A list is read where it lies and never kept in the repository; Debian's `wswedish` (GPL-2+) puts one at
/usr/share/dict/swedish, `hunspell-sv` (LGPL-3) one at /usr/share/hunspell/sv_SE.dic.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...knowledge.errors import HandenhetError
from .corpus import Sentence
from .spoken import LETTERS, Token, tokens

SHORTEST, LONGEST = 2, 18
COMPOUND_PARTS = (3, 9)
"""Letters of a word that may be a part of a made-up compound."""
COMPOUND_SHARE, OWN_SHARE = 0.15, 0.30
"""How many drawn words are made-up compounds, and how many come from our own sentences."""
SWAPPED_SHARE = 0.35
"""Sentences in which long words give way to listed ones, so that context does not decide the spelling."""
LONG_WORD = 4
_VOWELS = frozenset("aeiouyåäö")


class WordListUnread(HandenhetError):
    """The word list is missing or holds hardly any words."""


def read(path: Path) -> tuple[str, ...]:
    """Distinct lower-case words of a list (UTF-8 or Latin-1, one a line, hunspell's `/FLAGS` cut off), sorted.

    Raises WordListUnread.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WordListUnread(f"{path}: no word list can be read there; on Debian: apt-get install wswedish") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    found = {line.partition("/")[0].strip().lower() for line in text.splitlines()}
    words = tuple(sorted(word for word in found if _fits(word)))
    if len(words) < 1000:
        raise WordListUnread(f"{path}: only {len(words)} usable words; a list needs a thousand, one a line")
    return words


def _fits(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and set(word) <= LETTERS and not _VOWELS.isdisjoint(word)


class Drawn:
    """Random words: listed ones, made-up compounds of two of them, and our own."""

    def __init__(self, listed: Sequence[str], own: Sequence[str]) -> None:
        self._listed, self._own = listed, own
        least, most = COMPOUND_PARTS
        self._parts = [word for word in listed if least <= len(word) <= most]

    def word(self, rng: random.Random) -> str:
        draw = rng.random()
        if draw < COMPOUND_SHARE:
            return rng.choice(self._parts) + rng.choice(self._parts)
        return rng.choice(self._own if draw < COMPOUND_SHARE + OWN_SHARE else self._listed)

    def swapped(self, sentence: Sentence, rng: random.Random) -> Sentence:
        """The sentence with one or two of its longer words replaced by drawn ones."""
        places = [place for place, token in enumerate(sentence.words) if len(token.label) >= LONG_WORD]
        words = list(sentence.words)
        for place in rng.sample(places, min(len(places), rng.randint(1, 2))):
            words[place] = _as_token(self.word(rng), words[place].mark)
        return replace(sentence, words=tuple(words))


def _as_token(word: str, mark: str) -> Token:
    found = tokens(word)
    return replace(found[0], mark=mark) if len(found) == 1 else Token(word, word, mark)
