"""One meeting read from end to end: the embedded reader, gate, gaps, child's version, as one JSON value.

The proposals go straight to the gate. What a language model reads besides is in `reading_model`, whose libraries take
longer to load than a short meeting takes to read.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..agent.child.compose import preview_child_version
from ..agent.gaps import gaps
from ..agent.gate import Gate
from ..agent.observation import AcuteSignal, Observation, Proposer
from ..agent.readers.embedded import EmbeddedReader
from ..agent.readers.protocol import Window
from ..knowledge.factors import Catalogue
from .transcripts import Given


def read_embedded(given: Given, reader: EmbeddedReader, catalogue: Catalogue) -> Gate:
    """The embedded reader over a whole meeting, straight to the gate."""
    gate = Gate(given.meeting, given.transcript, catalogue, Proposer(reader.name, reader.version))
    for proposal in reader.read(Window(given.meeting, given.transcript, 0)):
        gate.submit(proposal)
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
