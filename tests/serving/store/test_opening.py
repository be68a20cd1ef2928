"""Opening a store: first start, wrong or missing key, a newer version, a log with its end cut off."""

import shutil
import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from handenhet.knowledge.participants import Meeting
from handenhet.serving.security.access import Actor
from handenhet.serving.security.anchor import AnchorRefused
from handenhet.serving.security.keys import KeyRefused, create_keys
from handenhet.serving.settings import Settings
from handenhet.serving.store import Store, schema, tables
from handenhet.serving.store.engine import open_engine
from handenhet.serving.store.errors import StoreRefused
from handenhet.serving.store.facade import verify
from handenhet.serving.store.records import Case, Subject


@pytest.fixture
def sqlite(tmp_path: Path, empty: Path) -> Path:
    shutil.copy(empty / "master.key", tmp_path)
    shutil.copy(empty / "handenhet.db", tmp_path)
    return tmp_path / "handenhet.db"


def opened(path: Path) -> Store:
    return Store.open(f"sqlite:///{path}", path.with_name("master.key"), anchors=[path.with_name("audit.anchor")])


def test_first_start_makes_store_and_key_for_the_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    store = Store.of(settings)
    assert store.verify_audit().ok
    store.close()
    for name in ("handenhet.db", "master.key"):
        assert (tmp_path / "new" / name).stat().st_mode & 0o077 == 0
    Store.of(settings).close()


def test_the_migrations_make_exactly_the_tables_we_use(sqlite: Path) -> None:
    engine = open_engine(f"sqlite:///{sqlite}")
    with engine.connect() as connection:
        assert schema.revision_of(connection) == schema.REVISIONS[-1]
        assert compare_metadata(MigrationContext.configure(connection), tables.Base.metadata) == []
        names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
    engine.dispose()
    assert names == {f"{table}_{what}" for table in tables.APPEND_ONLY for what in ("unchanged", "kept")}


def test_every_table_of_content_is_emptied_when_a_case_is_destroyed() -> None:
    with_case = {mapper.class_ for mapper in tables.Base.registry.mappers if "case_id" in mapper.columns}
    assert with_case - set(tables.CONTENT) == {tables.CaseKeyRow, tables.StrikingRow, tables.AuditRow}


def test_sqlite_runs_with_full_sync_and_wipes_what_it_deletes(sqlite: Path) -> None:
    engine = open_engine(f"sqlite:///{sqlite}")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_missing_key_is_refused_and_no_new_one_is_made(sqlite: Path) -> None:
    sqlite.with_name("master.key").unlink()
    before = sqlite.read_bytes()
    with pytest.raises(KeyRefused, match="missing"):
        opened(sqlite)
    assert not sqlite.with_name("master.key").exists()
    assert sqlite.read_bytes() == before


def test_another_stores_key_is_refused(sqlite: Path) -> None:
    sqlite.with_name("master.key").unlink()
    create_keys(sqlite.with_name("master.key"))
    before = sqlite.read_bytes()
    with pytest.raises(KeyRefused, match="another store"):
        opened(sqlite)
    assert sqlite.read_bytes() == before


def test_a_newer_store_is_refused_and_not_touched(sqlite: Path) -> None:
    with sqlite3.connect(sqlite) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = {path.name: path.read_bytes() for path in sqlite.parent.iterdir()}
    with pytest.raises(StoreRefused, match=r"newer version.*9999.*nothing was changed"):
        opened(sqlite)
    after = {path.name: path.read_bytes() for path in sqlite.parent.iterdir() if path.suffix != ".lock"}
    assert after == before


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "handenhet.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreRefused, match="not a whole store"):
        opened(tmp_path / "handenhet.db")
    assert not (tmp_path / "master.key").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreRefused, match="folder cannot be written"):
        opened(tmp_path / "file" / "deep" / "handenhet.db")


@pytest.fixture
def logged(sqlite: Path, eva: Actor, case_in: Case, at: datetime) -> Path:
    """A store with a handful of audit entries, closed."""
    store = opened(sqlite)
    for _ in range(5):
        store.case(eva, case_in.id, at=at)
    store.close()
    return sqlite


@pytest.fixture
def case_in(sqlite: Path, eva: Actor, at: datetime) -> Case:
    store = opened(sqlite)
    made = store.create_case(
        eva, number="1", unit="Barn", kind="child", subject=Subject("Lo"), opened=date(2026, 3, 1), at=at
    )
    store.close()
    return made


def tamper(path: Path, *statements: str) -> None:
    """Change the log as somebody with the file in hand would: triggers away first."""
    connection = sqlite3.connect(path)
    for statement in ("DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_kept", *statements):
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "first_broken", "why"),
    [
        ("SELECT 1", None, ""),
        ("UPDATE audit SET who = 'ada' WHERE seq = 3", 3, "entry_changed"),
        ("UPDATE audit SET at_us = at_us + 1 WHERE seq = 1", 1, "entry_changed"),
        ("DELETE FROM audit WHERE seq = 4", 4, "entry_missing"),
        ("DELETE FROM audit WHERE seq = 6", 6, "shorter_than_anchor"),
        ("DELETE FROM audit WHERE seq > 2", 3, "shorter_than_anchor"),
        ("DELETE FROM audit", 1, "shorter_than_anchor"),
    ],
)
def test_a_tampered_log_is_seen(logged: Path, statement: str, first_broken: int | None, why: str) -> None:
    tamper(logged, statement)
    before = logged.read_bytes()
    report = verify(f"sqlite:///{logged}", logged.with_name("master.key"), [logged.with_name("audit.anchor")])
    assert (report.first_broken, report.why) == (first_broken, why)
    assert logged.read_bytes() == before


def test_nothing_more_is_written_after_a_cut_log(logged: Path) -> None:
    tamper(logged, "DELETE FROM audit WHERE seq > 4")
    with pytest.raises(StoreRefused, match="shorter than its anchor"):
        opened(logged)


def test_a_missing_or_altered_anchor_is_seen(logged: Path) -> None:
    anchor = logged.with_name("audit.anchor")
    anchor.write_text(anchor.read_text(encoding="utf-8").replace("6", "5"), encoding="utf-8")
    assert verify(f"sqlite:///{logged}", logged.with_name("master.key"), [anchor]).why == "anchor_changed"
    with pytest.raises(AnchorRefused):
        opened(logged)
    anchor.unlink()
    assert verify(f"sqlite:///{logged}", logged.with_name("master.key"), [anchor]).why == "anchor_missing"


def test_without_its_anchor_the_store_does_nothing(
    store: Store, meeting: Meeting, eva: Actor, at: datetime, tmp_path: Path
) -> None:
    """The anchor's place is taken by a folder, so that it cannot be written even by root."""
    entries = store.verify_audit().entries
    (tmp_path / "audit.anchor").unlink()
    (tmp_path / "audit.anchor").mkdir()
    with pytest.raises(AnchorRefused, match="the act was not done"):
        store.move_meeting_on(eva, meeting.id, "closed", at=at)
    with pytest.raises(AnchorRefused):
        store.transcript(eva, meeting.id, at=at)
    (tmp_path / "audit.anchor").rmdir()
    assert store.meeting_record(eva, meeting.id, at=at).status == "live"
    assert store.verify_audit().entries == entries + 1
