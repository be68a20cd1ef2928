"""The steps of the two graphs. Each may run twice after a crash, so each does only what is the same done twice.

A step that waits for people does nothing but wait.
"""

from typing import TypedDict

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from .deps import Deps
from .gate import Gate
from .observation import Proposed
from .readers.protocol import Window
from .state import CaseState, MeetingPhase, MeetingState


class Listened(TypedDict):
    phase: MeetingPhase


class Read(TypedDict):
    read_upto: int
    model_lost: bool


def listen(state: MeetingState) -> Listened:
    """Wait until words have come or the meeting has ended; resumed with the meeting's phase."""
    phase: MeetingPhase = interrupt({"waiting_for": "words", "meeting": state["meeting_id"]})
    return {"phase": phase}


async def read(state: MeetingState, runtime: Runtime[Deps]) -> Read:
    """Every reader reads what is new; what passes the gate is kept as proposed."""
    deps, meeting_id = runtime.context, state["meeting_id"]
    meeting, transcript = deps.meetings.meeting(meeting_id), deps.meetings.transcript(meeting_id)
    if len(transcript) == state["read_upto"]:
        return {"read_upto": len(transcript), "model_lost": state["model_lost"]}
    kept = {observation.id: observation for observation in deps.meetings.observations(meeting_id)}
    gate = Gate(meeting, transcript, deps.catalogue, deps.engine.embedded_proposer, kept)
    window = Window(meeting, transcript, state["read_upto"], deps.engine.logged(gate))
    readings = await deps.engine.read(window, gate, deps.catalogue)
    deps.meetings.save_reading(meeting_id, gate, deps.clock())
    lost = any(reading.lost for reading in readings)
    return {"read_upto": len(transcript), "model_lost": state["model_lost"] or lost}


def go_through(state: MeetingState) -> Listened:
    """Wait while the people in the room go through what was heard; their answers are in the store, not here."""
    interrupt({"waiting_for": "the_room", "meeting": state["meeting_id"]})
    return {"phase": "gone_through"}


def all_gone_through(state: MeetingState, runtime: Runtime[Deps]) -> bool:
    """Whether somebody has answered for every observation."""
    observations = runtime.context.meetings.observations(state["meeting_id"])
    return not any(isinstance(observation.standing, Proposed) for observation in observations)


def compose(state: MeetingState, runtime: Runtime[Deps]) -> dict[str, object]:
    """The child's version and the journal entry, from confirmed observations only."""
    runtime.context.meetings.save_drafts(state["meeting_id"], runtime.context.clock())
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
