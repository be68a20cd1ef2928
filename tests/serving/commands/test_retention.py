"""`handenhet retention run` shows what is due, changes nothing in a dry run, and destroys only when told to."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from handenhet.serving.commands.retention import command
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import load
from handenhet.serving.store import Store
from handenhet.serving.store.records import Subject

EVA = Actor("eva", "Eva Ek", "socialsekreterare", "Vuxen")
LONG_AGO = datetime(2001, 3, 2, tzinfo=UTC)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a case closed long ago, one under a legal hold, and an open one."""
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path))
    store = Store.of(load())
    for number in ("gammalt", "spärrat", "öppet"):
        store.create_case(
            EVA, number=number, unit="Vuxen", kind="adult", subject=Subject("Bo Lind", date(1970, 2, 3)),
            opened=date(2001, 3, 1), at=LONG_AGO, id=number,
        )  # fmt: skip
    for number in ("gammalt", "spärrat"):
        store.close_case(EVA, number, date(2002, 1, 1), at=LONG_AGO)
    store.hold_case(EVA, "spärrat", held=True, reason="tillsyn", at=LONG_AGO)
    store.close()
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_dry_run_tells_and_changes_nothing(data_dir: Path) -> None:
    before = files(data_dir)
    done = CliRunner().invoke(command, ["run", "--dry-run"])
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "gammalt: ska gallras från 2007-01-01, senast 2008-12-31 (SoL 16 kap. 1 §)",
        "spärrat: undantaget tills vidare (spärr) från 2007-01-01, senast 2008-12-31 (SoL 16 kap. 1 §)",
        "öppet: ärendet är öppet",
        "1 av 3 ärenden och 0 inspelningar är mogna för gallring.",
        "Provkörning: inget är ändrat.",
    ]
    assert files(data_dir) == before


def test_a_dry_run_can_look_at_another_day(data_dir: Path) -> None:
    done = CliRunner().invoke(command, ["run", "--dry-run", "--on", "2006-12-31", "--json"])
    assert [case["standing"] for case in json.loads(done.output)["cases"]] == ["not_yet", "held", "open"]
    assert CliRunner().invoke(command, ["run", "--yes", "--on", "2999-01-01"]).exit_code == 2


def test_saying_no_destroys_nothing(data_dir: Path) -> None:
    before = files(data_dir)
    assert CliRunner().invoke(command, ["run"], input="n\n").exit_code == 1
    assert files(data_dir) == before


def test_what_is_due_is_destroyed_with_a_receipt_and_the_rest_stays(data_dir: Path) -> None:
    key = (data_dir / "master.key").read_bytes()
    done = CliRunner().invoke(command, ["run", "--yes", "--json"])
    assert done.exit_code == 0
    (receipt,) = json.loads(done.output)["receipts"]
    assert (receipt["case"], receipt["source"]) == ("gammalt", "SoL 16 kap. 1 §")
    assert (data_dir / "master.key").read_bytes() != key
    store = Store.of(load())
    assert [case.id for case in store.cases_for(EVA, at=LONG_AGO)] == ["spärrat", "öppet"]
    assert store.verify_audit().ok
    store.close()
    done = CliRunner().invoke(command, ["run", "--dry-run"])
    assert "0 av 2 ärenden" in done.output
