"""A short statement counts for more than the models would give it, unless something in it turns it."""

import pytest

from handenhet.agent.readers.judgement import is_said_plainly
from handenhet.agent.readers.lines import Line, lines
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text


def line(words: str) -> Line:
    said = Transcript((utterance_of_text("u0", 0, "B", words),))
    (one,) = lines(Meeting("m", "barnsamtal", 11, (Participant("B", "barn"),)), said, catalogue())
    return one


def test_a_circumstance_named_in_a_few_words_is_said_plainly() -> None:
    assert is_said_plainly(line("De mobbar mig i skolan."), "risk")
    assert is_said_plainly(line("Mamma lyssnar på mig."), "protective")
    assert not is_said_plainly(line("Mamma lyssnar på mig."), "risk")


@pytest.mark.parametrize(
    "words",
    [
        "De mobbar mig inte i skolan.",
        "Mobbar de mig i skolan?",
        "Om de mobbar mig i skolan.",
        "Vi åkte buss hit.",
        "De mobbar mig i skolan och sen går jag hem och äter mellanmål med farmor.",
    ],
)
def test_what_is_denied_asked_imagined_or_told_at_length_is_not(words: str) -> None:
    assert not is_said_plainly(line(words), "risk")
