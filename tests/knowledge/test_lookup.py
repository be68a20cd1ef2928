"""Looking the law up: citations first, words next, always for a date, and what is missing is told."""

from datetime import date
from pathlib import Path

import pytest

from handenhet.knowledge.corpus import Corpus
from handenhet.knowledge.entries import Library, library_of, open_library
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.index import Answer, Query
from handenhet.knowledge.lookup import LawLookup

from .law_samples import LVU, NOTE, SOL, TODAY, act


@pytest.fixture(scope="module")
def lookup() -> LawLookup:
    return LawLookup(library_of([*act(SOL).provisions, *act(LVU).provisions], [NOTE]))


def labels(answer: Answer) -> list[str]:
    return [hit.provision.label for hit in answer.hits]


def test_a_citation_is_looked_up_and_its_neighbours_follow(lookup: LawLookup) -> None:
    answer = lookup.search(Query("20:2 SoL", TODAY))
    assert labels(answer)[:2] == ["SoL 20 kap. 2 §", "SoL 20 kap. 3 §"]
    assert (answer.hits[0].way, answer.hits[1].way) == ("citation", "question")


def test_a_lay_question_finds_the_section_through_the_note_and_shows_the_statute(lookup: LawLookup) -> None:
    first = lookup.search(Query("hur snabbt ska vi utreda en anmälan", TODAY)).hits[0]
    assert first.provision.section == "20 kap. 2 §"
    assert first.provision.origin == "statute"
    assert "två veckor" in first.provision.text
    assert "fjorton dagar" in first.note


def test_without_statutes_the_note_itself_is_shown_as_ours() -> None:
    alone = LawLookup(library_of([], [NOTE]))
    answer = alone.search(Query("förhandsbedömning enligt sol", TODAY))
    assert answer.hits[0].provision.origin == "guidance"
    assert any("inte inläst" in notice for notice in answer.notices)


def test_old_numbers_are_answered_with_the_new_ones(lookup: LawLookup) -> None:
    answer = lookup.search(Query("gamla SoL 11:1a", TODAY))
    assert labels(answer)[:2] == ["SoL 20 kap. 1 §", "SoL 20 kap. 2 §"]
    assert any("motsvaras närmast" in notice and "inte kontrollerad" in notice for notice in answer.notices)


def test_an_old_number_without_the_word_old_is_understood(lookup: LawLookup) -> None:
    answer = lookup.search(Query("SoL 11:2", TODAY))
    assert "SoL 20 kap. 3 §" in labels(answer)
    assert any("gamla SoL" in notice for notice in answer.notices)


def test_an_act_that_is_not_loaded_is_told_with_how_to_import_it(lookup: LawLookup) -> None:
    answer = lookup.search(Query("OSL 26:1", TODAY))
    assert answer.hits == ()
    assert "handenhet law import 2009:400" in answer.notices[0]


def test_before_the_act_its_predecessor_is_named(lookup: LawLookup) -> None:
    answer = lookup.search(Query("hur snabbt ska vi utreda en anmälan", date(2024, 5, 1)))
    assert all(hit.provision.sfs != "2025:400" for hit in answer.hits)
    assert any("2001:453" in notice and "inte är inläst" in notice for notice in answer.notices)


def test_a_wording_that_is_too_new_for_the_date_is_not_cited(lookup: LawLookup) -> None:
    answer = lookup.search(Query("LVU 6 §", date(2015, 1, 1)))
    assert "LVU 6 §" not in labels(answer)
    assert any("lydelsen 2015-01-01 är inte inläst" in notice for notice in answer.notices)


def test_a_section_that_does_not_exist_is_told(lookup: LawLookup) -> None:
    answer = lookup.search(Query("LVU 99 §", TODAY))
    assert any("finns inte" in notice for notice in answer.notices)


def test_a_named_act_comes_first(lookup: LawLookup) -> None:
    assert labels(lookup.search(Query("hur lång tid har rätten, LVU", TODAY)))[0].startswith("LVU")


def test_pending_changes_warn(lookup: LawLookup) -> None:
    assert any("ersätta LVU" in notice for notice in lookup.search(Query("LVU 6 §", TODAY)).notices)


@pytest.mark.parametrize("text", ["", "   ", "ord " * 3000])
def test_empty_and_endless_questions_are_refused(text: str) -> None:
    with pytest.raises(HandenhetError):
        Query(text, TODAY)


def test_a_long_but_allowed_question_is_answered(lookup: LawLookup) -> None:
    assert lookup.search(Query("anmälan utredning " * 500, TODAY)).hits


def test_nonsense_finds_nothing(lookup: LawLookup) -> None:
    assert lookup.search(Query("☃☃☃", TODAY)).hits == ()


def test_the_index_is_kept_and_a_damaged_one_is_built_again_and_said(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(SOL))
    said: list[str] = []
    built = open_library(corpus, said.append)
    kept = open_library(corpus, said.append)
    assert said == []
    assert best(kept) == best(built)
    stored = next((tmp_path / "index").glob("*.npz"))
    stored.write_bytes(stored.read_bytes()[:-100])
    assert best(open_library(corpus, said.append)) == best(built)
    assert "damaged" in said[0]


def test_a_new_act_makes_a_new_index(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.add(act(SOL))
    before = len(open_library(corpus).entries)
    corpus.add(act(LVU))
    assert len(open_library(corpus).entries) != before
    assert len(list((tmp_path / "index").glob("*.npz"))) == 1


def best(library: Library) -> list[str]:
    return labels(LawLookup(library).search(Query("hur snabbt ska vi utreda en anmälan", TODAY)))
