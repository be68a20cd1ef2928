"""Where two hearings of the same sound differ, and what does not count as a difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.differences import Difference, differences

NAMES = frozenset({"emma", "lindberg"})


def said(text: str, confidence: float | None = None) -> list[Word]:
    return [Word(word, confidence=confidence) for word in text.split()]


def found(stored: str, heard: str) -> list[Difference]:
    return list(differences(said(stored), said(heard), NAMES))


@pytest.mark.parametrize(
    ("stored", "heard", "answer"),
    [
        ("han slår mig", "han slår inte mig", [(1, 2, "slår inte", "negation")]),
        ("han slår inte mig", "han slår mig", [(2, 3, "", "negation")]),
        ("jag har sju barn", "jag har sjutton barn", [(2, 3, "sjutton", "number")]),
        ("vi ses på tisdag", "vi ses på torsdag", [(3, 4, "torsdag", "number")]),
        ("det var ändå där", "det var emma där", [(2, 3, "emma", "name")]),
        ("jag bor i saltjö", "jag bor i Saltsjöbaden", [(3, 4, "Saltsjöbaden", "name")]),
        ("hon är arg", "hon var arg", [(1, 2, "var", "other")]),
        ("hej", "nej hej då", [(0, 1, "nej hej", "other"), (0, 1, "hej då", "other")]),
    ],
)
def test_what_differs_is_told_with_what_is_at_stake(
    stored: str, heard: str, answer: list[tuple[int, int, str, str]]
) -> None:
    assert [(one.first, one.end, one.heard, one.kind) for one in found(stored, heard)] == answer


@pytest.mark.parametrize(
    ("stored", "heard"),
    [
        ("jag är orolig", "Jag är orolig."),
        ("i barn vården", "i barnvården"),
        ("klockan tolv", "klockan 12"),
        ("hon sa – – till mig", "hon sa till mig"),
    ],
)
def test_spelling_alone_and_struck_words_are_no_difference(stored: str, heard: str) -> None:
    assert found(stored, heard) == []


def test_the_least_sure_word_heard_gives_the_confidence() -> None:
    heard = [Word("två", confidence=0.9), Word("barn", confidence=0.4), Word("hemma")]
    assert [one.confidence for one in differences(said("tre hem hemma"), heard, NAMES)] == [0.4]


@given(st.lists(st.sampled_from(["a", "b", "inte", "tre", "–"]), min_size=1, max_size=12),
       st.lists(st.sampled_from(["a", "b", "inte", "fyra", "C"]), max_size=12))  # fmt: skip
def test_every_difference_lies_inside_the_stored_words(stored: list[str], heard: list[str]) -> None:
    for one in found(" ".join(stored), " ".join(heard)):
        assert 0 <= one.first < one.end <= len(stored)
        assert "–" not in stored[one.first : one.end]
        assert one.heard.split() != stored[one.first : one.end]
