"""What the API and the live news look like as JSON: typed, and the same shape in both."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..agent.gaps import GapLedger
from ..agent.observation import (
    AcuteSignal,
    Changed,
    Confirmed,
    Disputed,
    Observation,
    Proposed,
    Rejected,
)
from ..knowledge.factors import Factor, Polarity
from ..knowledge.participants import Participant
from ..knowledge.sources import Quote, Utterance
from .material import age_on
from .store.records import Case, Consent, Gap, MeetingRecord

StandingKind = Literal["proposed", "confirmed", "changed", "rejected", "disputed"]


class Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class WordOut(Out):
    text: str
    start_ms: int | None
    end_ms: int | None
    doubtful: bool


class UtteranceOut(Out):
    id: str
    index: int
    speaker: str
    start_ms: int
    end_ms: int
    words: list[WordOut]

    @classmethod
    def of(cls, utterance: Utterance) -> "UtteranceOut":
        words = [
            WordOut(text=w.text, start_ms=w.start_ms, end_ms=w.end_ms, doubtful=w.doubtful) for w in utterance.words
        ]
        return cls(
            id=utterance.id, index=utterance.index, speaker=utterance.speaker,
            start_ms=utterance.start_ms, end_ms=utterance.end_ms, words=words,
        )  # fmt: skip


class QuoteOut(Out):
    """Words `first`..`end` (end exclusive) of an utterance, verbatim."""

    utterance: str
    first: int
    end: int
    text: str
    speaker: str
    start_ms: int
    end_ms: int
    doubtful: bool

    @classmethod
    def of(cls, quote: Quote) -> "QuoteOut":
        return cls(
            utterance=quote.utterance.id, first=quote.first, end=quote.end, text=quote.text, speaker=quote.speaker,
            start_ms=quote.start_ms, end_ms=quote.end_ms, doubtful=quote.doubtful,
        )  # fmt: skip


class FactorOut(Out):
    id: str
    polarity: Polarity
    name: str
    area: str
    description: str

    @classmethod
    def of(cls, factor: Factor) -> "FactorOut":
        return cls(
            id=factor.id, polarity=factor.polarity, name=factor.name, area=factor.area, description=factor.description
        )


class StandingOut(Out):
    """`text` is a reason, the person's own words of protest, or what stood there before a change."""

    kind: StandingKind
    by: str = ""
    at: datetime | None = None
    text: str = ""


class ObservationOut(Out):
    id: str
    meeting: str
    factor: FactorOut
    quote: QuoteOut
    context: QuoteOut | None
    about: str
    source: str
    flags: list[str]
    reader: str
    standing: StandingOut

    @classmethod
    def of(cls, observation: Observation) -> "ObservationOut":
        return cls(
            id=observation.id,
            meeting=observation.meeting_id,
            factor=FactorOut.of(observation.factor),
            quote=QuoteOut.of(observation.quote),
            context=None if observation.context is None else QuoteOut.of(observation.context),
            about=observation.about,
            source=observation.source,
            flags=sorted(observation.flags),
            reader=observation.proposer.reader,
            standing=_standing(observation),
        )


def _standing(observation: Observation) -> StandingOut:
    match observation.standing:
        case Proposed():
            return StandingOut(kind="proposed")
        case Confirmed(by, at):
            return StandingOut(kind="confirmed", by=by.name, at=at)
        case Changed(by, at, before):
            return StandingOut(kind="changed", by=by.name, at=at, text=before)
        case Rejected(by, at, reason):
            return StandingOut(kind="rejected", by=by.name, at=at, text=reason)
        case Disputed(by, at, words):
            return StandingOut(kind="disputed", by=by.name, at=at, text=words)


class AcuteOut(Out):
    id: str
    quote: QuoteOut
    why: str
    seen_by: list[str] = []

    @classmethod
    def of(cls, signal: AcuteSignal, seen_by: list[str] | None = None) -> "AcuteOut":
        return cls(id=signal.id, quote=QuoteOut.of(signal.quote), why=signal.why, seen_by=seen_by or [])


class GapOut(Out):
    kind: Literal["pause", "struck", "microphone_lost", "no_words"]
    start_ms: int
    end_ms: int
    note: str = ""

    @classmethod
    def of(cls, gap: Gap) -> "GapOut":
        return cls(kind=gap.kind, start_ms=gap.start_ms, end_ms=gap.end_ms, note=gap.note)


class LedgerOut(Out):
    """What the record leaves open. Not touched is never absent."""

    areas_not_touched: list[str]
    unused: list[str]
    not_heard: list[str]
    open_questions: list[str]
    doubtful_words: int

    @classmethod
    def of(cls, ledger: GapLedger) -> "LedgerOut":
        return cls(
            areas_not_touched=list(ledger.areas_not_touched), unused=list(ledger.unused),
            not_heard=list(ledger.not_heard), open_questions=list(ledger.open_questions),
            doubtful_words=ledger.doubtful_words,
        )  # fmt: skip


class ParticipantOut(Out):
    id: str
    role: str
    name: str
    standpoint: str

    @classmethod
    def of(cls, participant: Participant) -> "ParticipantOut":
        return cls(id=participant.id, role=participant.role, name=participant.name, standpoint=participant.standpoint)


class ConsentIO(Out):
    """What a participant was told about the recording and answered; `agreed` null: not asked."""

    participant: str = Field(max_length=64)
    informed: bool
    agreed: bool | None
    note: str = Field("", max_length=500)

    @classmethod
    def of(cls, consent: Consent) -> "ConsentIO":
        return cls(participant=consent.participant, informed=consent.informed, agreed=consent.agreed, note=consent.note)


class CaseOut(Out):
    id: str
    number: str
    unit: str
    kind: Literal["child", "adult"]
    status: str
    opened: date
    name: str
    age: int | None
    protected: bool

    @classmethod
    def of(cls, case: Case, today: date) -> "CaseOut":
        return cls(
            id=case.id, number=case.number, unit=case.unit, kind=case.kind, status=case.status, opened=case.opened,
            name=case.subject.name, age=age_on(case.subject.birth_date, today), protected=case.subject.protected,
        )  # fmt: skip


class MeetingOut(Out):
    """A meeting's frame. `recording`: whether everybody agreed, so that audio is taken; `dictation`: the caseworker
    is alone and dictates."""

    id: str
    case_id: str
    setting: str
    child_age: int | None
    status: Literal["live", "closed", "gone_through", "approved"]
    started: datetime
    ended: datetime | None
    language: str
    interpreter: bool
    recording: bool
    dictation: bool
    participants: list[ParticipantOut]
    consents: list[ConsentIO]

    @classmethod
    def of(cls, record: MeetingRecord) -> "MeetingOut":
        return cls(
            id=record.meeting.id, case_id=record.case_id, setting=record.meeting.setting,
            child_age=record.meeting.child_age, status=record.status, started=record.started, ended=record.ended,
            language=record.language, interpreter=record.interpreter, recording=may_record(record),
            dictation=record.meeting.dictation,
            participants=[ParticipantOut.of(p) for p in record.meeting.participants],
            consents=[ConsentIO.of(c) for c in record.consents],
        )  # fmt: skip


def may_record(record: MeetingRecord) -> bool:
    """Audio is taken only where everybody in the room was told and said yes."""
    yes = {consent.participant for consent in record.consents if consent.informed and consent.agreed}
    return all(participant.id in yes for participant in record.meeting.participants)


class MeetingDetail(MeetingOut):
    """A meeting with everything that was heard and noted, as it stands."""

    audio: bool
    utterances: list[UtteranceOut]
    observations: list[ObservationOut]
    acute: list[AcuteOut]
    gaps: list[GapOut]
    ledger: LedgerOut
