"""Lines said straight out become small meetings to train on."""

from pathlib import Path

import pytest

from handenhet.evals.corpus import CorpusError
from handenhet.evals.plain import plain


def lines(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "lines.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_finding_and_a_near_miss(tmp_path: Path) -> None:
    found, _, missed, _ = plain(
        lines(tmp_path, "# words\n+ F-SAK-R1 B | Pappa slår mig.\n- K | Nej, jag dricker inte.\n")
    )
    assert [(gold.utterance, gold.factor.id, gold.quote) for gold in found.gold] == [(3, "F-SAK-R1", "Pappa slår mig.")]
    assert found.meeting.child_age == 12
    assert found.meeting.participant("B").standpoint == "child"
    assert not missed.gold
    assert [trap.utterance for trap in missed.traps] == [3]
    assert missed.meeting.child_age is None


def test_a_small_childs_factor_gets_a_small_child(tmp_path: Path) -> None:
    for meeting in plain(lines(tmp_path, "+ F-STI-S3 M | Jag läser för henne varje kväll.\n")):
        assert meeting.meeting.child_age == 5


def test_each_line_is_met_answered_and_with_nothing_after_it(tmp_path: Path) -> None:
    answered, alone = plain(lines(tmp_path, "- B | Hej hej.\n"))
    assert answered.transcript.utterances[:-1] == alone.transcript.utterances
    assert answered.meeting.id != alone.meeting.id
    assert answered.scenario == alone.scenario


@pytest.mark.parametrize("line", ["Pappa slår mig.", "+ X-1 B | Hej.", "+ F-SAK-R1 | Hej.", "- Q | Hej.", "- B |  "])
def test_a_line_out_of_form_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CorpusError, match="line 2"):
        list(plain(lines(tmp_path, f"# first\n{line}\n")))
