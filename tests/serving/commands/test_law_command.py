"""`handenhet law` and `handenhet deadlines`, from the outside."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.commands import deadlines, law

ACT = """---
beteckning: "2025:400"
rubrik: Socialtjänstlag (2025:400)
ikraft_datum: 2025-07-01
---

## 20 kap. Bedömning

#### 20 kap. 2 §

Nämnden avgör på två veckor om ärendet öppnas.

#### 20 kap. 3 §

Kartläggningen avslutas på fyra månader.
"""


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data-dir", str(tmp_path / "data")]


def run(*args: str, ok: bool = True) -> Result:
    result = CliRunner().invoke(law.command, args, catch_exceptions=True)
    assert (result.exit_code == 0) == ok, result.output
    return result


def answer(*args: str) -> dict[str, Any]:
    return json.loads(run(*args).stdout)


def test_ask_before_any_import_answers_from_our_notes(data: list[str]) -> None:
    told = answer("hur snabbt måste vi börja utreda efter en anmälan", "--json", *data)
    first = told["results"][0]
    assert (first["sfs"], first["section"], first["origin"]) == ("2025:400", "20 kap. 2 §", "guidance")
    assert first.keys() >= {"sfs", "section", "title", "text", "in_force", "score"}


def test_import_then_ask_shows_the_statute(tmp_path: Path, data: list[str]) -> None:
    file = tmp_path / "sfs-2025-400.md"
    file.write_text(ACT, encoding="utf-8")
    assert "2 paragrafer" in run("import", str(file), *data).stdout
    first = answer("SoL 20:2", "--json", *data)["results"][0]
    assert (first["origin"], first["text"]) == ("statute", "Nämnden avgör på två veckor om ärendet öppnas.")
    assert "SoL" in run("list", *data).stdout
    assert json.loads(run("list", "--json", *data).stdout)["acts"][0]["sections"] == 2
    newer = tmp_path / "newer.md"
    newer.write_text(ACT.replace("två veckor", "en vecka"), encoding="utf-8")
    assert "20 kap. 2 §" in run("diff", "2025:400", str(newer), *data).stdout


def test_a_folder_is_imported_and_what_is_no_statute_is_told(tmp_path: Path, data: list[str]) -> None:
    folder = tmp_path / "law"
    folder.mkdir()
    (folder / "a.md").write_text(ACT, encoding="utf-8")
    (folder / "b.md").write_text("Minnesanteckning", encoding="utf-8")
    result = run("import", str(folder), *data)
    assert "SoL" in result.stdout
    assert "b.md" in result.stderr


def test_a_batch_answers_line_by_line(tmp_path: Path, data: list[str]) -> None:
    batch = tmp_path / "queries.jsonl"
    batch.write_text('{"id": 1, "query": "LVU 6 §"}\n\n{"id": "b", "query": "förhandsbedömning"}\n', encoding="utf-8")
    rows = [json.loads(line) for line in run("--batch", str(batch), "--top", "2", *data).stdout.splitlines()]
    assert [row["id"] for row in rows] == [1, "b"]
    assert rows[0]["results"][0]["section"] == "6 §"


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"id": 1, "query": ""}', '{"id": 1, "query": 3}'])
def test_a_bad_batch_line_is_told_before_anything_is_answered(tmp_path: Path, data: list[str], line: str) -> None:
    batch = tmp_path / "queries.jsonl"
    batch.write_text('{"id": 0, "query": "LVU 6 §"}\n' + line + "\n", encoding="utf-8")
    result = run("--batch", str(batch), *data, ok=False)
    assert isinstance(result.exception, HandenhetError)
    assert "line 2" in str(result.exception)
    assert result.stdout == ""


def test_a_missing_path_is_told(data: list[str]) -> None:
    result = run("import", "finns-inte.md", *data, ok=False)
    assert "no such file" in str(result.exception)


def test_another_date_names_the_act_that_ruled(data: list[str]) -> None:
    told = answer("förhandsbedömning av orosanmälan", "--date", "2024-05-01", "--json", *data)
    assert all(row["sfs"] != "2025:400" for row in told["results"])
    assert any("2001:453" in notice for notice in told["notices"])


def test_deadlines_as_json() -> None:
    result = CliRunner().invoke(deadlines.command, ["--event", "anmalan=2026-11-20", "--json"])
    rows = json.loads(result.stdout)["deadlines"]
    assert [row["due"] for row in rows] == ["2026-11-20", "2026-12-04"]
    assert all(row["section"] and row["why"] for row in rows)


def test_deadlines_without_an_event_says_how() -> None:
    result = CliRunner().invoke(deadlines.command, [])
    assert isinstance(result.exception, HandenhetError)
    assert "anmalan" in CliRunner().invoke(deadlines.command, ["--list"]).stdout
