"""The catalogue of areas and factors: topics to listen for, never scores."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from .errors import HandenhetError

Polarity = Literal["risk", "protective"]
_POLARITY: dict[str, Polarity] = {"risk": "risk", "skydd": "protective"}
_AGES = re.compile(r"(\d+)-(\d+)|(\d+)\+")
ADULT_SIDE = "Vuxen"


@dataclass(frozen=True, slots=True)
class Factor:
    """A circumstance worth noting, in our own words.

    `side` is the corner of the child's situation (or `Vuxen`), `area` the area name shown to people,
    `ages` the inclusive span of years it can be logged for (`None` as upper end: no limit).
    """

    id: str
    polarity: Polarity
    name: str
    side: str
    area: str
    age_from: int
    age_to: int | None
    description: str

    @property
    def adult(self) -> bool:
        """Whether the factor is about an adult's own matter rather than a child's."""
        return self.side == ADULT_SIDE

    def fits(self, child_age: int | None) -> bool:
        """Whether it can be logged in a meeting about a child of this age (None: about an adult)."""
        if child_age is None or self.adult:
            return child_age is None and self.adult
        # The young person stays in the child catalogue until 21, when care after 18 may still be at hand.
        return self.age_from <= min(child_age, 17) <= (self.age_to or 17)


class Catalogue:
    """All factors by id, in the catalogue's own order."""

    def __init__(self, factors: Iterable[Factor]) -> None:
        self._by_id: dict[str, Factor] = {}
        for factor in factors:
            if factor.id in self._by_id:
                raise HandenhetError(f"factor {factor.id} stands twice", mend="give each factor its own id")
            self._by_id[factor.id] = factor

    def __iter__(self):
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, factor_id: object) -> bool:
        return factor_id in self._by_id

    def __getitem__(self, factor_id: str) -> Factor:
        try:
            return self._by_id[factor_id]
        except KeyError:
            raise HandenhetError(f"there is no factor {factor_id} in the catalogue") from None

    def for_age(self, child_age: int | None) -> tuple[Factor, ...]:
        return tuple(factor for factor in self if factor.fits(child_age))

    def areas(self, child_age: int | None) -> tuple[str, ...]:
        """The areas a meeting can touch, in catalogue order, each once."""
        return tuple(dict.fromkeys(factor.area for factor in self.for_age(child_age)))


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the project (`factors.csv`)."""
    with resources.files(__name__.rpartition(".")[0]).joinpath("factors.csv").open(encoding="utf-8") as file:
        return Catalogue(_factor(number, row) for number, row in enumerate(csv.DictReader(file, delimiter=";"), 2))


def _factor(line: int, row: dict[str, str]) -> Factor:
    ages = _AGES.fullmatch(row["alder"])
    polarity = _POLARITY.get(row["typ"])
    if ages is None or polarity is None:
        raise HandenhetError("unreadable age or type", where=f"factors.csv line {line}")
    low, high, adult_from = ages.groups()
    return Factor(
        id=row["id"],
        polarity=polarity,
        name=row["namn"],
        side=row["sida"],
        area=row["omrade"],
        age_from=int(low or adult_from),
        age_to=int(high) if high else None,
        description=row["beskrivning"],
    )
