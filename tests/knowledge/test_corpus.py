"""The corpus on disk: whole files or none, versions side by side, and what differs between them."""

from datetime import date
from pathlib import Path

import pytest

from handenhet.knowledge.corpus import Corpus, diff
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.provisions import Provision
from handenhet.knowledge.records import provision_of, record_of

from .law_samples import LVU, SOL, act

NEWER = LVU.replace("på stubben vid stor fara. Lag (2022:1).", "efter beslut. Lag (2026:9).") + (
    "\n## Övergångsbestämmelser\n\n2026:9\n\nDenna lag träder i kraft den 1 mars 2026.\n"
)


def test_an_act_comes_back_as_it_was_added(tmp_path: Path) -> None:
    version = Corpus(tmp_path).add(act(SOL))
    assert (version.sfs, version.sections, version.short) == ("2025:400", 4, "SoL")
    assert version.age_days(date(2026, 1, 31)) == 30
    assert Corpus(tmp_path).provisions == act(SOL).provisions


def test_adding_the_same_text_again_changes_nothing(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(SOL))
    key = corpus.key
    corpus.add(act(SOL))
    assert (corpus.key, len(corpus.versions())) == (key, 1)


def test_two_versions_rule_one_after_the_other(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(NEWER))
    corpus.add(act(LVU))
    six = [p for p in corpus.provisions if p.section == "6 §"]
    assert [(p.in_force_from, p.in_force_to) for p in six] == [
        (date(2022, 1, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), None),
    ]
    assert [p.text for p in six if p.in_force(date(2026, 2, 28))] == [six[0].text]
    assert len([p for p in corpus.provisions if p.section == "7 §"]) == 1


def test_diff_names_the_sections_that_changed() -> None:
    lines = diff(act(LVU).provisions, act(NEWER).provisions)
    assert lines[0] == "6 §: ändrad genom 2026:9"
    assert any(line.startswith("+") and "efter beslut" in line for line in lines)
    assert diff(act(LVU).provisions, act(LVU).provisions) == []


def test_a_copy_is_found_by_number_and_amendment(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(LVU))
    corpus.add(act(NEWER))
    assert corpus.act("1990:52").amended_through == "2026:9"
    assert corpus.act("1990:52@2022:1").amended_through == "2022:1"
    with pytest.raises(HandenhetError, match="no copy"):
        corpus.act("1999:1")


@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_damaged_file_is_told_with_its_place(tmp_path: Path, damage: str) -> None:
    corpus = Corpus(tmp_path)
    path = corpus.add(act(SOL)).path
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]) if damage == "cut" else lines[0] + "{\n", encoding="utf-8")
    with pytest.raises(HandenhetError, match=r"cut short|damaged"):
        _ = Corpus(tmp_path).provisions


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(SOL))
    assert [path.suffix for path in (tmp_path / "acts").iterdir()] == [".jsonl"]


def test_a_section_without_a_title_comes_back() -> None:
    bare = Provision("1999:1", "1 §", "", "Text.", "statute")
    assert provision_of(record_of(bare)) == bare
