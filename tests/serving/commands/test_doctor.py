"""`handenhet doctor`: what is set is looked at, what is not set is not told of, and nothing is changed."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from handenhet.serving.__main__ import main
from handenhet.serving.asr.checkpoint import SHIPPED

Ask = Callable[..., dict[str, str]]


class Models(BaseHTTPRequestHandler):
    """What every server with OpenAI's interface answers when asked what it serves."""

    def do_GET(self) -> None:
        body = json.dumps({"object": "list", "data": [{"id": "kb-whisper", "object": "model"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Models) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.fixture
def silent() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The doctor's findings with these settings: what is looked at, and its state."""
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path / "data"))

    def ask(**settings: str) -> dict[str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"HANDENHET_{name.upper()}", value)
        with pytest.raises(SystemExit):
            main(["doctor", "--json"])
        assert not (tmp_path / "data").exists()
        return {one["what"]: one["state"] for one in json.loads(capsys.readouterr().out)}

    return ask


def test_what_is_not_set_is_not_told_of(told: Ask) -> None:
    found = told()
    assert not {"slutlig text", "röster", "lagsökning", "Chroma", "spårning"} & set(found)


def test_servers_that_answer_are_told_as_well(told: Ask, server: str) -> None:
    found = told(
        asr_final_url=server, asr_final_model="kb-whisper", embed_url=server, embed_model="annan",
        chroma_url=server, otlp_traces=f"{server}/v1/traces",
    )  # fmt: skip
    assert found["slutlig text"] == found["Chroma"] == found["spårning"] == "ok"
    assert found["lagsökning"] == "fail", "it does not serve that model"


def test_servers_that_do_not_answer_are_told_with_what_to_do(told: Ask, silent: str) -> None:
    found = told(asr_final_url=silent, asr_final_model="m", chroma_url=silent, embed_url=silent, embed_model="m",
                 otlp_traces=f"{silent}/v1/traces")  # fmt: skip
    assert {found[what] for what in ("slutlig text", "Chroma", "lagsökning", "spårning")} == {"fail"}


def test_model_files_are_looked_at_without_being_loaded(told: Ask, tmp_path: Path) -> None:
    found = told(asr_final_model=str(SHIPPED), asr_speaker_model=str(SHIPPED))
    assert found["slutlig text"] == "ok"
    assert found["röster"] in ("ok", "warn"), "by whether there is a graphics card"
    (tmp_path / "trasig.nemo").write_bytes(b"ingen modell")
    found = told(asr_final_model="canary-1b-v2", asr_speaker_model=str(tmp_path / "trasig.nemo"))
    assert (found["slutlig text"], found["röster"]) == ("fail", "fail")
