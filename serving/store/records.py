"""What the store hands out and takes in: frozen values, no database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ...agent.observation import Person
from ...knowledge.errors import IllegalState
from ...knowledge.participants import Meeting

CaseKind = Literal["child", "adult"]
CaseStatus = Literal["open", "closed"]
MeetingStatus = Literal["live", "closed", "gone_through", "approved"]
Matter = Literal[
    "unopened_report",
    "child_investigation",
    "placement_adoption_paternity",
    "custody_agreement",
    "other",
]
"""What the case is in the eyes of the retention rules; a person sets it."""
GapKind = Literal["pause", "struck", "microphone_lost", "no_words"]
DocumentKind = Literal["journal", "child_version", "decision_basis", "protection_assessment", "report", "other"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the case is about. `protected`: secrecy marking or protected registration, masked in every export."""

    name: str
    birth_date: date | None = None
    personal_number: str = ""
    address: str = ""
    protected: bool = False
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case in full. `number` is the municipality's own; `held`: a legal hold keeps it from being destroyed."""

    id: str
    number: str
    unit: str
    kind: CaseKind
    status: CaseStatus
    opened: date
    closed: date | None
    held: bool
    subject: Subject
    matter: Matter = "other"


@dataclass(frozen=True, slots=True)
class CaseFound:
    """What a search across cases shows: where the case lies and whom to ask, and nothing of what is in it."""

    id: str
    number: str
    unit: str
    status: str
    responsible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFrame:
    """What follow-up may know of a case by itself: no name, no number."""

    id: str
    unit: str
    kind: str
    opened: date
    closed: date | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a participant was told about the recording, and what they answered (None: they were not asked)."""

    participant: str
    informed: bool
    agreed: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting with what the store knows beside its frame. `started` is the instant of the first sample."""

    meeting: Meeting
    case_id: str
    status: MeetingStatus
    started: datetime
    ended: datetime | None
    approved: datetime | None
    language: str
    interpreter: bool
    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the meeting that has no words, and why; milliseconds from the meeting's first sample."""

    id: str
    kind: GapKind
    start_ms: int
    end_ms: int
    note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise IllegalState("a gap must not end before it starts", where=f"gap {self.id}")


@dataclass(frozen=True, slots=True)
class Document:
    """One version of something written. `content` is exactly what is shown (JSON or text); `digest` its SHA-256."""

    id: str
    version: int
    case_id: str
    meeting_id: str | None
    kind: DocumentKind
    content: str
    digest: str
    by: Person
    written: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A named person approved exactly this digest."""

    document_id: str
    version: int
    digest: str
    by: Person
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit in a case. `rule` names it (`SoL 20:2`); `met` is when a person said it was kept."""

    id: str
    case_id: str
    rule: str
    started: date
    due: date
    met: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Communication:
    """An entry in the log of what was communicated to a party (FL 25 §); `answers` is the id of an earlier entry."""

    id: str
    at: datetime
    by: Person
    to: str
    how: str
    what: str
    reply: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """Something left the house: which digest, in what form, whereto, and the receiver's receipt if there was one.

    `draft`: it left marked as a draft, before anybody had approved it.
    """

    id: str
    document_id: str
    digest: str
    format: str
    target: str
    by: Person
    at: datetime
    receipt: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    case_id: str
    person_id: str
    person_name: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Audio:
    """A kept recording: where the encrypted file lies and the key that opens it (32 bytes, hex)."""

    id: str
    meeting_id: str
    path: str
    key: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """An audit entry as the log review shows it."""

    seq: int
    at: datetime
    who: str
    role: str
    what: str
    case_id: str
    object_id: str
