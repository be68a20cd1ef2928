"""Word and character error rates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """Edits against the length of what was said, in words and in characters."""

    word_edits: int = 0
    words: int = 0
    letter_edits: int = 0
    letters: int = 0

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(
            self.word_edits + other.word_edits,
            self.words + other.words,
            self.letter_edits + other.letter_edits,
            self.letters + other.letters,
        )

    @property
    def wer(self) -> float:
        """Word error rate in percent; 0 where nothing was said."""
        return 100 * self.word_edits / self.words if self.words else 0.0

    @property
    def cer(self) -> float:
        """Character error rate in percent, spaces counted."""
        return 100 * self.letter_edits / self.letters if self.letters else 0.0


def edits(said: Sequence[object], heard: Sequence[object]) -> int:
    """The fewest insertions, deletions and substitutions that turn one into the other."""
    row = list(range(len(heard) + 1))
    for above, one in enumerate(said, 1):
        diagonal, row[0] = row[0], above
        for column, other in enumerate(heard, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (one != other))
    return row[-1]


def rate(said: str, heard: str) -> Rate:
    """Both sides as labels: lower-case words parted by single blanks."""
    words = said.split()
    return Rate(edits(words, heard.split()), len(words), edits(said, heard), len(said))


def total(pairs: Iterable[tuple[str, str]]) -> Rate:
    """The pooled rate of (said, heard) pairs."""
    return sum((rate(said, heard) for said, heard in pairs), Rate())
