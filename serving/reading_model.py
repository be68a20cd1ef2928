"""A language model reads a meeting through the tools, window by window; what it proposes passes the same gate."""

import asyncio

from pydantic_ai.models import Model

from ..agent.engine import Engine
from ..agent.gate import Gate
from ..agent.readers.embedded import EmbeddedReader
from ..agent.readers.protocol import Window
from ..knowledge.errors import HandenhetError
from ..knowledge.factors import Catalogue
from ..knowledge.sources import Transcript
from .reading import read_embedded
from .transcripts import Given

WINDOW = 12
"""New utterances a language model is shown at a time."""


def read_with_model(given: Given, engine: Engine, model: Model, catalogue: Catalogue) -> Gate:
    """A language model alone, in windows, through the tools. Raises HandenhetError when the model fails."""
    gate = Gate(given.meeting, given.transcript, catalogue, engine.llm_proposer(model))
    return asyncio.run(_windows(given, engine, model, gate, catalogue))


def read_both(given: Given, engine: Engine, model: Model, catalogue: Catalogue) -> Gate:
    """The embedded reader first, then the model over what it left; each observation keeps its proposer's name."""
    reader = engine.embedded
    assert isinstance(reader, EmbeddedReader)
    gate = read_embedded(given, reader, catalogue)
    gate.proposer = engine.llm_proposer(model)
    return asyncio.run(_windows(given, engine, model, gate, catalogue))


async def _windows(given: Given, engine: Engine, model: Model, gate: Gate, catalogue: Catalogue) -> Gate:
    async with model:
        return await _read(given, engine, model, gate, catalogue)


async def _read(given: Given, engine: Engine, model: Model, gate: Gate, catalogue: Catalogue) -> Gate:
    said = given.transcript.utterances
    for first in range(0, len(said), WINDOW):
        so_far = Transcript(said[: first + WINDOW])
        window = Window(given.meeting, so_far, first, engine.logged(gate))
        if await engine.read_beside(model, window, gate, catalogue) != "read":
            raise HandenhetError(
                "the language model failed",
                where=f"meeting {given.meeting.id}",
                mend="check it with `handenhet doctor`, or read with --reader embedded",
            )
    return gate
