"""Written Swedish as it is said: what the recognizer is to learn to write, and what espeak-ng is to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.evals.train_asr.spoken import LETTERS, label, said, tokens


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Hej! Vad har du i handen?", "hej vad har du i handen"),
        ("Hon är 14-åring, född 2009.", "hon är fjortonåring född två tusen nio"),
        ("klockan 22:19 den 25:e", "klockan tjugotvå nitton den tjugofemte"),
        ("mötet 15.00", "mötet femton"),
        ("hyran är 7 500 kr", "hyran är sju tusen fem hundra kronor"),
        ("tvåtusennitton, sextioåttatusen", "två tusen nitton sextioåtta tusen"),
        ("hundratals tusenlappar", "hundratals tusenlappar"),
        ("caféet och byffén, Zoë", "cafeet och byffen zoe"),
        ("LVU-vård enligt 3 § SoL", "lvu vård enligt tre paragraf sol"),
        ("jag fick sms:ar av IVO:s chef", "jag fick smsar av ivos chef"),
        ("hälso- och sjukvård", "hälso och sjukvård"),
        ("stress o huvudvärk", "stress och huvudvärk"),
        ('"Nej", sa han…', "nej sa han"),
        ("20 % – ungefär", "tjugo procent ungefär"),
    ],
)
def test_a_written_sentence_is_labelled_as_it_is_spoken(written: str, spoken: str) -> None:
    assert label(written) == spoken


def test_abbreviations_are_spelled_out_for_the_synthesiser_but_not_in_the_label() -> None:
    text, starts = said(tokens("Är det LVU, BVC-doktorn?"))
    assert text == "är det ell ve u, be ve se doktorn?"
    assert [text[start:].split()[0] for start in starts] == ["är", "det", "ell", "be", "doktorn?"]


def test_words_that_look_like_abbreviations_are_words_unless_written_in_capitals() -> None:
    assert [token.said for token in tokens("jag vill bo i sol, it och fl")] == [
        "jag",
        "vill",
        "bo",
        "i",
        "sol",
        "it",
        "och",
        "fl",
    ]
    assert [token.said for token in tokens("SoL och IT")] == ["soll", "och", "i te"]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=60))
def test_a_label_holds_nothing_but_swedish_letters_and_single_blanks(text: str) -> None:
    made = label(text)
    assert made == " ".join(made.split())
    assert set(made) <= LETTERS | {" "}
    assert label(made) == label(label(made))
