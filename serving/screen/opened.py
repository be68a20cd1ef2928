"""A case as a screen shows it: read once per look, through the store that asks and logs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ...agent.gaps import GapLedger, gaps
from ...agent.material import CaseFile, Talk, confirmed_only
from ...agent.observation import AcuteSignal, Observation
from ...agent.synthesis import Synthesis, synthesise
from ...knowledge.sources import Transcript
from ..attribution import VOICE
from ..desk import pinned_in
from ..house import House
from ..material import age_on, case_file
from ..security.access import Actor
from ..store.records import Case, Communication, Deadline, Document, Gap, MeetingRecord
from . import words


@dataclass(frozen=True)
class Held:
    """One meeting with everything heard and answered, and its gap ledger."""

    record: MeetingRecord
    transcript: Transcript
    observations: tuple[Observation, ...]
    silences: tuple[Gap, ...]
    acute: tuple[AcuteSignal, ...]
    acute_seen: frozenset[str]
    ledger: GapLedger
    audio: bool
    talk: Talk

    @property
    def id(self) -> str:
        return self.record.meeting.id

    @property
    def day(self) -> date:
        return words.local_day(self.record.started)

    @property
    def label(self) -> str:
        setting = self.record.meeting.setting.replace("_", " ")
        return f"{setting[:1].upper()}{setting[1:]} {words.short_date(self.day)}"

    @property
    def waiting(self) -> tuple[Observation, ...]:
        return tuple(observation for observation in self.observations if words.waiting(observation))

    def who(self, speaker: str) -> str:
        """A speaker as the screen calls them: first name and part in the matter."""
        person = next((p for p in self.record.meeting.participants if p.id == speaker), None)
        if person is None:
            return f"Röst {speaker.removeprefix(VOICE)}" if speaker.startswith(VOICE) else "Okänd talare"
        name = person.name.split()[0] if person.name else ""
        return f"{name} ({person.role})" if name else person.role.capitalize()


@dataclass(frozen=True)
class Opened:
    """The case and all its meetings, in the order they were held. `today` is the day in Sweden.

    A dictation is no meeting: nobody was heard.
    """

    case: Case
    meetings: tuple[Held, ...]
    dictations: tuple[MeetingRecord, ...]
    deadlines: tuple[Deadline, ...]
    communications: tuple[Communication, ...]
    documents: tuple[Document, ...]
    file: CaseFile
    today: date
    areas: tuple[str, ...]

    @property
    def age(self) -> int | None:
        return age_on(self.case.subject.birth_date, self.today)

    def meeting(self, id: str) -> Held | None:
        return next((held for held in self.meetings if held.id == id), None)

    @property
    def observations(self) -> tuple[tuple[Held, Observation], ...]:
        return tuple((held, observation) for held in self.meetings for observation in held.observations)

    @cached_property
    def synthesis(self) -> Synthesis:
        talks = [held.talk for held in self.meetings if held.record.status in ("gone_through", "approved")]
        return synthesise(self.file, talks, self.today)


HasAudio = Callable[[str], bool]


def open_case(house: House, actor: Actor, case_id: str, look: str, has_audio: HasAudio) -> Opened:
    """Read the case. `look` names one page view, so that looking again at the same page is one entry in the log.

    Raises AccessRefused or NotThere.
    """
    store, at = house.store, house.clock()
    key = f"screen:{look}:{actor.id}:{case_id}"
    case = store.case(actor, case_id, at=at, key=key)
    parties = store.participants(actor, case_id, at=at, key=f"{key}:people")
    records = store.meetings(actor, case_id, at=at, key=f"{key}:meetings")
    documents = store.documents(actor, case_id, at=at, key=f"{key}:documents:{at:%H%M}")
    age = age_on(case.subject.birth_date, at.date()) if case.kind == "child" else None
    return Opened(
        case=case,
        meetings=tuple(
            _held(house, actor, record, documents, key, at, has_audio)
            for record in records
            if not record.meeting.dictation
        ),
        dictations=tuple(record for record in records if record.meeting.dictation),
        deadlines=store.deadlines(actor, case_id, at=at, key=f"{key}:deadlines"),
        communications=store.communications(actor, case_id, at=at, key=f"{key}:communications"),
        documents=documents,
        file=case_file(store, actor, case, parties, at),
        today=words.local_day(at),
        areas=house.catalogue.areas(None if age is None else min(age, 20)),
    )


def _held(
    house: House, actor: Actor, record: MeetingRecord, documents: tuple[Document, ...], look: str, at: datetime,
    has_audio: HasAudio,
) -> Held:  # fmt: skip
    store, id = house.store, record.meeting.id
    key = f"{look}:{id}"
    transcript = store.transcript(actor, id, at=at, key=f"{key}:words")
    observations = store.observations(actor, id, at=at, key=f"{key}:observations")
    seen = store.acute_seen(actor, id, at=at, key=f"{key}:seen")
    silences = store.gaps(actor, id, at=at, key=f"{key}:gaps")
    return Held(
        record=record,
        transcript=transcript,
        observations=observations,
        silences=silences,
        acute=store.acute_signals(actor, id, at=at, key=f"{key}:acute"),
        acute_seen=frozenset(id for id, people in seen.items() if people),
        ledger=gaps(record.meeting, transcript, observations, house.catalogue),
        audio=has_audio(id),
        talk=Talk(
            record.meeting, record.started, transcript, confirmed_only(observations),
            pinned_in(documents, id, transcript), ended=record.ended, interpreter=record.interpreter,
        ),
    )  # fmt: skip
