"""When a case is to be destroyed, by a table of rules. Pure: dates in, a verdict out; nothing is destroyed here."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ...knowledge.errors import HandenhetError

Standing = Literal[
    "due", "not_yet", "open", "held", "kept_for_good", "kept_for_research", "matter_not_set", "no_birth_date"
]
"""`due` alone means that the case is to be destroyed."""


class Rule(BaseModel):
    """One line of the table; its keys are explained in `retention.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source: str
    matters: frozenset[str]
    years_after_last_note: int = 5
    child_age: int | None = None
    closed_from: date | None = None
    earlier: str | None = None
    never: bool = False


class Table(BaseModel):
    """The rule table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...]
    research_born_days: frozenset[int]

    @model_validator(mode="after")
    def _each_matter_once(self) -> "Table":
        matters = [matter for rule in self.rules for matter in rule.matters]
        if len(set(matters)) != len(matters):
            raise ValueError("a matter stands in two rules")
        if not {rule.earlier for rule in self.rules} - {None} <= {rule.id for rule in self.rules}:
            raise ValueError("`earlier` names a rule that is not there")
        return self

    def rule_for(self, matter: str, closed: date) -> Rule | None:
        for rule in self.rules:
            if matter in rule.matters:
                if rule.closed_from is not None and closed < rule.closed_from:
                    return next(other for other in self.rules if other.id == rule.earlier)
                return rule
        return None


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What a verdict rests on. `last_note` is the day of the last note in the file, by UTC."""

    kind: str
    matter: str
    closed: date | None
    last_note: date
    birth_date: date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a case is to be destroyed, by which rule, from when, and when it must be done at the latest."""

    standing: Standing
    rule: str = ""
    source: str = ""
    due: date | None = None
    latest: date | None = None


@cache
def table() -> Table:
    """The table that ships with the project (`retention.yaml`)."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("retention.yaml").read_text(encoding="utf-8")
    try:
        return Table.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise HandenhetError("the retention table cannot be read", where=f"retention.yaml: {error}") from None


def verdict(case: CaseDates, today: date, rules: Table, *, research_exempt: bool = False) -> Verdict:
    """What the rules say of a case today. In doubt (no matter set, no birth date) nothing is destroyed."""
    if case.closed is None:
        return Verdict("open")
    if case.kind == "child" and case.matter == "other":
        return Verdict("matter_not_set")
    rule = rules.rule_for(case.matter, case.closed)
    if rule is None:
        return Verdict("matter_not_set")
    if rule.never:
        return Verdict("kept_for_good", rule.id, rule.source)
    if rule.child_age is not None and case.birth_date is None:
        return Verdict("no_birth_date", rule.id, rule.source)
    due = _years_on(max(case.last_note, case.closed), rule.years_after_last_note)
    if rule.child_age is not None and case.birth_date is not None:
        due = max(due, _years_on(case.birth_date, rule.child_age))
    born_for_research = case.birth_date is not None and case.birth_date.day in rules.research_born_days
    standing: Standing = (
        "held" if case.held
        else "kept_for_research" if research_exempt or born_for_research
        # The note's day is by UTC, which can be the day before ours: the anniversary itself is left in peace.
        else "due" if today > due
        else "not_yet"
    )  # fmt: skip
    return Verdict(standing, rule.id, rule.source, due, date(due.year + 1, 12, 31))


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
