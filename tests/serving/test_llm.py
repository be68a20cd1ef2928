"""Every way a language model's server may fail us, met by the same door: the reading is lost and nothing else."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic_ai import models

from handenhet.agent.engine import Engine
from handenhet.agent.gate import Gate
from handenhet.agent.readers.embedded import EmbeddedReader
from handenhet.agent.readers.protocol import Window
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text
from handenhet.serving.__main__ import main
from handenhet.serving.llm import health, language_model
from handenhet.serving.settings import Settings

MEETING = Meeting("m1", "barnsamtal", 10, (Participant("B", "barn", "child"),))
SAID = Transcript((utterance_of_text("u0", 0, "B", "Pappa slog mig i fredags."),))


@asynccontextmanager
async def server(answer: bytes) -> AsyncGenerator[str]:
    """Sends these bytes to whoever asks, whatever they ask."""

    async def give(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        await reader.readexactly(length)
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(give, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def http(body: object, status: int = 200) -> bytes:
    text = body if isinstance(body, str) else json.dumps(body)
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(text.encode())}\r\n"
    return f"{head}connection: close\r\n\r\n{text}".encode()


def completion(**message: object) -> dict[str, object]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": None, **message}}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


def call(name: str, arguments: str) -> dict[str, object]:
    made = {"id": "1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return completion(tool_calls=[made])


WORDS = json.dumps({"utterance": "u0", "quote": "Pappa slog mig"})
INVENTED = json.dumps({"utterance": "u0", "quote": "Pappa slog mig aldrig"})
ENGLISH = completion(content="The child says that the father hit them.")


@pytest.fixture(autouse=True)
def may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers here stand in this very process."""
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


async def turn(url: str, lost: Callable[[str], None]) -> tuple[str, Gate]:
    model = language_model(Settings(llm_url=url, llm_model="qwen"))
    assert model is not None
    engine = Engine(EmbeddedReader(), model, lost, reading_s=5)
    gate = Gate(MEETING, SAID, catalogue(), engine.llm_proposer(model))
    async with model:
        return await engine.read_beside(model, Window(MEETING, SAID, 0), gate, catalogue()), gate


@pytest.mark.parametrize(
    ("answer", "how", "error"),
    [
        (http({}, 500), "gone", "ModelServerError"),
        (http({}, 401), "gone", "ModelAuthenticationError"),
        (http("not json"), "gone", "ModelAPIError"),
        (http([1, 2]), "given_up", "UnexpectedModelBehavior"),
        (http({**completion(), "choices": []}), "gone", "ModelAPIError"),
        (b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"id"', "gone", "ModelConnectionError"),
        (b"", "gone", "ModelConnectionError"),
        (http(completion()), "given_up", "UnexpectedModelBehavior"),
        (http(call("no_such_tool", "{}")), "given_up", "UnexpectedModelBehavior"),
        (http(call("note_childs_words", "{")), "given_up", "UnexpectedModelBehavior"),
        (http(call("note_childs_words", INVENTED)), "given_up", "UnexpectedModelBehavior"),
        (http(call("note_childs_words", WORDS)), "given_up", "UsageLimitExceeded"),
    ],
    ids=[
        "error", "no entry", "not json", "no object", "no choices", "cut off", "silent", "empty", "no such tool",
        "broken call", "invents", "never ends",
    ],
)  # fmt: skip
async def test_whatever_a_server_answers_only_the_reading_is_lost(answer: bytes, how: str, error: str) -> None:
    lost: list[str] = []
    async with server(answer) as url:
        ended, gate = await turn(url, lost.append)
    assert (ended, lost) == (how, [error])
    assert gate.observations == {}


async def test_a_server_that_is_not_there_is_gone() -> None:
    async with server(b"") as url:
        pass
    assert (await turn(url, lambda reason: None))[0] == "gone"


async def test_english_prose_proposes_nothing() -> None:
    async with server(http(ENGLISH)) as url:
        ended, gate = await turn(url, lambda reason: None)
    assert (ended, gate.observations, gate.refusals) == ("read", {}, [])


async def test_an_error_never_carries_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    lost: list[str] = []
    async with server(http({**completion(), "choices": [{"Pappa": "slog"}]})) as url:
        await turn(url, lost.append)
    assert "slog" not in caplog.text + " ".join(lost)


def test_health_of_nothing_says_why() -> None:
    assert health("http://127.0.0.1:9", model="qwen").why == "APIConnectionError"


def test_an_address_without_a_model_is_half_a_setting() -> None:
    with pytest.raises(HandenhetError, match="llm_model"):
        language_model(Settings(llm_url="http://127.0.0.1:8000"))


class Prose(BaseHTTPRequestHandler):
    """A model that answers in English and proposes nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps(ENGLISH).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def prose() -> Generator[str]:
    with HTTPServer(("127.0.0.1", 0), Prose) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_file_of_meetings_is_read_with_a_model(
    prose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDENHET_LLM_URL", prose)
    monkeypatch.setenv("HANDENHET_LLM_MODEL", "qwen")
    said = {"i": 0, "speaker": "barn", "text": "Pappa slog mig i fredags."}
    meetings = tmp_path / "m.jsonl"
    meetings.write_text("\n".join(json.dumps({"id": id, "child_age": 10, "utterances": [said]}) for id in "ab"))
    with pytest.raises(SystemExit) as left:
        main(["read", str(meetings), "--reader", "both"])
    assert left.value.code == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in read] == ["a", "b"]
    assert {o["reader"] for one in read for o in one["observations"]} == {"embedded"}
