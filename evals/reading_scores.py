"""Figures of a reading suite: counts first, ratios last, intervals by meeting. Unscored is None, never zero."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..knowledge.factors import catalogue
from .corpus import LabelledMeeting
from .matching import Found, Matching, match, token_f1


@dataclass(frozen=True)
class Read:
    """One meeting with what a reader found in it."""

    labelled: LabelledMeeting
    found: tuple[Found, ...]
    acute: tuple[tuple[int, str], ...] = ()
    """(utterance, quote) of every acute signal."""

    @cached_property
    def matching(self) -> Matching:
        return match(self.labelled.gold, self.found)

    @cached_property
    def counts(self) -> Counter[str]:
        return _counts(self)


@dataclass(frozen=True, slots=True)
class Figures:
    """The suite's figures over some meetings; None where there was nothing to measure on."""

    meetings: int
    gold: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None
    factor_f1: float | None
    turn_f1: float | None
    area: float | None
    trap_rate: float | None
    client_trap_rate: float | None
    """Traps in other people's words than the caseworker's, a harder count than `trap_rate`."""
    risk_recall: float | None
    protective_recall: float | None
    acute_recall: float | None
    danger_shown: float | None
    """Share of the meetings with something acute in which at least one of its lines is signalled."""
    false_alarms: float | None
    """Acute signals per meeting in which nothing acute was said."""

    @property
    def recall_gap(self) -> float | None:
        if self.risk_recall is None or self.protective_recall is None:
            return None
        return self.protective_recall - self.risk_recall


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def figures(reads: Sequence[Read]) -> Figures:
    n: Counter[str] = Counter()
    for read in reads:
        n.update(read.counts)
    return Figures(
        meetings=len(reads),
        gold=n["gold"],
        found=n["found"],
        precision=_share(n["hit"], n["found"]),
        recall=_share(n["hit"], n["gold"]),
        f1=_share(2 * n["hit"], n["gold"] + n["found"]),
        factor_f1=_share(2 * n["factor"], n["gold"] + n["found"]),
        turn_f1=_share(2 * n["turn"], n["gold"] + n["found"]),
        area=_share(n["area"], n["hit"]),
        trap_rate=_share(n["sprung"], n["traps"]),
        client_trap_rate=_share(n["sprung"], n["client traps"]),
        risk_recall=_share(n["hit risk"], n["gold risk"]),
        protective_recall=_share(n["hit protective"], n["gold protective"]),
        acute_recall=_share(n["acute hit"], n["acute"]),
        danger_shown=_share(n["shown"], n["dangerous"]),
        false_alarms=_share(n["false alarms"], n["quiet"]),
    )


def _counts(read: Read) -> Counter[str]:
    labelled, n = read.labelled, Counter[str]()
    pairs = read.matching.pairs
    n["gold"], n["found"], n["hit"] = len(labelled.gold), len(read.found), len(pairs)
    n["factor"] = len(match(labelled.gold, read.found, same_factor=True).pairs)
    n["area"] = sum(gold.factor.area == found.area for gold, found in pairs)
    both = {(gold.utterance, gold.factor.polarity) for gold in labelled.gold}
    n["turn"] = len(both & {(found.utterance, found.polarity) for found in read.found})
    for gold in labelled.gold:
        n[f"gold {gold.factor.polarity}"] += 1
    for gold, _ in pairs:
        n[f"hit {gold.factor.polarity}"] += 1
    used = {found.utterance for found in read.found}
    trapped = {trap.utterance for trap in labelled.traps}
    n["traps"], n["sprung"] = len(trapped), len(trapped & used)
    said = labelled.transcript.utterances
    asked = {u.index for u in said if labelled.meeting.participant(u.speaker).standpoint == "caseworker"}
    n["client traps"] = len(trapped - asked)
    n["acute"] = len(labelled.acute)
    n["acute hit"] = sum(any(at == urgent.utterance for at, _ in read.acute) for urgent in labelled.acute)
    if labelled.quiet:
        n["quiet"], n["false alarms"] = 1, len(read.acute)
    else:
        n["dangerous"], n["shown"] = 1, int(n["acute hit"] > 0)
    return n


def drawn(reads: Sequence[Read], times: int = 300) -> list[Figures]:
    """Figures of as many meetings drawn with replacement, `times` over: the spread that other meetings would give."""
    chance = random.Random(5)
    return [figures(chance.choices(reads, k=len(reads))) for _ in range(times)] if reads else []


def interval(draws: Iterable[Figures], figure: Callable[[Figures], float | None]) -> tuple[float, float] | None:
    """The middle 95 % of a figure over the draws; None where it was never scored."""
    scored = sorted(value for value in map(figure, draws) if value is not None)
    return (scored[len(scored) // 40], scored[-1 - len(scored) // 40]) if scored else None


def confusion(reads: Iterable[Read]) -> Counter[tuple[str, str]]:
    """(gold, found) over lines: a polarity, `trap`, or `-` for nothing."""
    table: Counter[tuple[str, str]] = Counter()
    for read in reads:
        labelled = read.labelled
        for utterance in labelled.transcript.utterances:
            if labelled.meeting.participant(utterance.speaker).standpoint == "caseworker":
                continue
            gold = {one.factor.polarity for one in labelled.gold if one.utterance == utterance.index}
            found = {one.polarity for one in read.found if one.utterance == utterance.index}
            trap = any(trap.utterance == utterance.index for trap in labelled.traps)
            rows = sorted(gold) or (["trap"] if trap else ["-"])
            for row in rows:
                table[row, row if row in found else "-" if not found else sorted(found)[0]] += 1
    return table


def area_confusion(reads: Iterable[Read]) -> Counter[tuple[str, str]]:
    """(gold area, found area) among the matched."""
    return Counter((gold.factor.area, found.area) for read in reads for gold, found in read.matching.pairs)


def worst(reads: Iterable[Read]) -> list[tuple[str, str, str]]:
    """(meeting, what went wrong, words): missed gold that nothing touched first, then wrong quotes and wrong finds."""
    told: list[tuple[str, str, str]] = []
    for read in reads:
        left = read.matching
        for gold in left.missed:
            near = [found for found in left.extra if found.utterance == gold.utterance]
            if any(found.polarity == gold.factor.polarity for found in near):
                overlap = max(token_f1(gold.quote, found.quote) for found in near)
                told.append(
                    (read.labelled.meeting.id, f"other words quoted ({overlap:.2f}): {gold.factor.id}", gold.quote)
                )
            elif near:
                told.append(
                    (read.labelled.meeting.id, f"turned: {gold.factor.id} read as {near[0].factor}", gold.quote)
                )
            else:
                told.append(
                    (
                        read.labelled.meeting.id,
                        f"missed: {gold.factor.id} {catalogue()[gold.factor.id].name}",
                        gold.quote,
                    )
                )
        for found in left.extra:
            kinds = [trap.kind for trap in read.labelled.traps if trap.utterance == found.utterance]
            if kinds:
                told.append((read.labelled.meeting.id, f"trap {kinds[0]}: {found.factor}", found.quote))
    return told
