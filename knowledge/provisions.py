"""A section of law as it read in a span of time, and the only way to cite it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .errors import IllegalState

Origin = Literal["statute", "guidance", "guideline"]
"""Statute text as imported, our own note about a section, or the municipality's own guideline."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One section. `section` is written as people cite it: `2 §` or `20 kap. 2 §`.

    `in_force_from`/`in_force_to` are inclusive; None means not known to begin or end.
    `digest` is SHA-256 (hex) of the text. `headings` are the rubrics the section stands under, outermost first.
    """

    sfs: str
    section: str
    title: str
    text: str
    origin: Origin
    act: str = ""
    short: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    amended_by: str = ""
    source: str = ""
    imported: date | None = None
    digest: str = ""
    headings: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_to is None or on <= self.in_force_to
        )

    @property
    def label(self) -> str:
        """How a person cites it: `SoL 20 kap. 2 §`."""
        return f"{self.short or self.act or self.sfs} {self.section}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision cited for a date. Cannot be built for a date on which the provision was not in force."""

    provision: Provision
    on: date

    def __post_init__(self) -> None:
        if not self.provision.in_force(self.on):
            raise IllegalState(
                f"{self.provision.label} was not in force on {self.on}",
                mend="cite the wording in force on the case's date (handenhet law --date)",
            )

    @property
    def label(self) -> str:
        return f"{self.provision.label} ({self.provision.sfs})"
