"""Figures as number, table and bars in one: each row's bar stands beside its number."""

from collections.abc import Mapping
from typing import Any

from ...tools.cases import MEASURES, CaseQuery
from .markup import Markup, el, hidden

STATISTICS = {"count": "Antal", "mean": "Medelvärde", "median": "Median", "p90": "90:e percentilen", "share": "Andel"}
GROUPS = {
    "week": "Vecka", "month": "Månad", "quarter": "Kvartal", "year": "År", "unit": "Enhet", "kind": "Barn eller vuxen",
    "age_band": "Åldersgrupp", "area": "Område", "setting": "Samtalsform",
}  # fmt: skip
COMPARED = {"none": "Inget", "previous_period": "Föregående period", "previous_year": "Samma period året före"}
_VALUES = {"child": "Barn", "adult": "Vuxen"}
WITHHELD = "Visas inte"
FEW = 10


def filters(query: CaseQuery) -> list[tuple[str, str]]:
    """The query as named filters."""
    return [
        ("Vad", MEASURES[query.measure]),
        ("Mått", STATISTICS[query.statistic]),
        ("Period", query.period.told),
        ("Urval", query.filters.told or "Hela enheten"),
        ("Uppdelat på", ", ".join(GROUPS[group].lower() for group in query.groups) or "Inget"),
        ("Jämfört med", COMPARED[query.comparison]),
    ]


def number(result: Mapping[str, Any]) -> Markup:
    value, unit = result.get("value"), str(result.get("unit") or "").replace("antal", "")
    compared = result.get("compared")
    beside = None
    if isinstance(compared, Mapping) and "value" in compared:
        beside = el("p", f"Jämfört med: {told(compared['value'])} {unit}", cls="hh-quiet")
    elif isinstance(compared, int | float):
        beside = el("p", f"Jämfört med: {told(compared)} {unit}", cls="hh-quiet")
    return el("div", el("p", el("span", told(value), cls="hh-number"), f" {unit}" if value is not None else ""), beside)


def table(result: Mapping[str, Any]) -> Markup | None:
    """The groups, each with its number and bar; None where the question was not divided."""
    rows: list[Mapping[str, Any]] = list(result.get("rows") or ())
    if not rows:
        return None
    names = [name for name in rows[0] if name != "value"]
    most = max((float(row["value"]) for row in rows if row["value"] is not None), default=0.0) or 1.0
    head = el("tr", *(el("th", GROUPS.get(name, name), scope="col") for name in names), el("th", "Värde", scope="col"))
    body = [
        el("tr", *(el("th", _VALUES.get(str(row[name]), str(row[name])), scope="row") for name in names),
           el("td", _bar(row["value"], most)))
        for row in rows
    ]  # fmt: skip
    return el(
        "table", el("caption", hidden("Svaret uppdelat")), el("thead", head), el("tbody", *body), cls="hh-figures"
    )


def _bar(value: float | int | None, most: float) -> Markup:
    if value is None:
        return el("em", WITHHELD)
    width = 80 * float(value) / most
    bar = el("span", cls="hh-bar hh-protective", style=f"width:{width:.0f}%") if width > 0 else None
    return el("span", el("span", told(value), cls="hh-figure"), " ", bar)


def notes(result: Mapping[str, Any]) -> Markup | None:
    rows = [str(note) for note in result.get("notes") or ()]
    value = result.get("value")
    if rows and isinstance(value, int | float) and value < FEW:
        rows.append("Det är så få ärenden att avvikelsen kan vara lika stor som talet, och delarna summerar inte.")
    return el("ul", *(el("li", note) for note in rows), cls="hh-quiet") if rows else None


def told(value: Any) -> str:
    """A figure the Swedish way; a withheld one in words."""
    if value is None:
        return WITHHELD
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.1f}".replace(".", ",")
    return f"{int(value):,}".replace(",", " ")
