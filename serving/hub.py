"""What happens in a live meeting, told to every screen that watches it. Nothing here is stored."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager
from dataclasses import dataclass

from ..agent.gaps import GapLedger
from ..agent.observation import AcuteSignal, Observation
from ..knowledge.sources import Utterance


@dataclass(frozen=True, slots=True)
class Hearing:
    """Words that may still change."""

    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance that is final and stored."""

    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Noted:
    """Everything proposed so far, as it stands after the latest words."""

    observations: tuple[Observation, ...]
    acute: tuple[AcuteSignal, ...]
    gaps: GapLedger
    model_lost: bool


@dataclass(frozen=True, slots=True)
class Quiet:
    """A stretch without words, and why."""

    start_ms: int
    end_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something went wrong that the people in the room should know; `what` is Swedish and holds no content."""

    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The meeting's last words are stored and read; now the room goes through them."""


News = Hearing | Said | Noted | Quiet | Trouble | Ended
Listener = Callable[[News], None]

BACKLOG = 1_000
"""News a slow screen may lag behind before it is cut off and has to load the meeting anew."""


class Hub:
    """Passes news on, meeting by meeting. Belongs to one event loop; never waits for a listener."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def tell(self, meeting_id: str, news: News) -> None:
        for listener in tuple(self._listeners.get(meeting_id, ())):
            listener(news)

    @contextmanager
    def listening(self, meeting_id: str, listener: Listener):
        """Call `listener` with all news of the meeting for as long as the block lasts."""
        self._listeners.setdefault(meeting_id, []).append(listener)
        try:
            yield
        finally:
            self._listeners[meeting_id].remove(listener)
            if not self._listeners[meeting_id]:
                del self._listeners[meeting_id]

    async def watch(self, meeting_id: str) -> AsyncIterator[News]:
        """News of the meeting from now on, until it ends or the watcher falls too far behind."""
        queue: asyncio.Queue[News | None] = asyncio.Queue(BACKLOG)

        def take(news: News) -> None:
            if queue.full():
                queue.get_nowait()
                news_or_cut: News | None = None
            else:
                news_or_cut = news
            queue.put_nowait(news_or_cut)

        with self.listening(meeting_id, take):
            while (news := await queue.get()) is not None:
                yield news
                if isinstance(news, Ended):
                    return
