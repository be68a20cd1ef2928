"""A run that is killed at any write of its checkpoints goes on as if nothing had happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from handenhet.agent.deps import Deps
from handenhet.agent.engine import Engine
from handenhet.agent.gate import Gate
from handenhet.agent.graph import meeting_graph
from handenhet.agent.observation import Observation
from handenhet.agent.readers.protocol import Window
from handenhet.agent.state import new_meeting
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text
from handenhet.serving.graphs import answer, graph_config, pick_up
from handenhet.tools.proposals import Proposal

MEETING = Meeting("m1", "barnsamtal", 9, (Participant("B", "barn"),))
WAITS = frozenset({"go_through", "sign"})


class Killed(BaseException):
    pass


class MortalSaver(InMemorySaver):
    """Dies after so many writes, each either done or lost."""

    lives = 10**9

    def _live(self) -> None:
        self.lives -= 1
        if self.lives == 0:
            raise Killed

    async def aput(self, *given: Any, **also: Any) -> Any:
        done = await super().aput(*given, **also)
        self._live()
        return done

    async def aput_writes(self, *given: Any, **also: Any) -> None:
        await super().aput_writes(*given, **also)
        self._live()


class NoReader:
    name = "none"
    version = "1"

    def read(self, window: Window) -> list[Proposal]:
        return []


class Records:
    """Remembers what was read how often and whether drafts were made."""

    def __init__(self) -> None:
        self.said = Transcript()
        self.read = dict[int, int]()
        self.drafted = self.is_signed = False

    def meeting(self, meeting_id: str) -> Meeting:
        return MEETING

    def transcript(self, meeting_id: str) -> Transcript:
        return self.said

    def observations(self, meeting_id: str) -> Sequence[Observation]:
        return ()

    def save_reading(self, meeting_id: str, gate: Gate, at: datetime) -> None:
        upto = len(gate.transcript)
        self.read[upto] = self.read.get(upto, 0) + 1

    def save_drafts(self, meeting_id: str, at: datetime) -> None:
        self.drafted = True

    async def rewrite_for_child(self, meeting_id: str) -> None: ...

    def signed(self, meeting_id: str) -> bool:
        return self.is_signed

    def draft_basis(self, case_id: str, ground: str, on: str, at: datetime) -> str:
        raise NotImplementedError

    def blocking(self, draft_id: str) -> int:
        raise NotImplementedError

    def approved(self, draft_id: str) -> bool:
        raise NotImplementedError


async def meeting_with(saver: MortalSaver, records: Records, at: datetime) -> bool:
    """Hold the meeting from the start, as a restarted server does. True if it was killed before the end."""
    deps = Deps(records, records, Engine(NoReader()), catalogue(), lambda: at)
    graph = meeting_graph(saver)

    async def tell(what: str, waiting: frozenset[str]) -> None:
        await pick_up(graph, "m1", deps, new_meeting("m1"))
        await answer(graph, "m1", deps, waiting, what)

    try:
        await pick_up(graph, "m1", deps, new_meeting("m1"))
        for place in range(3):
            if place == len(records.said):
                records.said = records.said.append(utterance_of_text(f"u{place}", place, "B", "hej"))
            await tell("live", frozenset({"listen"}))
        await tell("ended", frozenset({"listen"}))
        await tell("answered", WAITS)
        records.is_signed = True
        await tell("signed", WAITS)
    except Killed:
        return True
    return False


async def test_wherever_it_is_killed_every_utterance_is_read_and_the_meeting_ends(when_noon: datetime) -> None:
    undisturbed = MortalSaver()
    await meeting_with(undisturbed, Records(), when_noon)
    writes = 10**9 - undisturbed.lives
    assert writes > 20
    for place in range(1, writes):
        saver, records = MortalSaver(), Records()
        saver.lives = place
        assert await meeting_with(saver, records, when_noon), f"not killed at write {place}"
        saver.lives = 10**9
        assert not await meeting_with(saver, records, when_noon)
        state = await meeting_graph(saver).aget_state(graph_config("m1"))
        assert (state.next, state.values["phase"]) == ((), "signed"), f"killed at write {place}"
        assert sorted(records.read) == [1, 2, 3], f"killed at write {place}"
        assert records.drafted
