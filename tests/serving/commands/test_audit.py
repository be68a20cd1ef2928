"""`handenhet audit verify` answers in one line and an exit code."""

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from handenhet.serving.__main__ import main
from handenhet.serving.commands.audit import command
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import load
from handenhet.serving.store import Store
from handenhet.serving.store.records import Subject


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def used(data_dir: Path) -> Path:
    """A store in which one case was opened and read."""
    store = Store.of(load())
    eva, at = Actor("eva", "Eva Ek", "socialsekreterare", "Barn"), datetime(2026, 3, 2, tzinfo=UTC)
    case = store.create_case(
        eva, number="1", unit="Barn", kind="child", subject=Subject("Lo"), opened=date(2026, 3, 1), at=at
    )
    store.case(eva, case.id, at=at)
    store.close()
    return data_dir


def test_a_whole_log_is_one_line_and_zero(used: Path) -> None:
    done = CliRunner().invoke(command, ["verify"])
    assert (done.exit_code, done.output) == (0, "Loggen är hel: 2 poster.\n")
    done = CliRunner().invoke(command, ["verify", "--json"])
    assert json.loads(done.output) == {"ok": True, "entries": 2, "first_broken": None, "why": ""}


def test_a_broken_log_is_one_line_and_one(used: Path) -> None:
    connection = sqlite3.connect(used / "handenhet.db")
    connection.execute("DROP TRIGGER audit_unchanged")
    connection.execute("UPDATE audit SET who = 'ada' WHERE seq = 2")
    connection.commit()
    connection.close()
    done = CliRunner().invoke(command, ["verify"])
    assert done.exit_code == 1
    assert done.output == "Loggen är bruten vid post 2: posten är ändrad, flyttad eller skriven utan nyckeln.\n"
    done = CliRunner().invoke(command, ["verify", "--json"])
    assert (done.exit_code, json.loads(done.output)["first_broken"]) == (1, 2)


def test_without_a_store_it_says_so_and_makes_none(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["audit", "verify"])
    assert ended.value.code == 2
    assert "there is no store" in capsys.readouterr().err
    assert list(data_dir.iterdir()) == []
