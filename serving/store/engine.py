"""The database engine: SQLite with full sync and write-ahead log, or PostgreSQL. Nothing else opens a connection."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .errors import StoreRefused

BUSY_MS = 20_000
"""How long a writer waits for another before it gives up."""
DEFERRED = "handenhet_deferred"
"""Execution option of a long read that must not hold writers back."""


def sqlite_path(url: str) -> Path | None:
    """The database file, None for PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreRefused("the database address cannot be read", mend="see HANDENHET_DATABASE_URL") from None
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def open_engine(url: str) -> Engine:
    """An engine whose errors never show a row's values and whose acts are short and serial."""
    if sqlite_path(url) is None:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def read_only_engine(path: Path) -> Engine:
    """Looks at a SQLite store without changing a byte of it."""
    wal = path.with_name(path.name + "-wal")
    # With nothing waiting in the log, `immutable` keeps SQLite from making its side files.
    try:
        quiet = "" if wal.stat().st_size else "&immutable=1"
    except FileNotFoundError:  # One look, not two: another process may close the store, and its log goes with it.
        quiet = "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{quiet}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000)

    return create_engine("sqlite://", creator=connect, hide_parameters=True)


def _settle(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # Python's own transaction guessing off: `_begin` says when.
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Every act writes its audit entry, so it takes the writer's place at once and never has to give up half-way.
    deferred = connection.get_execution_options().get(DEFERRED, False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
