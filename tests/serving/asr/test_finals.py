"""The second hearing's two ways: a transcription server, here a real one on this machine, and NeMo."""

import http.server
import io
import json
import threading
import wave
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from handenhet.serving.asr.finals import EndpointFinal, NemoFinal, wav
from handenhet.serving.asr.recognizer import RecognizerError

SOUND = (np.arange(-800, 800) * 20).astype(np.int16)


class Server(http.server.BaseHTTPRequestHandler):
    """Answers like vLLM's transcription endpoint with what the test lays in `answer`, and keeps what was asked."""

    answer: tuple[int, bytes] = (200, b"{}")
    asked: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts: Any = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        Server.asked = {part.get_param("name", header="content-disposition"): part.get_content() for part in parts}
        Server.asked |= {"path": self.path, "key": self.headers.get("Authorization")}
        status, data = Server.answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_utterance_is_sent_as_wav_and_its_words_come_back(url: str) -> None:
    Server.answer = 200, json.dumps({"text": " Hyran är 7 500 kronor. "}).encode()
    words = EndpointFinal(url, "KBLab/kb-whisper-large", key="hemlig").recognise(SOUND, "sv-SE")
    assert [word.text for word in words] == ["Hyran", "är", "7", "500", "kronor."]
    assert all(word.start_ms is None and word.confidence is None for word in words)
    asked = Server.asked
    assert asked["path"] == "/v1/audio/transcriptions"
    assert (asked["language"], asked["model"], asked["key"]) == ("sv", "KBLab/kb-whisper-large", "Bearer hemlig")
    with wave.open(io.BytesIO(asked["file"])) as sent:
        assert (sent.getframerate(), sent.getnchannels(), sent.getnframes()) == (16_000, 1, len(SOUND))


def test_an_address_may_end_in_v1_and_no_key_is_sent_without_one(url: str) -> None:
    Server.answer = 200, b'{"text": ""}'
    assert EndpointFinal(url + "/v1/", "m").recognise(SOUND, None) == []
    assert (Server.asked["path"], Server.asked["key"]) == ("/v1/audio/transcriptions", None)


@pytest.mark.parametrize("answer", [(500, b"what was said"), (200, b"not json"), (200, b'{"error": 1}'), (200, b"[]")])
def test_a_bad_answer_is_one_clear_line_without_what_was_said(url: str, answer: tuple[int, bytes]) -> None:
    Server.answer = answer
    with pytest.raises(RecognizerError, match="did not answer") as told:
        EndpointFinal(url, "m").recognise(SOUND, "sv")
    assert "said" not in str(told.value)


def test_no_server_is_one_clear_line() -> None:
    with pytest.raises(RecognizerError, match="did not answer"):
        EndpointFinal("http://127.0.0.1:9", "m").recognise(SOUND, "sv")


def test_a_wav_file_holds_the_very_samples() -> None:
    with wave.open(io.BytesIO(wav(SOUND))) as file:
        assert np.array_equal(np.frombuffer(file.readframes(len(SOUND)), "<i2"), SOUND)


def test_a_missing_or_wrong_final_model_is_told_before_nemo_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(RecognizerError, match="is not there"):
        NemoFinal(tmp_path / "none.nemo")
    (tmp_path / "wrong.nemo").write_bytes(b"no model")
    with pytest.raises(RecognizerError, match="no NeMo model"):
        NemoFinal(tmp_path / "wrong.nemo")
