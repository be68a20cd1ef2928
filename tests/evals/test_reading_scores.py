"""What is counted of a reading: by hand, on two meetings small enough to count."""

from pathlib import Path

import pytest

from handenhet.evals.corpus import load
from handenhet.evals.matching import Found
from handenhet.evals.reading_report import report
from handenhet.evals.reading_scores import Read, confusion, figures

HEAD = """scenario: kvall
setting: barnsamtal
register: skolbarn
style: verbatim
child_age: 8
participants: S=socialsekreterare, B=barn"""
MEETINGS = f"""= p1-kvall-01
{HEAD}
S: Hur är det hemma?
B: Pappa slår mig. Mormor hämtar mig varje dag.
  + F-SAK-R1 | pappa | själv | - | "Pappa slår mig."
  + B-SOC-S2 | annan-vuxen | själv | - | "Mormor hämtar mig varje dag."
S: När då?
B: I går. Han tog kniven.
  ! vapen | "Han tog kniven."
B: Han sa att han gör det i kväll också.
  ! våld nu | "Han sa att han gör det i kväll också."

= p1-kvall-02
{HEAD}
S: Slår han dig?
  ~ fråga
B: Nej, aldrig.
  ~ nekad
"""
HIT = Found(1, "risk", "F-SAK-R1", "Säkerhet", "Pappa slår mig.")


@pytest.fixture(name="reads")
def two_reads(tmp_path: Path) -> list[Read]:
    (tmp_path / "p1-kvall.txt").write_text(MEETINGS, "utf-8")
    danger, calm = load(tmp_path)
    sprung = Found(1, "risk", "F-SAK-R1", "Säkerhet", "Nej, aldrig.")
    return [Read(danger, (HIT,), ((3, "Han tog kniven."),)), Read(calm, (sprung,), ((1, "Nej, aldrig."), (1, "x")))]


def test_figures_are_counted_over_all_meetings(reads: list[Read]) -> None:
    got = figures(reads)
    assert (got.gold, got.found) == (2, 2)
    assert (got.precision, got.recall, got.f1) == (0.5, 0.5, 0.5)
    assert (got.risk_recall, got.protective_recall, got.recall_gap) == (1.0, 0.0, -1.0)
    assert (got.trap_rate, got.client_trap_rate) == (0.5, 1.0)


def test_a_meetings_danger_is_shown_when_one_of_its_lines_is(reads: list[Read]) -> None:
    got = figures(reads)
    assert (got.acute_recall, got.danger_shown, got.false_alarms) == (0.5, 1.0, 2.0)
    deaf = figures([Read(reads[0].labelled, (), ((1, "Pappa slår mig."),))])
    assert (deaf.acute_recall, deaf.danger_shown) == (0.0, 0.0), "a signal elsewhere in the meeting shows nothing"


def test_what_was_never_scored_has_no_figure(reads: list[Read]) -> None:
    quiet = figures(reads[1:])
    assert (quiet.acute_recall, quiet.danger_shown, quiet.recall, quiet.area) == (None, None, None, None)
    assert figures(reads[:1]).false_alarms is None


def test_a_line_is_counted_under_what_it_holds_and_what_was_found(reads: list[Read]) -> None:
    table = confusion(reads)
    assert table["risk", "risk"] == 1
    assert table["protective", "risk"] == 1
    assert table["trap", "risk"] == 1
    assert table["-", "-"] == 2


def test_the_report_names_every_figure(reads: list[Read]) -> None:
    told = report(reads)
    for name in ("F1", "area", "traps", "acute recall", "danger shown", "false alarms", "risk recall", "recall gap"):
        assert f"\n{name} " in told
    assert "0-6" not in told
    assert "7-12" in told
