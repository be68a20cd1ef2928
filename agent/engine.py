"""Which readers listen: always the embedded one, and a language model beside it where there is one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded
from pydantic_ai.models import Model

from ..knowledge.factors import Catalogue
from ..tools.proposals import Desk
from .gate import Gate
from .observation import Proposer
from .readers.listed import read_listed
from .readers.model import READING_PROMPT, embedded_model, read_with
from .readers.protocol import Logged, Reader, Window
from .spans import span

MODEL_READER_VERSION = "1"
READING_S = 40.0
"""All the model's answers to one window of words together."""

GONE = (ModelAPIError, TimeoutError, OSError)
"""The language model cannot be reached, is too slow or sends what is no answer."""
MISBEHAVED = (UnexpectedModelBehavior, UsageLimitExceeded)
"""It answers, and loops, talks nonsense or will not do as it is told."""
MODEL_TROUBLE = (*GONE, *MISBEHAVED)
"""All that a language model may do to us."""

Calls = Literal["tools", "json"]
"""How a language model proposes: by calling tools, or in one JSON answer held to its shape while it is written."""
Turn = Literal["read", "given_up", "gone"]
"""How a reading by the language model ended."""


@dataclass(frozen=True)
class Engine:
    """The readers of this installation. `llm` is None where no language model is set up.

    `on_lost` is told, without content, when the language model fails.
    """

    embedded: Reader
    llm: Model | None = None
    on_lost: Callable[[str], None] = field(default=lambda reason: None)
    calls: Calls = "tools"
    reading_s: float = READING_S

    @property
    def embedded_proposer(self) -> Proposer:
        return Proposer(self.embedded.name, self.embedded.version)

    def llm_proposer(self, model: Model) -> Proposer:
        return Proposer("model", MODEL_READER_VERSION, model.model_name, READING_PROMPT.digest)

    async def read(self, window: Window, gate: Gate, catalogue: Catalogue) -> None:
        """The embedded reader reads the window; what passes stays in the gate."""
        gate.proposer = self.embedded_proposer
        with span("read", utterances=len(window.new)):
            await read_with(embedded_model(self.embedded, window), window, gate, catalogue)

    async def read_beside(self, model: Model, window: Window, desk: Desk, catalogue: Catalogue) -> Turn:
        """The language model reads the window too. What it proposed before it failed stays on the desk."""
        reading = read_listed if self.calls == "json" else read_with
        try:
            with span("read beside", utterances=len(window.new)):
                async with asyncio.timeout(self.reading_s):
                    await reading(model, window, desk, catalogue)
        except MODEL_TROUBLE as trouble:
            self.on_lost(type(trouble).__name__)
            return "gone" if isinstance(trouble, GONE) else "given_up"
        return "read"

    @staticmethod
    def logged(gate: Gate) -> tuple[Logged, ...]:
        """What the gate holds, as a reader sees it."""
        return tuple(
            Logged(o.id, o.factor.id, o.quote.utterance.id, o.quote.text, o.about) for o in gate.observations.values()
        )
