"""How hard a Swedish text is to read: words, sentences, LIX, OVIX, hard words. Counting only, no meaning.

LIX is a supplement and not the truth about a text: short words can carry a hard thought. So the figures stand
beside a person's reading and never in place of it.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ..knowledge.errors import HandenhetError

LONG_WORD = 6
"""A word of more letters than this is long in LIX."""
OVIX_STABLE_FROM = 100
"""Words under which OVIX swings so much that it says nothing; it is then shown and never judged."""

_WORD = re.compile(r"\w+(?:[-'’:]\w+)*")
_ABBREVIATIONS = frozenset(
    str.split(
        "bl.a. t.ex. d.v.s. dvs. m.m. m.fl. o.s.v. osv. o.d. fr.o.m. t.o.m. p.g.a. pga. s.k. i.st.f. f.d. resp. ca. "
        "kl. nr. tel. st. kap. jfr. ev. inkl. exkl. e.d. f.n. forts. bil. sid. s.a.s. m.a.o. a.a. ang."
    )
)
_END = re.compile(r"[.!?…]+[\"”»’)\]]*(?=\s|$)")
_NOMINAL = re.compile(r"\w{3,}(?:ning|ering|eringen|ningen|ningar|ningarna|else|elsen|elser|het|heten|heter|tion|tionen|tioner|ande"  # noqa: E501
                      r"t|ismen)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readability:
    """Figures of one text. Lengths in words; `long_words` is a share 0-1; `ovix` None where it cannot be computed."""

    words: int
    sentences: int
    lix: float
    mean_sentence: float
    longest_sentence: int
    long_words: float
    ovix: float | None
    ovix_stable: bool

    def as_dict(self) -> dict[str, float | int | bool | None]:
        """The figures for output, rounded to one decimal (shares to three)."""
        return {
            "words": self.words,
            "sentences": self.sentences,
            "lix": round(self.lix, 1),
            "mean_sentence": round(self.mean_sentence, 1),
            "longest_sentence": self.longest_sentence,
            "long_words": round(self.long_words, 3),
            "ovix": None if self.ovix is None else round(self.ovix, 1),
            "ovix_stable": self.ovix_stable,
        }


@dataclass(frozen=True, slots=True)
class HardWord:
    """A word from administration or law, or a rare one. `match` is how its forms begin, `plain` what it means.

    `until` is the last year of age for which it is hard; None for everybody.
    """

    match: str
    plain: str
    until: int | None = None


def words(text: str) -> list[str]:
    """The words and numbers in reading order, as written. `116 111` is two words, `e-post` one."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences in reading order, stripped. A line break ends one, an abbreviation or a decimal does not."""
    found: list[str] = []
    for line in text.splitlines():
        found += _in_line(line)
    return [sentence for sentence in found if _WORD.search(sentence)]


def _in_line(line: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in _END.finditer(line):
        if match.end() < len(line) and _goes_on(line, start, match):
            continue
        parts.append(line[start : match.end()].strip())
        start = match.end()
    parts.append(line[start:].strip())
    return [part for part in parts if part]


def _goes_on(line: str, start: int, end: re.Match[str]) -> bool:
    """Whether the full stop belongs to an abbreviation, or a quoted question inside a sentence that goes on."""
    last = line[start : end.end()].split()[-1].casefold().lstrip('("”»’')
    after = line[end.end() :].lstrip()
    if last in _ABBREVIATIONS:
        return True
    return bool(after) and after[0].islower()


def lix(text: str) -> float:
    """Words per sentence plus per cent of words longer than six letters; 0.0 for a text without words."""
    all_words = words(text)
    if not all_words:
        return 0.0
    return len(all_words) / len(sentences(text)) + 100 * _long_share(all_words)


def ovix(text: str) -> float | None:
    """Word variation. None where the formula has no value: under two words, or no word used twice."""
    folded = [word.casefold() for word in words(text)]
    tokens, types = len(folded), len(set(folded))
    if tokens < 2 or types == tokens or types < 2:
        return None
    return math.log(tokens) / math.log(2 - math.log(types) / math.log(tokens))


def readability(text: str) -> Readability:
    """All figures of a text. A text without words has zeros and no OVIX."""
    all_words = words(text)
    lengths = [len(words(sentence)) for sentence in sentences(text)]
    return Readability(
        words=len(all_words),
        sentences=len(lengths),
        lix=lix(text),
        mean_sentence=len(all_words) / len(lengths) if lengths else 0.0,
        longest_sentence=max(lengths, default=0),
        long_words=_long_share(all_words),
        ovix=ovix(text),
        ovix_stable=len(all_words) >= OVIX_STABLE_FROM,
    )


def nominal_hints(text: str) -> tuple[str, ...]:
    """Words that name a doing as a thing (`bedömning`, `användande`): a hint of official style, not a measure."""
    return tuple(word for word in words(text) if _NOMINAL.fullmatch(word.casefold()))


def hard_words(text: str, age: int, known: Mapping[str, HardWord] | None = None) -> tuple[tuple[str, HardWord], ...]:
    """Every word hard for a reader of this age, with its plain meaning, each form once, in reading order."""
    known = hard_word_list() if known is None else known
    hard_now = [hard for hard in known.values() if hard.until is None or age <= hard.until]
    found: dict[str, HardWord] = {}
    for word in words(text):
        folded = word.casefold()
        if folded not in found and (hard := _hard(folded, hard_now)) is not None:
            found[folded] = hard
    return tuple(found.items())


def explained(text: str, hard: HardWord) -> bool:
    """Whether the text itself says what the word means: `… betyder …` or `… är när …` after it."""
    for sentence in sentences(text):
        folded = [word.casefold() for word in words(sentence)]
        for place, word in enumerate(folded):
            after = folded[place + 1 : place + 4]
            if word.startswith(hard.match) and ("betyder" in after or ("är" in after and "när" in after)):
                return True
    return False


def _hard(folded: str, known: Iterable[HardWord]) -> HardWord | None:
    fits = [hard for hard in known if folded.startswith(hard.match)]
    return max(fits, key=lambda hard: len(hard.match), default=None)


def _long_share(all_words: list[str]) -> float:
    return sum(len(word) > LONG_WORD for word in all_words) / len(all_words) if all_words else 0.0


@cache
def hard_word_list() -> Mapping[str, HardWord]:
    """The list that ships with the project (`hard_words.yaml`), by the beginning of the word."""
    with resources.files(__name__.rpartition(".")[0]).joinpath("hard_words.yaml").open(encoding="utf-8") as file:
        rows: Any = yaml.safe_load(file)
    try:
        return {match: _row(match, row) for match, row in rows.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise HandenhetError("unreadable row", where="hard_words.yaml", mend="see the head of the file") from None


def _row(match: str, row: Any) -> HardWord:
    return HardWord(match, row) if isinstance(row, str) else HardWord(match, str(row["plain"]), int(row["until"]))
