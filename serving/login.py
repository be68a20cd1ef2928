"""Logging in: through the municipality's own identity provider, or, on a machine for trying out, by the start code.

The start code is printed by `serve` when it starts; it is offered only where no identity provider is set and the server
listens to this machine alone.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, JSONResponse, Response

from .guard import problem, token_of
from .security.access import Actor
from .sessions import COOKIE, LASTS, Sessions

People = Mapping[str, Actor]
"""Everybody who may log in, by id."""
TRIES, TRIES_WITHIN = 8, timedelta(minutes=5)


class Clock(Protocol):
    def __call__(self) -> datetime: ...


class CodeIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Annotated[str, Field(max_length=64)]
    code: Annotated[str, Field(max_length=40, repr=False)]


class StartCode:
    """The code of one start of the server. Too many wrong tries close it for a while."""

    def __init__(self, code: str, clock: Clock) -> None:
        self._code, self._clock = code, clock
        self._wrong: list[datetime] = []

    @property
    def closed(self) -> bool:
        since = self._clock() - TRIES_WITHIN
        self._wrong = [at for at in self._wrong if at > since]
        return len(self._wrong) >= TRIES

    def fits(self, given: str) -> bool:
        if hmac.compare_digest("".join(given.split()).encode(), self._code.encode()):
            return True
        self._wrong.append(self._clock())
        return False


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def logged_in(sessions: Sessions, person_id: str, response: Response, *, https: bool) -> None:
    """Give the browser its token: out of reach of scripts, never sent from other sites."""
    response.set_cookie(
        COOKIE, sessions.begin(person_id), max_age=int(LASTS.total_seconds()), path="/", httponly=True,
        samesite="strict", secure=https,
    )  # fmt: skip


def code_routes(sessions: Sessions, people: People, start: StartCode, *, https: bool) -> APIRouter:
    """Log in by the start code."""
    router = APIRouter()

    @router.get("/auth/how")
    def how() -> dict[str, Any]:
        shown = [{"id": who.id, "name": who.name, "role": who.role, "unit": who.unit} for who in people.values()]
        return {"way": "code", "people": shown}

    @router.post("/auth/code")
    def by_code(given: CodeIn) -> Response:
        if start.closed:
            return problem(429, "För många försök.", "Vänta fem minuter och försök igen.", "tries")
        if not start.fits(given.code) or given.person not in people:
            return problem(
                401, "Koden eller namnet stämmer inte.", "Läs koden i fönstret där servern startades.", "code"
            )
        response = JSONResponse({"id": given.person})
        logged_in(sessions, given.person, response, https=https)
        return response

    return router


def logout_route(sessions: Sessions) -> APIRouter:
    router = APIRouter()

    @router.post("/auth/logout")
    def logout(request: Request) -> Response:
        sessions.end(token_of(request.headers))
        response = JSONResponse({})
        response.delete_cookie(COOKIE, path="/")
        return response

    return router


def arrived(path: str) -> HTMLResponse:
    """A page that goes on by itself: a cookie for our own site is not sent while we come from another one."""
    return HTMLResponse(
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Inloggad</title>'
        f'<meta http-equiv="refresh" content="0;url={path}"></head>'
        f'<body><p>Du är inloggad. <a href="{path}">Fortsätt</a></p></body></html>'
    )
