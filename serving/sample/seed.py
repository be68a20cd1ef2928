"""A filled store to try the screens on: one child's case with two approved meetings and one to go through.

Everything passes the same doors as in a real case; only the readers' proposals come from a script.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any

import yaml

from ...agent.gate import Gate
from ...agent.observation import Proposer
from ...knowledge.errors import IllegalState
from ...knowledge.participants import Meeting, Participant
from ...knowledge.quotes import find_quote
from ...knowledge.sources import Quote, Transcript, Utterance, Word
from ...tools.proposals import AcuteProposal, FactorProposal, Proposal, Refused
from ..desk import Desk
from ..house import House
from ..security.access import Actor
from ..store.records import Communication, Consent, Deadline, Gap, Subject

CASEWORKER = Actor("maria", "Maria Lindberg", "socialsekreterare", "Barn och unga")
CASE = "emma"
TO_GO_THROUGH = "emma-3"
READER = Proposer("inbyggd", "1")
WORD_MS, PAUSE_MS = 380, 900
DOUBTFUL, SURE = 0.34, 0.93


class _At:
    """The script's own calendar: it stands where it is put and moves on a second with every question."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def script() -> dict[str, Any]:
    file = resources.files(__name__.rpartition(".")[0]).joinpath("emma.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def seed(house: House, today: date) -> None:
    """Fill the store. Every date is counted from `today`. A store that has the case is left as it is."""
    if any(case.id == CASE for case in house.store.cases_for(CASEWORKER, at=house.clock(), key="sample:look")):
        return
    _Seed(house, today).run()


@dataclass
class _Seed:
    house: House
    today: date

    def __post_init__(self) -> None:
        self.told = script()
        self.at = _At(self.instant(-47))
        self.store = self.house.store
        self.desk: Desk = replace(self.house.desk, clock=self.at, four_eyes=False)
        self.people = {id: Participant(id, who["role"], who["name"]) for id, who in self.told["people"].items()}

    def instant(self, days: int, hour: int = 9) -> datetime:
        return datetime.combine(self.today + timedelta(days=days), time(hour, 5), UTC)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def run(self) -> None:
        case = self.told["case"]
        self._case(case, opened=-47)
        for limit in self.told["deadlines"]:
            self._deadline(CASE, limit)
        for entry in self.told["communications"]:
            self._communicated(entry)
        for person in self.people.values():
            self.store.add_participant(CASEWORKER, CASE, person, at=self.at())
        for other in self.told["others"]:
            self.at.now = self.instant(int(other["opened"]))
            self._case(other, opened=int(other["opened"]))
            self._deadline(str(other["id"]), {**other, "id": "barnutredning", "started": other["opened"]})
        for meeting in self.told["meetings"]:
            self._meeting(meeting)

    def _case(self, told: dict[str, Any], *, opened: int) -> None:
        born = self.day(opened)
        self.store.create_case(
            CASEWORKER,
            id=str(told["id"]),
            number=str(told["number"]),
            unit=CASEWORKER.unit,
            kind="child",
            opened=self.day(opened),
            subject=Subject(str(told["name"]), date(born.year - int(told["age"]), 1, 15)),
            matter="child_investigation",
            at=self.at(),
        )

    def _deadline(self, case_id: str, told: dict[str, Any]) -> None:
        id = f"{case_id}-{told['id']}"
        due = self.day(int(told["due"]))
        limit = Deadline(id, case_id, str(told["rule"]), self.day(int(told["started"])), due)
        self.store.save_deadline(CASEWORKER, limit, at=self.at())
        if "met" in told:
            self.store.meet_deadline(CASEWORKER, id, at=self.instant(int(told["met"]), 15))

    def _communicated(self, told: dict[str, Any]) -> None:
        at = self.instant(int(told["day"]), 11)
        entry = Communication(
            f"{CASE}-{told['id']}", at, CASEWORKER.person, str(told["to"]), str(told["how"]), str(told["what"]),
            str(told["reply"]),
        )  # fmt: skip
        self.store.log_communication(CASEWORKER, CASE, entry, at=at)

    def _meeting(self, told: dict[str, Any]) -> None:
        id, started = str(told["id"]), self.instant(int(told["day"]), 13)
        self.at.now = started
        people = tuple(self.people[person] for person in told["people"])
        meeting = Meeting(id, str(told["setting"]), int(self.told["case"]["age"]), people)
        consents = tuple(Consent(person.id, informed=True, agreed=True) for person in people)
        self.store.open_meeting(
            CASEWORKER, CASE, meeting, started=started, at=self.at(), language="sv-SE", consents=consents
        )
        transcript = Transcript(tuple(utterances(told["turns"])))
        for utterance in transcript.utterances:
            self.store.append_utterance(CASEWORKER, id, utterance, at=self.at())
        for kind, start, end in told.get("gaps", ()):
            self.store.save_gap(CASEWORKER, id, Gap(f"{id}-{kind}-{start}", kind, start, end), at=self.at())
        self._read(meeting, transcript, told)
        self.at.now = started + timedelta(minutes=40)
        self.store.move_meeting_on(CASEWORKER, id, "closed", at=self.at())
        if "written" in told:
            self._go_through(id, transcript, told)
            self._sign(id, told["written"])

    def _read(self, meeting: Meeting, transcript: Transcript, told: dict[str, Any]) -> None:
        gate = Gate(meeting, transcript, self.house.catalogue, READER)
        for factor, words, about, source in told["found"]:
            polarity = self.house.catalogue[factor].polarity
            quote = said(transcript, words)
            _submit(gate, FactorProposal(polarity, factor, quote.utterance.id, quote.text, about, source))
        for why, words in told.get("acute", ()):
            quote = said(transcript, words)
            _submit(gate, AcuteProposal(quote.utterance.id, quote.text, why))
        self.store.save_reading(CASEWORKER, meeting.id, gate, at=self.at())

    def _go_through(self, id: str, transcript: Transcript, told: dict[str, Any]) -> None:
        disputed: dict[str, str] = told.get("disputed", {})
        for observation in self.store.observations(CASEWORKER, id, at=self.at()):
            words = disputed.get(observation.factor.id)
            if words:
                self.desk.dispute(CASEWORKER, id, observation.id, words)
            else:
                self.desk.confirm(CASEWORKER, id, observation.id)
        for heading, words in told["pins"]:
            self.desk.pin(CASEWORKER, id, said(transcript, words), heading)
        self.desk.close_review(CASEWORKER, id)

    def _sign(self, id: str, written: dict[str, str]) -> None:
        self.desk.compose_child_version(CASEWORKER, id)
        document = self.desk.compose_journal(CASEWORKER, id)
        for field, text in written.items():
            document = self.desk.write(CASEWORKER, document.id, field, text)
        self.desk.sign_meeting(CASEWORKER, id, document.digest)


def utterances(turns: list[dict[str, str]]) -> Iterator[Utterance]:
    """The script's turns with times as a recognizer would give them."""
    at = 1_000
    for place, turn in enumerate(turns):
        (speaker, text), words = next(iter(turn.items())), list[Word]()
        begun = at
        for part in text.split():
            spoken = part.lstrip("~")
            words.append(Word(spoken, at, at + WORD_MS - 60, SURE if spoken == part else DOUBTFUL))
            at += WORD_MS
        yield Utterance(f"u{place + 1}", place, speaker, begun, at - 60, tuple(words))
        at += PAUSE_MS


def said(transcript: Transcript, words: str) -> Quote:
    """Where the script's words stand. Raises IllegalState if nobody says them."""
    for utterance in transcript.utterances:
        quote = find_quote(utterance, words)
        if quote is not None:
            return quote
    raise IllegalState("the script quotes words that nobody says", where="emma.yaml")


def _submit(gate: Gate, proposal: Proposal) -> None:
    answer = gate.submit(proposal)
    if isinstance(answer, Refused):
        raise IllegalState(f"the script proposes what the gate refuses: {answer.kind}", where=proposal.utterance)
