"""Changes on their way, as data: a warning beside the sections they would touch."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal, cast

import yaml

from .errors import HandenhetError

Status = Literal["proposed", "decided", "in_force"]
_TOLD: dict[str, str] = {
    "proposed": "föreslagen ändring, inte känd som beslutad",
    "decided": "beslutad ändring",
    "in_force": "nyligen ändrat",
}


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A change that can make today's answer wrong. Empty `sections` means the whole act; `since` None: no date."""

    id: str
    what: str
    status: Status
    since: date | None
    acts: tuple[str, ...]
    sections: tuple[str, ...]
    source: str
    read: date

    def touches(self, sfs: str, section: str) -> bool:
        return sfs in self.acts and (not self.sections or section in self.sections)

    @property
    def warning(self) -> str:
        when = f", från {self.since.isoformat()}" if self.since else ""
        return f"{self.what}: {_TOLD[self.status]}{when}. Källa: {self.source} (läst {self.read.isoformat()})."


@cache
def pending_changes() -> tuple[PendingChange, ...]:
    """The changes that ship with the project. Raises HandenhetError when the file is broken."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("pending.yaml").read_text(encoding="utf-8")
    return tuple(_change(row) for row in cast(list[dict[str, object]], yaml.load(text, Loader=yaml.BaseLoader)))


def _change(row: dict[str, object]) -> PendingChange:
    try:
        status = str(row["status"])
        if status not in _TOLD:
            raise ValueError(status)
        return PendingChange(
            id=str(row["id"]),
            what=str(row["what"]),
            status=cast(Status, status),
            since=date.fromisoformat(str(row["from"])) if row["from"] else None,
            acts=tuple(cast(list[str], row["acts"])),
            sections=tuple(cast(list[str], row["sections"])),
            source=str(row["source"]),
            read=date.fromisoformat(str(row["read"])),
        )
    except (KeyError, ValueError) as error:
        raise HandenhetError(f"unreadable change: {error}", where=f"pending.yaml {row.get('id', '')}") from None
