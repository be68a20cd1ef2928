"""What must hold before a decision can rest on a section: each condition by itself, citable, without an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

import yaml

from .errors import HandenhetError
from .factors import catalogue

Kind = Literal["ground", "procedure", "bar"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in our own words. `kind`: ground must hold, procedure must be done, bar must not hold.

    `areas` are areas of the factor catalogue to look in, for and against alike.
    """

    id: str
    sfs: str
    section: str
    kind: Kind
    text: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for a decision with all its conditions, in the order they are usually gone through."""

    id: str
    sfs: str
    short: str
    title: str
    sections: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def label(self) -> str:
        return f"{self.short} {' och '.join(self.sections)}"

    def areas(self) -> tuple[str, ...]:
        """Every area any condition looks in, each once."""
        return tuple(dict.fromkeys(area for condition in self.conditions for area in condition.areas))


@cache
def grounds() -> Mapping[str, Ground]:
    """All grounds by id. Raises HandenhetError naming the file for an unknown area, kind or a repeated id."""
    found: dict[str, Ground] = {}
    folder = resources.files(__name__.rpartition(".")[0]).joinpath("prerequisites")
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name):
        root = cast(Mapping[str, object], yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
        for row in cast(list[Mapping[str, object]], root["grounds"]):
            ground = _ground(row, str(root["sfs"]), str(root["short"]), file.name)
            if ground.id in found:
                raise HandenhetError(f"ground {ground.id} stands twice", where=file.name)
            found[ground.id] = ground
    return found


def ground(id: str) -> Ground:
    """One ground. Raises HandenhetError with the known ids."""
    if id not in grounds():
        raise HandenhetError(f"there is no ground {id}", mend="known: " + ", ".join(grounds()))
    return grounds()[id]


def _ground(row: Mapping[str, object], sfs: str, short: str, name: str) -> Ground:
    where = f"{name} {row.get('id', '')}"
    try:
        listed = cast(list[Mapping[str, object]], row["conditions"])
        conditions = tuple(_condition(item, sfs, where) for item in listed)
        made = Ground(str(row["id"]), sfs, short, str(row["title"]), _texts(row["sections"]), conditions)
    except KeyError as error:
        raise HandenhetError(f"missing {error}", where=where) from None
    if len({condition.id for condition in conditions}) != len(conditions):
        raise HandenhetError("two conditions share an id", where=where)
    return made


def _condition(row: Mapping[str, object], sfs: str, where: str) -> Condition:
    kind, areas = str(row["kind"]), _texts(row["areas"])
    if kind not in get_args(Kind):
        raise HandenhetError(f"unknown kind {kind}", where=where, mend="one of " + ", ".join(get_args(Kind)))
    known = {factor.area for factor in catalogue()}
    if unknown := [area for area in areas if area not in known]:
        raise HandenhetError(f"unknown area {unknown[0]}", where=where, mend="use an area of factors.csv")
    return Condition(str(row["id"]), sfs, str(row["section"]), cast(Kind, kind), str(row["text"]), areas)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(cast(list[str], value))
