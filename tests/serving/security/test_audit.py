"""The chain sees every change in it, and the anchor sees its end cut off."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.security import anchor
from handenhet.serving.security.anchor import Anchor, AnchorRefused, Head
from handenhet.serving.security.audit import FIRST, Entry, Link, Report, link, verify

KEY = b"a" * 32


def entry(number: int) -> Entry:
    return Entry(f"k{number}", number, "eva", "socialsekreterare", "read case", "c1", "", "", "")


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    for number in range(1, count + 1):
        links.append(link(KEY, number, links[-1].mac if links else FIRST, entry(number)))
    return links


def at(links: list[Link], seq: int) -> Head:
    return Head(seq, links[seq - 1].mac if seq else FIRST)


@given(st.integers(min_value=0, max_value=20))
def test_an_untouched_chain_holds(count: int) -> None:
    assert verify(KEY, chain(count), []) == Report(count)


@given(st.integers(min_value=1, max_value=12), st.data())
def test_the_first_broken_entry_is_named(count: int, data: st.DataObject) -> None:
    links = chain(count)
    place = data.draw(st.integers(min_value=0, max_value=count - 1))
    harm = data.draw(st.sampled_from(["edit", "reseal", "drop"]))
    if harm == "edit":
        links[place] = replace(links[place], entry=replace(links[place].entry, who="ada"))
    elif harm == "reseal":
        links[place] = link(b"another key".ljust(32), place + 1, links[place].prev, links[place].entry)
    elif place < count - 1:
        del links[place]
    else:
        return  # The end cut off is the anchor's business, below.
    assert verify(KEY, links, []).first_broken == place + 1


def test_two_entries_that_changed_places_are_seen() -> None:
    first, second, third = chain(3)
    assert verify(KEY, [first, third, second], []).first_broken == 2


@given(st.integers(min_value=1, max_value=12), st.data())
def test_a_cut_end_is_seen_by_the_anchor_alone(count: int, data: st.DataObject) -> None:
    links = chain(count)
    left = data.draw(st.integers(min_value=0, max_value=count - 1))
    settled = Anchor(at(links, count), at(links, count))
    assert verify(KEY, links[:left], []).ok
    assert verify(KEY, links[:left], [settled]).first_broken == left + 1


def test_an_act_stopped_between_anchor_and_commit_is_no_crime() -> None:
    links = chain(3)
    about_to_write = Anchor(at(links, 2), at(links, 3))
    assert verify(KEY, links[:2], [about_to_write]).ok
    assert verify(KEY, links, [about_to_write]).ok
    assert verify(KEY, links[:1], [about_to_write]).first_broken == 2


def test_a_log_that_went_on_after_its_anchor_holds() -> None:
    links = chain(5)
    assert verify(KEY, links, [Anchor(at(links, 2), at(links, 2))]).ok


def test_another_log_of_the_same_length_is_seen() -> None:
    links = chain(3)
    other = [link(KEY, 1, FIRST, entry(9))]
    for number in (2, 3):
        other.append(link(KEY, number, other[-1].mac, entry(number)))
    assert verify(KEY, other, [Anchor(at(links, 3), at(links, 3))]).first_broken == 3


def test_an_anchor_comes_back_as_it_was(tmp_path: Path) -> None:
    remembered = Anchor(Head(1, b"x" * 32), Head(2, b"y" * 32))
    anchor.write(tmp_path / "a", KEY, remembered)
    assert anchor.read(tmp_path / "a", KEY) == remembered
    assert anchor.read(tmp_path / "none", KEY) is None
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@given(st.binary(max_size=200))
def test_an_anchor_nobody_sealed_is_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("anchor") / "a"
    path.write_bytes(content)
    with pytest.raises(AnchorRefused):
        anchor.read(path, KEY)


def test_an_anchor_sealed_with_another_key_is_refused(tmp_path: Path) -> None:
    anchor.write(tmp_path / "a", b"b" * 32, Anchor(Head(0, FIRST), Head(0, FIRST)))
    with pytest.raises(AnchorRefused, match="belongs to another store"):
        anchor.read(tmp_path / "a", KEY)
