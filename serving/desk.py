"""What a person does with a case: go through a meeting, write, approve. One place for demo, API and screens.

Every act names who does it; the store asks whether they may, logs it, and keeps earlier versions.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from ..agent import edits
from ..agent.approval import Approval as SignedBy
from ..agent.approval import ApprovalRefused, ApprovedDocument, approve, reopened
from ..agent.basis import compose_basis
from ..agent.child import Band, ChildVersion, TalkFacts, compose_child_version
from ..agent.draft import Draft, draft_of
from ..agent.edits import EditRefused
from ..agent.gate import Gate
from ..agent.journal import compose_journal
from ..agent.material import LawOn, Pinned, Talk
from ..agent.observation import (
    Changed,
    Confirmed,
    Disputed,
    Observation,
    Person,
    Proposed,
    Proposer,
    Rejected,
    Source,
    Standing,
)
from ..agent.review import Finding, ReviewContext, names_in, review
from ..agent.written import Assessment, Decision, OwnNote, Proposal, Written
from ..knowledge import prerequisites
from ..knowledge.errors import HandenhetError
from ..knowledge.factors import Catalogue
from ..knowledge.prerequisites import Ground
from ..knowledge.sources import Quote, Transcript
from ..tools.proposals import About, FactorProposal, Refused
from .dictated import keep_recorded
from .export.out import Format, export, filename
from .export.shown import Masking, protected_words
from .kept import KeptList, documents_beside
from .material import case_file, talk_of
from .security.access import Actor
from .store.facade import Store
from .store.records import Document, DocumentKind, Export, MeetingRecord

Clock = Callable[[], datetime]
BY_HAND = Proposer("person", "1")


@dataclass(frozen=True, slots=True)
class PinKept:
    """A pin as it is stored: the found words by utterance and word offsets."""

    id: str
    utterance: str
    first: int
    end: int
    heading: str
    by: Person
    at: datetime


_PINS = KeptList("pins-{}".format, TypeAdapter(list[PinKept]))
_CHILD_VERSION = TypeAdapter(ChildVersion)


@dataclass(frozen=True)
class Desk:
    """The acts, over a store. `law` gives the provision in force on a date; `clock` is zone-aware."""

    store: Store
    catalogue: Catalogue
    law: LawOn
    clock: Clock
    four_eyes: bool = False
    corpus_date: date | None = None

    # Going through a meeting together

    def answer(self, actor: Actor, meeting_id: str, observation_id: str, standing: Standing) -> Observation:
        """Give an observation its standing. Raises HandenhetError if there is no such observation."""
        answered = self._observation(actor, meeting_id, observation_id).with_standing(standing)
        self.store.save_observation(actor, answered, at=self.clock())
        return answered

    def confirm(self, actor: Actor, meeting_id: str, observation_id: str) -> Observation:
        return self.answer(actor, meeting_id, observation_id, Confirmed(actor.person, self.clock()))

    def reject(self, actor: Actor, meeting_id: str, observation_id: str, reason: str = "") -> Observation:
        return self.answer(actor, meeting_id, observation_id, Rejected(actor.person, self.clock(), reason))

    def dispute(self, actor: Actor, meeting_id: str, observation_id: str, words: str) -> Observation:
        """Keep it with the person's own words that it is wrong."""
        return self.answer(actor, meeting_id, observation_id, Disputed(actor.person, self.clock(), words))

    def change(self, actor: Actor, meeting_id: str, observation_id: str, *, factor: str, about: str) -> Observation:
        """Confirm it under another factor or about somebody else; what the reader proposed is kept in its history."""
        before = self._observation(actor, meeting_id, observation_id)
        told = f"{before.factor.id}|{before.about}"
        changed = replace(
            before,
            factor=self.catalogue[factor],
            about=about,
            standing=Changed(actor.person, self.clock(), told),
        )
        self.store.save_observation(actor, changed, at=self.clock())
        return changed

    def add(self, actor: Actor, meeting_id: str, proposal: FactorProposal) -> Observation:
        """A circumstance the readers missed, added by a person and confirmed at once; it passes the same gate."""
        at = self.clock()
        meeting = self.store.meeting(actor, meeting_id, at=at)
        transcript = self.store.transcript(actor, meeting_id, at=at)
        kept = {o.id: o for o in self.store.observations(actor, meeting_id, at=at)}
        gate = Gate(meeting, transcript, self.catalogue, BY_HAND, kept)
        answer = gate.submit(proposal)
        if isinstance(answer, Refused):
            raise HandenhetError(answer.how_to_mend, where=f"yttrande {proposal.utterance}")
        self.store.save_observation(actor, gate.observations[answer.id], at=at)
        return self.confirm(actor, meeting_id, answer.id)

    def add_said(
        self, actor: Actor, meeting_id: str, *, factor: str, utterance: str, words: str, about: About
    ) -> Observation:
        """The same from what a person points at: these words of this utterance show this factor."""
        transcript = self.store.transcript(actor, meeting_id, at=self.clock())
        if utterance not in transcript:
            raise HandenhetError("there is no such utterance", where=f"{meeting_id}/{utterance}")
        meeting = self.store.meeting(actor, meeting_id, at=self.clock())
        speaker = meeting.participant(transcript[utterance].speaker)
        source: Source = "told_of_oneself" if about in (speaker.role, "familj") else "told_of_another"
        polarity = self.catalogue[factor].polarity
        return self.add(actor, meeting_id, FactorProposal(polarity, factor, utterance, words, about, source))

    def pin(self, actor: Actor, meeting_id: str, quote: Quote, heading: str) -> None:
        """Keep these words verbatim under a heading of the journal entry."""
        at = self.clock()
        id = f"p-{meeting_id}-{quote.utterance.id}-{quote.first}-{quote.end}"
        kept = _PINS.of(self.store, actor, meeting_id, at)
        if any(pin.id == id for pin in kept):
            return
        kept.append(PinKept(id, quote.utterance.id, quote.first, quote.end, heading, actor.person, at))
        _PINS.save(self.store, actor, meeting_id, kept, at)

    def pins(self, actor: Actor, meeting_id: str) -> tuple[Pinned, ...]:
        at = self.clock()
        transcript = self.store.transcript(actor, meeting_id, at=at)
        return pinned_in(documents_beside(self.store, actor, meeting_id, at), meeting_id, transcript)

    def close_review(self, actor: Actor, meeting_id: str) -> None:
        """The room has answered for everything. Raises HandenhetError while something waits for an answer."""
        at = self.clock()
        waiting = [o.id for o in self.store.observations(actor, meeting_id, at=at) if isinstance(o.standing, Proposed)]
        if waiting:
            raise HandenhetError(
                f"{len(waiting)} observationer väntar på svar", where=f"möte {meeting_id}", mend="gå igenom dem först"
            )
        self.store.move_meeting_on(actor, meeting_id, "gone_through", at=at)

    # Documents

    def talk(self, actor: Actor, meeting_id: str) -> Talk:
        at = self.clock()
        record = self.store.meeting_record(actor, meeting_id, at=at)
        return talk_of(self.store, actor, record, self.pins(actor, meeting_id), at)

    def compose_journal(self, actor: Actor, meeting_id: str) -> Document:
        """The draft of the journal entry, from what the room confirmed, or from what was dictated."""
        at = self.clock()
        record = self.store.meeting_record(actor, meeting_id, at=at)
        if record.meeting.dictation:
            return keep_recorded(self.store, actor, record, at)
        file = self._file(actor, record.case_id, at)
        draft = compose_journal(file, self.talk(actor, meeting_id), self.catalogue)
        return self._save(actor, f"journal-{meeting_id}", "journal", draft, meeting_id)

    def compose_child_version(self, actor: Actor, meeting_id: str, band: Band | None = None) -> Document:
        """The child's version of a meeting; `band` is the caseworker's choice, None takes the child's age."""
        at = self.clock()
        talk = self.talk(actor, meeting_id)
        case_id = self.store.case_of_meeting(meeting_id)
        case = self.store.case(actor, case_id, at=at)
        named = [p.name for p in talk.meeting.participants if p.standpoint == "caseworker" and p.name]
        facts = TalkFacts(
            talk.meeting, caseworker=named[0] if named else "", child_name=case.subject.name.split(" ")[0]
        )
        return self._save_child_version(
            actor, meeting_id, compose_child_version(talk.observations, facts, band, talk.pinned)
        )

    def _save_child_version(self, actor: Actor, meeting_id: str, version: ChildVersion) -> Document:
        return self.store.save_document(
            actor,
            id=f"child-{meeting_id}",
            case_id=self.store.case_of_meeting(meeting_id),
            kind="child_version",
            content=_CHILD_VERSION.dump_json(version).decode(),
            at=self.clock(),
            meeting_id=meeting_id,
            digest=version.digest,
        )

    def child_version(self, actor: Actor, meeting_id: str) -> ChildVersion:
        document = self.store.document(actor, f"child-{meeting_id}", at=self.clock())
        return _CHILD_VERSION.validate_json(document.content)

    def approve_child_version(self, actor: Actor, meeting_id: str, digest: str) -> None:
        """The caseworker stands for what the child is given. Raises ApprovalRefused while something blocks."""
        version = self.child_version(actor, meeting_id)
        if version.blocking:
            kinds = ", ".join(sorted({finding.kind for finding in version.blocking}))
            raise ApprovalRefused("the child's version must be mended first", where=kinds)
        self.store.approve(actor, f"child-{meeting_id}", digest, at=self.clock())

    def compose_basis(self, actor: Actor, case_id: str, ground: Ground, on: date) -> Document:
        """The draft of the decision basis, from every meeting that was gone through."""
        at = self.clock()
        file = self._file(actor, case_id, at)
        draft = compose_basis(file, self._talks(actor, case_id), ground, self.catalogue, self.law, on, self.corpus_date)
        return self._save(actor, f"basis-{case_id}", "decision_basis", draft, None)

    def write(self, actor: Actor, document_id: str, field: str, text: str) -> Document:
        """Put a person's own words into a field that only she fills. A new version with a new digest."""
        document = self.store.document(actor, document_id, at=self.clock())
        written = self._written(actor, field, text)
        draft = draft_of(document.content).write(written)
        return self._save(actor, document_id, document.kind, draft, document.meeting_id)

    # Changing a draft sentence by sentence. `place` is the sentence's, as `Draft.placed` names it; `seen` the digest of
    # the version the person had before them, so that nobody changes a text they have not read.

    def reword(self, actor: Actor, document_id: str, seen: str, place: str, text: str) -> Document:
        """A sentence in a person's words: it keeps its citations while they carry it, else it is her own statement."""
        return self._changed(actor, document_id, seen, lambda draft: edits.edited(
            draft, place, text, actor.person, self.names(actor, draft)
        ))  # fmt: skip

    def leave_out(self, actor: Actor, document_id: str, seen: str, place: str, reason: str) -> Document:
        """A sentence goes, and what only it told of is listed with the reason."""
        return self._changed(actor, document_id, seen, lambda draft: edits.removed(draft, place, reason))

    def add_own(self, actor: Actor, document_id: str, seen: str, place: str, text: str) -> Document:
        """A sentence of a person's own at the end of the section that `place` lies in."""
        section = place.split("/")[0]
        return self._changed(actor, document_id, seen, lambda draft: edits.added(draft, section, text, actor.person))

    def take_wording(self, actor: Actor, document_id: str, seen: str, worded: Draft) -> Document:
        """A draft in which a language model reworded a sentence, if `seen` is still the newest."""
        return self._changed(actor, document_id, seen, lambda draft: worded)

    def take_child_version(self, actor: Actor, meeting_id: str, seen: str, version: ChildVersion) -> bool:
        """A language model's wording of the child's version `seen`; False where that is no longer the newest."""
        if self.child_version(actor, meeting_id).digest != seen:
            return False
        self._save_child_version(actor, meeting_id, version)
        return True

    def names(self, actor: Actor, draft: Draft) -> frozenset[str]:
        """First names of everybody in the draft's case."""
        at = self.clock()
        file = self._file(actor, draft.case_id, at)
        return names_in(file, [self.store.meeting(actor, id, at=at) for id in draft.meetings])

    def _changed(self, actor: Actor, document_id: str, seen: str, change: Callable[[Draft], Draft]) -> Document:
        document = self.store.document(actor, document_id, at=self.clock())
        if document.digest != seen:
            raise EditRefused("the text has changed since it was shown", where=document_id, mend="read it again")
        return self._save(actor, document_id, document.kind, change(draft_of(document.content)), document.meeting_id)

    def draft(self, actor: Actor, document_id: str) -> Draft:
        return draft_of(self.store.document(actor, document_id, at=self.clock()).content)

    def review(self, actor: Actor, document_id: str) -> list[Finding]:
        """Every finding about the newest version, checked against a fresh composition of the same material."""
        at = self.clock()
        with self.store.together(at):
            return self._reviewed(actor, self.draft(actor, document_id), at)

    def _reviewed(self, actor: Actor, draft: Draft, at: datetime) -> list[Finding]:
        file = self._file(actor, draft.case_id, at)
        if draft.kind == "decision_basis":
            talks = self._talks(actor, draft.case_id)
            legal = prerequisites.ground(draft.ground)
            composed = compose_basis(file, talks, legal, self.catalogue, self.law, draft.on, self.corpus_date)
        else:
            talks = tuple(self.talk(actor, meeting) for meeting in draft.meetings)
            composed = compose_journal(file, talks[0], self.catalogue) if talks else draft  # a dictation has none
        return review(draft, ReviewContext(file, talks, self.law, composed))

    def approve(self, actor: Actor, document_id: str, digest: str) -> ApprovedDocument | None:
        """Approve exactly what was shown. None while a second person has still to read it (four eyes).

        Raises ApprovalRefused for another text or an open finding; then nothing is approved.
        """
        at = self.clock()
        draft = self.draft(actor, document_id)
        findings = self.review(actor, document_id)
        mine = SignedBy(actor.person, digest, at)
        approve(draft, mine, findings, may_approve=self._may(actor, draft.case_id))
        self.store.approve(actor, document_id, digest, at=at)
        if not self.is_approved(actor, document_id):
            return None
        return self.approved(actor, document_id)

    def approved(self, actor: Actor, document_id: str) -> ApprovedDocument:
        """The approved document as it stands, marked outdated where one of its meetings was opened again.

        Raises ApprovalRefused if the newest version lacks an approval.
        """
        at = self.clock()
        draft = self.draft(actor, document_id)
        signed = [SignedBy(a.by, a.digest, a.at) for a in self.store.approvals(actor, document_id, at=at)]
        document = approve(draft, signed, [], may_approve=lambda person: True, four_eyes=self.four_eyes)
        for meeting_id in self._added_since(actor, draft):
            document = reopened(document, meeting_id)
        return document

    def is_approved(self, actor: Actor, document_id: str) -> bool:
        """Whether the newest version has the approvals this installation asks for."""
        signed = self.store.approvals(actor, document_id, at=self.clock(), key=f"is approved:{document_id}:{actor.id}")
        return len({approval.by.id for approval in signed}) >= (2 if self.four_eyes else 1)

    def sign_meeting(self, actor: Actor, meeting_id: str, digest: str) -> ApprovedDocument | None:
        """Approve the journal entry; the meeting is approved with it."""
        signed = self.approve(actor, f"journal-{meeting_id}", digest)
        if signed is not None:
            self.store.move_meeting_on(actor, meeting_id, "approved", at=self.clock())
        return signed

    def masking(self, actor: Actor, case_id: str) -> Masking | None:
        """What must not leave the house: the details of a person with protected identity."""
        subject = self.store.case(actor, case_id, at=self.clock()).subject
        if not subject.protected:
            return None
        return protected_words(subject.name, subject.personal_number, subject.address)

    def newest(self, actor: Actor, document_id: str) -> Draft | ApprovedDocument:
        """The newest version: approved where it has its approvals, else the draft."""
        if self.is_approved(actor, document_id):
            return self.approved(actor, document_id)
        return self.draft(actor, document_id)

    def export(self, actor: Actor, document_id: str, form: Format) -> bytes:
        """The newest version as a file: a draft marked UTKAST unless approved, protected details masked."""
        return self._file_of(actor, self.newest(actor, document_id), form)

    def hand_out(self, actor: Actor, document_id: str, form: Format) -> tuple[str, bytes]:
        """The same with a name for the file; a receipt of what left the house is kept."""
        document, at = self.newest(actor, document_id), self.clock()
        approved = isinstance(document, ApprovedDocument)
        digest = document.draft.digest if approved else document.digest
        content = self._file_of(actor, document, form)
        kept = Export(
            str(uuid.uuid4()), document_id, digest, form, "nedladdning", actor.person, at, draft=not approved
        )  # fmt: skip
        self.store.save_export(actor, kept, at=at)
        return filename(document, form), content

    def _file_of(self, actor: Actor, document: Draft | ApprovedDocument, form: Format) -> bytes:
        draft = document.draft if isinstance(document, ApprovedDocument) else document
        return export(document, form, at=self.clock(), mask=self.masking(actor, draft.case_id))

    def _may(self, actor: Actor, case_id: str) -> Callable[[Person], bool]:
        """The store has the last word on access; here it is asked before anything is approved."""
        assigned = {a.person_id for a in self.store.assignments(actor, case_id, at=self.clock()) if a.ended is None}
        return lambda person: person.id in assigned

    def _added_since(self, actor: Actor, draft: Draft) -> list[str]:
        """The draft's meetings whose confirmed observations are no longer those it was composed from."""
        if draft.kind != "decision_basis":
            return []
        listed = {left.observation for left in draft.left_out} | draft.cited
        return [
            talk.id
            for talk in self._talks(actor, draft.case_id)
            if talk.id in draft.meetings and {o.id for o in talk.observations} - listed
        ]

    def _observation(self, actor: Actor, meeting_id: str, observation_id: str) -> Observation:
        for observation in self.store.observations(actor, meeting_id, at=self.clock()):
            if observation.id == observation_id:
                return observation
        raise HandenhetError("there is no such observation", where=f"{meeting_id}/{observation_id}")

    def _talks(self, actor: Actor, case_id: str) -> tuple[Talk, ...]:
        records = self.store.meetings(actor, case_id, at=self.clock())
        return tuple(self.talk(actor, record.meeting.id) for record in records if _gone_through(record))

    def _file(self, actor: Actor, case_id: str, at: datetime):
        case = self.store.case(actor, case_id, at=at)
        parties = self.store.participants(actor, case_id, at=at)
        return case_file(self.store, actor, case, parties, at)

    def _save(self, actor: Actor, id: str, kind: DocumentKind, draft: Draft, meeting_id: str | None) -> Document:
        return self.store.save_document(
            actor,
            id=id,
            case_id=draft.case_id,
            kind=kind,
            content=draft.canonical,
            at=self.clock(),
            meeting_id=meeting_id,
            digest=draft.digest,
        )

    def _written(self, actor: Actor, field: str, text: str) -> Written:
        by, at = actor.person, self.clock()
        match field:
            case "assessment":
                return Assessment(text, by, at)
            case "proposal":
                return Proposal(text, by, at)
            case "decision":
                return Decision(text, by, at)
            case _:
                return OwnNote(field, text, by, at)


def _gone_through(record: MeetingRecord) -> bool:
    """Whether people have answered for what was said. In a dictation nobody was heard."""
    return record.status in ("gone_through", "approved") and not record.meeting.dictation


def pinned_in(documents: Iterable[Document], meeting_id: str, transcript: Transcript) -> tuple[Pinned, ...]:
    """The words kept verbatim from a meeting, among the case's documents."""
    return tuple(
        Pinned(pin.id, Quote(transcript[pin.utterance], pin.first, pin.end), pin.heading, pin.by, pin.at)
        for pin in _PINS.among(documents, meeting_id)
    )
