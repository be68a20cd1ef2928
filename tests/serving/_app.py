"""What several tests start the house with: a reader that finds nothing, and the app's clients of those logged in."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from handenhet.agent.readers.protocol import Window
from handenhet.serving.app import create_app, sessions_of
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.house import House
from handenhet.serving.login import StartCode, code_routes
from handenhet.serving.security.access import Actor
from handenhet.tools.proposals import Proposal


class SilentReader:
    name, version = "tyst", "1"

    def read(self, window: Window) -> list[Proposal]:
        return []


@asynccontextmanager
async def clients(house: House, people: Sequence[Actor]) -> AsyncGenerator[list[httpx.AsyncClient]]:
    """The whole app over the house, without a server; one client for each person, logged in."""
    known = {person.id: person for person in people}
    sessions = sessions_of(house)
    login = code_routes(sessions, known, StartCode("1", house.clock), https=False)
    with Worker(lambda: ReplayRecognizer([])) as worker:
        transport = httpx.ASGITransport(create_app(house, worker, known, sessions, login))
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(
                    httpx.AsyncClient(
                        transport=transport,
                        base_url="http://h",
                        cookies={"handenhet": sessions.begin(person.id)},
                        headers={"x-handenhet": "1"},
                    )
                )
                for person in people
            ]
