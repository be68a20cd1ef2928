"""A language model's reading of questions about past cases, where one is set up."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_ai.models import Model

from ...agent.engine import MODEL_TROUBLE
from ...agent.questions.grammar import Context
from ...agent.questions.model import read_question
from ...tools.cases import Interpretation
from ..llm import language_model, say_lost
from ..settings import Settings

KEPT_READINGS = 256


@dataclass
class ModelReading:
    """Reads with `model`, which is made anew for each question, since every question has an event loop of its own.

    What was read is kept, so that what is counted is what was shown.
    """

    model: Callable[[], Model | None]
    on_lost: Callable[[str], None]
    read: OrderedDict[tuple[str, Context], Interpretation | None] = field(
        default_factory=OrderedDict[tuple[str, Context], Interpretation | None]
    )

    def __call__(self, question: str, context: Context) -> Interpretation | None:
        """None where there is no model, it is in trouble, or it finds no query in the question."""
        key = (question, context)
        if key not in self.read:
            understood = self._asked(question, context)
            if understood is None:
                return None
            self.read[key] = understood
            if len(self.read) > KEPT_READINGS:
                self.read.popitem(last=False)
        return self.read[key]

    def _asked(self, question: str, context: Context) -> Interpretation | None:
        model = self.model()
        if model is None:
            return None
        try:
            return asyncio.run(_read(model, question, context))
        except MODEL_TROUBLE as trouble:
            self.on_lost(type(trouble).__name__)
            return None


async def _read(model: Model, question: str, context: Context) -> Interpretation | None:
    async with model:
        return await read_question(model, question, context)


def by_settings(settings: Settings) -> ModelReading:
    return ModelReading(lambda: language_model(settings), say_lost)
