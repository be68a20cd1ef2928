"""The second and third sealed sets of meetings: that their labels hold together. How well they are read is not
looked at here."""

import pytest

from handenhet.evals.corpus import CASES, LabelledMeeting, load
from handenhet.knowledge.quotes import find_quote

FRESH, STRANGERS = load(CASES / "fresh"), load(CASES / "strangers")


def named(labelled: LabelledMeeting) -> str:
    return labelled.meeting.id


def test_half_of_the_forty_fresh_meetings_are_quiet() -> None:
    assert len(FRESH) == 40
    assert sum(meeting.quiet for meeting in FRESH) == 20
    assert len({meeting.meeting.id for meeting in FRESH}) == 40


def test_two_strangers_wrote_sixty_each_and_most_are_quiet() -> None:
    assert [sum(one.part == part for one in STRANGERS) for part in ("t1", "t2")] == [60, 60]
    assert sum(meeting.quiet for meeting in STRANGERS) == 76
    assert len({meeting.meeting.id for meeting in STRANGERS}) == 120


@pytest.mark.parametrize("labelled", [*FRESH, *STRANGERS], ids=named)
def test_every_label_stands_on_words_somebody_but_the_caseworker_said(labelled: LabelledMeeting) -> None:
    said = labelled.transcript.utterances
    workers = {one.id for one in labelled.meeting.participants if one.role == "socialsekreterare"}
    for label in (*labelled.gold, *labelled.acute):
        assert find_quote(said[label.utterance], label.quote) is not None
        assert said[label.utterance].speaker not in workers
    assert all(gold.factor.fits(labelled.meeting.child_age) for gold in labelled.gold)


@pytest.mark.parametrize("labelled", FRESH, ids=named)
def test_a_turn_is_not_both_a_trap_and_an_observation(labelled: LabelledMeeting) -> None:
    trapped = {trap.utterance for trap in labelled.traps}
    assert not trapped & {label.utterance for label in (*labelled.gold, *labelled.acute)}
    assert 18 <= len(labelled.transcript.utterances) <= 40


def test_recognised_speech_has_neither_capitals_nor_punctuation() -> None:
    recognised = [meeting for meeting in FRESH if meeting.style == "recognised"]
    assert len(recognised) == 14
    for meeting in recognised:
        for utterance in meeting.transcript.utterances:
            assert not set(utterance.text) & set(".,?!"), meeting.meeting.id
            assert utterance.text == utterance.text.lower()
