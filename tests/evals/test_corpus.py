"""The corpus format: what parses, and what is told about what does not."""

import pytest

from handenhet.evals.corpus import CorpusError, LabelledMeeting, parse
from handenhet.evals.matching import Found, match, token_f1

MEETING = """= t1-exempel-01
scenario: exempel
setting: barnsamtal
register: skolbarn
style: verbatim
child_age: 9
participants: S=socialsekreterare, B=barn
S: Vem hämtar dig?
B: Ingen. Jag går själv, men mormor lagar mat.
  + M-NAT-S1 | annan-vuxen | annan | - | "mormor lagar mat"
B: I spelet dör alla.
  ~ spel-film-lek
B: Jag vill inte leva mer.
  + B-HAL-R5 | barn | själv | dåtid, osäker | "Jag vill inte leva mer"
  ! tankar på att dö | "Jag vill inte leva mer"
"""


def only(text: str) -> LabelledMeeting:
    (meeting,) = parse(text, "t1-exempel.txt")
    return meeting


def test_a_meeting_with_all_its_labels() -> None:
    labelled = only(MEETING)
    assert labelled.meeting.child_age == 9
    assert [(gold.utterance, gold.factor.id, gold.quote) for gold in labelled.gold] == [
        (1, "M-NAT-S1", "mormor lagar mat."),
        (3, "B-HAL-R5", "Jag vill inte leva mer."),
    ]
    assert labelled.gold[1].flags == {"past", "uncertain"}
    assert [(trap.utterance, trap.kind) for trap in labelled.traps] == [(2, "spel-film-lek")]
    assert [urgent.utterance for urgent in labelled.acute] == [3]
    assert not labelled.quiet


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("M-NAT-S1", "M-NAT-S9", "no factor M-NAT-S9 (t1-exempel.txt line 10)"),
        ('"mormor lagar mat"', '"morfar lagar mat"', "the quote is not in its turn (t1-exempel.txt line 10)"),
        ("| annan |", "| gissning |", "unknown source gissning"),
        ("| annan-vuxen |", "| någon |", "unknown about någon"),
        ("dåtid, osäker", "ironi", "unknown flag ironi"),
        ("~ spel-film-lek", "~ spel", "unknown kind spel"),
        ("  ~ spel", "  ? spel", "unreadable label"),
        ("B: I spelet", "I spelet", "unreadable line"),
        ("style: verbatim\n", "", "lacks style"),
        ("B=barn", "barn", "unreadable participants"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, told: str) -> None:
    with pytest.raises(CorpusError, match=r".") as caught:
        only(MEETING.replace(old, new, 1))
    assert told in str(caught.value)


def test_words_outside_a_meeting_are_refused() -> None:
    with pytest.raises(CorpusError, match="before the first meeting"):
        list(parse("S: Hej\n", "x.txt"))


def found(quote: str, factor: str = "M-NAT-S1", utterance: int = 1) -> Found:
    return Found(utterance, "protective", factor, "", quote)


def test_a_find_meets_gold_by_line_polarity_and_half_the_words() -> None:
    gold = only(MEETING).gold
    assert len(match(gold, [found("men mormor lagar mat.")]).pairs) == 1
    assert not match(gold, [found("Jag går själv,")]).pairs
    assert not match(gold, [found("mormor lagar mat", utterance=2)]).pairs
    assert not match(gold, [Found(1, "risk", "M-NAT-R1", "", "mormor lagar mat")]).pairs


def test_one_gold_meets_one_find_and_factor_may_be_asked_for() -> None:
    gold = only(MEETING).gold
    two = [found("mormor lagar mat"), found("mormor lagar", "B-SOC-S2")]
    assert len(match(gold, two).extra) == 1
    assert not match(gold, two[1:], same_factor=True).pairs


def test_overlap_is_counted_in_bare_words() -> None:
    assert token_f1("Mormor lagar mat.", "mormor lagar mat") == 1.0
    assert token_f1("ja ja", "ja") == pytest.approx(2 / 3)
    assert token_f1("...", "ja") == 0.0
