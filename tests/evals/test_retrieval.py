"""The retrieval eval: what counts as found, and that its figures can be trusted."""

from pathlib import Path

import pytest

from handenhet.evals.retrieval import Case, cases_of, figures, rank, report
from handenhet.knowledge.errors import HandenhetError

KEY = ("1990:52", "6 §")


def test_cases_are_read_with_their_other_right_sections(tmp_path: Path) -> None:
    file = tmp_path / "dev.jsonl"
    file.write_text(
        '{"id": "a", "query": "akut", "sfs": "1990:52", "section": "6 §", '
        '"also": ["7 §", ["2025:400", "20 kap. 1 §"]], "register": "vardag"}\n',
        encoding="utf-8",
    )
    (case,) = cases_of([file])
    assert case.right == (KEY, ("1990:52", "7 §"), ("2025:400", "20 kap. 1 §"))
    assert (case.act, case.register) == ("LVU", "vardag")


def test_a_bad_case_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "dev.jsonl"
    file.write_text('{"id": "a", "query": "akut"}\n', encoding="utf-8")
    with pytest.raises(HandenhetError, match="line 1"):
        cases_of([file])


def test_rank_is_the_first_right_place_and_ten_when_missed() -> None:
    assert rank([("x", "1 §"), KEY], [KEY]) == 1
    assert rank([("x", "1 §")] * 20, [KEY]) == 10


def test_figures_have_intervals_around_the_value() -> None:
    found = figures([0, 0, 3, 10])
    assert (found["hit@1"].value, found["hit@5"].value) == (0.5, 0.75)
    assert found["mrr"].value == pytest.approx((1 + 1 + 0.25) / 4)
    assert all(f.low <= f.value <= f.high for f in found.values())


def test_the_report_is_by_system_act_and_register() -> None:
    cases = [Case("a", "akut", (KEY,), "vardag"), Case("b", "pengar", (("2025:400", "12 kap. 1 §"),), "vardag")]
    table = report(cases, {"always six": lambda _: [KEY]})["always six"]
    assert table["all (n=2)"]["hit@1"].value == 0.5
    assert table["act LVU (n=1)"]["hit@1"].value == 1.0
    assert "register vardag (n=2)" in table
