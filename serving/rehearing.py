"""After the meeting, where sound is kept: hear it again, and keep what was heard otherwise as suggestions.

Nothing is swapped in. The stored words stay; a person takes a suggestion, which makes a correction above them, or
dismisses it. Suggestions lie sealed in the case and go with it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from ..agent.claims import known_names
from ..agent.observation import Person
from ..knowledge.errors import IllegalState
from ..knowledge.sources import Correction, Transcript, Utterance
from .asr.differences import Difference, Kind, differences, rank
from .asr.recognizer import BYTES_PER_SAMPLE, SAMPLE_RATE
from .asr.twice import AROUND_MS, FinalRecognizer
from .ingest.frames import AudioFrame
from .ingest.messages import Record
from .ingest.spool import Spool
from .kept import KeptList
from .security.access import Actor
from .store.errors import NotThere
from .store.facade import Store
from .store.records import Audio, Document

Answer = Literal["taken", "dismissed"]
Progress = Callable[[int, int], None]
"""Told how many utterances of how many have been heard."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words `first`..`end` of an utterance, as they are stored and as they were heard again by `model`.

    `heard` is empty where nothing was heard. `confidence` (0-1) is of the words heard, None where the model gives none.
    `answer` is None until somebody has taken or dismissed it.
    """

    id: str
    utterance: str
    first: int
    end: int
    stored: str
    heard: str
    kind: Kind
    confidence: float | None
    model: str
    answer: Answer | None = None
    by: Person | None = None
    at: datetime | None = None

    @property
    def place(self) -> tuple[str, int, int, str]:
        return self.utterance, self.first, self.end, self.heard


_KEPT = KeptList("rehearing-{}".format, TypeAdapter(list[Suggestion]))


@dataclass(frozen=True)
class Rehearing:
    """The acts around a second hearing. `clock` is zone-aware."""

    store: Store
    clock: Callable[[], datetime]

    def hear(
        self,
        actor: Actor,
        meeting_id: str,
        make: Callable[[], FinalRecognizer],
        model: str,
        progress: Progress = lambda heard, of: None,
    ) -> tuple[Suggestion, ...]:
        """Hear a meeting's kept sound again with the model that `make` loads, called `model`.

        Answered suggestions stay; earlier ones that nobody answered give way. Raises AccessRefused, NotThere where no
        sound is kept, IllegalState while the meeting goes on, SpoolError while the sound is in use, RecognizerError;
        then nothing is kept.
        """
        language, audio = self._audio(actor, meeting_id)
        transcript, names = self._transcript(actor, meeting_id), self._names(actor, meeting_id)
        final = make()
        spool = Spool(Path(audio.path), meeting_id, bytes.fromhex(audio.key))
        try:
            found = list(_compared(transcript, Sound(spool.reader().read()), final, language, names, progress))
        finally:
            spool.close()
        with self.store.together(self.clock()):
            return self._keep(actor, meeting_id, model, found)

    def suggestions(self, actor: Actor, meeting_id: str) -> tuple[Suggestion, ...]:
        """All suggestions of a meeting: first those nobody has answered, the gravest of them first."""
        return _ordered(self._kept(actor, meeting_id), self._transcript(actor, meeting_id))

    def answer(self, actor: Actor, meeting_id: str, suggestion_id: str, answer: Answer) -> Suggestion:
        """Take a suggestion, which corrects the words above the stored ones, or dismiss it. The same again is fine.

        Raises NotThere, or IllegalState for dismissing what was taken: a correction is never unmade.
        """
        at = self.clock()
        with self.store.together(at):
            kept = self._kept(actor, meeting_id)
            place = next((place for place, one in enumerate(kept) if one.id == suggestion_id), None)
            if place is None:
                raise NotThere("there is no such suggestion", where=f"{meeting_id}/{suggestion_id}")
            one = kept[place]
            if one.answer == answer:
                return one
            if one.answer == "taken":
                raise IllegalState("the suggestion was taken already", where=f"{meeting_id}/{suggestion_id}")
            kept[place] = replace(one, answer=answer, by=actor.person, at=at)
            if answer == "taken":
                correction = Correction(one.utterance, one.first, one.end, one.heard, actor.name)
                self.store.correct(actor, meeting_id, correction, at=at, id=f"{meeting_id}-{one.id}")
            self._save(actor, meeting_id, kept)
            return kept[place]

    def _keep(self, actor: Actor, meeting_id: str, model: str, found: Sequence["_Found"]) -> tuple[Suggestion, ...]:
        kept = self._kept(actor, meeting_id)
        answered = [one for one in kept if one.answer is not None]
        known = {one.place for one in answered}
        number = max((int(one.id.removeprefix("r")) for one in kept), default=0)
        new: list[Suggestion] = []
        for utterance, difference in found:
            stored = " ".join(word.text for word in utterance.words[difference.first : difference.end])
            one = Suggestion(
                f"r{number + len(new) + 1}", utterance.id, difference.first, difference.end, stored,
                difference.heard, difference.kind, difference.confidence, model,
            )  # fmt: skip
            if one.place not in known:
                new.append(one)
        self._save(actor, meeting_id, [*answered, *new])
        return self.suggestions(actor, meeting_id)

    def _audio(self, actor: Actor, meeting_id: str) -> tuple[str, Audio]:
        """The meeting's language and its kept sound."""
        at = self.clock()
        record = self.store.meeting_record(actor, meeting_id, at=at)
        if record.status == "live":
            raise IllegalState("the meeting is still going on", where=meeting_id, mend="wait until it has ended")
        for audio in self.store.audio(actor, meeting_id, at=at):
            if Path(audio.path).is_file():
                return record.language, audio
        raise NotThere(
            "no sound is kept of this meeting", where=meeting_id, mend="sound is kept where audio_mode is bevarad"
        )

    def _kept(self, actor: Actor, meeting_id: str) -> list[Suggestion]:
        return _KEPT.of(self.store, actor, meeting_id, self.clock())

    def _save(self, actor: Actor, meeting_id: str, suggestions: list[Suggestion]) -> None:
        _KEPT.save(self.store, actor, meeting_id, suggestions, self.clock())

    def _transcript(self, actor: Actor, meeting_id: str) -> Transcript:
        return self.store.transcript(actor, meeting_id, at=self.clock())

    def _names(self, actor: Actor, meeting_id: str) -> frozenset[str]:
        at, case_id = self.clock(), self.store.case_of_meeting(meeting_id)
        people = self.store.participants(actor, case_id, at=at)
        return known_names([self.store.case(actor, case_id, at=at).subject.name, *(p.name for p in people)])


def suggested_in(documents: Iterable[Document], meeting_id: str, transcript: Transcript) -> tuple[Suggestion, ...]:
    """A meeting's suggestions among the case's documents, in the order of `Rehearing.suggestions`."""
    return _ordered(_KEPT.among(documents, meeting_id), transcript)


def _ordered(kept: Iterable[Suggestion], transcript: Transcript) -> tuple[Suggestion, ...]:
    order = {utterance.id: place for place, utterance in enumerate(transcript.utterances)}
    return tuple(sorted(kept, key=lambda s: (s.answer is not None, rank(s.kind), order[s.utterance], s.first)))


class Sound:
    """The sound of a meeting's records by sample, read forwards once; what lies before the latest cut is let go of."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._records = records
        self._held = bytearray()
        self._from = 0

    def cut(self, first: int, end: int) -> npt.NDArray[np.int16]:
        """Samples `first`..`end`, fewer at the end of the sound. `first` never lies before that of an earlier cut."""
        self._let_go(first)
        while self._from + len(self._held) // BYTES_PER_SAMPLE < end:
            record = next(self._records, None)
            if record is None:
                break
            if isinstance(record, AudioFrame):
                self._held += record.pcm
                self._let_go(first)
        wanted = max(0, end - self._from) * BYTES_PER_SAMPLE
        return np.frombuffer(bytes(self._held[:wanted]), dtype="<i2")

    def _let_go(self, first: int) -> None:
        gone = min(max(0, first - self._from), len(self._held) // BYTES_PER_SAMPLE)
        del self._held[: gone * BYTES_PER_SAMPLE]
        self._from += gone


_Found = tuple[Utterance, Difference]


def _compared(
    transcript: Transcript, sound: Sound, final: FinalRecognizer, language: str, names: frozenset[str],
    progress: Progress,
) -> Iterator[_Found]:  # fmt: skip
    said = transcript.utterances
    for place, utterance in enumerate(said):
        pcm = sound.cut(*around(said, place))
        if len(pcm):
            heard = final.recognise(pcm, language)
            yield from ((utterance, difference) for difference in differences(utterance.words, heard, names))
        progress(place + 1, len(said))


def around(said: Sequence[Utterance], place: int) -> tuple[int, int]:
    """First and last sample of an utterance with a little around it, at most half the way to its neighbours."""
    here = said[place]
    before = said[place - 1].end_ms if place else 0
    after = said[place + 1].start_ms if place + 1 < len(said) else here.end_ms + 2 * AROUND_MS
    first = max(here.start_ms - AROUND_MS, (before + here.start_ms) // 2)
    end = min(here.end_ms + AROUND_MS, (here.end_ms + after) // 2)
    return first * SAMPLE_RATE // 1000, end * SAMPLE_RATE // 1000
