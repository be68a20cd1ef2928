"""The third sealed set of meetings: that its labels hold together. How well it is read is not looked at here."""

import pytest

from handenhet.evals.corpus import CASES, LabelledMeeting, load
from handenhet.knowledge.quotes import find_quote

MEETINGS = load(CASES / "strangers")


def test_two_writers_wrote_sixty_each_and_most_are_quiet() -> None:
    assert [sum(one.part == part for one in MEETINGS) for part in ("t1", "t2")] == [60, 60]
    assert sum(meeting.quiet for meeting in MEETINGS) == 76
    assert len({meeting.meeting.id for meeting in MEETINGS}) == 120


@pytest.mark.parametrize("labelled", MEETINGS, ids=lambda labelled: labelled.meeting.id)
def test_every_label_stands_on_words_somebody_but_the_caseworker_said(labelled: LabelledMeeting) -> None:
    said = labelled.transcript.utterances
    workers = {one.id for one in labelled.meeting.participants if one.role == "socialsekreterare"}
    for label in (*labelled.gold, *labelled.acute):
        assert find_quote(said[label.utterance], label.quote) is not None
        assert said[label.utterance].speaker not in workers
    assert all(gold.factor.fits(labelled.meeting.child_age) for gold in labelled.gold)
