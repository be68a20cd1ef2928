"""A plain no to what was asked is no evidence of it."""

import pytest

from handenhet.agent.readers.embedded import EmbeddedReader
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text

MEETING = Meeting("m1", "barnsamtal", 10, (Participant("S", "socialsekreterare"), Participant("B", "barn")))
READER = EmbeddedReader()


def factors(said: str) -> set[str]:
    talk = (("S", "Är du ofta borta från skolan?"), ("B", said))
    transcript = Transcript(tuple(utterance_of_text(f"u{n}", n, who, text) for n, (who, text) in enumerate(talk)))
    return {one.factor for one in READER.observations(MEETING, transcript)}


@pytest.mark.parametrize(
    "said",
    [
        "Jag är aldrig borta från skolan.",
        "nej jag är nästan aldrig borta från skolan",
        "nej jag är nästan alldrig borta från skolan",
    ],
    ids=["written", "recognised", "misheard"],
)
def test_what_is_denied_plainly_is_not_logged(said: str) -> None:
    assert factors(said) == set()


@pytest.mark.parametrize("said", ["Pappa slår mig aldrig.", "Ingen slår mig hemma", "Nej, kompisens pappa slår honom."])
def test_no_blow_that_was_never_struck_or_struck_another_is_logged(said: str) -> None:
    assert factors(said) == set()


def test_the_same_words_without_the_no_are() -> None:
    assert factors("Jag är ofta borta från skolan.") == {"B-UTB-R1"}
    assert factors("Pappa slår mig.") == {"F-SAK-R1"}


@pytest.mark.parametrize(
    "said",
    [
        "Pappa har inte druckit på tre år",
        "Pappa har inte druckit på tre år och går på möten varje vecka.",
        "nej han har inte slagit mig sen vi flyttade hit till stan och bytte skola",
    ],
)
def test_what_has_ended_is_no_risk_however_long_the_line(said: str) -> None:
    assert factors(said).isdisjoint({"F-OMS-R3", "F-SAK-R1", "F-SAK-R3"})


def test_what_is_left_undone_is_one_all_the_same() -> None:
    assert factors("Jag har inte fått nån mat på tre dagar.")
