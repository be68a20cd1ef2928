"""`make train-reader`: train the embedded reader from the written corpus, choose thresholds on unseen scenarios, save.

`--measure` prints the figures of the cross-validation (whole scenarios left out) without saving anything.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..agent.readers.acute import signal
from ..agent.readers.judgement import POLARITIES, Answers, Candidate, distinct, passing, weighed
from ..agent.readers.lines import lines
from ..agent.readers.weights import FILE, save
from ..knowledge.errors import HandenhetError
from ..knowledge.factors import catalogue
from .corpus import CASES, LabelledMeeting, load
from .matching import Found
from .reading_report import report
from .reading_scores import Figures, Read, figures
from .training import (
    Example,
    assembled,
    examples,
    fit_first,
    fit_join,
    fit_span,
    folds,
    unseen_answers,
)

FOLDS = 5
FLOOR = -2.5
GRID = [round(-2.0 + 0.1 * step, 2) for step in range(24)]
TRAPS_AT_MOST = 0.1
HERE = Path(__file__).resolve().parent
WEIGHTS = HERE.parent / "agent" / "readers" / FILE

Unseen = dict[str, list[Candidate]]
"""Meeting id -> everything a model that had not seen its scenario would consider."""


@dataclass(frozen=True)
class Prepared:
    """The corpus as examples, and what models that had not seen each example's scenario answer about it."""

    by_meeting: Mapping[str, Sequence[Example]]
    parts: Sequence[frozenset[str]]
    told: Mapping[Example, Answers]

    @property
    def train(self) -> list[Example]:
        return [example for kept in self.by_meeting.values() for example in kept]


def prepared(meetings: Sequence[LabelledMeeting], many: int = FOLDS) -> Prepared:
    by_meeting = {labelled.meeting.id: examples([labelled]) for labelled in meetings}
    train = [example for kept in by_meeting.values() for example in kept]
    parts = folds(train, many)
    return Prepared(by_meeting, parts, unseen_answers(train, parts))


def unseen_candidates(ready: Prepared) -> Unseen:
    """Every scenario's candidates, with the weighing too learned on the other scenarios."""
    found: Unseen = {id: [] for id in ready.by_meeting}
    for part in ready.parts:
        others = [example for example in ready.train if example.group not in part]
        span, join = fit_span(others, ready.told), fit_join(others, ready.told)
        for id, said in ready.by_meeting.items():
            for example in said:
                if example.group in part:
                    found[id] += weighed(example.line, ready.told[example], span, join, FLOOR)
    return found


def reads(meetings: Sequence[LabelledMeeting], found: Unseen, thresholds: Mapping[str, float]) -> list[Read]:
    """What would be logged in each meeting under these thresholds, and which acute signals shown."""
    return [_one(labelled, found[labelled.meeting.id], thresholds) for labelled in meetings]


def _one(labelled: LabelledMeeting, found: Sequence[Candidate], thresholds: Mapping[str, float]) -> Read:
    passed = _passed(found, thresholds)
    alarms: list[tuple[int, str]] = []
    for line in lines(labelled.meeting, labelled.transcript, catalogue()):
        at = line.utterance.index
        alarm = signal(line, {one.factor for one in passed.get(at, ()) if one.polarity == "risk"})
        if alarm is not None:
            alarms.append((at, line.text(alarm.quote)))
    return Read(labelled, _kept(passed), tuple(alarms))


def _passed(found: Iterable[Candidate], thresholds: Mapping[str, float]) -> dict[int, tuple[Candidate, ...]]:
    by_line: dict[int, list[Candidate]] = {}
    for one in found:
        by_line.setdefault(one.line.utterance.index, []).append(one)
    return {at: passing(ones, thresholds) for at, ones in by_line.items()}


def _kept(passed: Mapping[int, Iterable[Candidate]]) -> tuple[Found, ...]:
    kept = distinct(one for ones in passed.values() for one in ones)
    return tuple(
        Found(
            one.line.utterance.index, one.polarity, one.factor, catalogue()[one.factor].area, one.line.text(one.quote)
        )
        for one in kept
    )


def chosen(meetings: Sequence[LabelledMeeting], found: Unseen) -> dict[str, float]:
    """Thresholds with the best F1 among those whose traps and recall gap stay within what we promise, if any do."""
    best: tuple[float, dict[str, float]] | None = None
    thresholds = dict.fromkeys(POLARITIES, -1.0) | {"second": 1.0}
    for _ in range(2):
        for name in (*POLARITIES, "second"):
            for value in GRID if name != "second" else (0.3, 0.6, 1.0, 1.5, 2.5):
                tried = thresholds | {name: value}
                logged = [Read(one, _kept(_passed(found[one.meeting.id], tried))) for one in meetings]
                worth = _worth(figures(logged))
                if best is None or worth > best[0]:
                    best = (worth, tried)
        assert best is not None
        thresholds = best[1]
    return thresholds


def _worth(got: Figures) -> float:
    gap = abs(got.recall_gap or 0.0)
    return (got.f1 or 0.0) - 0.5 * max(0.0, gap - 0.03) - max(0.0, (got.trap_rate or 0.0) - TRAPS_AT_MOST)


def honest(meetings: Sequence[LabelledMeeting], found: Unseen) -> list[Read]:
    """The reading in which each half's thresholds were chosen on the other half's scenarios."""
    scenarios = sorted({labelled.scenario for labelled in meetings})
    even = set(scenarios[::2])
    halves = [[m for m in meetings if (m.scenario in even) is side] for side in (True, False)]
    one, other = halves
    return [*reads(one, found, chosen(other, found)), *reads(other, found, chosen(one, found))]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="train_reader", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="print cross-validated figures and save nothing")
    parser.add_argument("--cases", type=Path, default=CASES / "train")
    asked = parser.parse_args(argv)
    try:
        meetings = load(asked.cases)
    except HandenhetError as error:
        print(f"train_reader: {error}", file=sys.stderr)
        return 2
    ready = prepared(meetings)
    found = unseen_candidates(ready)
    print(report(honest(meetings, found)))
    if not asked.measure:
        thresholds = chosen(meetings, found)
        weights = replace(assembled(fit_first(ready.train), ready.train, ready.told), thresholds=thresholds)
        save(weights, WEIGHTS)
        print(f"{len(meetings)} meetings, thresholds {thresholds}, {WEIGHTS.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
