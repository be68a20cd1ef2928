"""Suggestions judged against what was said."""

from handenhet.evals.asr_rehearing import Figures, judged, with_taken
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.differences import Difference


def words(text: str) -> list[Word]:
    return [Word(word) for word in text.split()]


def test_taken_suggestions_stand_in_their_place() -> None:
    taken = [Difference(0, 2, "en två", "other", None), Difference(3, 4, "", "other", None)]
    assert with_taken(words("a b c d e"), taken) == ["en", "två", "c", "e"]


def test_a_suggestion_is_better_worse_or_neither() -> None:
    said = ["han", "slår", "inte", "mig", "alls"]
    better, worse = Difference(1, 2, "slår inte", "negation", None), Difference(0, 1, "hon", "other", None)
    neither = Difference(0, 1, "allt", "other", None)
    pairs = [(words("han slår mig"), [worse, better]), (words("als"), [neither])]
    assert judged(said, pairs) == Figures(40.0, 40.0, {"other": 2, "negation": 1}, better=1, worse=1)
