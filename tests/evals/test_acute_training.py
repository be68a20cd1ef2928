"""Where the alarm's threshold lies: counted in signals, not in lines that reach it by themselves."""

from dataclasses import replace

from handenhet.agent.readers.alarm import LESS
from handenhet.evals.acute_training import Sound, Spoken, loud_threshold, recall, shown, threshold, written

LINE = written()[0].line


def _said(meeting: str, at: int, *, acute: bool = False, quiet: bool = True) -> Spoken:
    utterance = replace(LINE.utterance, index=at)
    return Spoken(replace(LINE, utterance=utterance), acute, "p1", meeting, meeting if quiet else "")


def test_signals_of_one_meeting_do_not_reach_into_another() -> None:
    sure, beside, elsewhere = _said("a", 1), _said("a", 3), _said("b", 3)
    assert shown({sure: (2.0,), beside: (2.0 - LESS,) * 9, elsewhere: (2.0 - LESS,) * 9}, 2.0) == {sure, beside}


def test_no_more_signals_in_quiet_meetings_than_allowed() -> None:
    heard = {_said(f"m{n}", 1): (n / 10,) for n in range(10)}
    assert threshold(heard, 0.2) == 0.71
    assert len(shown(heard, 0.71)) == 2
    assert threshold(heard, 1.0) == -5.0


def test_what_is_shown_beside_a_signal_counts_as_a_false_alarm_too() -> None:
    alone = {_said(f"m{n}", 1): (n / 10,) for n in range(10)}
    together = alone | {_said("m9", 2): (0.9 - LESS / 2,)}
    assert threshold(together, 0.2) == 0.81


def test_meetings_with_danger_in_them_do_not_set_the_threshold_and_count_as_found() -> None:
    calm = {_said(f"m{n}", 1): (n / 10,) for n in range(10)}
    told = {_said("d", 1, acute=True, quiet=False): (5.0,), _said("d", 9, acute=True, quiet=False): (0.0,)}
    assert threshold(calm | told, 0.2) == threshold(calm, 0.2)
    assert recall(calm | told, 0.71) == 0.5


def test_words_that_are_enough_alone_are_counted_line_by_line() -> None:
    sounds = {_said(f"m{n}", 1): Sound(n / 10, None, 0.0, ()) for n in range(10)}
    at = loud_threshold(sounds, 0.2)
    assert sum(sound.words >= at for sound in sounds.values()) == 2
