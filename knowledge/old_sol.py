"""Where the sections of the repealed socialtjänstlag (2001:453) are now."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

import yaml

from .errors import HandenhetError

OLD, NEW = "2001:453", "2025:400"


@dataclass(frozen=True, slots=True)
class Moved:
    """An old section and the nearest new ones. `verified`: checked against the preparatory works."""

    old: str
    new: tuple[str, ...]
    verified: bool


@cache
def moved_sections() -> dict[str, Moved]:
    """By old section. Raises HandenhetError when the shipped table is broken."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("old_sol.yaml").read_text(encoding="utf-8")
    table: dict[str, Moved] = {}
    for line, row in enumerate(cast(list[dict[str, object]], yaml.load(text, Loader=yaml.BaseLoader)), 3):
        old, new = str(row.get("old", "")), tuple(cast(list[str], row.get("new", [])))
        if not old or not new or old in table:
            raise HandenhetError("a row without old or new section, or twice", where=f"old_sol.yaml line {line}")
        table[old] = Moved(old, new, row.get("verified") == "yes")
    return table


def now_in(old_section: str) -> Moved | None:
    """The new place of an old section, or None when the table does not tell."""
    return moved_sections().get(old_section)
