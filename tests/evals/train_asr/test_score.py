"""Word and character error rates."""

from hypothesis import given
from hypothesis import strategies as st

from handenhet.evals.train_asr.score import edits, rate, total


def test_a_wrong_word_a_missing_word_and_a_word_too_many() -> None:
    assert rate("jag bor i lund", "jag bodde i").word_edits == 2
    assert rate("ja", "ja ja").wer == 100.0
    assert rate("", "").wer == 0.0


def test_rates_are_pooled_over_words_not_sentences() -> None:
    assert total([("a b c d e f g h i", "a b c d e f g h i"), ("j", "k")]).wer == 10.0


@given(st.text("ab ", max_size=8), st.text("ab ", max_size=8), st.text("ab ", max_size=8))
def test_edits_are_a_distance(one: str, two: str, three: str) -> None:
    assert edits(one, one) == 0
    assert edits(one, two) == edits(two, one)
    assert edits(one, three) <= edits(one, two) + edits(two, three)
