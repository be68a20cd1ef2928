"""Provisions to and from plain JSON values, for the corpus on disk and the cached index."""

from dataclasses import MISSING, fields
from datetime import date
from typing import cast

from .errors import HandenhetError
from .provisions import Origin, Provision

Record = dict[str, object]
_DATES = ("in_force_from", "in_force_to", "imported")


def record_of(provision: Provision) -> Record:
    """A JSON-ready dict; fields at their default are left out."""
    record: Record = {}
    for field in fields(Provision):
        value = cast(object, getattr(provision, field.name))
        if value in (None, "", ()) and field.default is not MISSING:
            continue
        record[field.name] = value.isoformat() if isinstance(value, date) else value
    return record


def provision_of(record: Record, *, where: str = "") -> Provision:
    """The provision of a dict. Raises HandenhetError when fields are missing or dates unreadable."""
    values = dict(record)
    try:
        for name in _DATES:
            if name in values:
                values[name] = date.fromisoformat(cast(str, values[name]))
        values["headings"] = tuple(cast(list[str], values.get("headings", [])))
        values["origin"] = cast(Origin, values["origin"])
        return Provision(**values)  # pyright: ignore[reportArgumentType]
    except (KeyError, TypeError, ValueError):
        raise HandenhetError("a stored provision cannot be read", where=where, mend="import the act again") from None
