"""Which readers listen: always the embedded one, and a language model beside it where there is one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded
from pydantic_ai.models import Model

from ..knowledge.factors import Catalogue
from ..tools.proposals import Desk
from .gate import Gate
from .observation import Proposer
from .readers.model import READING_PROMPT, embedded_model, read_with
from .readers.protocol import Logged, Reader, Window

MODEL_READER_VERSION = "1"

MODEL_TROUBLE = (ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded, TimeoutError, OSError)
"""What a language model may do to us in the middle of a meeting: be gone, be slow, loop, talk nonsense."""


@dataclass(frozen=True)
class Engine:
    """The readers of this installation. `llm` is None where no language model is set up.

    `on_lost` is told, without content, when the language model fails.
    """

    embedded: Reader
    llm: Model | None = None
    on_lost: Callable[[str], None] = field(default=lambda reason: None)

    @property
    def embedded_proposer(self) -> Proposer:
        return Proposer(self.embedded.name, self.embedded.version)

    def llm_proposer(self, model: Model) -> Proposer:
        return Proposer("model", MODEL_READER_VERSION, model.model_name, READING_PROMPT.digest)

    async def read(self, window: Window, gate: Gate, catalogue: Catalogue) -> None:
        """The embedded reader reads the window; what passes stays in the gate."""
        await self._turn(embedded_model(self.embedded, window), self.embedded_proposer, window, gate, catalogue)

    async def read_beside(self, window: Window, gate: Gate, catalogue: Catalogue) -> bool:
        """The language model reads the window too. False if it was lost and the meeting goes on without it."""
        if self.llm is None:
            return True
        return await self._turn(self.llm, self.llm_proposer(self.llm), window, gate, catalogue)

    async def _turn(self, model: Model, proposer: Proposer, window: Window, gate: Gate, catalogue: Catalogue) -> bool:
        gate.proposer = proposer
        desk: Desk = gate
        try:
            await read_with(model, window, desk, catalogue)
        except MODEL_TROUBLE as trouble:
            if proposer == self.embedded_proposer:
                raise
            self.on_lost(type(trouble).__name__)
            return False
        return True

    @staticmethod
    def logged(gate: Gate) -> tuple[Logged, ...]:
        """What the gate holds, as a reader sees it."""
        return tuple(
            Logged(o.id, o.factor.id, o.quote.utterance.id, o.quote.text, o.about) for o in gate.observations.values()
        )
