"""The server's app: hand-held page, ingest, live news and API behind one guard. Assembly only."""

import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from . import problems
from .api import api
from .asr.worker import Worker
from .assets import load_assets
from .guard import Guard
from .house import House
from .ingest.server import PATH
from .live import watch
from .login import People, logout_route
from .rooms import Rooms
from .security.access import Actor
from .sessions import Sessions
from .words_api import words_api

SCREENS = {"socialsekreterare": "/handlaggare/", "chef": "/chef/"}
"""Where each role's larger screen lies, when the screens are mounted."""
Mount = Callable[[FastAPI, House], None]
"""Adds another room behind the same guard, such as the Gradio screens."""


def sessions_of(house: House) -> Sessions:
    return Sessions(house.store.key_for("sessions"), house.clock)


def create_app(
    house: House,
    worker: Worker,
    people: People,
    sessions: Sessions,
    login: APIRouter,
    *,
    mounts: Sequence[Mount] = (),
    https: bool = False,
) -> FastAPI:
    """Everything one process serves. `login` holds the routes under /auth/ that begin a session."""

    def who(token: str) -> Actor | None:
        person = sessions.who(token)
        return None if person is None else people.get(person)

    rooms = Rooms(house, worker, who)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with rooms.open():
            yield

    app = FastAPI(
        title="Handenhet", version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )  # fmt: skip
    app.state.rooms = rooms
    problems.install(app)
    app.include_router(login)
    app.include_router(logout_route(sessions))
    app.include_router(api)
    app.include_router(words_api)
    app.router.routes += load_assets().routes()
    app.router.routes.append(WebSocketRoute(PATH, rooms.ingest.endpoint))

    @app.websocket("/ws/screen/{meeting_id}")
    async def screen(socket: WebSocket, meeting_id: str) -> None:
        await watch(socket, rooms, meeting_id)

    @app.get("/health", include_in_schema=True)
    def health() -> dict[str, str]:
        return {"status": "ok"}

    app.state.screens = SCREENS if mounts else {}

    @app.get("/", include_in_schema=False)
    def front(request: Request) -> Response:
        actor: Actor | None = request.state.actor
        mine = "" if actor is None or actor.role != "chef" else app.state.screens.get(actor.role, "")
        return RedirectResponse(mine or "/app/", 307)

    for mount in mounts:
        mount(app, house)
    app.add_middleware(Guard, who=who, https=https)
    return app
