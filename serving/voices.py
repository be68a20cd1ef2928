"""Who each voice of a meeting is: said once by a person, and holding for the whole meeting, what was said before too.

The stored words keep the voice they were said in; whose it is lies above them, with who said so and when.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ..knowledge.errors import HandenhetError
from ..knowledge.participants import Meeting
from ..knowledge.sources import Transcript
from .asr.voices import VOICES
from .attribution import VOICE
from .kept import KeptList, documents_beside
from .security.access import Actor
from .store.facade import Store
from .store.records import Document
from .store.voices import HISTORY, VoiceOf, voices_document

_HISTORY = KeptList(voices_document, HISTORY)
TOO_MANY = "Fler än fyra deltar. Bara fyra röster kan skiljas åt: markera själv vem som talar."


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice that nobody has been named for yet, and how many utterances were said in it."""

    voice: str
    utterances: int


@dataclass(frozen=True)
class Voices:
    """The acts. `clock` is zone-aware."""

    store: Store
    clock: Callable[[], datetime]

    def unnamed(self, actor: Actor, meeting_id: str) -> tuple[Heard, ...]:
        return unnamed_in(self.store.transcript(actor, meeting_id, at=self.clock()))

    def named(self, actor: Actor, meeting_id: str) -> tuple[VoiceOf, ...]:
        return named_in(documents_beside(self.store, actor, meeting_id, self.clock()), meeting_id)

    def assign(self, actor: Actor, meeting_id: str, voice: str, participant: str) -> None:
        """This voice is this participant's. Said again of the same one it changes nothing.

        Raises HandenhetError for a voice or a participant there is none of.
        """
        at = self.clock()
        with self.store.together(at):
            meeting = self.store.meeting(actor, meeting_id, at=at)
            if voice not in VOICES or len(voice) != 1:
                raise HandenhetError("there is no such voice", where=meeting_id, mend=f"voices are {', '.join(VOICES)}")
            if participant not in {one.id for one in meeting.participants}:
                raise HandenhetError("there is no such participant", where=meeting_id, mend="give a participant's id")
            history = _HISTORY.of(self.store, actor, meeting_id, at)
            last = {one.voice: one.participant for one in history}
            if last.get(voice) == participant:
                return
            history.append(VoiceOf(voice, participant, actor.person, at))
            _HISTORY.save(self.store, actor, meeting_id, history, at)


def named_in(documents: Iterable[Document], meeting_id: str) -> tuple[VoiceOf, ...]:
    """The voices of a meeting that are somebody's, each with who said so last."""
    last = {one.voice: one for one in _HISTORY.among(documents, meeting_id)}
    return tuple(last[voice] for voice in sorted(last))


def unnamed_in(transcript: Transcript) -> tuple[Heard, ...]:
    """The voices nobody has been named for."""
    counted = Counter(u.speaker.removeprefix(VOICE) for u in transcript.utterances if u.speaker.startswith(VOICE))
    return tuple(Heard(voice, counted[voice]) for voice in sorted(counted))


def too_many(meeting: Meeting) -> bool:
    """Whether more people take part than voices can be told apart."""
    return len(meeting.participants) > len(VOICES)
