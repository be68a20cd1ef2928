"""Words, sentences and the figures counted from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.language import (
    OVIX_STABLE_FROM,
    HardWord,
    explained,
    hard_word_list,
    hard_words,
    lix,
    nominal_hints,
    ovix,
    readability,
    sentences,
    words,
)

TEXTS = st.text(alphabet='abcåäöÅÄÖ .,!?…:;-–"”\n0123456789', max_size=200)
WORDS = st.lists(st.sampled_from(["du", "får", "säga", "vad", "vill", "bestämmer", "socialtjänsten"]), min_size=1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hej! Nu är det slut. Eller?", ["Hej!", "Nu är det slut.", "Eller?"]),
        ("Det kan vara t.ex. mat, kläder m.m. hemma.", ["Det kan vara t.ex. mat, kläder m.m. hemma."]),
        ("Det tar 3.5 timmar.", ["Det tar 3.5 timmar."]),
        ("Vem bestämmer?\nVuxna", ["Vem bestämmer?", "Vuxna"]),
        ("Hon sa: ”Kom hit!” och gick.", ["Hon sa: ”Kom hit!” och gick."]),
        ("Vänta… Nu kommer jag.", ["Vänta…", "Nu kommer jag."]),
        ("… – !", []),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_words_are_counted_as_written() -> None:
    assert words("Ring Bris, 116 111, eller e-posta Annas kollega!") == [
        "Ring", "Bris", "116", "111", "eller", "e-posta", "Annas", "kollega",
    ]  # fmt: skip


def test_lix_is_words_per_sentence_plus_per_cent_long_words() -> None:
    assert lix("Du får säga nej. Vuxna bestämmer ofta här.") == pytest.approx(8 / 2 + 100 * 1 / 8)


def test_a_word_of_six_letters_is_not_long_and_one_of_seven_is() -> None:
    assert readability("skolan").long_words == 0.0
    assert readability("skolans").long_words == 1.0


def test_ovix_is_unknown_where_the_formula_has_no_value() -> None:
    assert ovix("Alla ord är olika här") is None
    assert ovix("") is None
    assert ovix("du och du och jag") == pytest.approx(5.84, abs=0.01)


def test_ovix_of_a_short_text_is_marked_unstable() -> None:
    assert not readability("du och jag och du").ovix_stable
    assert readability("du och jag " * OVIX_STABLE_FROM).ovix_stable


@given(TEXTS)
def test_every_word_stands_in_exactly_one_sentence(text: str) -> None:
    assert [word for sentence in sentences(text) for word in words(sentence)] == words(text)


@given(TEXTS)
def test_figures_agree_with_one_another_for_any_text(text: str) -> None:
    measured = readability(text)
    assert (measured.words == 0) == (measured.sentences == 0)
    assert measured.sentences <= measured.words
    assert measured.mean_sentence <= measured.longest_sentence <= measured.words
    assert measured.lix == pytest.approx(measured.mean_sentence + 100 * measured.long_words)


@given(WORDS)
def test_splitting_a_text_into_shorter_sentences_never_raises_lix(found: list[str]) -> None:
    assert lix(". ".join(found)) <= lix(" ".join(found))


@given(WORDS)
def test_ovix_does_not_depend_on_capitals_or_order(found: list[str]) -> None:
    assert ovix(" ".join(found)) == ovix(" ".join(reversed(found)).upper())


def test_a_hard_word_is_found_in_its_forms_and_by_its_longest_beginning() -> None:
    known = {"vård": HardWord("vård", "hjälp"), "vårdnad": HardWord("vårdnad", "ansvar för ett barn")}
    assert [hard.plain for _, hard in hard_words("Vårdnaden gäller. Vården också.", 10, known)] == [
        "ansvar för ett barn",
        "hjälp",
    ]


def test_a_word_stops_being_hard_when_the_reader_is_old_enough() -> None:
    assert hard_words("En domstol avgör.", 12)
    assert not hard_words("En domstol avgör.", 40)


def test_a_hard_word_is_explained_where_the_text_says_what_it_means() -> None:
    hard = hard_word_list()["utredning"]
    assert explained("Nu gör vi en utredning. En utredning är när vi pratar med dig.", hard)
    assert explained("Utredning betyder att vi tar reda på mer.", hard)
    assert not explained("Nu gör vi en utredning.", hard)


def test_the_list_explains_itself_without_its_own_words() -> None:
    circular = [match for match, hard in hard_word_list().items() if match in hard.plain.casefold().split()]
    assert circular == []


def test_official_style_is_hinted_at_and_plain_speech_is_not() -> None:
    assert nominal_hints("Bedömningen av möjligheten till placering") == ("Bedömningen", "möjligheten", "placering")
    assert nominal_hints("Vi tänker på hur du har det hemma") == ()
