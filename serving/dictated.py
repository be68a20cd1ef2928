"""A dictation kept as a draft: every part a field in the words of the person who dictated, a version like any other."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from ..agent.dictation import INAUDIBLE, Part, Said, dictated
from ..agent.draft import Draft, Provenance, Section
from ..agent.material import LOCAL
from ..agent.observation import Person
from ..agent.written import OwnNote
from ..knowledge.errors import HandenhetError
from ..knowledge.sources import STRUCK, Transcript
from .security.access import Actor
from .store.facade import Store
from .store.records import Case, Document, Gap, MeetingRecord

COMPOSER, VERSION = "Handenhet, diktat", "1"
UNDER_NONE = "Diktat"
"""The heading of what was said before the first one."""


def keep(store: Store, actor: Actor, number: str, parts: Sequence[Part], at: datetime) -> Document:
    """A draft of a journal entry in the case with this number; the same dictation again is the same document.

    Raises HandenhetError: nothing was dictated, or no such case that the person may open.
    """
    if not any(part.text for part in parts):
        raise HandenhetError("nothing was dictated", mend="check the recording")
    case = next((one for one in store.cases_for(actor, at=at) if one.number == number), None)
    if case is None:
        raise HandenhetError("there is no such case among yours", where=number, mend="give a case number you work with")
    draft = draft_of_parts(case, parts, actor.person, at)
    spoken = hashlib.sha256("\0".join(f"{part.heading}\n{part.text}" for part in parts).encode()).hexdigest()
    return store.save_document(
        actor,
        id=f"dictation-{case.id}-{spoken[:12]}",
        case_id=case.id,
        kind="journal",
        content=draft.canonical,
        at=at,
        digest=draft.digest,
    )


def keep_recorded(store: Store, actor: Actor, record: MeetingRecord, at: datetime) -> Document:
    """The draft of a dictation made on the hand-held, written once: from then on only a person changes it.

    A dictation without a word is an empty field to write in.
    """
    id, case_id = record.meeting.id, record.case_id
    kept = store.documents(actor, case_id, at=at, kind="journal", meeting_id=id)
    if kept:
        return kept[0]
    case = store.case(actor, case_id, at=at)
    heard = words_of(store.transcript(actor, id, at=at), store.gaps(actor, id, at=at))
    speaker = record.meeting.participants[0]
    mine = actor.name == speaker.name
    by = actor.person if mine else Person(speaker.id, speaker.name or speaker.role, speaker.role)
    draft = draft_of_parts(case, dictated(heard) or (Part("", ""),), by, record.ended or record.started)
    return store.save_document(
        actor,
        id=f"journal-{id}",
        case_id=case_id,
        kind="journal",
        content=draft.canonical,
        at=at,
        meeting_id=id,
        digest=draft.digest,
    )


def words_of(transcript: Transcript, gaps: Iterable[Gap]) -> list[Said]:
    """The words in order, without those taken back; what could not be made out stands as such."""
    heard = [
        (u.start_ms, [Said(w.text, w.doubtful) for w in u.words if w.text != STRUCK]) for u in transcript.utterances
    ]
    heard += [(gap.start_ms, [Said(INAUDIBLE)]) for gap in gaps if gap.kind == "no_words"]
    return [word for _, words in sorted(heard, key=lambda part: part[0]) for word in words]


def draft_of_parts(case: Case, parts: Sequence[Part], by: Person, at: datetime) -> Draft:
    """Each part a section with a field of its own, so that it can be written over, and only by a person."""
    day = at.astimezone(LOCAL).date()
    sections = [
        Section(f"dictated-{n}", part.heading or UNDER_NONE, field=f"dictated-{n}") for n, part in enumerate(parts)
    ]
    written = [OwnNote(f"dictated-{n}", part.text, by, at) for n, part in enumerate(parts) if part.text]
    return Draft(
        kind="journal",
        title=f"Journalanteckning {day}, diktat",
        case_id=case.id,
        case_number=case.number,
        on=day,
        sections=tuple(sections),
        provenance=Provenance(COMPOSER, VERSION),
        written=tuple(written),
    )
