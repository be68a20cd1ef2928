"""Random words from a word list: what is read, and what is drawn."""

import random
from pathlib import Path

import pytest

from handenhet.evals.train_asr.corpus import Sentence
from handenhet.evals.train_asr.spoken import tokens
from handenhet.evals.train_asr.wordlist import Drawn, WordListUnread, read

LISTED = tuple(sorted({a + b + c for a in "bdfgklmn" for b in "aeiouyåäö" for c in ("sten", "gran", "lök", "t", "vi")}))
MANY = "\n".join([*(word.capitalize() for word in LISTED), *(word + "ra" for word in LISTED), *LISTED])


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "swedish"
    path.write_bytes(
        (MANY + "\n" + "\n".join(f"{word}{end}" for word in LISTED for end in ("na", "or"))).encode("latin-1")
    )
    return path


def test_a_latin_1_list_gives_lower_case_words_once(words: Path) -> None:
    found = read(words)
    assert "båsten" in found
    assert len(found) == len(set(found)) > 1000


def test_flags_abbreviations_and_foreign_letters_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sv.dic"
    lines = [f"{word}{end}/ABC" for word in LISTED for end in ("", "ra", "na")]
    path.write_text("\n".join([*lines, "tv:n", "km", "señor", "a"]), encoding="utf-8")
    found = read(path)
    assert "båsten" in found
    assert {"tv:n", "km", "señor", "a"}.isdisjoint(found)


def test_no_list_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WordListUnread, match="wswedish"):
        read(tmp_path / "none")
    (tmp_path / "few").write_text("ett\ntvå", encoding="utf-8")
    with pytest.raises(WordListUnread, match="only 2"):
        read(tmp_path / "few")


def test_long_words_give_way_and_short_ones_stay() -> None:
    sentence = Sentence(tuple(tokens("han är på fritids, sa hon")), "meeting", "child")
    swapped = Drawn(LISTED, LISTED).swapped(sentence, random.Random(1))
    assert [word.label for word in swapped.words[:3]] == ["han", "är", "på"]
    assert swapped.words[3].label != "fritids"
    assert swapped.words[3].mark == ","
    assert swapped.register == "child"


def test_the_same_generator_draws_the_same_words() -> None:
    drawn = Drawn(LISTED, ("egen",))
    one, two = ([drawn.word(rng) for _ in range(50)] for rng in (random.Random(3), random.Random(3)))
    assert one == two
    assert "egen" in one
    assert any(word not in LISTED and word != "egen" for word in one), "made-up compounds are among them"
