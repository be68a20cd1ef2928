"""What the readers found beside observations: acute signals, words kept verbatim, and proposals that were refused."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ...agent.gate import ChildsWords, Gate, JournalNote, Refusal
from ...agent.observation import AcuteSignal, Person, Proposed, Proposer
from ...knowledge.sources import Quote, Transcript
from ..security.access import Actor
from .act import Act, encoded
from .kept import KeptQuote, quote_of, quote_to_keep
from .meetings import transcript_of
from .observations import Observations
from .tables import AcuteRow, AcuteSeenRow, MeetingRow, NoteRow, RefusalRow


@dataclass(frozen=True, slots=True)
class KeptAcute:
    quote: KeptQuote
    why: str
    proposer: Proposer


@dataclass(frozen=True, slots=True)
class KeptNote:
    quote: KeptQuote
    heading: str


@dataclass(frozen=True, slots=True)
class Seen:
    by: Person
    at: datetime


class Findings(Observations):
    """The rooms of the store that hold acute signals, notes and refused proposals, and take in a whole reading."""

    def save_reading(self, actor: Actor, meeting_id: str, gate: Gate, *, at: datetime) -> None:
        """Everything a gate holds, in one act: kept whole or not at all.

        A reader reads each stretch once: after a crash the same stretch may be read again, and changes nothing.
        """
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id, to_write=True)
            key = f"reading:{meeting_id}:{len(gate.transcript)}:{gate.proposer.reader}"
            again = act.was_noted(key)
            act.note(actor, "save reading", at=at, case_id=row.case_id, object_id=meeting_id, key=key)
            if again:
                return
            transcript = transcript_of(act, meeting_id)
            # Only what readers proposed: a standing loaded before the reading may be older than the store's.
            for observation in gate.observations.values():
                if isinstance(observation.standing, Proposed):
                    self._save(act, actor, row, observation, transcript, at)
            for observation_id, utterance_id in gate.withdrawn.items():
                self._withdraw(act, actor, row, observation_id, utterance_id, at)
            for signal in gate.acute.values():
                _save_acute(act, actor, row, signal, transcript, at)
            for note in (*gate.notes.values(), *gate.childs_words.values()):
                _save_note(act, row, note, transcript)
            for refusal in gate.refusals:
                _save_refusal(act, row, refusal)

    def save_acute(self, actor: Actor, signal: AcuteSignal, *, at: datetime) -> None:
        with self._act(at) as act:
            row = act.enter_meeting(actor, signal.meeting_id)
            _save_acute(act, actor, row, signal, transcript_of(act, row.id), at)

    def acute_signals(
        self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[AcuteSignal, ...]:
        """The meeting's acute signals in the order of their words."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            act.note(
                actor, "read observations", at=at, case_id=meeting.case_id, object_id=f"{meeting_id}/acute", key=key
            )
            transcript = transcript_of(act, meeting_id)
            rows = act.session.scalars(select(AcuteRow).where(AcuteRow.meeting_id == meeting_id))
            signals = [
                AcuteSignal(row.id, meeting_id, quote_of(kept.quote, transcript), kept.why, kept.proposer)
                for row in rows
                if (kept := act.open(row, KeptAcute))
            ]
            return tuple(sorted(signals, key=lambda s: (s.quote.utterance.index, s.quote.first, s.id)))

    def acknowledge_acute(self, actor: Actor, signal_id: str, meeting_id: str, *, at: datetime) -> None:
        """A named person has looked at an acute signal."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            row = AcuteSeenRow(signal_id=signal_id, person_id=actor.id, case_id=meeting.case_id)
            if act.session.get(AcuteSeenRow, (signal_id, actor.id)) is None:
                act.put_once(row, Seen(actor.person, at))
            key = f"acknowledge:{signal_id}:{actor.id}"
            act.note(actor, "acknowledge acute signal", at=at, case_id=meeting.case_id, object_id=signal_id, key=key)

    def acute_seen(
        self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> dict[str, tuple[Seen, ...]]:
        """For each acute signal in the meeting, who has looked at it (empty: nobody yet)."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            act.note(
                actor, "read observations", at=at, case_id=meeting.case_id, object_id=f"{meeting_id}/seen", key=key
            )
            signals = act.session.scalars(select(AcuteRow.id).where(AcuteRow.meeting_id == meeting_id)).all()
            rows = act.session.scalars(
                select(AcuteSeenRow).where(AcuteSeenRow.signal_id.in_(signals)).order_by(AcuteSeenRow.person_id)
            ).all()
            return {id: tuple(act.open(row, Seen) for row in rows if row.signal_id == id) for id in signals}

    def journal_notes(
        self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[JournalNote, ...]:
        return tuple(
            JournalNote(id, quote, heading) for id, quote, heading in self._notes(actor, meeting_id, "note", at, key)
        )

    def childs_words(
        self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[ChildsWords, ...]:
        return tuple(ChildsWords(id, quote) for id, quote, _ in self._notes(actor, meeting_id, "child", at, key))

    def _notes(
        self, actor: Actor, meeting_id: str, kind: str, at: datetime, key: str | None
    ) -> list[tuple[str, Quote, str]]:
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            object_id = f"{meeting_id}/{kind}"
            act.note(actor, "read observations", at=at, case_id=meeting.case_id, object_id=object_id, key=key)
            transcript = transcript_of(act, meeting_id)
            rows = act.session.scalars(select(NoteRow).where(NoteRow.meeting_id == meeting_id, NoteRow.kind == kind))
            kept = [(row.id, act.open(row, KeptNote)) for row in rows]
            notes = [(id, quote_of(note.quote, transcript), note.heading) for id, note in kept]
            return sorted(notes, key=lambda note: (note[1].utterance.index, note[1].first, note[0]))

    def refusals(self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None) -> tuple[Refusal, ...]:
        """The proposals that did not pass the gate: what kind, about which utterance, from which reader."""
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id)
            object_id = f"{meeting_id}/refusals"
            act.note(actor, "read observations", at=at, case_id=meeting.case_id, object_id=object_id, key=key)
            rows = act.session.scalars(
                select(RefusalRow).where(RefusalRow.meeting_id == meeting_id).order_by(RefusalRow.id)
            )
            return tuple(act.open(row, Refusal) for row in rows)


def _save_acute(
    act: Act, actor: Actor, meeting: MeetingRow, signal: AcuteSignal, transcript: Transcript, at: datetime
) -> None:
    kept = KeptAcute(quote_to_keep(signal.quote, transcript), signal.why, signal.proposer)
    act.put_once(AcuteRow(id=signal.id, case_id=meeting.case_id, meeting_id=meeting.id), kept)
    act.note(
        actor, "save acute signal", at=at, case_id=meeting.case_id, object_id=signal.id,
        content=encoded(kept), key=f"save acute:{signal.id}",
    )  # fmt: skip


def _save_note(act: Act, meeting: MeetingRow, note: JournalNote | ChildsWords, transcript: Transcript) -> None:
    kind, heading = ("note", note.heading) if isinstance(note, JournalNote) else ("child", "")
    if act.session.get(NoteRow, note.id) is None:
        kept = KeptNote(quote_to_keep(note.quote, transcript), heading)
        act.put_once(NoteRow(id=note.id, case_id=meeting.case_id, meeting_id=meeting.id, kind=kind), kept)


def _save_refusal(act: Act, meeting: MeetingRow, refusal: Refusal) -> None:
    # The same refusal of the same words by the same reader is one finding, however often it was tried.
    place = hashlib.sha256(encoded(refusal)).hexdigest()[:16]
    act.put_once(RefusalRow(id=f"{meeting.id}/{place}", case_id=meeting.case_id, meeting_id=meeting.id), refusal)
