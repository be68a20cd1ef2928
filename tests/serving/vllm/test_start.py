"""vLLM's command line for a model and a card, and the examples that must say the same."""

import itertools
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.__main__ import cli
from handenhet.serving.vllm.models import table
from handenhet.serving.vllm.start import environment

DOCS = Path(__file__).parents[3] / "docs" / "vllm"
LARGEST_GB = 200


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def llm(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["llm", *arguments])


def printed(*arguments: str) -> tuple[dict[str, str], list[str]]:
    """What a dry run prints: the environment, and the command."""
    done = llm("serve", *arguments, "--dry-run")
    assert done.exit_code == 0, done.output
    words = shlex.split(done.output)
    start = words.index("vllm")
    return dict(word.split("=", 1) for word in words[:start]), words[start:]


def refused(*arguments: str) -> str:
    done = llm("serve", *arguments, "--dry-run")
    assert isinstance(done.exception, HandenhetError)
    return str(done.exception)


def test_a_model_is_served_as_its_family_needs() -> None:
    environ, command = printed("--model", "gemma-4-26b-a4b", "--gpu", "48")
    assert command[:3] == ["vllm", "serve", "google/gemma-4-26B-A4B-it"]
    flags = dict(itertools.pairwise(command))
    assert (flags["--tool-call-parser"], flags["--reasoning-parser"], flags["--quantization"]) == (
        "gemma4", "gemma4", "fp8",
    )  # fmt: skip
    assert flags["--tool-strict-level"] == "parameter"
    assert flags["--host"] == "127.0.0.1"
    assert json.loads(flags["--structured-outputs-config"])["disable_any_whitespace"]
    assert environ["HF_HUB_OFFLINE"] == environ["VLLM_NO_USAGE_STATS"] == "1"


def test_a_larger_card_takes_the_finer_weights() -> None:
    assert "--quantization" not in printed("--model", "gemma-4-26b-a4b", "--gpu", "80")[1]


def test_nothing_is_fetched_unless_asked() -> None:
    assert "HF_HUB_OFFLINE" not in printed("--model", "gpt-oss-20b", "--gpu", "24", "--download")[0]


def test_the_key_is_never_printed_nor_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDENHET_LLM_API_KEY", "hemlig-nyckel")
    environ, command = printed("--model", "gpt-oss-20b", "--gpu", "24", "--host", "10.0.0.5")
    assert "hemlig-nyckel" not in " ".join([*environ.values(), *command])
    assert environment("hemlig-nyckel")["VLLM_API_KEY"] == "hemlig-nyckel"


def test_traces_go_where_ours_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDENHET_OTLP_TRACES", "http://10.0.0.9:4318/v1/traces")
    environ, command = printed("--model", "gpt-oss-20b", "--gpu", "24")
    assert command[command.index("--otlp-traces-endpoint") + 1] == "http://10.0.0.9:4318/v1/traces"
    assert environ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] == "http/protobuf"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--model", "gemma-4-31b", "--gpu", "24"), "needs 38 GB"),
        (("--model", "gemma", "--gpu", "24"), "no such model"),
        (("--model", "gpt-oss-20b", "--gpu", "24", "--host", "0.0.0.0"), "HANDENHET_LLM_API_KEY"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: tuple[str, ...], why: str) -> None:
    assert why in refused(*arguments)


def test_the_table_is_whole() -> None:
    for model in table().models:
        assert model.family in table().families, model.name
        assert model.source.endswith(model.weights), model.name
        sizes = [fit.vram_gb for fit in model.fits]
        assert sizes == sorted(sizes, reverse=True), f"{model.name}: the finest precision stands first"
        assert table().named(model.weights) is model


def test_the_list_says_what_a_card_carries() -> None:
    listed = json.loads(llm("models", "--gpu", "24", "--json").output)
    assert {model["name"] for model in listed} == {"qwen3.5-9b", "gpt-oss-20b", "ministral-3-14b"}
    assert "Ingen modell" in llm("models", "--gpu", "8").output


def test_the_compose_example_is_the_printed_command() -> None:
    service: dict[str, Any] = yaml.safe_load((DOCS / "compose.yaml").read_text(encoding="utf-8"))["services"]["llm"]
    environ, command = printed(
        "--model", "gemma-4-26b-a4b", "--gpu", "48", "--weights", "/models/gemma-4-26B-A4B-it", "--host", "127.0.0.1"
    )
    written = [part for line in service["command"] for part in line.split("=", 1)]
    assert written == ["0.0.0.0" if part == "127.0.0.1" else part for part in command[2:]]
    assert environ.items() <= service["environment"].items()


def test_the_systemd_example_starts_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDENHET_LLM_API_KEY", "x")
    unit = (DOCS / "handenhet-llm.service").read_text(encoding="utf-8")
    [line] = [line.removeprefix("ExecStart=") for line in unit.splitlines() if line.startswith("ExecStart=")]
    program, *arguments = shlex.split(line)
    assert program.endswith("/handenhet")
    assert arguments[:2] == ["llm", "serve"]
    assert printed(*arguments[2:])[1][2] == "/srv/models/gemma-4-26B-A4B-it"
