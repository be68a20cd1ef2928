"""Words cannot be changed, and a quote cannot differ from what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.quotes import find_quote
from handenhet.knowledge.sources import Correction, Quote, Transcript, Utterance, Word, utterance_of_text

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=9)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


def said(text: str, index: int = 0) -> Utterance:
    return utterance_of_text(f"u{index}", index, "B", text)


@given(TEXTS, st.data())
def test_every_run_of_words_is_found_again_and_reads_as_it_was_said(text: str, data: st.DataObject) -> None:
    utterance = said(text)
    first = data.draw(st.integers(0, len(utterance.words) - 1))
    end = data.draw(st.integers(first + 1, len(utterance.words)))
    cut = Quote(utterance, first, end)
    found = find_quote(utterance, f"  {cut.text}\n")
    assert found is not None
    assert found.text == cut.text


def test_an_inserted_inte_is_not_found() -> None:
    assert find_quote(said("han har slagit mig flera gånger"), "han har inte slagit mig flera gånger") is None


def test_a_quote_may_leave_the_punctuation_of_its_outer_words_out() -> None:
    found = find_quote(said("Jo, han slog mig, igen."), "han slog mig")
    assert found is not None
    assert found.text == "han slog mig,"


@pytest.mark.parametrize("text", ["", "   ", "finns inte här", "."])
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert find_quote(said("han slog mig"), text) is None


@pytest.mark.parametrize(("first", "end"), [(0, 0), (2, 1), (-1, 2), (0, 4)])
def test_a_quote_outside_the_utterance_cannot_be_built(first: int, end: int) -> None:
    with pytest.raises(IllegalState, match="u0"):
        Quote(said("han slog mig"), first, end)


def test_a_quote_knows_its_seconds_and_its_doubt() -> None:
    utterance = Utterance("u0", 0, "B", 900, 2000, (Word("jag", 1000, 1100, 0.9), Word("slog", 1200, 1500, 0.3)))
    assert (Quote(utterance, 1, 2).start_ms, Quote(utterance, 1, 2).end_ms) == (1200, 1500)
    assert Quote(utterance, 1, 2).doubtful
    assert not Quote(utterance, 0, 1).doubtful


def test_unmeasured_confidence_is_not_doubt() -> None:
    assert not Quote(said("jag slog"), 0, 2).doubtful


@pytest.mark.parametrize(
    "word",
    [("", 0, 1, None), ("två ord", 0, 1, None), ("ord", 5, 4, None), ("ord", 1, None, None), ("ord", 0, 1, 1.5)],
)
def test_an_impossible_word_cannot_be_built(word: tuple[str, int | None, int | None, float | None]) -> None:
    with pytest.raises(IllegalState):
        Word(*word)


def test_the_transcript_only_grows() -> None:
    transcript = Transcript().append(said("hej"))
    assert [u.text for u in transcript.append(said("hej igen", 1)).utterances] == ["hej", "hej igen"]
    with pytest.raises(IllegalState):
        transcript.append(said("fel plats", 0))


def test_a_correction_lies_above_the_words() -> None:
    transcript = Transcript((said("han slog i bordet"),))
    corrected = transcript.correct(Correction("u0", 2, 4, "ibland", by="Maria"))
    utterance = corrected["u0"]
    assert corrected.as_read(utterance) == "han slog ibland"
    assert utterance.text == "han slog i bordet"
    assert corrected.rests_on_correction(Quote(utterance, 1, 3))
    assert not corrected.rests_on_correction(Quote(utterance, 0, 2))


def test_the_latest_correction_of_a_word_is_read() -> None:
    transcript = Transcript((said("a b c d"),)).correct(Correction("u0", 0, 2, "X", "M"))
    assert transcript.correct(Correction("u0", 1, 3, "Y", "M")).as_read(transcript["u0"]) == "X Y d"


def test_a_correction_of_words_that_were_not_said_is_refused() -> None:
    with pytest.raises(IllegalState):
        Transcript((said("hej"),)).correct(Correction("u0", 0, 2, "x", "M"))
