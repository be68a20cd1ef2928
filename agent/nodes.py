"""The steps of the two graphs. Each may run twice after a crash, so each does only what is the same done twice.

A step that waits for people does nothing but wait.
"""

import asyncio
from typing import TypedDict

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from ..knowledge.sources import Transcript
from .beside import Meeting as BesideMeeting
from .deps import Deps
from .engine import Engine
from .gate import Gate
from .observation import Proposed
from .readers.protocol import Window
from .state import CaseState, MeetingPhase, MeetingState


class Listened(TypedDict):
    phase: MeetingPhase


class Read(TypedDict):
    read_upto: int


class ReadBeside(TypedDict):
    beside_upto: int
    model_lost: bool


def listen(state: MeetingState) -> Listened:
    """Wait until words have come or the meeting has ended; resumed with the meeting's phase."""
    phase: MeetingPhase = interrupt({"waiting_for": "words", "meeting": state["meeting_id"]})
    return {"phase": phase}


async def read(state: MeetingState, runtime: Runtime[Deps]) -> Read:
    """The embedded reader reads the next utterance, one at a time, so that a restart never changes what it saw."""
    deps, meeting_id, place = runtime.context, state["meeting_id"], state["read_upto"]
    gate = await asyncio.to_thread(_gate_upto, deps, meeting_id, place)
    if gate is not None:
        await deps.engine.read(_window(gate, place), gate, deps.catalogue)
        await asyncio.to_thread(deps.meetings.save_reading, meeting_id, gate, deps.clock())
        place += 1
    return {"read_upto": place}


def is_behind(state: MeetingState, runtime: Runtime[Deps]) -> bool:
    """Whether there are utterances not read yet."""
    return state["read_upto"] < len(runtime.context.meetings.transcript(state["meeting_id"]))


async def read_beside(state: MeetingState, runtime: Runtime[Deps]) -> ReadBeside:
    """Send the language model, where there is one, after the new words. Only the end of the meeting waits for it."""
    deps, meeting_id = runtime.context, state["meeting_id"]
    if deps.engine.llm is None:
        return {"beside_upto": state["read_upto"], "model_lost": state["model_lost"]}
    place = deps.beside.nudge(_beside(deps, meeting_id), state["beside_upto"], state["read_upto"], state["model_lost"])
    if state["phase"] != "live":
        place = await deps.beside.caught_up(meeting_id)
    return {"beside_upto": place.upto, "model_lost": place.lost}


def _beside(deps: Deps, meeting_id: str) -> BesideMeeting:
    return BesideMeeting(
        meeting_id,
        deps.engine,
        deps.catalogue,
        lambda: _gate(deps, meeting_id, deps.meetings.transcript(meeting_id)),
        lambda gate: deps.meetings.save_reading(meeting_id, gate, deps.clock()),
        deps.read_beside,
    )


def _gate_upto(deps: Deps, meeting_id: str, place: int) -> Gate | None:
    """A gate over the words up to and with the utterance at `place`; None where nothing is said there yet."""
    transcript = deps.meetings.transcript(meeting_id)
    if place >= len(transcript):
        return None
    return _gate(deps, meeting_id, Transcript(transcript.utterances[: place + 1]))


def _gate(deps: Deps, meeting_id: str, transcript: Transcript) -> Gate:
    meeting = deps.meetings.meeting(meeting_id)
    kept = {observation.id: observation for observation in deps.meetings.observations(meeting_id)}
    return Gate(meeting, transcript, deps.catalogue, deps.engine.embedded_proposer, kept)


def _window(gate: Gate, new_from: int) -> Window:
    return Window(gate.meeting, gate.transcript, new_from, Engine.logged(gate))


def go_through(state: MeetingState) -> Listened:
    """Wait while the people in the room go through what was heard; their answers are in the store, not here."""
    interrupt({"waiting_for": "the_room", "meeting": state["meeting_id"]})
    return {"phase": "gone_through"}


def all_gone_through(state: MeetingState, runtime: Runtime[Deps]) -> bool:
    """Whether somebody has answered for every observation."""
    observations = runtime.context.meetings.observations(state["meeting_id"])
    return not any(isinstance(observation.standing, Proposed) for observation in observations)


async def compose(state: MeetingState, runtime: Runtime[Deps]) -> dict[str, object]:
    """The child's version and the journal entry, from confirmed observations only."""
    deps, meeting_id = runtime.context, state["meeting_id"]
    await asyncio.to_thread(deps.meetings.save_drafts, meeting_id, deps.clock())
    await deps.meetings.rewrite_for_child(meeting_id)
    return {}


def sign(state: MeetingState) -> Listened:
    """Wait until the caseworker has signed the journal entry."""
    interrupt({"waiting_for": "signature", "meeting": state["meeting_id"]})
    return {"phase": "signed"}


def is_signed(state: MeetingState, runtime: Runtime[Deps]) -> bool:
    return runtime.context.meetings.signed(state["meeting_id"])


class Drafted(TypedDict):
    draft_id: str


class Reviewed(TypedDict):
    blocking: int


def draft(state: CaseState, runtime: Runtime[Deps]) -> Drafted:
    """The decision basis from all approved meetings, with the law in force on the case's date."""
    deps = runtime.context
    return {"draft_id": deps.cases.draft_basis(state["case_id"], state["ground"], state["on"], deps.clock())}


def review(state: CaseState, runtime: Runtime[Deps]) -> Reviewed:
    """Check every sentence against its citation."""
    return {"blocking": runtime.context.cases.blocking(state["draft_id"])}


def assess(state: CaseState) -> dict[str, object]:
    """Wait while the caseworker reads, edits, writes the assessment and approves, or asks for a new draft."""
    interrupt({"waiting_for": "caseworker", "draft": state["draft_id"]})
    return {}


class Settled(TypedDict):
    approved: bool


def settle(state: CaseState, runtime: Runtime[Deps]) -> Settled:
    """Look in the store whether exactly this draft was approved."""
    return {"approved": runtime.context.cases.approved(state["draft_id"])}
