"""Conditions are separate, citable, and say where to look, never what follows."""

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.prerequisites import ground, grounds


def test_every_ground_a_decision_basis_meets_is_there() -> None:
    assert {"sol-11-1", "sol-12-1", "sol-20-2", "sol-20-3", "sol-21-1", "lvm-4", "lvm-13"} <= grounds().keys()
    assert {"lvu-1-2", "lvu-1-3", "lvu-6", "lvu-13", "lvu-14", "lvu-22", "lvu-24"} <= grounds().keys()


@pytest.mark.parametrize("id", sorted(grounds()))
def test_conditions_stand_apart_and_name_their_section(id: str) -> None:
    conditions = ground(id).conditions
    assert len(conditions) >= 4
    assert all(c.section.endswith("§") and c.text for c in conditions)
    assert any(c.kind == "ground" or c.kind == "procedure" for c in conditions)


def test_lvu_six_asks_for_probability_and_for_not_being_able_to_wait() -> None:
    ids = [c.id for c in ground("lvu-6").conditions if c.kind == "ground"]
    assert ids == ["alder", "sannolikt", "inte-vanta"]
    assert "Säkerhet" in ground("lvu-6").areas()


def test_an_unknown_ground_names_the_known() -> None:
    with pytest.raises(HandenhetError, match="lvu-6"):
        ground("lvu-99")
