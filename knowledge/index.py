"""Looking up the law: what is asked, what comes back, and what any engine behind it must offer."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from .errors import HandenhetError
from .provisions import Citation, Provision

MOST_CHARACTERS = 10_000
Way = Literal["citation", "question"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the date it concerns. `acts` narrows to these SFS numbers; empty means all.

    Raises HandenhetError for an empty or endless question.
    """

    text: str
    on: date
    acts: tuple[str, ...] = ()
    top: int = 10

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise HandenhetError("the question is empty", mend="ask in words, or cite a section such as LVU 6 §")
        if len(self.text) > MOST_CHARACTERS:
            raise HandenhetError(
                f"the question has {len(self.text)} characters, at most {MOST_CHARACTERS} are read",
                mend="ask about one thing at a time",
            )
        if not 1 <= self.top <= 1000:
            raise HandenhetError("the number of hits must lie between 1 and 1000", mend="use --top 10")


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision in force on the query's date. `score` orders hits of one answer and means nothing beside it."""

    provision: Provision
    score: float
    way: Way
    note: str = ""
    """Our own note about the section, when the statute's text is what is shown."""

    def cited(self, on: date) -> Citation:
        return Citation(self.provision, on)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first, and what the reader must know: acts not loaded, dates not covered, changes on their way."""

    hits: tuple[Hit, ...]
    notices: tuple[str, ...] = ()


class LawIndex(Protocol):
    """Anything that can look the law up."""

    def search(self, query: Query) -> Answer:
        """Hits in force on the query's date, best first. Raises nothing for a question without an answer."""
        ...
