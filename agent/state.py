"""What the graphs remember between steps: identifiers and counts, never what anybody said.

Checkpoints are written in clear, so content stays in the encrypted store and travels here by id.
"""

from typing import Literal, TypedDict

MeetingPhase = Literal["live", "ended", "gone_through", "signed"]


class MeetingState(TypedDict):
    """One meeting from the first word to the signed journal entry."""

    meeting_id: str
    read_upto: int
    """Number of utterances read; the next reading starts at this index."""
    phase: MeetingPhase
    model_lost: bool
    """The language model failed and the rest was read by the embedded reader alone."""


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
