"""The suite's own promises, held at every run."""

import pytest

from handenhet.evals.basis import BasisResult, run


@pytest.fixture(scope="module")
def result() -> BasisResult:
    return run()


@pytest.mark.parametrize("kind", ["negation", "number", "date", "name", "speaker"])
def test_planted_errors_are_caught(result: BasisResult, kind: str) -> None:
    for tally in (result.caught[kind], result.retold[kind]):
        assert tally.of >= 15
        assert tally.share is not None
        assert tally.share >= 0.95


def test_faithful_sentences_raise_few_alarms(result: BasisResult) -> None:
    assert result.false_alarms.hit == 0
    assert result.retold_false_alarms.of >= 60
    assert result.retold_false_alarms.hit <= 3


def test_every_sentence_cites_and_nothing_goes_missing_unseen(result: BasisResult) -> None:
    assert result.covered.share == 1.0
    assert result.omissions.share == 1.0


def test_a_model_that_judges_is_refused_and_the_fields_stay_empty(result: BasisResult) -> None:
    assert result.judgements_refused.share == 1.0
    assert result.fields_empty.share == 1.0
