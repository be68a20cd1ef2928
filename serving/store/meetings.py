"""Meetings and their words. Words are written once and never changed; a correction is a layer above them."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from sqlalchemy import func, select

from ...knowledge.errors import IllegalState
from ...knowledge.participants import Meeting, Participant
from ...knowledge.sources import STRUCK, Correction, Transcript, Utterance, Word
from ..security.access import Actor
from .act import Act, Ground, encoded
from .cases import participants_of, put_participant
from .errors import NotThere
from .records import Audio, Consent, Gap, MeetingRecord, MeetingStatus
from .tables import AudioRow, CorrectionRow, GapRow, MeetingRow, UtteranceRow
from .voices import by_participant

_STEPS: tuple[MeetingStatus, ...] = get_args(MeetingStatus)


@dataclass(frozen=True, slots=True)
class Frame:
    """What lies sealed in a meeting's own row."""

    setting: str
    child_age: int | None
    participants: tuple[str, ...]
    language: str
    interpreter: bool
    consents: tuple[Consent, ...]


class Meetings(Ground):
    """The rooms of the store that hold meetings, words, gaps and kept recordings."""

    def open_meeting(
        self, actor: Actor, case_id: str, meeting: Meeting, *, started: datetime, at: datetime, language: str = "sv",
        interpreter: bool = False, consents: tuple[Consent, ...] = (),
    ) -> None:  # fmt: skip
        """Begin a meeting in a case; its participants join the case. The same call again changes nothing."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            for participant in meeting.participants:
                put_participant(act, actor, case_id, participant, at)
            ids = tuple(participant.id for participant in meeting.participants)
            frame = Frame(meeting.setting, meeting.child_age, ids, language, interpreter, consents)
            row = MeetingRow(id=meeting.id, case_id=case_id, status="live", started=started, ended=None, approved=None)
            act.put_once(row, frame)
            key = f"open meeting:{meeting.id}"
            act.note(actor, "open meeting", at=at, case_id=case_id, object_id=meeting.id, key=key)

    def record_consents(self, actor: Actor, meeting_id: str, consents: tuple[Consent, ...], *, at: datetime) -> None:
        """What each participant was told and answered, as it stands now; the log remembers that it was changed."""
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id, to_write=True)
            frame = act.open(row, Frame)
            changed = Frame(
                frame.setting, frame.child_age, frame.participants, frame.language, frame.interpreter, consents
            )
            row.sealed = act.seal(row, changed)
            content = encoded(changed)
            act.note(actor, "open meeting", at=at, case_id=row.case_id, object_id=meeting_id, content=content)

    def meeting(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> Meeting:
        return self.meeting_record(actor, meeting_id, at=at, key=key).meeting

    def meeting_record(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> MeetingRecord:
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read meeting", at=at, case_id=row.case_id, object_id=meeting_id, key=key)
            return record_of(act, row)

    def meetings(
        self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[MeetingRecord, ...]:
        """The case's meetings in the order they were held."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read meeting", at=at, case_id=case_id, object_id="all", key=key)
            rows = act.session.scalars(
                select(MeetingRow).where(MeetingRow.case_id == case_id).order_by(MeetingRow.started, MeetingRow.id)
            )
            return tuple(record_of(act, row) for row in rows)

    def case_of_meeting(self, meeting_id: str) -> str:
        """The id of the case a meeting belongs to. No content, so not logged."""
        with self._glance() as session:
            row = session.get(MeetingRow, meeting_id)
            if row is None:
                raise NotThere("there is no such meeting", where=meeting_id)
            return row.case_id

    def move_meeting_on(self, actor: Actor, meeting_id: str, to: MeetingStatus, *, at: datetime) -> None:
        """Close a meeting, or say that it was gone through or approved. Never backwards; a step taken again is fine."""
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id, to_write=True)
            if _STEPS.index(to) < _STEPS.index(_status(row)):
                raise IllegalState(f"a meeting that is {row.status} does not become {to}", where=meeting_id)
            row.status = to
            if to != "live" and row.ended is None:
                row.ended = at
            if to == "approved" and row.approved is None:
                row.approved = at
            key = f"move meeting:{meeting_id}:{to}"
            act.note(actor, "move meeting on", at=at, case_id=row.case_id, object_id=f"{meeting_id}/{to}", key=key)

    def append_utterance(self, actor: Actor, meeting_id: str, utterance: Utterance, *, at: datetime) -> bool:
        """Write the next utterance. True if it is new, False if exactly this one was written before.

        Raises IllegalState if other words stand under its id or place, or if one before it is missing.
        """
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id, to_write=True)
            row = UtteranceRow(meeting_id=meeting_id, id=utterance.id, case_id=meeting.case_id, place=utterance.index)
            count = act.session.scalar(
                select(func.count()).select_from(UtteranceRow).where(UtteranceRow.meeting_id == meeting_id)
            )
            if utterance.index > (count or 0):
                raise IllegalState(f"utterance {utterance.index} came before {count}", where=f"meeting {meeting_id}")
            place = UtteranceRow.meeting_id == meeting_id, UtteranceRow.place == utterance.index
            there = act.session.scalars(select(UtteranceRow.id).where(*place)).one_or_none()
            if there not in (None, utterance.id):
                raise IllegalState("another utterance has this place", where=f"meeting {meeting_id}, {utterance.index}")
            object_id = f"{meeting_id}/{utterance.id}"
            kept = act.session.get(UtteranceRow, (meeting_id, utterance.id))
            struck = kept is not None and _is_struck_from(act.open(kept, Utterance), utterance)
            new = not struck and act.put_once(row, utterance)
            act.note(
                actor, "save utterance", at=at, case_id=meeting.case_id, object_id=object_id,
                content=encoded(utterance), key=f"save utterance:{object_id}",
            )  # fmt: skip
            return new

    def correct(
        self, actor: Actor, meeting_id: str, correction: Correction, *, at: datetime, id: str | None = None
    ) -> None:
        """Lay a person's reading above the words; the words below stay as heard."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id, to_write=True)
            transcript = transcript_of(act, meeting_id)
            transcript.correct(correction)  # Refuses words that are not there.
            row_id = id or str(uuid.uuid4())
            kept = act.session.get(CorrectionRow, row_id)
            place = len(transcript.corrections) if kept is None else kept.place
            act.put_once(
                CorrectionRow(id=row_id, case_id=meeting.case_id, meeting_id=meeting_id, place=place), correction
            )
            act.note(
                actor, "correct words", at=at, case_id=meeting.case_id, object_id=f"{meeting_id}/{row_id}",
                content=encoded(correction), key=f"correct words:{row_id}",
            )  # fmt: skip

    def transcript(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> Transcript:
        """All words of a meeting, with the corrections above them."""
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read transcript", at=at, case_id=row.case_id, object_id=meeting_id, key=key)
            return transcript_of(act, meeting_id)

    def save_gap(self, actor: Actor, meeting_id: str, gap: Gap, *, at: datetime) -> None:
        """A stretch without words that has ended: a pause, struck speech, a lost microphone."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            row = GapRow(id=gap.id, case_id=meeting.case_id, meeting_id=meeting_id, start_ms=gap.start_ms)
            act.put_once(row, gap)
            object_id = f"{meeting_id}/{gap.id}"
            key = f"save gap:{object_id}"
            act.note(actor, "save gap", at=at, case_id=meeting.case_id, object_id=object_id, key=key)

    def gaps(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> tuple[Gap, ...]:
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read transcript", at=at, case_id=row.case_id, object_id=f"{meeting_id}/gaps", key=key)
            rows = act.session.scalars(
                select(GapRow).where(GapRow.meeting_id == meeting_id).order_by(GapRow.start_ms, GapRow.id)
            )
            return tuple(act.open(row, Gap) for row in rows)

    def save_audio(self, actor: Actor, audio: Audio, *, at: datetime) -> None:
        """Remember where a kept, encrypted recording lies and keep its key sealed."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, audio.meeting_id)
            act.put_once(AudioRow(id=audio.id, case_id=meeting.case_id, meeting_id=audio.meeting_id), audio)
            key = f"save audio:{audio.id}"
            act.note(actor, "save audio", at=at, case_id=meeting.case_id, object_id=audio.id, key=key)

    def audio(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> tuple[Audio, ...]:
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read audio", at=at, case_id=meeting.case_id, object_id=meeting_id, key=key)
            rows = act.session.scalars(select(AudioRow).where(AudioRow.meeting_id == meeting_id).order_by(AudioRow.id))
            return tuple(act.open(row, Audio) for row in rows)

    def spool_key(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> bytes:
        """The key of the meeting's audio spool (32 bytes), derived from the case's: destroyed with it."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            object_id = f"{meeting_id}/spool"
            act.note(actor, "read audio", at=at, case_id=meeting.case_id, object_id=object_id, key=key)
            return act.cipher(meeting.case_id).derive(f"spool:{meeting_id}")


def _is_struck_from(kept: Utterance, heard: Utterance) -> bool:
    """Whether `kept` is `heard` with some of its words struck since."""
    return any(word.text == STRUCK for word in kept.words) and kept == replace(
        heard,
        words=tuple(
            there if there == Word(STRUCK, said.start_ms, said.end_ms) else said
            for there, said in zip(kept.words, heard.words, strict=False)
        ),
    )


def transcript_of(act: Act, meeting_id: str) -> Transcript:
    utterances = act.session.scalars(
        select(UtteranceRow).where(UtteranceRow.meeting_id == meeting_id).order_by(UtteranceRow.place)
    )
    corrections = act.session.scalars(
        select(CorrectionRow).where(CorrectionRow.meeting_id == meeting_id).order_by(CorrectionRow.place)
    )
    said = by_participant(act, meeting_id, (act.open(row, Utterance) for row in utterances))
    return Transcript(said, tuple(act.open(row, Correction) for row in corrections))


def record_of(act: Act, row: MeetingRow) -> MeetingRecord:
    frame = act.open(row, Frame)
    known = participants_of(act, row.case_id)
    participants: tuple[Participant, ...] = tuple(known[id] for id in frame.participants)
    return MeetingRecord(
        meeting=Meeting(row.id, frame.setting, frame.child_age, participants),
        case_id=row.case_id,
        status=_status(row),
        started=row.started,
        ended=row.ended,
        approved=row.approved,
        language=frame.language,
        interpreter=frame.interpreter,
        consents=frame.consents,
    )


def _status(row: MeetingRow) -> MeetingStatus:
    return next(step for step in _STEPS if step == row.status)
