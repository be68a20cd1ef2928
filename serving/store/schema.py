"""Which version a store has, and how it gets to this one. A store from a newer version is refused and not touched."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from .errors import StoreRefused

REVISIONS = ("0001",)
"""Every version this program can read, oldest first; the last is the one it writes."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def revision(engine: Engine) -> str | None:
    """The store's version, None where there is no store yet. Raises StoreRefused for one this program does not know."""
    with engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in REVISIONS:
        raise StoreRefused(
            "the store was written by a newer version of Handenhet",
            where=f"its version is {found}, this program knows up to {REVISIONS[-1]}",
            mend="install the newer version; nothing was changed",
        )
    return found


def upgrade(engine: Engine) -> None:
    """Bring the store to this version, all steps in one transaction."""
    from alembic import command  # Costs 0.2 s, and only a new or an old store needs it.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
