"""The door: what is open, what is not, who is let in, and what every answer carries."""

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from handenhet.serving.guard import DATA_POLICY, PAGE_POLICY, SCREEN_POLICY, Guard, policy_for
from handenhet.serving.login import TRIES, TRIES_WITHIN, StartCode
from handenhet.serving.security.access import Actor
from handenhet.serving.sessions import COOKIE, LASTS, Sessions

MARIA = Actor("maria", "Maria Lindberg", "socialsekreterare", "Barn och unga")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(bytes(32), clock)


@pytest.fixture
def client(sessions: Sessions) -> TestClient:
    async def here(request: Request) -> Response:
        actor: Actor | None = request.state.actor
        return PlainTextResponse("" if actor is None else actor.id)

    async def socket(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    app = Starlette(
        routes=[Route("/{path:path}", here, methods=["GET", "POST", "PUT", "DELETE"]), WebSocketRoute("/ws", socket)]
    )

    def who(token: str) -> Actor | None:
        return MARIA if sessions.who(token) == "maria" else None

    return TestClient(Guard(app, who), "http://handenhet.test", follow_redirects=False)


def log_in(client: TestClient, sessions: Sessions) -> None:
    client.cookies.set(COOKIE, sessions.begin("maria"))


@pytest.mark.parametrize("path", ["/app/", "/app/v/1/main.js", "/login", "/auth/code", "/health", "/"])
def test_the_pages_own_code_and_the_login_are_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/cases",
        "/handlaggare/",
        "/handlaggare/gradio_api/heartbeat/x",
        "/app",
        "/application",
        "/health/x",
        "/x",
    ],
)
def test_everything_else_is_closed_to_somebody_not_logged_in(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["title"]) == (401, "Du är inte inloggad.")


def test_somebody_who_opens_a_screen_is_led_to_the_login_and_back(client: TestClient) -> None:
    answer = client.get("/handlaggare/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/handlaggare/")


def test_a_login_opens_the_rest(client: TestClient, sessions: Sessions) -> None:
    log_in(client, sessions)
    assert client.get("/api/v1/cases").text == "maria"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "https://elak.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://elak.example", "x-handenhet": "1"}, 403),
        ({"origin": "http://handenhet.test"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"x-handenhet": "1"}, 200),
    ],
)
def test_a_write_comes_from_our_own_page(
    client: TestClient, sessions: Sessions, headers: dict[str, str], status: int
) -> None:
    log_in(client, sessions)
    for method in ("POST", "PUT", "DELETE"):
        assert client.request(method, "/api/v1/cases", headers=headers).status_code == status


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elak.example"}])
def test_a_socket_from_elsewhere_is_refused(client: TestClient, sessions: Sessions, headers: dict[str, str]) -> None:
    log_in(client, sessions)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=headers):
        pass


def test_a_socket_without_a_login_is_refused(client: TestClient) -> None:
    own = {"origin": "http://handenhet.test"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=own):
        pass


def test_every_answer_carries_the_headers_that_keep_a_page_to_itself(client: TestClient) -> None:
    for path in ("/app/", "/api/v1/cases"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert client.get("/api/v1/cases").headers["cache-control"] == "no-store"


def test_each_area_has_the_strictest_policy_it_can_live_with() -> None:
    assert [policy_for(path) for path in ("/app/", "/login", "/api/v1/me", "/handlaggare/")] == [
        PAGE_POLICY,
        PAGE_POLICY,
        DATA_POLICY,
        SCREEN_POLICY,
    ]
    assert "unsafe" not in PAGE_POLICY


def test_a_session_lasts_a_working_day(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin("maria")
    clock.now += LASTS - timedelta(seconds=1)
    assert sessions.who(token) == "maria"
    clock.now += timedelta(seconds=2)
    assert sessions.who(token) is None


def test_a_session_lives_through_a_restart_and_not_through_a_logout(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin("maria")
    assert Sessions(bytes(32), clock).who(token) == "maria"
    assert Sessions(b"x" * 32, clock).who(token) is None
    sessions.end(token)
    assert sessions.who(token) is None


@given(st.text(max_size=200))
def test_a_forged_token_is_nobody(text: str) -> None:
    assert Sessions(bytes(32), Clock()).who(text) is None


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_token_is_nobody(place: int, step: int) -> None:
    sessions = Sessions(bytes(32), Clock())
    token = list(sessions.begin("maria"))
    at = place % token.index(".")
    token[at] = chr(33 + (ord(token[at]) - 33 + step) % 90) if step % 90 else "!"
    assert sessions.who("".join(token)) is None


def test_a_token_spelt_otherwise_does_not_outlive_its_logout() -> None:
    sessions = Sessions(bytes(32), Clock())
    token = sessions.begin("maria")
    body, mac = token.split(".")
    respelt = [f"{body[:-1]}{last}.{mac}" for last in string.ascii_letters + string.digits] + [f"{token}="]
    sessions.end(token)
    assert [sessions.who(text) for text in respelt] == [None] * len(respelt)


def test_wrong_codes_close_the_login_for_a_while(clock: Clock) -> None:
    start = StartCode("123456", clock)
    assert start.fits("123 456")
    for _ in range(TRIES):
        assert not start.fits("000000")
    assert start.closed
    clock.now += TRIES_WITHIN + timedelta(seconds=1)
    assert not start.closed
