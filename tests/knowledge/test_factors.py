"""The catalogue is complete, and offers a meeting only what fits its child."""

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant, standpoint


def test_the_shipped_catalogue_holds_every_factor() -> None:
    factors = list(catalogue())
    assert len(factors) == 118
    assert sum(factor.polarity == "risk" for factor in factors) == 80
    assert sum(factor.adult for factor in factors) == 27


@pytest.mark.parametrize(
    ("factor", "age", "fits"),
    [
        ("B-HAL-R4", 9, False),
        ("B-HAL-R4", 10, True),
        ("F-STI-R3", 7, False),
        ("B-HAL-R4", 19, True),
        ("V-BER-R1", 15, False),
        ("V-BER-R1", None, True),
        ("F-SAK-R1", None, False),
    ],
)
def test_a_factor_is_offered_by_age(factor: str, age: int | None, fits: bool) -> None:
    assert (catalogue()[factor] in catalogue().for_age(age)) is fits


def test_an_unknown_factor_is_named() -> None:
    with pytest.raises(HandenhetError, match="X-1"):
        catalogue()["X-1"]


@pytest.mark.parametrize(
    ("role", "answer"),
    [
        ("socialsekreterare", "caseworker"),
        ("Socialsekreterare (medhandläggare)", "caseworker"),
        ("mamma", "guardian"),
        ("pappa", "guardian"),
        ("barn", "child"),
        ("tolk", "interpreter"),
        ("klient", "client"),
        ("mormor", "other"),
        ("styvpappa", "other"),
        ("något nytt", "other"),
        ("", "other"),
    ],
)
def test_what_a_role_counts_as(role: str, answer: str) -> None:
    assert standpoint(role) == answer


def test_somebody_not_listed_is_heard_as_unknown() -> None:
    meeting = Meeting("m", "barnsamtal", 9, (Participant("S", "socialsekreterare"),))
    assert meeting.participant("X").standpoint == "other"
