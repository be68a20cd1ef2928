"""Assembly: one installation's parts put together from its settings, for the server and the demo."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from ..agent.beside import Beside
from ..agent.deps import Deps
from ..agent.engine import Engine
from ..agent.gate import Gate
from ..agent.graph import CaseGraph, MeetingGraph, case_graph, meeting_graph
from ..agent.observation import Observation
from ..agent.readers.protocol import Reader
from ..knowledge import prerequisites
from ..knowledge.factors import Catalogue, catalogue
from ..knowledge.lookup import LawLookup
from ..knowledge.participants import Meeting
from ..knowledge.provisions import Provision
from ..knowledge.sources import Transcript
from .asr.worker import Worker
from .desk import Clock, Desk
from .hearing import hear
from .hub import Hub
from .ingest.server import Ingest
from .law import open_lookup
from .meeting import LiveMeeting
from .room import MeetingRoom
from .security.access import SYSTEM
from .settings import Settings
from .statistics.ask import Beside as BesideQuestions
from .statistics.ask import questions_beside
from .store.facade import Store
from .telemetry import telemetry
from .wording import rewrite_for_child


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class House:
    """One installation. `open` it as a context manager; the recognizer is started apart, since it is heavy."""

    settings: Settings
    store: Store
    engine: Engine
    meeting_graph: MeetingGraph
    case_graph: CaseGraph
    clock: Clock = utc_now
    catalogue: Catalogue = field(default_factory=catalogue)
    hub: Hub = field(default_factory=Hub)
    beside: Beside = field(default_factory=Beside)
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])

    @cached_property
    def law(self) -> LawLookup:
        """The law index; read from disk when first needed."""
        return open_lookup(self.settings)

    def provision(self, sfs: str, section: str, on: date) -> Provision | None:
        hit = self.law.get(sfs, section, on)
        return None if hit is None else hit.provision

    @cached_property
    def questions(self) -> BesideQuestions | None:
        """The language model's reading of questions about past cases, where there is a model."""
        return questions_beside(self.settings)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.store, self.catalogue, self.provision, self.clock, four_eyes=self.settings.four_eyes)

    @property
    def deps(self) -> Deps:
        records = Records(self)
        return Deps(records, records, self.engine, self.catalogue, self.clock, self.beside)

    @property
    def spool_folder(self) -> Path:
        return self.settings.data_dir / "spool"

    def listen(self, meeting_id: str, ingest: Ingest, worker: Worker, key: bytes) -> asyncio.Task[None]:
        """Hear a meeting in the background from its spool's first record; the same meeting is heard once."""
        task = self.running.get(meeting_id)
        if task is None or task.done():
            room = MeetingRoom(self.store, meeting_id, self.clock)
            live = LiveMeeting(room, self.meeting_graph, self.deps, self.hub)
            task = self.running[meeting_id] = asyncio.create_task(_listen(live, ingest, worker, meeting_id, key))
        return task

    async def aclose(self) -> None:
        """Stop hearing and reading; the spools and the store hold what there is."""
        for task in self.running.values():
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)
        await self.beside.aclose()


async def _listen(live: LiveMeeting, ingest: Ingest, worker: Worker, meeting_id: str, key: bytes) -> None:
    records = ingest.follow(meeting_id, key)
    # Closed in this order, so that nothing reads from a spool that is gone.
    async with contextlib.aclosing(records), contextlib.aclosing(hear(records, worker)) as heard:
        await live.run_in_background(heard)


class Records:
    """The store as the two graphs see it. Does everything as the program itself, logged once per object."""

    def __init__(self, house: House) -> None:
        self._house = house

    def _room(self, meeting_id: str) -> MeetingRoom:
        return MeetingRoom(self._house.store, meeting_id, self._house.clock)

    def meeting(self, meeting_id: str) -> Meeting:
        return self._room(meeting_id).meeting()

    def transcript(self, meeting_id: str) -> Transcript:
        return self._room(meeting_id).transcript()

    def observations(self, meeting_id: str) -> Sequence[Observation]:
        return self._room(meeting_id).observations()

    def save_reading(self, meeting_id: str, gate: Gate, at: datetime) -> None:
        self._room(meeting_id).save_reading(gate)

    def save_drafts(self, meeting_id: str, at: datetime) -> None:
        self._house.desk.compose_journal(SYSTEM, meeting_id)
        if not self.meeting(meeting_id).dictation:
            self._house.desk.compose_child_version(SYSTEM, meeting_id)

    async def rewrite_for_child(self, meeting_id: str) -> None:
        if self._house.engine.llm is not None and not self.meeting(meeting_id).dictation:
            await rewrite_for_child(self._house.desk, self._house.engine, SYSTEM, meeting_id)

    def signed(self, meeting_id: str) -> bool:
        return self._house.desk.is_approved(SYSTEM, f"journal-{meeting_id}")

    def draft_basis(self, case_id: str, ground: str, on: str, at: datetime) -> str:
        legal = prerequisites.ground(ground)
        return self._house.desk.compose_basis(SYSTEM, case_id, legal, date.fromisoformat(on)).id

    def blocking(self, draft_id: str) -> int:
        findings = self._house.desk.review(SYSTEM, draft_id)
        return sum(finding.blocks for finding in findings)

    def approved(self, draft_id: str) -> bool:
        return self._house.desk.is_approved(SYSTEM, draft_id)


def engine_of(settings: Settings, reader: Reader) -> Engine:
    """The readers by settings. Raises HandenhetError for half a setting."""
    if not settings.llm_url:
        return Engine(reader)
    # The client is slow to import, and most of this program's processes never speak to a language model.
    from .llm import language_model, say_lost

    return Engine(reader, language_model(settings), say_lost, settings.llm_calls)


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings, reader: Reader, environ: Mapping[str, str] | None = None, clock: Clock = utc_now
) -> AsyncGenerator[House]:
    """Everything but the recognizer. Raises HandenhetError when store, key or settings refuse."""
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(telemetry(settings))
        store = Store.of(settings)
        stack.callback(store.close)
        engine = engine_of(settings, reader)
        if engine.llm is not None:
            await stack.enter_async_context(engine.llm)
        path = settings.data_dir / "graphs.sqlite3"
        saver: BaseCheckpointSaver[str] = await stack.enter_async_context(AsyncSqliteSaver.from_conn_string(str(path)))
        house = House(settings, store, engine, meeting_graph(saver), case_graph(saver), clock)
        stack.push_async_callback(house.aclose)
        yield house
