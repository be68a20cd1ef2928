"""Numbers as words, in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.evals.train_asr.numbers import LARGEST, number_words, ordinal_words, split_number_word


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "noll"),
        (14, "fjorton"),
        (21, "tjugoett"),
        (100, "ett hundra"),
        (7_512, "sju tusen fem hundra tolv"),
        (65_000, "sextiofem tusen"),
        (1_000_001, "en miljon ett"),
        (2_300_000, "två miljoner tre hundra tusen"),
    ],
)
def test_numbers(value: int, words: str) -> None:
    assert " ".join(number_words(value)) == words


@pytest.mark.parametrize(
    ("value", "words"), [(1, "första"), (8, "åttonde"), (20, "tjugonde"), (25, "tjugofemte"), (31, "trettioförsta")]
)
def test_ordinals(value: int, words: str) -> None:
    assert " ".join(ordinal_words(value)) == words


@given(st.integers(0, LARGEST))
def test_a_number_joined_to_one_word_comes_apart_as_it_is_written(value: int) -> None:
    words = number_words(value)
    if not any(word.startswith("miljon") for word in words):
        assert split_number_word("".join(words)) == words


@pytest.mark.parametrize(
    "word", ["hundratals", "tusenlapp", "tusen", "hundra", "tjugofem", "jultusen", "hundratusentals"]
)
def test_other_words_stay_whole(word: str) -> None:
    assert split_number_word(word) == [word]


def test_numbers_without_words_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        number_words(-1)
