"""Whose voice is whose: a layer above the words, by which what was said in a voice is a participant's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select

from ...agent.observation import Person
from ...knowledge.sources import Utterance
from ..attribution import VOICE
from .act import Act
from .documents import KeptDocument
from .tables import DocumentRow


@dataclass(frozen=True, slots=True)
class VoiceOf:
    """Somebody has said that this voice (`A`-`D`) is this participant's."""

    voice: str
    participant: str
    by: Person
    at: datetime


HISTORY = TypeAdapter(list[VoiceOf])
"""Everything that was said of a meeting's voices, oldest first: of each voice the last word counts."""


def voices_document(meeting_id: str) -> str:
    return f"voices-{meeting_id}"


def by_participant(act: Act, meeting_id: str, said: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """The utterances with each voice that somebody has given to a participant as that participant."""
    utterances = tuple(said)
    if not any(utterance.speaker.startswith(VOICE) for utterance in utterances):
        return utterances
    newest = (
        select(DocumentRow)
        .where(DocumentRow.id == voices_document(meeting_id))
        .order_by(DocumentRow.version.desc())
        .limit(1)
    )
    row = act.session.scalars(newest).one_or_none()
    if row is None:
        return utterances
    history = HISTORY.validate_json(act.open(row, KeptDocument).content)
    whose = {f"{VOICE}{one.voice}": one.participant for one in history}
    return tuple(replace(u, speaker=whose[u.speaker]) if u.speaker in whose else u for u in utterances)
