"""Are a supervisor's questions understood exactly, and is what should not be answered left unanswered?

Each line of `cases/questions/*.jsonl` is a question with the typed query it means, or the action it should meet. A
question counts only when all of it is right: measure, statistic, both days, filters, groups and comparison. `half`
tells whether the grammar was tuned on the question (`tuned`) or not (`held`). The questions of `dev.jsonl` and the
grammar come from the same hand, so the figures tell about questions like these; a file by another hand is scored by
`run("sealed")`.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..agent.questions.grammar import Context, interpret
from ..tools.cases import (
    CaseQuery,
    Comparison,
    Declined,
    Filters,
    Group,
    Interpretation,
    Measure,
    Period,
    Statistic,
    Understood,
)

UNITS = ("Barn och unga", "Vuxen", "Ekonomiskt bistånd")
OWN_UNIT = UNITS[0]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Line):
    """The query the question means."""

    action: Literal["answer"]
    measure: Measure
    statistic: Statistic
    period: tuple[date, date]
    filters: Filters = Filters()
    groups: tuple[Group, ...] = ()
    comparison: Comparison = "none"

    @property
    def query(self) -> CaseQuery:
        return CaseQuery(
            measure=self.measure,
            statistic=self.statistic,
            period=Period(start=self.period[0], end=self.period[1]),
            filters=self.filters,
            groups=self.groups,
            comparison=self.comparison,
        )


class NoAnswer(_Line):
    """The question is not to be answered, and how it is met."""

    action: Literal["refuse", "clarify", "narrow"]


class Case(_Line):
    """One question. `before`: the id of the question it goes on from; `kind`: the register, or why it is no answer."""

    id: str
    half: Literal["tuned", "held"] = "held"
    kind: str
    today: date
    question: str
    before: str = ""
    expect: Annotated[Answer | NoAnswer, Field(discriminator="action")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what was made of it."""

    case: Case
    got: Interpretation

    @property
    def exact(self) -> bool:
        if isinstance(self.case.expect, NoAnswer):
            return self.got.action == self.case.expect.action
        return isinstance(self.got, Understood) and self.got.query == self.case.expect.query

    @property
    def wrongly_answered(self) -> bool:
        return self.case.expect.action != "answer" and isinstance(self.got, Understood)

    @property
    def wrongly_refused(self) -> bool:
        return self.case.expect.action == "answer" and isinstance(self.got, Declined)

    @property
    def parts_wrong(self) -> tuple[str, ...]:
        """Names of the parts that differ from what was meant; the action alone where that is wrong."""
        if self.exact:
            return ()
        if not (isinstance(self.case.expect, Answer) and isinstance(self.got, Understood)):
            return ("action",)
        meant, got = self.case.expect.query, self.got.query
        return tuple(name for name in CaseQuery.model_fields if getattr(meant, name) != getattr(got, name))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    hit: int
    of: int

    def __str__(self) -> str:
        return f"{self.hit}/{self.of} ({self.hit / self.of:.0%})" if self.of else "not tried"


@dataclass(frozen=True)
class QuestionsResult:
    """Exact typed accuracy: all, by half and by kind. `parts` counts what was wrong in those that were not exact."""

    outcomes: tuple[Outcome, ...]

    @property
    def exact(self) -> Share:
        return _share(self.outcomes)

    @property
    def by_half(self) -> Mapping[str, Share]:
        halves = sorted({o.case.half for o in self.outcomes})
        return {half: _share(tuple(o for o in self.outcomes if o.case.half == half)) for half in halves}

    @property
    def by_kind(self) -> Mapping[str, Share]:
        kinds = list(dict.fromkeys(o.case.kind for o in self.outcomes))
        return {kind: _share(tuple(o for o in self.outcomes if o.case.kind == kind)) for kind in kinds}

    @property
    def parts(self) -> Counter[str]:
        return Counter(part for o in self.outcomes for part in o.parts_wrong)

    @property
    def wrongly_answered(self) -> Share:
        asked = [o for o in self.outcomes if o.case.expect.action != "answer"]
        return Share(sum(o.wrongly_answered for o in asked), len(asked))

    @property
    def wrongly_refused(self) -> Share:
        asked = [o for o in self.outcomes if o.case.expect.action == "answer"]
        return Share(sum(o.wrongly_refused for o in asked), len(asked))


def _share(outcomes: tuple[Outcome, ...]) -> Share:
    return Share(sum(o.exact for o in outcomes), len(outcomes))


def cases(name: str = "dev") -> tuple[Case, ...]:
    """The questions of one file."""
    file = resources.files(__package__ or "").joinpath("cases", "questions", f"{name}.jsonl")
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(Case.model_validate_json(line) for line in lines if line.strip())


def run(name: str = "dev") -> QuestionsResult:
    """All questions of one file, each by itself: a follow-up goes on from what the question before was meant to be."""
    asked = cases(name)
    meant = {case.id: case.expect.query for case in asked if isinstance(case.expect, Answer)}
    return QuestionsResult(
        tuple(
            Outcome(case, interpret(case.question, Context(case.today, UNITS, OWN_UNIT, meant.get(case.before))))
            for case in asked
        )
    )


def table(result: QuestionsResult) -> str:
    """The figures as a table to read."""
    rows: list[tuple[str, object]] = [("exact, all", result.exact)]
    rows += [(f"exact, {half}", share) for half, share in result.by_half.items()]
    rows += [(f"  {kind}", share) for kind, share in result.by_kind.items()]
    rows += [
        ("answered but should not be", result.wrongly_answered),
        ("refused but should not be", result.wrongly_refused),
    ]
    rows += [(f"wrong: {part}", count) for part, count in result.parts.most_common()]
    return "\n".join(f"{name:<28} {figure!s:>14}" for name, figure in rows)


if __name__ == "__main__":
    print(table(run(*sys.argv[1:2])))
