"""First names: known as names in any spelling, and never taken from the language's own words."""

import pytest

from handenhet.knowledge.names import first_names, is_first_name


@pytest.mark.parametrize("word", ["Emma", "emma", "Fatimas", "YUSUF", "lars", "Lars"])
def test_a_name_is_known_whatever_its_letters(word: str) -> None:
    assert is_first_name(word, opens=False)
    assert is_first_name(word, opens=True)


@pytest.mark.parametrize("word", ["Stig", "Saga", "Björn", "Love", "Mys"])
def test_a_name_that_is_also_a_word_is_one_only_with_a_capital_inside_a_sentence(word: str) -> None:
    assert is_first_name(word, opens=False)
    assert not is_first_name(word, opens=True)
    assert not is_first_name(word.lower(), opens=False)


@pytest.mark.parametrize("word", ["mamma", "Malmö", "hon", "Hargeisa", "kniv", "", "s"])
def test_other_words_are_none(word: str) -> None:
    assert not is_first_name(word, opens=False)


def test_no_name_is_listed_twice() -> None:
    assert not first_names().only_names & first_names().also_words
