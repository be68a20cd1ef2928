"""The written sentences as typed data: clauses per circumstance and band, comfort, and the fixed script."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from ...knowledge.errors import HandenhetError
from .bands import BANDS, Band, load_yaml

Share = Literal["all", "room", "own", "veiled", "never"]
Teller = Literal["child", "named", "unnamed", "document", "hearsay", "heard"]
_TENSE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_YOURS = {word: f"din {word}" for word in ("moster", "faster", "morbror", "farbror")}
"""Mormor is a name in a family; a moster is somebody's."""
CLAUSE_FILES = ("development.yaml", "parents.yaml", "surroundings.yaml", "adults.yaml")


@dataclass(frozen=True, slots=True)
class Telling:
    """How one circumstance is told. `clauses` by band, variants in order; empty where a band only hears it veiled."""

    factor: str
    share: Share
    from_age: int
    careful: bool
    comfort: str
    why: str
    clauses: Mapping[Band, tuple[str, ...]]

    def clause(self, band: Band) -> tuple[str, ...]:
        """The variants for this band; none if children of the band hear it veiled."""
        return self.clauses.get(band, ())


def in_tense(clause: str, past: bool) -> str:
    """`du [har|hade] ont` as `du har ont` or `du hade ont`."""
    return _TENSE.sub(lambda match: match[2] if past else match[1], clause)


@cache
def tellings() -> Mapping[str, Telling]:
    """Every written circumstance by factor id."""
    found: dict[str, Telling] = {}
    for name in CLAUSE_FILES:
        for factor, row in load_yaml(name).items():
            found[factor] = _telling(factor, row, name)
    return found


def _telling(factor: str, row: dict[str, Any], name: str) -> Telling:
    if row.get("share") not in get_args(Share):
        raise HandenhetError("unknown share", where=f"{name}, {factor}", mend=f"one of {', '.join(get_args(Share))}")
    return Telling(
        factor=factor,
        share=row["share"],
        from_age=int(row.get("from", 0)),
        careful=bool(row.get("care", False)),
        comfort=str(row.get("comfort", "")),
        why=str(row.get("why", "")),
        clauses={band: tuple(row[band]) for band in BANDS if band in row},
    )


@dataclass(frozen=True, slots=True)
class Nearer:
    """Nearer words for a circumstance when the quote says which it was."""

    pattern: re.Pattern[str]
    young: tuple[str, ...]
    old: tuple[str, ...]
    grown: tuple[str, ...]

    def clauses(self, band: Band) -> tuple[str, ...]:
        if band == "vuxen":
            return self.grown
        return self.young if band in ("0-6", "7-9") else self.old


def nearer(factor: str, quote: str, band: Band) -> tuple[str, ...]:
    """The clauses that the quote itself points to, if it points to exactly one thing; otherwise none."""
    folded = " ".join(quote.casefold().split())
    fits = [row for row in _nearer().get(factor, ()) if row.pattern.search(folded)]
    if len(fits) != 1:
        return ()
    row = fits[0]
    if not row.pattern.groups:
        return row.clauses(band)
    found = {_YOURS.get(match[1], match[1]) for match in row.pattern.finditer(folded)}
    return (
        tuple(clause.replace("{ord}", word) for word in found for clause in row.clauses(band))
        if len(found) == 1
        else ()
    )


def nearer_clauses(factor: str) -> list[str]:
    """Every nearer clause of a circumstance, whatever the quote or band."""
    return [clause for row in _nearer().get(factor, ()) for clause in (*row.young, *row.old, *row.grown)]


@cache
def _nearer() -> Mapping[str, tuple[Nearer, ...]]:
    try:
        return {
            factor: tuple(
                Nearer(
                    re.compile(row["if"]),
                    tuple(row.get("young", row.get("all", ()))),
                    tuple(row.get("old", row.get("all", ()))),
                    tuple(row.get("vuxen", ())),
                )
                for row in rows
            )
            for factor, rows in load_yaml("concrete.yaml").items()
        }
    except (KeyError, re.error):
        raise HandenhetError("unreadable row", where="concrete.yaml", mend="see the head of the file") from None


@cache
def comforts() -> Mapping[str, Mapping[Band, tuple[str, ...]]]:
    """Words that follow something hard or good, by theme and band; 16-17 shares those of 13-15."""
    return {
        theme: {band: tuple(row[key]) for band in BANDS if (key := _nearest(row, band))}
        for theme, row in load_yaml("comfort.yaml").items()
    }


def _nearest(row: dict[str, Any], band: Band) -> Band | None:
    if band in row:
        return band
    return "13-15" if band == "16-17" and "13-15" in row else None


@cache
def script() -> dict[str, Any]:
    """The fixed script: leads, openings, what happens now, who decides, what the child may say, whom to ask."""
    return load_yaml("script.yaml")


def variants(key: str, band: Band, *inner: str) -> tuple[str, ...]:
    """The variants of a fixed part for a band, e.g. `("next", "7-9", "utredning")`; none where it has no place."""
    rows: Any = script()[key]
    for step in inner:
        rows = rows[step]
    return tuple(rows.get(band, ()))


def leads(band: Band, teller: Teller) -> tuple[str, ...]:
    return variants("heard", band) if teller == "heard" else tuple(script()["leads"][band][teller])


def reason(key: str) -> str:
    """Why an observation is left out, in Swedish for the caseworker."""
    return str(script()["left_out"][key])
