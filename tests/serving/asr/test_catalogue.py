"""Speech models by name: what is listed, what a setting means, and fetching one from a hub on this machine."""

import http.server
import json
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.asr.catalogue import RECORD, differences, entries, entry, folder, located, read_record
from handenhet.serving.asr.checkpoint import SHIPPED
from handenhet.serving.asr.fetch import fetch
from handenhet.serving.asr.recognizer import RecognizerError
from handenhet.serving.commands.models import command

pytest.importorskip("huggingface_hub")
NAME, COMMIT = "canary-1b-v2", "a" * 40
WEIGHTS = b"weights" * 1000


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of a hub as fetching needs: a repository of one model file and a page nobody wants."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        repository = entry(NAME).repository
        if self.path.startswith(f"/api/models/{repository}/revision/"):
            files = [{"rfilename": "canary-1b-v2.nemo"}, {"rfilename": "README.md"}]
            data, kind = json.dumps({"id": repository, "sha": COMMIT, "siblings": files}).encode(), "application/json"
        elif self.path == f"/{repository}/resolve/{COMMIT}/canary-1b-v2.nemo":
            data, kind = WEIGHTS, "application/octet-stream"
        else:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        for name, value in {
            "Content-Type": kind, "Content-Length": str(len(data)), "ETag": f'"{len(data)}"', "X-Repo-Commit": COMMIT,
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # The tests run with the hub's client told to stay offline; this hub is on this machine.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_every_model_has_a_licence_and_only_the_embedded_one_ships() -> None:
    assert [one.name for one in entries() if one.load] == ["embedded"]
    assert all(one.licence and one.note for one in entries())
    assert all(bool(one.repository) != bool(one.load) and bool(one.revision) == bool(one.files) for one in entries())


def test_a_setting_is_a_name_or_a_path(tmp_path: Path) -> None:
    assert located("embedded", tmp_path) == SHIPPED
    assert located("/srv/models/own.nemo", tmp_path) == Path("/srv/models/own.nemo")
    with pytest.raises(RecognizerError, match="models fetch"):
        located(NAME, tmp_path)
    with pytest.raises(RecognizerError, match="no speech model called 'canary'"):
        located("canary", tmp_path)


def test_a_fetched_model_is_pinned_and_its_checksums_are_kept(tmp_path: Path, hub: str) -> None:
    record = fetch(NAME, tmp_path, endpoint=hub)
    assert record.commit == COMMIT
    assert list(record.files) == ["canary-1b-v2.nemo"]
    assert located(NAME, tmp_path).read_bytes() == WEIGHTS
    assert read_record(tmp_path / NAME) == record
    assert [path.name for path in tmp_path.iterdir()] == [NAME], "nothing half-fetched is left"


def test_a_changed_or_missing_file_is_told(tmp_path: Path, hub: str) -> None:
    record = fetch(NAME, tmp_path, endpoint=hub)
    place = folder(tmp_path, entry(NAME))
    assert list(differences(place, record)) == []
    located(NAME, tmp_path).write_bytes(b"other")
    assert list(differences(place, record)) == ["canary-1b-v2.nemo: kontrollsumman stämmer inte"]
    located(NAME, tmp_path).unlink()
    assert list(differences(place, record)) == ["canary-1b-v2.nemo: saknas"]


def test_without_a_network_there_is_one_clear_line_and_nothing_new(tmp_path: Path) -> None:
    with pytest.raises(RecognizerError, match="could not be fetched"):
        fetch(NAME, tmp_path, endpoint="http://127.0.0.1:9")
    assert not folder(tmp_path, entry(NAME)).exists()


def test_the_embedded_model_need_not_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(RecognizerError, match="ships with the project"):
        fetch("embedded", tmp_path)


def test_the_command_lists_fetches_and_verifies(tmp_path: Path, hub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path))
    run = CliRunner().invoke
    assert "inte hämtad" in run(command, ["list"]).output
    fetched = run(command, ["fetch", NAME, "--endpoint", hub])
    assert fetched.exit_code == 0
    assert "CC-BY-4.0" in fetched.output
    assert f"overifierad, {COMMIT[:12]}" in run(command, ["list"]).output
    assert "1 filer stämmer" in run(command, ["verify"]).output
    (tmp_path / "models" / NAME / "canary-1b-v2.nemo").write_bytes(b"x")
    assert isinstance(run(command, ["verify"]).exception, HandenhetError)


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text("{", encoding="utf-8")
    with pytest.raises(RecognizerError, match="record"):
        read_record(tmp_path)
