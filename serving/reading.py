"""One meeting read from end to end: readers, gate, gaps, child's version, as one JSON value.

The embedded reader's proposals go straight to the gate; a language model reads through the tools (`Engine`), window by
window, and what it proposes passes the same gate.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from pydantic_ai.models import Model

from ..agent.child.compose import preview_child_version
from ..agent.engine import Engine
from ..agent.gaps import gaps
from ..agent.gate import Gate
from ..agent.observation import AcuteSignal, Observation, Proposer
from ..agent.readers.embedded import EmbeddedReader
from ..agent.readers.protocol import Window
from ..knowledge.errors import HandenhetError
from ..knowledge.factors import Catalogue
from ..knowledge.sources import Transcript
from .transcripts import Given

ReaderName = Literal["embedded", "model", "both"]
WINDOW = 12
"""New utterances a language model is shown at a time."""


def read_embedded(given: Given, reader: EmbeddedReader, catalogue: Catalogue) -> Gate:
    """The embedded reader over a whole meeting, straight to the gate."""
    gate = Gate(given.meeting, given.transcript, catalogue, Proposer(reader.name, reader.version))
    for proposal in reader.read(Window(given.meeting, given.transcript, 0)):
        gate.submit(proposal)
    return gate


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


def answer(given: Given, gate: Gate, catalogue: Catalogue) -> dict[str, Any]:
    """What `handenhet read` writes for a meeting."""
    kept = sorted(gate.observations.values(), key=lambda o: (o.quote.utterance.index, o.quote.first, o.factor.id))
    alarms = sorted(gate.acute.values(), key=lambda a: (a.quote.utterance.index, a.quote.first))
    version = preview_child_version(kept, given.meeting)
    return {
        "id": given.meeting.id,
        "observations": [_observation(one, given.numbers) for one in kept],
        "acute": [_alarm(one, given.numbers) for one in alarms],
        "gaps": _gaps(given, gate, catalogue),
        "child_version": {
            "band": version.band,
            "text": version.text,
            "readability": version.readability.as_dict(),
            "notice": version.notice,
        },
    }


def _observation(one: Observation, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "factor": one.factor.id,
        "polarity": one.polarity,
        "area": one.factor.area,
        "utterance": numbers[one.quote.utterance.id],
        "quote": one.quote.text,
        "speaker": one.speaker,
        "about": one.about,
        "source": one.source,
        "flags": sorted(one.flags),
        "reader": one.proposer.reader,
    }


def _alarm(one: AcuteSignal, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {"utterance": numbers[one.quote.utterance.id], "quote": one.quote.text, "why": one.why}


def _gaps(given: Given, gate: Gate, catalogue: Catalogue) -> dict[str, Any]:
    ledger = gaps(given.meeting, given.transcript, gate.observations.values(), catalogue)
    told = asdict(ledger)
    for key in ("unused", "open_questions"):
        told[key] = [given.numbers[id] for id in told[key]]
    return {**told, "empty": list(given.empty), "not_read": []}
