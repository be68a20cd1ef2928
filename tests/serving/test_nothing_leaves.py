"""Nothing leaves the house: what people do from the command line, embedded, without a connection to another machine."""

import json
import os
from pathlib import Path

import pytest

from handenhet.serving.__main__ import main
from handenhet.serving.settings import Settings
from handenhet.serving.telemetry import telemetry

TALK = "SOCIALSEKRETERARE: Hur är det hemma?\nBARN: Pappa slog mig i fredags.\n"
WHO = ["--as", "chef-barn", "--reason", "prov"]


def ran(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_outside: list[str]) -> list[str]:
    """An empty installation on a machine that would be proxied and traced, and the hosts somebody tried to reach."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    return nobody_outside


def test_the_guard_sees_somebody_who_tries(alone: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDENHET_LLM_URL", "https://models.example.com")
    monkeypatch.setenv("HANDENHET_LLM_MODEL", "m")
    monkeypatch.setenv("HANDENHET_LLM_ALLOW_REMOTE", "true")
    assert ran("doctor") == 1
    assert alone != []


def test_reading_asking_and_looking_call_nobody(
    alone: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = tmp_path / "samtal.txt"
    talk.write_text(TALK, encoding="utf-8")
    assert ran("read", str(talk), "--age", "10") == 0
    [observation, *_] = json.loads(capsys.readouterr().out)["observations"]
    assert observation["quote"]
    assert ran("law", "Hur lång tid får en utredning ta?") == 0
    assert ran("cases", "ask", "Hur många orosanmälningar kom in i år?", *WHO) == 0
    ran("doctor")
    assert alone == []


def test_a_remote_model_is_refused_before_anybody_is_called(
    alone: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDENHET_LLM_URL", "https://models.example.com")
    assert ran("cases", "ask", "Hur många ärenden i år?", *WHO) == 2
    assert "outside this machine" in capsys.readouterr().err
    assert alone == []


def test_an_environment_that_asks_for_tracing_is_overruled(alone: list[str]) -> None:
    assert os.environ["LANGSMITH_TRACING"] == "true"
    with telemetry(Settings()):
        assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
