"""A supervisor's question from words to figures: understood, allowed, logged with its reason, answered."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...agent.questions.grammar import Context, interpret, stopped
from ...knowledge.errors import HandenhetError
from ...tools.cases import CaseQuery, Interpretation, Understood
from ..security.access import Actor, refusal
from ..settings import Settings
from ..store.facade import Store
from .answer import answer
from .rows import CaseRow, demonstration_rows, rows_of

Beside = Callable[[str, Context], Interpretation | None]
"""Another reading of a question, None where it has none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with who asks and why. `before` is the query it may go on from."""

    question: str
    reason: str
    who: Actor
    at: datetime
    before: CaseQuery | None = None

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise HandenhetError("the question is empty", mend="ask in words: Hur många orosanmälningar i mars?")
        if not self.reason.strip():
            raise HandenhetError("a reason is needed", mend='say why you ask: --reason "kvartalsuppföljning"')
        if refused := refusal(self.who, "counts"):
            raise refused


def understand(asked: Asked, units: tuple[str, ...], beside: Beside | None = None) -> Interpretation:
    """The grammar's reading; the one beside it where the grammar would ask back about what may be read at all."""
    context = Context(asked.at.date(), units, asked.who.unit, asked.before)
    read = interpret(asked.question, context)
    if beside is None or read.action != "clarify" or stopped(asked.question, context) is not None:
        return read
    return beside(asked.question, context) or read


def reply(asked: Asked, understood: Interpretation, rows: list[CaseRow], data: str) -> dict[str, Any]:
    """`{action, query, sentence, result, why, data}` as the command and the screen show it."""
    query: CaseQuery | None = getattr(understood, "query", None)
    told: dict[str, Any] = {
        "action": understood.action,
        "query": None if query is None else query.model_dump(mode="json"),
        "sentence": None if query is None else query.sentence,
        "result": None,
        "why": understood.why,
        "choices": list(getattr(understood, "choices", ())),
        "data": data,
    }
    if isinstance(understood, Understood):
        own = [row for row in rows if row.unit == asked.who.unit]
        told["result"] = answer(understood.query, own, asked.at.date())
    return told


def answered(store: Store, asked: Asked, units: tuple[str, ...], beside: Beside | None = None) -> dict[str, Any]:
    """Ask of the store; of made-up cases where it holds none. The reason is logged first, or nothing is told."""
    understood = understand(asked, units, beside)
    query: CaseQuery | None = getattr(understood, "query", None)
    digest = hashlib.sha256((query.model_dump_json() if query else understood.action).encode()).hexdigest()[:16]
    store.note_reason(asked.who, "ask about past cases", asked.reason, at=asked.at, object_id=digest)
    rows = rows_of(store, asked.who, store.key_for("cell keys"), asked.at)
    if not rows:
        return reply(asked, understood, demonstration_rows(units, asked.at.date()), "demonstration")
    return reply(asked, understood, rows, "cases")


def questions_beside(settings: Settings) -> Beside | None:
    """The language model's reading by settings; None where no model is set up."""
    if not settings.llm_url:
        return None
    # The agent and its client are slow to import, and most questions never need them.
    from .beside import by_settings

    return by_settings(settings)
