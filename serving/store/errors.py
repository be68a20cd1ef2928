"""What the store refuses, and the database's own errors told in its place. No message ever carries a row's values."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from ...knowledge.errors import HandenhetError


class StoreRefused(HandenhetError):
    """The store cannot do this: it is full, newer, locked, damaged, or asked for something that is not there."""


class NotThere(StoreRefused):
    """There is no such case, meeting, document or other thing."""


def told(error: DBAPIError, where: str) -> StoreRefused:
    """A database error as one clear refusal. The act it came from was rolled back whole."""
    said = str(error.orig).casefold()
    if "append-only" in said:
        return StoreRefused("what has been written is never changed or taken away", mend="write a correction beside it")
    if isinstance(error, IntegrityError):
        return StoreRefused("this is already there, or rests on something that is not", where=_kind(error))
    table = (
        (
            ("full", "disk i/o", "no space", "file too large"),
            "there is no room left on the disk",
            "make room and do it again",
        ),
        (("locked", "deadlock", "busy"), "the store is busy", "do it again; if it stays, see which process holds it"),
        (("readonly", "read-only", "unable to open"), "the store cannot be written", "give its owner write access"),
        (("not a database", "malformed"), "the file is not a whole store", "put it back from a backup"),
        (("connection", "server closed"), "the database does not answer", "see that it runs and is reachable"),
    )
    for signs, what, mend in table:
        if any(sign in said for sign in signs):
            return StoreRefused(what, where=where, mend=mend + "; nothing was half-written")
    return StoreRefused("the database refused", where=f"{where}: {_kind(error)}")


def _kind(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "no code"
