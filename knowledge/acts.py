"""The catalogue of acts by name: what is covered, what is known but not loaded, and which act ruled on a date."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import cast

import yaml

from .errors import HandenhetError


@dataclass(frozen=True, slots=True)
class KnownAct:
    """An act people name in questions. `aliases` are lower case; `to` is inclusive, None while it rules."""

    sfs: str
    short: str
    name: str
    since: date
    to: date | None = None
    successor_of: str = ""
    aliases: tuple[str, ...] = ()
    aside: bool = False
    """Beside the core of case work: its sections yield when a question fits others about as well."""
    about: tuple[str, ...] = ()
    """Concepts (`lay_terms.yaml`) of which a question touches at least one if it is about this act; empty: any."""
    not_about: tuple[str, ...] = ()
    """Concepts that speak against this act, unless one of `yet` is touched too."""
    yet: tuple[str, ...] = ()

    def is_off(self, touched: Collection[str]) -> bool:
        """Whether a question that touches these concepts is clearly about something else."""
        if self.about and not any(concept in touched for concept in self.about):
            return True
        against = any(concept in touched for concept in self.not_about)
        return against and not any(concept in touched for concept in self.yet)

    def ruled(self, on: date) -> bool:
        return self.since <= on and (self.to is None or on <= self.to)


class KnownActs:
    """All known acts by SFS number and by alias."""

    def __init__(self, acts: Iterable[KnownAct]) -> None:
        self._by_sfs = {act.sfs: act for act in acts}
        self._by_alias = {alias: act for act in self._by_sfs.values() for alias in act.aliases}

    def __iter__(self) -> Iterator[KnownAct]:
        return iter(self._by_sfs.values())

    def get(self, sfs: str) -> KnownAct | None:
        return self._by_sfs.get(sfs)

    def by_alias(self, alias: str) -> KnownAct | None:
        return self._by_alias.get(" ".join(alias.lower().split()))

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every alias, longest first, so that `gamla sol` is tried before `sol`."""
        return tuple(sorted(self._by_alias, key=len, reverse=True))

    def short(self, sfs: str) -> str:
        act = self._by_sfs.get(sfs)
        return act.short if act else sfs

    def predecessor(self, sfs: str) -> KnownAct | None:
        """The act this one replaced, if the catalogue knows it."""
        act = self._by_sfs.get(sfs)
        return self._by_sfs.get(act.successor_of) if act and act.successor_of else None


@cache
def known_acts() -> KnownActs:
    """The catalogue that ships with the project (`acts.yaml`)."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("acts.yaml").read_text(encoding="utf-8")
    rows = cast(list[dict[str, object]], yaml.load(text, Loader=yaml.BaseLoader))
    return KnownActs(_act(row) for row in rows)


def _act(row: dict[str, object]) -> KnownAct:
    try:
        return KnownAct(
            sfs=str(row["sfs"]),
            short=str(row["short"]),
            name=str(row["name"]),
            since=date.fromisoformat(str(row["from"])),
            to=date.fromisoformat(str(row["to"])) if "to" in row else None,
            successor_of=str(row.get("successor_of", "")),
            aliases=tuple(cast(list[str], row.get("aliases", []))),
            aside=row.get("aside") == "yes",
            about=tuple(cast(list[str], row.get("about", []))),
            not_about=tuple(cast(list[str], row.get("not_about", []))),
            yet=tuple(cast(list[str], row.get("yet", []))),
        )
    except (KeyError, ValueError) as error:
        raise HandenhetError(f"unreadable act: {error}", where=f"acts.yaml {row.get('sfs', '')}") from None
