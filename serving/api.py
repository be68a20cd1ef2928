"""`/api/v1`: cases, meetings, observations, documents and exports as JSON, for the hand-held and for integrators.

Every route acts as the person logged in; the store asks whether they may and logs it. What is wrong is told in Swedish.
"""

import asyncio
import uuid
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ..agent.child import Band
from ..agent.draft import Draft
from ..knowledge.errors import HandenhetError
from ..knowledge.participants import Meeting, Participant
from ..knowledge.sources import Quote
from ..tools.proposals import About
from .export.out import Format
from .house import House
from .live import detail
from .read_aloud import read_aloud
from .rooms import Rooms
from .security.access import AccessRefused, Actor
from .shapes import CaseOut, ConsentIO, FactorOut, MeetingDetail, MeetingOut, ObservationOut, Out, ParticipantOut
from .store.records import CaseKind, Consent, Subject
from .wording import compose_for_child, reword

_MEDIA: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "zip": "application/zip",
}


class In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Text = Annotated[str, Field(max_length=20_000)]


class ParticipantIn(In):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9ÅÄÖåäö][A-Za-z0-9ÅÄÖåäö_.:-]{0,63}$")]
    role: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(max_length=120)] = ""


class CaseIn(In):
    number: Annotated[str, Field(min_length=1, max_length=60)]
    kind: CaseKind
    name: Annotated[str, Field(min_length=1, max_length=160)]
    birth_date: date | None = None
    id: Id | None = None


class MeetingIn(In):
    """A meeting to begin. With `id` the same call may be made again: the hand-held makes ids of its own.

    With the caseworker as its only participant it is a dictation: its words become a draft of a journal entry.
    """

    id: Id | None = None
    setting: Annotated[str, Field(min_length=1, max_length=120)]
    participants: Annotated[list[ParticipantIn], Field(min_length=1, max_length=20)]
    consents: Annotated[list[ConsentIO], Field(max_length=20)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "sv-SE"
    interpreter: bool = False


class NoteIn(In):
    speaker: Annotated[str, Field(max_length=64)]
    text: Annotated[str, Field(min_length=1, max_length=4_000)]


class StandingIn(In):
    """What the room says of an observation. `disputed` carries the person's own words."""

    standing: Literal["confirmed", "rejected", "disputed", "changed", "proposed"]
    words: Annotated[str, Field(max_length=4_000)] = ""
    factor: Annotated[str, Field(max_length=40)] = ""
    about: About | None = None


class ObservationIn(In):
    factor: Annotated[str, Field(max_length=40)]
    utterance: Annotated[str, Field(max_length=64)]
    quote: Annotated[str, Field(min_length=1, max_length=4_000)]
    about: About


class PinIn(In):
    utterance: Annotated[str, Field(max_length=64)]
    first: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    heading: Annotated[str, Field(min_length=1, max_length=80)] = "Barnets egna ord"


class DigestIn(In):
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class TextIn(In):
    text: Text


class WordingIn(In):
    """A sentence of the version `digest` in somebody's words; `text` empty lets the language model word it."""

    digest: str
    place: str
    text: Text = ""


class RemovalIn(In):
    """A sentence of the version `digest` that goes, and why."""

    digest: str
    place: str
    reason: Text


class BandIn(In):
    band: Band | None = None


class Me(Out):
    id: str
    name: str
    role: str
    unit: str
    municipality: str
    screen: str
    """Address of the role's larger screen, empty where none is served."""


class CaseDetail(CaseOut):
    participants: list[ParticipantOut]
    meetings: list[MeetingOut]


class SentenceOut(Out):
    place: str
    """Names the sentence in this version of the draft."""
    text: str
    topic: str
    kind: str
    sources: list[str]


class SectionOut(Out):
    key: str
    heading: str
    level: int
    sentences: list[SentenceOut]
    field: str
    written: str


class FindingOut(Out):
    text: str
    blocks: bool


class DocumentOut(Out):
    """A draft as it is shown; `digest` is what an approval names."""

    id: str
    kind: str
    title: str
    digest: str
    approved: bool
    sections: list[SectionOut]
    findings: list[FindingOut]


class DocumentLine(Out):
    id: str
    kind: str
    version: int
    digest: str
    approved: bool


class ChildSentence(Out):
    text: str
    kind: str
    heading: str


class ChildVersionOut(Out):
    band: Band
    text: str
    digest: str
    approved: bool
    sentences: list[ChildSentence]
    left_out: list[str]
    findings: list[FindingOut]
    made_by: str


def actor_of(request: Request) -> Actor:
    actor = request.state.actor
    if not isinstance(actor, Actor):
        raise AccessRefused("not logged in")
    return actor


def rooms_of(request: Request) -> Rooms:
    rooms: Rooms = request.app.state.rooms
    return rooms


def house_of(request: Request) -> House:
    return rooms_of(request).house


Who = Annotated[Actor, Depends(actor_of)]
TheRooms = Annotated[Rooms, Depends(rooms_of)]
TheHouse = Annotated[House, Depends(house_of)]

api = APIRouter(prefix="/api/v1")


@api.get("/me")
def me(who: Who, house: TheHouse, request: Request) -> Me:
    screen = request.app.state.screens.get(who.role, "")
    town = house.settings.municipality
    return Me(id=who.id, name=who.name, role=who.role, unit=who.unit, municipality=town, screen=screen)


@api.get("/factors")
def factors(who: Who, house: TheHouse, child_age: Annotated[int | None, Query(ge=0, le=20)] = None) -> list[FactorOut]:
    """The catalogue for a child's age, or for an adult's own matter. Topics, never scores."""
    return [FactorOut.of(factor) for factor in house.catalogue.for_age(child_age)]


@api.get("/cases")
def cases(who: Who, house: TheHouse) -> list[CaseOut]:
    """The cases the person is assigned to."""
    at = house.clock()
    return [CaseOut.of(case, at.date()) for case in house.store.cases_for(who, at=at)]


@api.post("/cases", status_code=201)
def open_case(new: CaseIn, who: Who, house: TheHouse) -> CaseOut:
    at = house.clock()
    case = house.store.create_case(
        who, id=new.id, number=new.number, unit=who.unit, kind=new.kind, opened=at.date(), at=at,
        subject=Subject(new.name, new.birth_date), matter="child_investigation" if new.kind == "child" else "other",
    )  # fmt: skip
    return CaseOut.of(case, at.date())


@api.get("/cases/{case_id}")
def case(case_id: Id, who: Who, house: TheHouse) -> CaseDetail:
    at = house.clock()
    found = house.store.case(who, case_id, at=at)
    return CaseDetail(
        **CaseOut.of(found, at.date()).model_dump(),
        participants=[ParticipantOut.of(p) for p in house.store.participants(who, case_id, at=at)],
        meetings=[MeetingOut.of(record) for record in house.store.meetings(who, case_id, at=at)],
    )


@api.post("/cases/{case_id}/meetings", status_code=201)
def begin_meeting(case_id: Id, new: MeetingIn, who: Who, house: TheHouse) -> MeetingOut:
    """Begin a meeting. Sound is taken only if everybody was told and agreed; else it is written by hand."""
    at, store = house.clock(), house.store
    meeting_id = new.id or str(uuid.uuid4())
    found = store.case(who, case_id, at=at)
    age = CaseOut.of(found, at.date()).age if found.kind == "child" else None
    people = tuple(Participant(p.id, p.role, p.name) for p in new.participants)
    meeting = Meeting(meeting_id, new.setting, None if age is None else min(age, 20), people)
    here = next((m for m in store.meetings(who, case_id, at=at) if m.meeting.id == meeting_id), None)
    if here is None:
        consents = tuple(Consent(c.participant, c.informed, c.agreed, c.note) for c in new.consents)
        store.open_meeting(
            who, case_id, meeting, started=at, at=at,
            language=new.language, interpreter=new.interpreter, consents=consents,
        )  # fmt: skip
    return MeetingOut.of(store.meeting_record(who, meeting_id, at=at))


@api.get("/meetings/{meeting_id}")
def meeting(meeting_id: Id, who: Who, rooms: TheRooms) -> MeetingDetail:
    return detail(rooms, who, meeting_id)


@api.get("/meetings/{meeting_id}/frame")
def frame(meeting_id: Id, who: Who, house: TheHouse) -> MeetingOut:
    """When, where, who and how far it has come, without a word of what was said."""
    return MeetingOut.of(house.store.meeting_record(who, meeting_id, at=house.clock()))


@api.put("/meetings/{meeting_id}/consents")
def record_consents(meeting_id: Id, given: list[ConsentIO], who: Who, house: TheHouse) -> MeetingOut:
    consents = tuple(Consent(c.participant, c.informed, c.agreed, c.note) for c in given)
    house.store.record_consents(who, meeting_id, consents, at=house.clock())
    return MeetingOut.of(house.store.meeting_record(who, meeting_id, at=house.clock()))


@api.post("/meetings/{meeting_id}/notes", status_code=202)
async def write_note(meeting_id: Id, note: NoteIn, who: Who, rooms: TheRooms) -> None:
    await rooms.note(who, meeting_id, note.speaker, note.text)


@api.post("/meetings/{meeting_id}/end")
async def end_notes(meeting_id: Id, who: Who, rooms: TheRooms) -> MeetingDetail:
    """The last note of a meeting written by hand. A recorded meeting ends by its stream."""
    await rooms.end_notes(who, meeting_id)
    return await asyncio.to_thread(detail, rooms, who, meeting_id)


@api.get("/meetings/{meeting_id}/clip", response_class=Response)
async def clip(
    meeting_id: Id, who: Who, rooms: TheRooms, from_ms: Annotated[int, Query(ge=0)], to_ms: Annotated[int, Query(ge=1)]
) -> Response:
    """The seconds as WAV, where sound is kept."""
    return Response(await rooms.clip(who, meeting_id, from_ms, to_ms), media_type="audio/wav")


@api.post("/meetings/{meeting_id}/acute/{signal_id}/seen")
def acute_seen(meeting_id: Id, signal_id: str, who: Who, house: TheHouse) -> None:
    house.store.acknowledge_acute(who, signal_id, meeting_id, at=house.clock())


@api.post("/meetings/{meeting_id}/observations", status_code=201)
def add_observation(meeting_id: Id, new: ObservationIn, who: Who, house: TheHouse) -> ObservationOut:
    """A circumstance the readers missed; the quote must be found word for word."""
    added = house.desk.add_said(
        who, meeting_id, factor=new.factor, utterance=new.utterance, words=new.quote, about=new.about
    )
    return ObservationOut.of(added)


@api.put("/meetings/{meeting_id}/observations/{observation_id}/standing")
def answer(meeting_id: Id, observation_id: str, said: StandingIn, who: Who, house: TheHouse) -> ObservationOut:
    """Give an observation its standing. The last answer stands; every earlier one is kept."""
    desk = house.desk
    match said.standing:
        case "confirmed":
            answered = desk.confirm(who, meeting_id, observation_id)
        case "rejected":
            answered = desk.reject(who, meeting_id, observation_id, said.words)
        case "disputed":
            answered = desk.dispute(who, meeting_id, observation_id, said.words)
        case "changed":
            if not said.factor or said.about is None:
                raise HandenhetError("a change names the factor and whom it is about")
            answered = desk.change(who, meeting_id, observation_id, factor=said.factor, about=said.about)
        case "proposed":
            raise HandenhetError("only a reader proposes", mend="answer confirmed, rejected, disputed or changed")
    return ObservationOut.of(answered)


@api.post("/meetings/{meeting_id}/pins", status_code=201)
def pin(meeting_id: Id, new: PinIn, who: Who, house: TheHouse) -> None:
    """Keep these words verbatim in the journal entry."""
    utterance = house.store.transcript(who, meeting_id, at=house.clock())[new.utterance]
    house.desk.pin(who, meeting_id, Quote(utterance, new.first, new.end), new.heading)


@api.post("/meetings/{meeting_id}/gone-through")
async def gone_through(meeting_id: Id, who: Who, rooms: TheRooms) -> MeetingOut:
    """The room has answered for everything: the child's version and the journal entry are composed.

    Of a dictation, where there is nothing to answer for, the journal entry alone.
    """
    house = rooms.house
    record = await asyncio.to_thread(house.store.meeting_record, who, meeting_id, at=house.clock())
    if record.status == "closed":
        await asyncio.to_thread(house.desk.close_review, who, meeting_id)
        if record.meeting.dictation:
            await asyncio.to_thread(house.desk.compose_journal, who, meeting_id)
    if record.status in ("closed", "gone_through"):
        await rooms.people_answered(meeting_id)
    return MeetingOut.of(await asyncio.to_thread(house.store.meeting_record, who, meeting_id, at=house.clock()))


@api.get("/meetings/{meeting_id}/child-version")
def child_version(meeting_id: Id, who: Who, house: TheHouse) -> ChildVersionOut:
    version = house.desk.child_version(who, meeting_id)
    at = {place: heading for heading, place in version.headings}
    return ChildVersionOut(
        band=version.band, text=version.text, digest=version.digest, made_by=version.made_by,
        approved=house.desk.is_approved(who, f"child-{meeting_id}"),
        sentences=[
            ChildSentence(text=s.text, kind=s.kind, heading=at.get(place, ""))
            for place, s in enumerate(version.sentences)
        ],
        left_out=[f"{left.topic}: {left.reason}" for left in version.left_out],
        findings=[FindingOut(text=f.text, blocks=f.blocking) for f in version.findings],
    )  # fmt: skip


@api.post("/meetings/{meeting_id}/child-version")
async def another_band(meeting_id: Id, chosen: BandIn, who: Who, house: TheHouse) -> ChildVersionOut:
    """Compose it anew for another age band, in the language model's words where there is one and they pass the review;
    an earlier approval no longer counts."""
    await compose_for_child(house.desk, house.engine, who, meeting_id, chosen.band)
    return await asyncio.to_thread(child_version, meeting_id, who, house)


@api.post("/meetings/{meeting_id}/child-version/approval")
def approve_child_version(meeting_id: Id, shown: DigestIn, who: Who, house: TheHouse) -> ChildVersionOut:
    house.desk.approve_child_version(who, meeting_id, shown.digest)
    return child_version(meeting_id, who, house)


@api.get("/meetings/{meeting_id}/child-version/audio", response_class=Response)
def child_version_aloud(meeting_id: Id, who: Who, house: TheHouse) -> Response:
    """The child's version read aloud on this machine, as WAV."""
    text = house.desk.child_version(who, meeting_id).text
    return Response(read_aloud(text), media_type="audio/wav")


@api.get("/meetings/{meeting_id}/journal")
def journal(meeting_id: Id, who: Who, house: TheHouse) -> DocumentOut:
    return document(f"journal-{meeting_id}", who, house)


@api.put("/meetings/{meeting_id}/journal/{field}")
def write_journal(meeting_id: Id, field: Id, given: TextIn, who: Who, rooms: TheRooms) -> DocumentOut:
    """A field only a person fills. A new text is a new digest."""
    with rooms.writing:
        rooms.house.desk.write(who, f"journal-{meeting_id}", field, given.text)
    return journal(meeting_id, who, rooms.house)


@api.post("/meetings/{meeting_id}/signature")
async def sign(meeting_id: Id, shown: DigestIn, who: Who, rooms: TheRooms) -> DocumentOut:
    """Sign exactly the journal entry that was shown; the meeting is approved with it."""
    await asyncio.to_thread(rooms.house.desk.sign_meeting, who, meeting_id, shown.digest)
    await rooms.people_answered(meeting_id)
    return await asyncio.to_thread(journal, meeting_id, who, rooms.house)


@api.get("/cases/{case_id}/documents")
def documents(case_id: Id, who: Who, house: TheHouse) -> list[DocumentLine]:
    return [
        DocumentLine(id=d.id, kind=d.kind, version=d.version, digest=d.digest,
                     approved=house.desk.is_approved(who, d.id))
        for d in house.store.documents(who, case_id, at=house.clock())
        if d.kind != "other"
    ]  # fmt: skip


@api.get("/documents/{document_id}")
def document(document_id: Id, who: Who, house: TheHouse) -> DocumentOut:
    draft = house.desk.draft(who, document_id)
    findings = house.desk.review(who, document_id)
    return DocumentOut(
        id=document_id, kind=draft.kind, title=draft.title, digest=draft.digest,
        approved=house.desk.is_approved(who, document_id), sections=_sections(draft),
        findings=[FindingOut(text=finding.text, blocks=finding.blocks) for finding in findings],
    )  # fmt: skip


@api.put("/documents/{document_id}/wording")
async def word(document_id: Id, new: WordingIn, who: Who, rooms: TheRooms) -> DocumentOut:
    """Another wording of one sentence. By hand it keeps its citations while they carry it, else it becomes the person's
    own words; the language model's is refused where a fact, a quote or a judgement moved."""
    house = rooms.house
    if new.text.strip():
        await asyncio.to_thread(_word_by_hand, document_id, new, who, rooms)
    else:
        await reword(house.desk, house.engine, who, document_id, new.digest, new.place)
    return await asyncio.to_thread(document, document_id, who, house)


def _word_by_hand(document_id: str, new: WordingIn, who: Actor, rooms: Rooms) -> None:
    with rooms.writing:
        rooms.house.desk.reword(who, document_id, new.digest, new.place, new.text)


@api.post("/documents/{document_id}/removal")
def leave_out(document_id: Id, gone: RemovalIn, who: Who, rooms: TheRooms) -> DocumentOut:
    """A sentence goes; what only it told of is listed in the document with the reason."""
    with rooms.writing:
        rooms.house.desk.leave_out(who, document_id, gone.digest, gone.place, gone.reason)
    return document(document_id, who, rooms.house)


@api.get("/documents/{document_id}/export", response_class=Response)
def export_document(document_id: Id, who: Who, house: TheHouse, format: Format = "docx") -> Response:
    """The document as a file: marked UTKAST until it is approved, with protected details masked."""
    name, content = house.desk.hand_out(who, document_id, format)
    return Response(
        content, media_type=_MEDIA[format], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _sections(draft: Draft) -> list[SectionOut]:
    placed = list(draft.placed())
    return [
        SectionOut(
            key=section.key, heading=section.heading, level=section.level, field=section.field,
            written=(written.text if section.field and (written := draft.wrote(section.field)) else ""),
            sentences=[
                SentenceOut(
                    place=place, text=s.text, topic=s.topic, kind=s.kind, sources=[q.text for q in s.quotes]
                )
                for place, s in placed
                if place.split("/")[0] == section.key
            ],
        )
        for section in draft.sections
    ]  # fmt: skip
