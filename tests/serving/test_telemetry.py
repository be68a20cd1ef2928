"""What reaches a collector: names and numbers from a list, and never what somebody said."""

import subprocess
import sys
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import ValidationError

from handenhet.serving.settings import Settings
from handenhet.serving.telemetry import NAMED, NUMBERS

MARKER = "Hemlighetsfull"


class Collector(HTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keep)
        self.bodies: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


class Keep(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Generator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever, args=(0.05,))
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


def trace(collector: Collector, *raw: str) -> bytes:
    """Everything the collector is sent by a process that handles the marker in every way."""
    script = Path(__file__).with_name("_traced.py")
    ran = subprocess.run(
        [sys.executable, script, collector.url, MARKER, *raw], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert MARKER not in ran.stderr
    return b"".join(collector.bodies)


def test_the_marker_would_get_out_without_the_list(collector: Collector) -> None:
    assert MARKER.encode() in trace(collector, "raw")


def test_only_listed_names_and_numbers_leave(collector: Collector) -> None:
    sent = trace(collector)
    assert MARKER.encode() not in sent
    names, keys = set[str](), set[str]()
    for body in collector.bodies:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for span in [span for scope in resource.scope_spans for span in scope.spans]:
                names.add(span.name)
                keys |= {attribute.key for attribute in span.attributes}
                assert not span.events
                assert span.status.message == ""
    assert names == {"read", "read beside", "chat with case", "invoke_agent", "chat", "execute_tool"}
    assert keys <= NUMBERS | NAMED
    assert "handenhet.utterances" in keys


def test_a_collector_outside_is_refused() -> None:
    with pytest.raises(ValidationError, match="outside"):
        Settings(otlp_traces="https://traces.example.com/v1/traces", llm_allow_remote=True)
