"""What the graphs remember between steps: identifiers and counts, never what anybody said.

Checkpoints are written in clear, so content stays in the encrypted store and travels here by id.
"""

from typing import Literal, TypedDict

MeetingPhase = Literal["live", "ended", "gone_through", "signed"]


class MeetingState(TypedDict):
    """One meeting from the first word to the signed journal entry."""

    meeting_id: str
    read_upto: int
    """Number of utterances the embedded reader has read; the next has this index."""
    beside_upto: int
    """The same for the language model, which reads in the background and may have come further."""
    phase: MeetingPhase
    model_lost: bool
    """The language model failed and the rest was read by the embedded reader alone."""


def new_meeting(meeting_id: str) -> MeetingState:
    return {"meeting_id": meeting_id, "read_upto": 0, "beside_upto": 0, "phase": "live", "model_lost": False}


class CaseState(TypedDict):
    """One investigation from confirmed observations to an approved decision basis."""

    case_id: str
    ground: str
    """Id of the legal ground whose prerequisites are laid out."""
    on: str
    """The case's date (ISO), by which law is cited."""
    draft_id: str
    blocking: int
    """How many findings of the review still block approval."""
    approved: bool


def new_case(case_id: str, ground: str, on: str) -> CaseState:
    return {"case_id": case_id, "ground": ground, "on": on, "draft_id": "", "blocking": 0, "approved": False}
