"""Scenes of danger and their harmless twins, as they are written."""

from pathlib import Path

import pytest

from handenhet.evals.acute_scenes import scenes
from handenhet.evals.acute_training import in_scenes
from handenhet.evals.corpus import CorpusError

SCENE = """# a pass
= kajen | vuxensamtal | - | K=klient
S: Var är du?
K! Jag står vid kajen.
K? Det är kallt.
K: Jag har mössa på mig.

= bryggan | barnsamtal | 9 | B=barn, M=mamma
B: Vi badar från bryggan.
"""


def test_a_scene_is_a_short_meeting_with_its_marks(tmp_path: Path) -> None:
    (tmp_path / "a1.txt").write_text(SCENE, "utf-8")
    quay, pier = scenes(tmp_path)
    assert (quay.meeting.id, quay.meeting.child_age, quay.group) == ("a1-kajen", None, "a1")
    assert (quay.acute, quay.open_ended) == ({1}, {2})
    assert [one.role for one in pier.meeting.participants] == ["socialsekreterare", "barn", "mamma"]
    assert pier.meeting.child_age == 9


def test_the_caseworkers_words_teach_nothing_and_what_goes_on_teaches_neither_way(tmp_path: Path) -> None:
    (tmp_path / "a1.txt").write_text(SCENE, "utf-8")
    told = in_scenes(scenes(tmp_path))
    assert [(one.acute, one.taught) for one in told] == [(True, True), (False, False), (False, True), (False, True)]


@pytest.mark.parametrize("turn", ["K Jag", "K; Jag", "K:Jag", "K: ", "1: Jag"])
def test_a_turn_nobody_can_read_is_named(tmp_path: Path, turn: str) -> None:
    (tmp_path / "a1.txt").write_text(f"= kajen | vuxensamtal | - | K=klient\n{turn}\n", "utf-8")
    with pytest.raises(CorpusError, match=r"a1\.txt line 2"):
        list(scenes(tmp_path))


@pytest.mark.parametrize("head", ["= kajen | vuxensamtal | -", "= kajen | samtal | nio | K=klient", "=  | a | - | K"])
def test_a_head_nobody_can_read_is_named(tmp_path: Path, head: str) -> None:
    (tmp_path / "a1.txt").write_text(f"{head}\nK: Hej.\n", "utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        list(scenes(tmp_path))


def test_a_turn_before_the_first_scene_is_named(tmp_path: Path) -> None:
    (tmp_path / "a1.txt").write_text("K: Hej.\n", "utf-8")
    with pytest.raises(CorpusError, match="outside of any scene"):
        list(scenes(tmp_path))


def test_those_that_ship_are_read() -> None:
    shipped = in_scenes(scenes())
    assert sum(one.acute for one in shipped) >= 200
    assert sum(not one.acute for one in shipped) >= 500
