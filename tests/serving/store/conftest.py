"""A store on SQLite and on PostgreSQL, and a few people and words to put in it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from handenhet.agent.observation import Observation, Proposer
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Quote, Utterance, Word
from handenhet.serving.security.access import Actor
from handenhet.serving.store import Store
from handenhet.serving.store.records import Case, Subject

POSTGRES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A private PostgreSQL on a socket in its own folder; yields the folder."""
    if not (POSTGRES / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not installed")
    folder = tempfile.mkdtemp(prefix="handenhet-pg-")
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:
        shutil.chown(folder, "postgres", "postgres")

    def run(*command: str) -> None:
        subprocess.run([*as_postgres, *command], check=True, capture_output=True, cwd="/", timeout=120)

    run(
        str(POSTGRES / "initdb"),
        "-D",
        f"{folder}/data",
        "-A",
        "trust",
        "-U",
        "handenhet",
        "--no-sync",
        "--locale=C",
        "-E",
        "UTF8",
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run(str(POSTGRES / "pg_ctl"), "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield folder
    finally:
        run(str(POSTGRES / "pg_ctl"), "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new store in it, to copy: making one takes half a second."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(f"sqlite:///{folder}/handenhet.db", folder / "master.key").close()
    return folder


@pytest.fixture(scope="session")
def empty_postgres(cluster: str, empty: Path) -> str:
    """The name of a database with a new store in it, under the same key."""
    with _server(cluster) as connection:
        connection.execute(text("CREATE DATABASE empty"))
    Store.open(f"postgresql+psycopg://handenhet@/empty?host={cluster}", empty / "master.key").close()
    return "empty"


@pytest.fixture
def postgres_url(cluster: str, empty_postgres: str, tmp_path: Path) -> Generator[str]:
    """A database of the test's own."""
    name = f"t_{tmp_path.name.lower()}"[:60]
    with _server(cluster) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {empty_postgres}"))
    yield f"postgresql+psycopg://handenhet@/{name}?host={cluster}"
    with _server(cluster) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _server(cluster: str) -> Generator[Connection]:
    engine = create_engine(f"postgresql+psycopg://handenhet@/postgres?host={cluster}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, empty: Path, tmp_path: Path) -> str:
    """Where the store is; every test that asks for it runs on both databases."""
    shutil.copy(empty / "master.key", tmp_path)
    if request.param == "sqlite":
        shutil.copy(empty / "handenhet.db", tmp_path)
        return f"sqlite:///{tmp_path}/handenhet.db"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def store(url: str, tmp_path: Path) -> Generator[Store]:
    opened = Store.open(url, tmp_path / "master.key", anchors=[tmp_path / "audit.anchor"])
    yield opened
    opened.close()


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def eva() -> Actor:
    return Actor("eva", "Eva Ek", "socialsekreterare", "Barn")


@pytest.fixture
def ulf() -> Actor:
    return Actor("ulf", "Ulf Ask", "socialsekreterare", "Barn")


@pytest.fixture
def admin() -> Actor:
    return Actor("ida", "Ida Ros", "admin")


@pytest.fixture
def subject() -> Subject:
    return Subject("Lo Zxqberg", date(2015, 6, 7), "20150607-1239", "Zxqvägen 3", protected=False)


@pytest.fixture
def case(store: Store, eva: Actor, subject: Subject, at: datetime) -> Case:
    """Eva's case, a child's investigation."""
    return store.create_case(
        eva, number="SN 2026/17", unit="Barn", kind="child", subject=subject, opened=date(2026, 3, 1), at=at,
        matter="child_investigation", id="case-1",
    )  # fmt: skip


@pytest.fixture
def words() -> tuple[Utterance, ...]:
    """What is said in the meeting; the strange words are looked for in the database's files."""
    return (
        _said(0, "eva", "Hur har du det hemma?"),
        _said(1, "barn", "Mamma zxqskriker när hon druckit vin"),
        _said(2, "mamma", "Det är zxqsant att jag skriker"),
    )


def _said(place: int, speaker: str, text: str) -> Utterance:
    spoken = tuple(Word(word, place * 1000 + n, place * 1000 + n + 1, 0.9) for n, word in enumerate(text.split()))
    return Utterance(f"u{place}", place, speaker, place * 1000, place * 1000 + 900, spoken)


@pytest.fixture
def meeting(store: Store, case: Case, eva: Actor, at: datetime) -> Meeting:
    """An open meeting without words."""
    opened = Meeting(
        "m1",
        "hembesök",
        10,
        (
            Participant("eva", "socialsekreterare", "Eva Ek"),
            Participant("barn", "barn", "Lo Zxqberg"),
            Participant("mamma", "mamma", "Mia Zxqberg"),
        ),
    )
    store.open_meeting(eva, case.id, opened, started=at, at=at)
    return opened


@pytest.fixture
def talk(store: Store, meeting: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime) -> Meeting:
    """The meeting with all its words."""
    for utterance in words:
        store.append_utterance(eva, meeting.id, utterance, at=at)
    return meeting


@pytest.fixture
def observation(words: tuple[Utterance, ...]) -> Observation:
    """What the child said of the shouting, as a reader proposes it."""
    factor = next(factor for factor in catalogue() if factor.polarity == "risk" and not factor.adult)
    return Observation(
        id="o1", meeting_id="m1", factor=factor, quote=Quote(words[1], 1, 5), about="mamma", source="seen",
        proposer=Proposer("embedded", "1"), context=Quote(words[0], 0, 5),
    )  # fmt: skip
