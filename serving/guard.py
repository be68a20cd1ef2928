"""The door before every route: nobody gets past without a login but to what is listed here, and every answer carries
the headers that keep a page from running or fetching anything that is not ours.
"""

from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .security.access import Actor
from .sessions import COOKIE

Who = Callable[[str], Actor | None]
"""The person behind a session token, None if there is none."""

OPEN: Final = ("/app/", "/auth/", "/health", "/login", "/favicon.ico")
"""What is shown to somebody not logged in: the pages' own code, the login, and whether the server lives."""
OWN_HEADER: Final = "x-handenhet"
_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types handenhet"
)
"""Our own pages: nothing inline, nothing evaluated, nothing from elsewhere, no text that becomes markup."""
DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
SCREEN_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
    "font-src 'self' data:; object-src 'none'; frame-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
"""Gradio needs inline code; fetching from elsewhere is refused all the same."""

_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "microphone=(self), screen-wake-lock=(self), camera=(), geolocation=(), payment=(), usb=()",
}


class Guard:
    """ASGI middleware. `state.actor` of what is let through is the person, or None on open paths."""

    def __init__(self, app: ASGIApp, who: Who, *, https: bool = False, also_open: Iterable[str] = ()) -> None:
        self._app, self._who, self._https = app, who, https
        self._open = (*OPEN, *also_open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        actor = actor_of(headers, self._who)
        scope.setdefault("state", {})["actor"] = actor
        path: str = scope["path"]
        refusal = self._refusal(scope, headers, actor)
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await (refusal or self._app)(scope, receive, self._dressed(send, path))

    def _refusal(self, scope: Scope, headers: Headers, actor: Actor | None) -> Response | None:
        path: str = scope["path"]
        if actor is None and not self._is_open(path):
            if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse(f"/login?next={quote(path)}", 303)
            return problem(401, "Du är inte inloggad.", "Logga in och försök igen.", "login")
        writes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if writes and not _from_our_page(headers):
            return problem(403, "Anropet kom från en annan sida.", "Gå in via Handenhets egen sida.", "origin")
        return None

    def _is_open(self, path: str) -> bool:
        return path == "/" or any(path == one or (one.endswith("/") and path.startswith(one)) for one in self._open)

    def _dressed(self, send: Send, path: str) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers["content-security-policy"] = policy_for(path)
                if not path.startswith("/app/"):
                    headers.setdefault("cache-control", "no-store")
                if self._https:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        return dressed


def policy_for(path: str) -> str:
    if path.startswith("/app/") or path in ("/", "/login") or path.startswith("/auth/"):
        return PAGE_POLICY
    return DATA_POLICY if path.startswith(("/api/", "/health")) else SCREEN_POLICY


def actor_of(headers: Headers, who: Who) -> Actor | None:
    token = token_of(headers)
    return who(token) if token else None


def token_of(headers: Headers) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _from_our_page(headers: Headers) -> bool:
    """Whether a write comes from a page of ours, or from a program that no page of others can make call us."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return headers.get("sec-fetch-site") == "same-origin" or OWN_HEADER in headers


def problem(status: int, what: str, mend: str, code: str, detail: str = "") -> JSONResponse:
    """An error as the API tells it (RFC 9457), in Swedish; `detail` is for whoever runs the server."""
    body = {"title": what, "mend": mend, "code": code, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")
