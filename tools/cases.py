"""A supervisor's question as a closed, typed query. There is no free text in it, no person, no ranking, and never SQL.

Whose cases are counted comes from the login and is not part of the query.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Measure = Literal[
    "cases", "reports", "investigations_opened", "investigations_closed", "investigations_ongoing", "meetings",
    "overdue", "assessment_days", "investigation_days", "first_meeting_days", "child_heard", "child_alone",
    "interpreter", "recording_declined", "disputed", "communicated", "load", "factors", "areas",
]  # fmt: skip
"""What is counted or timed. `load` is ongoing cases for each caseworker in the unit, never by name."""

Statistic = Literal["count", "mean", "median", "p90", "share"]
Group = Literal["week", "month", "quarter", "year", "unit", "kind", "age_band", "area", "setting"]
AgeBand = Literal["0-6", "7-9", "10-12", "13-15", "16-17"]
Comparison = Literal["none", "previous_period", "previous_year"]

DURATIONS: frozenset[Measure] = frozenset(("assessment_days", "investigation_days", "first_meeting_days"))
SHARES: frozenset[Measure] = frozenset(
    ("child_heard", "child_alone", "interpreter", "recording_declined", "disputed", "communicated", "overdue")
)

MEASURES: dict[Measure, str] = {
    "cases": "ärenden",
    "reports": "orosanmälningar",
    "investigations_opened": "inledda utredningar",
    "investigations_closed": "avslutade utredningar",
    "investigations_ongoing": "pågående utredningar",
    "meetings": "samtal",
    "overdue": "utredningar och förhandsbedömningar över lagstadgad tid",
    "assessment_days": "dagar från anmälan till beslut om utredning",
    "investigation_days": "dagar från inledd till avslutad utredning",
    "first_meeting_days": "dagar från anmälan till första samtal",
    "child_heard": "utredningar där barnet har hörts",
    "child_alone": "utredningar där barnet har hörts enskilt",
    "interpreter": "samtal med tolk",
    "recording_declined": "samtal där någon tackat nej till inspelning",
    "disputed": "samtal där någon uppgift är omtvistad",
    "communicated": "avslutade utredningar som kommunicerats före beslut",
    "load": "pågående ärenden per handläggare i enheten",
    "factors": "bekräftade uppgifter om risk och skydd",
    "areas": "ärenden där området har berörts",
}
_STATISTICS: dict[Statistic, str] = {
    "count": "Antal", "mean": "Medelvärde av", "median": "Median av", "p90": "90:e percentilen av", "share": "Andel",
}  # fmt: skip
_GROUPS: dict[Group, str] = {
    "week": "vecka", "month": "månad", "quarter": "kvartal", "year": "år", "unit": "enhet", "kind": "barn och vuxna",
    "age_band": "åldersgrupp", "area": "område", "setting": "samtalsform",
}  # fmt: skip


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Period(Value):
    """Both days inclusive."""

    start: date
    end: date

    @model_validator(mode="after")
    def _forward(self) -> "Period":
        if self.start > self.end:
            raise ValueError("a period ends after it starts")
        return self

    @property
    def told(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start} till {self.end}"


class Filters(Value):
    """Each narrows; None lets everything through.

    `area` is an area name of the catalogue; `limit` says which statutory time limit an overdue count is about.
    """

    unit: str | None = None
    kind: Literal["child", "adult"] | None = None
    age_band: AgeBand | None = None
    area: str | None = None
    polarity: Literal["risk", "protective"] | None = None
    setting: str | None = None
    limit: Literal["assessment", "investigation"] | None = None

    @property
    def told(self) -> str:
        kinds = {"child": "barnärenden", "adult": "vuxenärenden"}
        sides = {"risk": "risk", "protective": "skydd"}
        limits = {"assessment": "förhandsbedömningens 14 dagar", "investigation": "utredningens fyra månader"}
        parts = [
            self.unit and f"enheten {self.unit}",
            self.kind and kinds[self.kind],
            self.age_band and f"{self.age_band} år",
            self.area and f"området {self.area}",
            self.polarity and sides[self.polarity],
            self.setting,
            self.limit and limits[self.limit],
        ]
        return ", ".join(part for part in parts if part)


class CaseQuery(Value):
    """What was understood. The same query over the same cases always gives the same answer."""

    measure: Measure
    statistic: Statistic
    period: Period
    filters: Filters = Filters()
    groups: Annotated[tuple[Group, ...], Field(max_length=2)] = ()
    comparison: Comparison = "none"

    @model_validator(mode="after")
    def _fits(self) -> "CaseQuery":
        if self.measure in SHARES and self.statistic not in ("share", "count"):
            raise ValueError("this measure is a share or a count")
        if self.measure in DURATIONS and self.statistic not in ("mean", "median", "p90"):
            raise ValueError("a time has a mean, a median or a percentile")
        if self.measure == "load" and self.statistic != "mean":
            raise ValueError("the load is a mean")
        if self.measure not in DURATIONS | SHARES and self.measure != "load" and self.statistic != "count":
            raise ValueError("this measure is a count")
        if len(set(self.groups)) != len(self.groups):
            raise ValueError("the same grouping twice")
        return self

    @property
    def sentence(self) -> str:
        """How the question was understood, in Swedish."""
        parts = [f"{_STATISTICS[self.statistic]} {MEASURES[self.measure]}", self.period.told]
        if self.filters.told:
            parts.append(self.filters.told)
        if self.groups:
            parts.append("per " + " och ".join(_GROUPS[group] for group in self.groups))
        if self.comparison != "none":
            against = "föregående period" if self.comparison == "previous_period" else "samma period året före"
            parts.append(f"jämfört med {against}")
        return ", ".join(parts) + "."


class Understood(Value):
    """The question can be answered."""

    action: Literal["answer"] = "answer"
    query: CaseQuery
    why: str = ""


class Unclear(Value):
    """Something is missing; `choices` are questions that would be answered."""

    action: Literal["clarify"] = "clarify"
    why: str
    choices: tuple[str, ...] = ()


class Declined(Value):
    """The question is not one that is answered here, and why."""

    action: Literal["refuse"] = "refuse"
    why: str


class TooWide(Value):
    """Almost: what must be narrowed, with the query as far as it was understood."""

    action: Literal["narrow"] = "narrow"
    why: str
    query: CaseQuery | None = None


Interpretation = Understood | Unclear | Declined | TooWide
