"""The master key file and the case keys under it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.security.keys import (
    CaseCipher,
    KeyRefused,
    KeyRing,
    create_keys,
    load_keys,
    replace_keys,
)

RING = KeyRing(b"i" * 32, (b"w" * 32,))
CIPHER = CaseCipher("case-1", b"k" * 32)


def test_the_file_is_its_owners_alone_and_comes_back_the_same(tmp_path: Path) -> None:
    ring = create_keys(tmp_path / "keys" / "master.key")
    assert (tmp_path / "keys" / "master.key").stat().st_mode & 0o777 == 0o600
    assert load_keys(tmp_path / "keys" / "master.key") == ring
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["master.key"]


def test_whoever_makes_the_file_first_has_made_it(tmp_path: Path) -> None:
    assert create_keys(tmp_path / "k") == create_keys(tmp_path / "k")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    create_keys(tmp_path / "k")
    (tmp_path / "k").chmod(mode)
    with pytest.raises(KeyRefused, match=r"by others than its owner.*chmod 600"):
        load_keys(tmp_path / "k")


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"format": "handenhet-keys-1"}', "x" * 20_000])
def test_a_file_that_is_not_a_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "k").write_text(content, encoding="utf-8")
    (tmp_path / "k").chmod(0o600)
    with pytest.raises(KeyRefused, match="not a whole master key file"):
        load_keys(tmp_path / "k")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="missing"):
        load_keys(tmp_path / "k")


@given(st.binary(max_size=500), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_own_place(content: bytes, row: str) -> None:
    sealed = CIPHER.seal(content, table="t", column="c", row=row)
    assert CIPHER.open(sealed, table="t", column="c", row=row) == content


@pytest.mark.parametrize(
    ("cipher", "table", "column", "row"),
    [
        (CIPHER, "u", "c", "r"),
        (CIPHER, "t", "d", "r"),
        (CIPHER, "t", "c", "s"),
        (CaseCipher("case-2", b"k" * 32), "t", "c", "r"),
        (CaseCipher("case-1", b"l" * 32), "t", "c", "r"),
    ],
    ids=["table", "column", "row", "case", "key"],
)
def test_what_is_sealed_opens_nowhere_else(cipher: CaseCipher, table: str, column: str, row: str) -> None:
    sealed = CIPHER.seal(b"ord", table="t", column="c", row="r")
    with pytest.raises(KeyRefused, match="altered or moved"):
        cipher.open(sealed, table=table, column=column, row=row)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_seen(place: int, flip: int) -> None:
    sealed = bytearray(CIPHER.seal(b"ord", table="t", column="c", row="r"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(KeyRefused):
        CIPHER.open(bytes(sealed), table="t", column="c", row="r")


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_nothing_else_happens(rubbish: bytes) -> None:
    with pytest.raises(KeyRefused):
        CIPHER.open(rubbish, table="t", column="c", row="r")
    with pytest.raises(KeyRefused):
        RING.cipher("case-1", rubbish)


def test_a_case_key_opens_for_its_own_case_under_its_own_master_key() -> None:
    wrapped = RING.new_case_key("case-1")
    assert RING.cipher("case-1", wrapped).case_id == "case-1"
    with pytest.raises(KeyRefused):
        RING.cipher("case-2", wrapped)
    with pytest.raises(KeyRefused):
        KeyRing(RING.identity, (b"x" * 32,)).cipher("case-1", wrapped)


def test_rotation_keeps_the_case_key_and_forgets_the_old_master_key(tmp_path: Path) -> None:
    wrapped = RING.new_case_key("case-1")
    sealed = RING.cipher("case-1", wrapped).seal(b"ord", table="t", column="c", row="r")
    both = RING.rotated()
    again = both.rewrap("case-1", wrapped)
    replace_keys(tmp_path / "k", both.newest_only())
    newest = load_keys(tmp_path / "k")
    assert newest.cipher("case-1", again).open(sealed, table="t", column="c", row="r") == b"ord"
    assert newest.fingerprint == RING.fingerprint
    with pytest.raises(KeyRefused):
        newest.cipher("case-1", wrapped)


def test_keys_are_never_printed() -> None:
    assert "kkkk" not in repr(CIPHER)
    assert "iiii" not in repr(RING)
