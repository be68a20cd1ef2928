"""The sample meeting from audio to an approved decision basis, through the same parts as a real one.

A client streams the audio as the hand-held does; everything after that is the installation itself. The people in the
room and the caseworker answer from a script.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import TypeAdapter

from ...agent.child import ChildVersion
from ...agent.draft import Draft
from ...agent.observation import Observation
from ...agent.review import Finding
from ...agent.state import new_case
from ...knowledge import prerequisites
from ...knowledge.errors import HandenhetError
from ...knowledge.quotes import find_quote
from ..asr.worker import Worker
from ..audio import pcm_blocks
from ..export.out import Format
from ..graphs import answer, pick_up
from ..house import House
from ..hub import News
from ..ingest.client import Client, Sent, numbered
from ..ingest.loopback import on_loopback
from ..ingest.messages import Hello, Turn
from ..ingest.server import Grant, Ingest
from ..security.access import Actor
from ..store.records import Consent, Subject
from .script import SampleMeeting, load_sample

CASEWORKER = Actor("maria", "Maria Lindberg", "socialsekreterare", "Barn och unga")
CASE_ID = "sample-case"
CASE_NUMBER = "2026-0417"
STARTED = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
BORN = date(2016, 3, 8)


class Show(Protocol):
    """Where the sample tells what happens: a terminal, a test."""

    def news(self, news: News) -> None: ...

    def step(self, text: str) -> None: ...

    def acknowledged(self, samples: int) -> None: ...

    def answered(self, observation: Observation) -> None: ...

    def child_version(self, version: ChildVersion) -> None: ...

    def reviewed(self, draft: Draft, findings: list[Finding]) -> None: ...


@dataclass(frozen=True, slots=True)
class Written:
    """What the sample left on disk, and how its stream went."""

    files: tuple[Path, ...]
    sent: Sent
    observations: tuple[Observation, ...]


class SampleClock:
    """The sample's own calendar: it starts at the meeting and moves on one second with every question."""

    def __init__(self, start: datetime = STARTED) -> None:
        self._now = start

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def answers() -> dict[str, Any]:
    file = resources.files(__name__.rpartition(".")[0]).joinpath("answers.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def sample_audio() -> Path:
    return Path(str(resources.files(__name__.rpartition(".")[0]).joinpath("meeting.opus")))


def sample_turns() -> tuple[Turn, ...]:
    """The caseworker's taps: who speaks from which sample on."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("turns.json").read_text(encoding="utf-8")
    taps = TypeAdapter(list[dict[str, int | str]]).validate_json(text)
    return tuple(Turn(seq=0, sample=int(tap["sample"]), at_ms=0, speaker=str(tap["speaker"])) for tap in taps)


def prepare(house: House, sample: SampleMeeting) -> None:
    """The case and its open meeting. The same again changes nothing."""
    at = STARTED
    house.store.create_case(
        CASEWORKER,
        id=CASE_ID,
        number=CASE_NUMBER,
        unit=CASEWORKER.unit,
        kind="child",
        opened=date(2026, 11, 17),
        subject=Subject("Emma Ek", BORN),
        matter="child_investigation",
        at=at,
    )
    consents = tuple(Consent(p.id, informed=True, agreed=True) for p in sample.meeting.participants)
    house.store.open_meeting(
        CASEWORKER, CASE_ID, sample.meeting, started=STARTED, at=at, language="sv-SE", consents=consents
    )


async def stream(
    house: House,
    worker: Worker,
    show: Show,
    *,
    rough: bool = False,
    pace: float | None = None,
    key: bytes | None = None,
) -> Sent:
    """Stream the audio into the installation and hear it to its end."""
    sample = load_sample()
    prepare(house, sample)
    spool_key = key or secrets.token_bytes(32)
    token = secrets.token_urlsafe()

    async def authorise(hello: Hello, headers: Mapping[str, str]) -> Grant | None:
        return Grant(spool_key) if secrets.compare_digest(hello.token, token) else None

    house.spool_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ingest = Ingest(house.spool_folder, authorise)
    async with on_loopback(ingest) as url:
        with house.hub.listening(sample.meeting.id, show.news):
            hearing = house.listen(sample.meeting.id, ingest, worker, spool_key)
            hello = Hello(meeting=sample.meeting.id, token=token, device="demo")
            client = Client(url, hello, rough=rough, pace=pace, acknowledged=show.acknowledged)
            sent = await client.stream(numbered(pcm_blocks(sample_audio()), sample_turns()))
            await hearing
    if house.store.meeting_record(CASEWORKER, sample.meeting.id, at=house.clock()).status == "live":
        raise HandenhetError("the sample meeting was not heard to its end", mend="see the lines above")
    return sent


def go_through(house: House, show: Show) -> tuple[Observation, ...]:
    """The people in the room answer for every observation, as the script says."""
    sample, script = load_sample(), answers()
    meeting, desk = sample.meeting.id, house.desk
    dispute: dict[str, Any] = script["dispute"]
    answered: list[Observation] = []
    for observation in house.store.observations(CASEWORKER, meeting, at=house.clock()):
        moved = _moved(observation, script["change"])
        if moved is not None:
            observation = desk.change(CASEWORKER, meeting, observation.id, factor=moved[0], about=moved[1])
        if observation.factor.id in dispute["factors"]:
            answered.append(desk.dispute(CASEWORKER, meeting, observation.id, str(dispute["words"])))
        elif moved is None:
            answered.append(desk.confirm(CASEWORKER, meeting, observation.id))
        else:
            answered.append(observation)
        show.answered(answered[-1])
    _pin_childs_words(house, meeting, str(script["pin_childs_words"]))
    desk.close_review(CASEWORKER, meeting)
    return tuple(answered)


def _moved(observation: Observation, changes: list[dict[str, str]]) -> tuple[str, str] | None:
    """The factor and the person the caseworker moves it to, None where the reader sorted it right."""
    said = observation.quote.utterance.text.casefold()
    for change in changes:
        if change["words"].casefold() in said and observation.factor.id != change["factor"]:
            return change["factor"], change["about"]
    return None


def _pin_childs_words(house: House, meeting: str, words: str) -> None:
    """Pin what the child wants, where the recognizer heard it."""
    for utterance in house.store.transcript(CASEWORKER, meeting, at=house.clock()).utterances:
        quote = find_quote(utterance, words) or find_quote(utterance, words.lower())
        if quote is not None and utterance.speaker == "B":
            house.desk.pin(CASEWORKER, meeting, quote, "Barnets egna ord")
            return


async def sign(house: House, show: Show) -> None:
    """The meeting's documents: composed by the graph, completed and approved by the caseworker."""
    meeting, desk = load_sample().meeting.id, house.desk
    await _resume(house, meeting)
    version = desk.child_version(CASEWORKER, meeting)
    show.child_version(version)
    desk.approve_child_version(CASEWORKER, meeting, version.digest)
    script = answers()
    document = house.store.document(CASEWORKER, f"journal-{meeting}", at=house.clock())
    document = desk.write(CASEWORKER, document.id, "place", str(script["place"]))
    for field, text in script["journal"].items():
        document = desk.write(CASEWORKER, document.id, field, str(text))
    show.reviewed(desk.draft(CASEWORKER, document.id), desk.review(CASEWORKER, document.id))
    desk.sign_meeting(CASEWORKER, meeting, document.digest)
    await _resume(house, meeting)


async def decide_nothing(house: House, show: Show) -> None:
    """The decision basis: composed, completed by the caseworker in her own words, and approved by its digest."""
    desk, script = house.desk, answers()["basis"]
    ground = prerequisites.ground(str(script.pop("ground")))
    run = f"case:{CASE_ID}"
    start = new_case(CASE_ID, ground.id, STARTED.date().isoformat())
    await pick_up(house.case_graph, run, house.deps, start)
    document = house.store.document(CASEWORKER, f"basis-{CASE_ID}", at=house.clock())
    for field, text in script.items():
        document = desk.write(CASEWORKER, document.id, field, str(text))
    show.reviewed(desk.draft(CASEWORKER, document.id), desk.review(CASEWORKER, document.id))
    desk.approve(CASEWORKER, document.id, document.digest)
    await answer(house.case_graph, run, house.deps, frozenset({"assess"}), "approved")


def write_out(house: House, folder: Path) -> tuple[Path, ...]:
    """The approved documents and the audit log as files."""
    meeting, desk, at = load_sample().meeting.id, house.desk, house.clock()
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    papers = {"beslutsunderlag": f"basis-{CASE_ID}", "journalanteckning": f"journal-{meeting}"}
    forms: tuple[tuple[Format, str], ...] = (("docx", ".docx"), ("json", ".json"), ("text", ".txt"))
    for name, id in papers.items():
        for form, suffix in forms:
            path = folder / f"{name}{suffix}"
            path.write_bytes(desk.export(CASEWORKER, id, form))
            written.append(path)
    child = folder / "barnets-version.txt"
    child.write_text(desk.child_version(CASEWORKER, meeting).text + "\n", encoding="utf-8")
    log = folder / "logg.txt"
    admin = Actor("admin", "Driften", "admin")
    lines = house.store.review_log(admin, at=at, last=100_000)
    told = [
        f"{line.seq} {line.at.isoformat()} {line.who} {line.what} {line.case_id} {line.object_id}" for line in lines
    ]
    log.write_text("\n".join(reversed(told)) + "\n", encoding="utf-8")
    return (*written, child, log)


async def _resume(house: House, meeting: str) -> None:
    waiting = frozenset({"go_through", "sign"})
    await answer(house.meeting_graph, meeting, house.deps, waiting, "people have answered")


async def play(
    house: House, worker: Worker, folder: Path, show: Show, *, rough: bool = False, pace: float | None = None
) -> Written:
    """The whole main job. Raises HandenhetError where a part refuses."""
    show.step("Mötet spelas upp som från handenheten")
    sent = await stream(house, worker, show, rough=rough, pace=pace)
    show.step("De i rummet går igenom vad som antecknats")
    observations = await asyncio.to_thread(go_through, house, show)
    show.step("Barnets version och journalanteckning")
    await sign(house, show)
    show.step("Beslutsunderlag")
    await decide_nothing(house, show)
    return Written(await asyncio.to_thread(write_out, house, folder), sent, observations)
