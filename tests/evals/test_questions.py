"""The questions suite holds its own promises."""

import pytest

from handenhet.evals.questions import QuestionsResult, cases, run, table


@pytest.fixture(scope="module")
def result() -> QuestionsResult:
    return run()


def test_nine_in_ten_are_understood_exactly_also_where_the_grammar_was_not_tuned(result: QuestionsResult) -> None:
    for share in result.by_half.values():
        assert share.of >= 60
        assert share.hit / share.of >= 0.9


def test_nothing_that_should_be_refused_is_answered(result: QuestionsResult) -> None:
    assert result.wrongly_answered.of >= 40
    assert result.wrongly_answered.hit == 0
    assert result.wrongly_refused.hit == 0


def test_the_questions_are_many_and_each_its_own() -> None:
    asked = cases()
    assert len({case.id for case in asked}) == len(asked) >= 150
    assert all(case.before in {other.id for other in asked} for case in asked if case.before)


def test_the_table_tells_each_register(result: QuestionsResult) -> None:
    shown = table(result)
    assert all(kind in shown for kind in result.by_kind)
