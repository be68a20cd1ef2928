"""The reading suite's figures as a table a person reads."""

from collections.abc import Callable, Iterable, Sequence

from .reading_scores import Figures, Read, confusion, drawn, figures, interval

COLUMNS: tuple[tuple[str, Callable[[Figures], float | None]], ...] = (
    ("F1", lambda f: f.f1),
    ("factor F1", lambda f: f.factor_f1),
    ("turn F1", lambda f: f.turn_f1),
    ("precision", lambda f: f.precision),
    ("recall", lambda f: f.recall),
    ("area", lambda f: f.area),
    ("traps", lambda f: f.trap_rate),
    ("client traps", lambda f: f.client_trap_rate),
    ("acute recall", lambda f: f.acute_recall),
    ("danger shown", lambda f: f.danger_shown),
    ("false alarms", lambda f: f.false_alarms),
    ("risk recall", lambda f: f.risk_recall),
    ("prot. recall", lambda f: f.protective_recall),
    ("recall gap", lambda f: f.recall_gap),
)


def report(reads: Sequence[Read]) -> str:
    """All figures with intervals, then by setting, register, age and style, then the confusion of lines."""
    whole, draws = figures(reads), drawn(reads)
    lines = [f"{whole.meetings} meetings, {whole.gold} gold observations, {whole.found} found", ""]
    for name, figure in COLUMNS:
        lines.append(f"{name:14} {_number(figure(whole))}  {_span(interval(draws, figure))}")
    for title, part in PARTS:
        lines += ["", title]
        for value in sorted({part(read) for read in reads}):
            got = figures([read for read in reads if part(read) == value])
            shown = "  ".join(f"{name} {_number(figure(got))}" for name, figure in COLUMNS[:1] + COLUMNS[5:7])
            lines.append(f"  {value:22} {got.meetings:4} meetings  {shown}")
    lines += ["", "gold -> found, by line", *_confused(reads)]
    return "\n".join(lines)


PARTS: tuple[tuple[str, Callable[[Read], str]], ...] = (
    ("setting", lambda read: read.labelled.meeting.setting),
    ("register", lambda read: read.labelled.register),
    ("style", lambda read: read.labelled.style),
    ("about", lambda read: age_band(read.labelled.meeting.child_age)),
    ("part", lambda read: read.labelled.part),
)


def age_band(age: int | None) -> str:
    if age is None:
        return "adult"
    return next(name for limit, name in ((6, "0-6"), (12, "7-12"), (21, "13-20")) if age <= limit)


def _confused(reads: Iterable[Read]) -> list[str]:
    table = confusion(reads)
    columns = ("risk", "protective", "-")
    head = f"  {'':12}" + "".join(f"{column:>12}" for column in columns)
    rows = ("risk", "protective", "trap", "-")
    return [head, *(f"  {row:12}" + "".join(f"{table[row, column]:12}" for column in columns) for row in rows)]


def _number(value: float | None) -> str:
    return "   - " if value is None else f"{value:5.2f}"


def _span(span: tuple[float, float] | None) -> str:
    return "" if span is None else f"[{span[0]:.2f}, {span[1]:.2f}]"
