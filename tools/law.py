"""The law tool: the model asks or cites, and gets provisions it may cite on the case's date, or is asked to retry."""

from dataclasses import dataclass
from datetime import date

from ..knowledge.errors import HandenhetError
from ..knowledge.index import LawIndex, Query
from ..knowledge.provisions import Citation

MOST_HITS = 8


class AskAgain(HandenhetError):
    """Nothing citable came of the call; `mend` tells the model how to ask instead."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be cited, best first, and what must be said with it (acts not loaded, changes on their way)."""

    citations: tuple[Citation, ...]
    notices: tuple[str, ...]


class LawTool:
    """Bound to one index and one date, so that no call can cite for another date than the case's."""

    def __init__(self, index: LawIndex, on: date) -> None:
        self._index = index
        self._on = on

    def search(self, question: str, acts: tuple[str, ...] = (), top: int = 5) -> Found:
        """Provisions that answer a question in words.

        Raises AskAgain when the question cannot be read or nothing in force is found.
        """
        try:
            answer = self._index.search(Query(question, self._on, acts, min(max(top, 1), MOST_HITS)))
        except HandenhetError as error:
            raise AskAgain(error.what, mend=error.mend) from None
        if not answer.hits:
            told = " ".join(answer.notices)
            raise AskAgain(
                f"nothing in the corpus answers this on {self._on.isoformat()}" + (f": {told}" if told else ""),
                mend="ask in the statute's own terms, or say that the corpus does not tell",
            )
        return Found(tuple(Citation(hit.provision, self._on) for hit in answer.hits), answer.notices)

    def cite(self, citation: str) -> Citation:
        """The one section a citation such as `SoL 20 kap. 2 §` names.

        Raises AskAgain when it names none, or one that is not in force or not loaded.
        """
        try:
            answer = self._index.search(Query(citation, self._on, top=1))
        except HandenhetError as error:
            raise AskAgain(error.what, mend=error.mend) from None
        if not answer.hits or answer.hits[0].way != "citation":
            told = " ".join(answer.notices)
            raise AskAgain(f"no such section in force: {citation[:80]}. {told}".strip(), mend="search in words first")
        return Citation(answer.hits[0].provision, self._on)
