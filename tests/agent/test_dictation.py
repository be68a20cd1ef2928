"""Spoken punctuation becomes text, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.dictation import MARKS, Part, Said, dictated, text_of


def written(text: str) -> str:
    return text_of(dictated(text.split()))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("hembesök hos familjen punkt alla var hemma punkt", "Hembesök hos familjen. Alla var hemma."),
        ("modern var trött komma men lugn punkt", "Modern var trött, men lugn."),
        ("närvarande kolon mor ny rad socialsekreterare", "Närvarande: mor\nSocialsekreterare"),
        ("första delen punkt nytt stycke andra delen", "Första delen.\n\nAndra delen"),
        ("vad händer nu frågetecken oklart", "Vad händer nu? Oklart"),
        ("stanna utropstecken", "Stanna!"),
        ("hon lugn tankstreck han arg", "Hon lugn – han arg"),
    ],
)
def test_spoken_marks(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("han ska komma hem punkt", "Han ska komma hem."),
        ("hon lovade att inte komma tillbaka", "Hon lovade att inte komma tillbaka"),
        ("kan hon komma frågetecken", "Kan hon komma?"),
        ("det är en punkt på listan punkt", "Det är en punkt på listan."),
        ("han skrev ordet komma två gånger", "Han skrev komma två gånger"),
        ("ny bostad och ny rad", "Ny bostad och"),
        ("det fanns en rubrik där", "Det fanns en rubrik där"),
    ],
)
def test_words_that_are_also_commands(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("ett punkt två tre stryk det fyra punkt", "Ett. Fyra."),
        ("ett punkt två punkt stryk det", "Ett."),
        ("ett stryk det stryk det", ""),
        ("ett punkt ny rad två stryk det tre", "Ett.\nTre"),
    ],
)
def test_taking_back_a_sentence(said: str, text: str) -> None:
    assert written(said) == text


def test_headings_part_the_text() -> None:
    said = "inledning punkt rubrik barnets situation punkt elsa är trött punkt rubrik nästa steg"
    parts = dictated([*said.split()])
    assert parts == (Part("", "Inledning."), Part("Barnets situation", "Elsa är trött."), Part("Nästa steg", ""))
    assert text_of(parts) == "Inledning.\n\nBarnets situation\nElsa är trött.\n\nNästa steg"


def test_a_model_that_writes_marks_itself_gives_no_double_marks() -> None:
    assert written("Hon kom hem. Punkt. Sen Ny rad, Klart.") == "Hon kom hem. Sen\nKlart."


def test_an_unsure_word_stays_visible_and_an_unsure_command_is_still_one() -> None:
    assert text_of(dictated([Said("hej"), Said("elsa", True), Said("punkt", True)])) == "Hej elsa[?]."


WORDS = st.text("abcdefåäö", min_size=1, max_size=8).filter(lambda word: word not in MARKS)
COMMANDS = st.sampled_from([*MARKS, "ny", "rad", "nytt", "stycke", "stryk", "det", "rubrik", "ordet"])
ANYTHING = st.lists(
    st.one_of(WORDS, COMMANDS, st.text(min_size=1).filter(lambda t: len(t.split()) == 1 and t == t.strip()))
)


@given(st.lists(WORDS))
def test_words_alone_are_kept_in_order(words: list[str]) -> None:
    assert text_of(dictated(words)).casefold().split() == [word.casefold() for word in words]


@given(ANYTHING)
def test_whatever_is_said_the_spacing_is_clean_and_nothing_is_made_up(words: list[str]) -> None:
    text = text_of(dictated(words))
    assert "  " not in text
    assert text == text.strip()
    left = [*"".join(words).casefold()]
    for letter in "".join(text.casefold().split()):
        if letter not in ".,:;?!–":
            assert letter in left


@given(ANYTHING.filter(lambda words: "stryk" not in words), st.lists(WORDS, min_size=1, max_size=5))
def test_taking_back_a_new_sentence_leaves_what_was_there(before: list[str], sentence: list[str]) -> None:
    kept = [*before, "klart", "nytt", "stycke"]  # a word between: "ordet" before a command writes the command's word
    assert dictated([*kept, *sentence, "stryk", "det"]) == dictated(kept)
