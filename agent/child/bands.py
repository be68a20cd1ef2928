"""Age bands, and how easy a text of each must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

from ...knowledge.errors import HandenhetError
from ..language import Readability

Band = Literal["0-6", "7-9", "10-12", "13-15", "16-17", "vuxen"]
BANDS: tuple[Band, ...] = get_args(Band)
CHILD_BANDS: tuple[Band, ...] = BANDS[:-1]
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C where PyYAML was built so: in Python these files take half a second of the first reading."""
_OLDEST: dict[Band, int] = {"0-6": 6, "7-9": 9, "10-12": 12, "13-15": 15, "16-17": 17, "vuxen": 120}


@dataclass(frozen=True, slots=True)
class Targets:
    """Upper limits of a band's text. `facts` is how many circumstances one text holds."""

    lix: float
    mean: float
    longest: int
    ovix: float
    facts: int

    def broken(self, measured: Readability) -> tuple[str, ...]:
        """What lies over its limit, said in Swedish; OVIX counts only where it is stable."""
        over: list[str] = []
        if measured.lix > self.lix:
            over.append(f"LIX {measured.lix:.0f}, gräns {self.lix:.0f}")
        if measured.mean_sentence > self.mean:
            over.append(f"{measured.mean_sentence:.1f} ord per mening, gräns {self.mean:.0f}")
        if measured.longest_sentence > self.longest:
            over.append(f"längsta meningen har {measured.longest_sentence} ord, gräns {self.longest}")
        if measured.ovix is not None and measured.ovix_stable and measured.ovix > self.ovix:
            over.append(f"OVIX {measured.ovix:.0f}, gräns {self.ovix:.0f}")
        return tuple(over)


def band_for(child_age: int | None) -> Band:
    """The band an age falls in (18-20 reads as 16-17); None, an adult's own matter, is `vuxen`."""
    if child_age is None:
        return "vuxen"
    for band in CHILD_BANDS:
        if child_age <= _OLDEST[band]:
            return band
    return "16-17"


def last_year(band: Band) -> int:
    """The oldest reader of a band, in whole years."""
    return _OLDEST[band]


def targets(band: Band) -> Targets:
    return _targets()[band]


@cache
def _targets() -> Mapping[Band, Targets]:
    rows = load_yaml("targets.yaml")
    return {band: Targets(**rows[band]) for band in BANDS}


def load_yaml(name: str) -> dict[str, Any]:
    """A data file of this package as a mapping. Raises HandenhetError naming the file."""
    file = resources.files(__name__.rpartition(".")[0]).joinpath(name)
    try:
        rows: Any = yaml.load(file.read_text("utf-8"), Loader=LOADER)
    except (OSError, yaml.YAMLError):
        raise HandenhetError("unreadable data file", where=name, mend="reinstall or mend the YAML") from None
    if not isinstance(rows, dict):
        raise HandenhetError("the data file is not a mapping", where=name)
    return rows  # pyright: ignore[reportUnknownVariableType]
