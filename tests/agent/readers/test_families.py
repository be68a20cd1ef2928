"""Danger as things that meet near each other, in any order, each in words of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.readers.acute import WHY
from handenhet.agent.readers.clauses import norm
from handenhet.agent.readers.families import REACH, families, named


def met(said: str) -> set[str]:
    return set(families(tuple(norm(word) for word in said.split())))


@pytest.mark.parametrize(
    ("said", "family"),
    [
        ("Jag har sparat tabletterna i en strumpa.", "självmord means"),
        ("i en strumpa ligger tabletter som jag har sparat", "självmord means"),
        ("Han har en pistol, den ligger i garderoben.", "vapen gun"),
        ("Pappa är full och ska köra oss hem.", "våld drives"),
        ("Han tog mig om halsen tills jag inte fick luft.", "strypgrepp how"),
        ("Bebisen är ensam hemma.", "ensamt barn small"),
        ("Planet går på lördag och jag ska gifta mig där nere.", "utomlands why"),
    ],
)
def test_a_family_is_met_whatever_the_order_and_the_words_between(said: str, family: str) -> None:
    assert family in met(said)


@pytest.mark.parametrize(
    "said", ["Jag åt tabletten till frukost.", "Pistolen i filmen var fin.", "Vi kör till mormor i helgen.", "Hej."]
)
def test_half_a_family_is_none(said: str) -> None:
    assert not met(said)


def test_what_stands_far_apart_does_not_meet() -> None:
    between = "och sedan var det en lång dag med regn och te och kort och musik hos oss " * 2
    assert "våld drives" in met("Han är full och kör.")
    assert "våld drives" not in met(f"Han är full {between} vi kör.")


def test_every_family_says_what_it_is_a_danger_of() -> None:
    assert all(any(name.startswith(f"{topic} ") for topic in WHY) for name in named())


@given(
    st.lists(
        st.sampled_from(["pappa", "full", "kör", "pistol", "ligger", "bebis", "ensam", "hemma", "och", "men", "natt"]),
        max_size=30,
    )
)
def test_every_family_stands_within_its_reach(words: list[str]) -> None:
    for one in families(tuple(words)).values():
        assert 0 <= one.first < one.end <= len(words)
        assert one.end - one.first <= REACH
