"""Who may: the whole matrix, row by row."""

from typing import get_args

import pytest

from handenhet.knowledge.errors import IllegalState
from handenhet.serving.security.access import SYSTEM, Actor, CaseDoor, Need, refusal

DOOR = CaseDoor("c1", "Barn", frozenset({"eva"}))
PEOPLE = {
    "assigned": Actor("eva", "Eva Ek", "socialsekreterare", "Barn"),
    "colleague": Actor("ulf", "Ulf Ask", "socialsekreterare", "Barn"),
    "chef": Actor("siv", "Siv Alm", "chef", "Barn"),
    "other chef": Actor("bo", "Bo Lind", "chef", "Vuxen"),
    "admin": Actor("it", "Ida Ros", "admin"),
    "system": SYSTEM,
}
MAY: dict[str, set[str]] = {
    "assigned": {"content", "create", "assign", "log"},
    "colleague": {"create"},
    "chef": {"assign", "counts", "log"},
    "other chef": {"counts", "log"},
    "admin": {"log", "retention"},
    "system": {"content", "create", "assign", "retention"},
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("need", get_args(Need))
def test_each_role_may_what_it_needs_and_no_more(who: str, need: Need) -> None:
    answer = refusal(PEOPLE[who], need, DOOR)
    assert (answer is None) == (need in MAY[who])
    if answer is not None:
        assert PEOPLE[who].name not in str(answer)


def test_a_chef_assigned_to_a_case_still_reads_counts_only() -> None:
    assert refusal(PEOPLE["chef"], "content", CaseDoor("c1", "Barn", frozenset({"siv"}))) is not None


def test_nobody_acts_without_a_name_or_a_caseworker_without_a_unit() -> None:
    with pytest.raises(IllegalState, match="named"):
        Actor("eva", " ", "admin")
    with pytest.raises(IllegalState, match="unit"):
        Actor("eva", "Eva Ek", "socialsekreterare")
