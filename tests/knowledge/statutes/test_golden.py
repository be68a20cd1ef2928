"""Golden facts of real acts, without their text. Runs where the acts lie beside the checkout, else is skipped."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.statutes.blocks import Act
from handenhet.knowledge.statutes.reader import read_file

LAW = Path(__file__).resolve().parents[4] / "shared" / "law"
IMPORTED = date(2026, 11, 22)

pytestmark = pytest.mark.skipif(not LAW.is_dir(), reason="the acts are not beside this checkout")


@dataclass(frozen=True)
class Golden:
    """`headings` digests every section's owner headings in order; `digests` are of five sections' whole text."""

    sections: int
    first: str
    last: str
    headings: str
    digests: dict[str, str] = field(default_factory=dict[str, str])


GOLDEN = {
    "1949:105": Golden(
        191,
        "1 kap. 1 §",
        "14 kap. 6 §",
        "9ed5c8b2c308f15c",
        {
            "1 kap. 1 §": "8daa29f7bbfbff7f",
            "4 kap. 3 §": "60f38a80e6985494",
            "7 kap. 17 §": "a1afbadf3c5fbab8",
            "10 kap. 13 §": "5af09758aed6735f",
            "14 kap. 6 §": "4c00d9390225af0b",
        },
    ),
    "1988:870": Golden(
        59,
        "1 §",
        "47 §",
        "a1c3c5bd2038f19a",
        {
            "1 §": "7df2afc1763f31d2",
            "17 §": "2e73c8732d3eb8f6",
            "30 §": "c87404ac54a240bc",
            "36 b §": "23b0e7505a9fb520",
            "47 §": "d7cbc2dbcca87188",
        },
    ),
    "1990:52": Golden(
        94,
        "1 §",
        "45 §",
        "0d6af12b71ae3fd9",
        {
            "1 §": "0f281fe363d549b8",
            "15 a §": "f30ecfd456971f0c",
            "20 §": "6c977e0a465945a9",
            "31 f §": "feb696fc5af6df75",
            "45 §": "51df0b262af1737e",
        },
    ),
    "1993:387": Golden(
        85,
        "1 §",
        "30 §",
        "0ae0f6aa0de9a6b3",
        {
            "1 §": "21682af428e6e349",
            "12 §": "8f5e4f6a50ea8196",
            "21 d §": "5b8caaf0c8ece15d",
            "26 b §": "103993f847b84dfc",
            "30 §": "be6f20c88857e41b",
        },
    ),
    "2001:454": Golden(
        13,
        "1 §",
        "12 §",
        "17a6f27ced2fd24f",
        {
            "1 §": "ecb4eb900a290cd3",
            "4 §": "12cd7aa00cac2e9b",
            "7 a §": "3b55f95ce598f7ef",
            "9 §": "8488cf81553151ea",
            "12 §": "4a24ded91efe429e",
        },
    ),
    "2001:637": Golden(
        24,
        "1 §",
        "28 §",
        "0c03f39f17295d7a",
        {
            "1 §": "179bb008324a49a0",
            "9 §": "327568138ce04c7e",
            "16 §": "844a20710633ba9e",
            "23 §": "57063efcac472e7c",
            "28 §": "b47dd09458891b56",
        },
    ),
    "2009:641": Golden(
        14,
        "1 §",
        "12 §",
        "f4aeaee0070813ad",
        {
            "1 §": "d828b1744f6b2f46",
            "4 §": "f495c8197f456cc5",
            "8 §": "dd6d030152914916",
            "9 b §": "f558945438376e21",
            "12 §": "0b1f251ce577123b",
        },
    ),
    "2017:725": Golden(
        330,
        "1 kap. 1 §",
        "13 kap. 14 §",
        "a74db04266c24f16",
        {
            "1 kap. 1 §": "c7f4a304d2a5a479",
            "5 kap. 16 §": "9d5102ac1fb7dae7",
            "6 kap. 27 §": "7fd97d9b75d0bddd",
            "9 kap. 21 §": "b367648980534e23",
            "13 kap. 14 §": "54b5b091380eb931",
        },
    ),
    "2017:900": Golden(
        49,
        "1 §",
        "49 §",
        "d383861b078b0794",
        {
            "1 §": "3a8e53394ecc42f8",
            "13 §": "820dc63c1411a7ce",
            "25 §": "c3defe39159e278e",
            "37 §": "37bc1fa50baeaa35",
            "49 §": "2a22d390c716906b",
        },
    ),
    "2024:79": Golden(
        40,
        "1 kap. 1 §",
        "9 kap. 2 §",
        "7a8dde7a69f6e442",
        {
            "1 kap. 1 §": "6fcb2667f3248118",
            "4 kap. 2 §": "f74add135b802f16",
            "5 kap. 4 §": "844b64a9f0b7ba9e",
            "8 kap. 3 §": "931092f23a482548",
            "9 kap. 2 §": "d0a5b10e33039be2",
        },
    ),
    "2025:400": Golden(
        295,
        "1 kap. 1 §",
        "35 kap. 5 §",
        "9d98a436edbdf131",
        {
            "1 kap. 1 §": "f4a47409caa6c117",
            "12 kap. 4 §": "f154cdda05ac933e",
            "19 kap. 4 §": "2f9574401c6fc2f6",
            "28 kap. 8 §": "e5d96181e90c4a81",
            "35 kap. 5 §": "73b2e13772f148a3",
        },
    ),
    "2025:468": Golden(
        110,
        "1 kap. 1 §",
        "18 kap. 9 §",
        "d1e2f504443ca138",
        {
            "1 kap. 1 §": "517f147071acd05f",
            "6 kap. 1 §": "c52569b1444bea4f",
            "9 kap. 11 §": "c3d36a315eecf156",
            "15 kap. 4 §": "cdb605d568cf071f",
            "18 kap. 9 §": "138a631e8dbcdd9b",
        },
    ),
}


def act(sfs: str) -> Act:
    return read_file(LAW / f"sfs-{sfs.replace(':', '-')}.md", imported=IMPORTED)


@pytest.mark.parametrize("sfs", GOLDEN)
def test_an_act_is_read_whole(sfs: str) -> None:
    read, golden = act(sfs), GOLDEN[sfs]
    sections = [p.section for p in read.provisions]
    assert read.sfs == sfs
    assert (len(sections), sections[0], sections[-1]) == (golden.sections, golden.first, golden.last)
    assert len(set(sections)) == len(sections)
    owners = "\n".join(f"{p.section}|{' > '.join(p.headings)}" for p in read.provisions)
    assert sha256(owners.encode()).hexdigest()[:16] == golden.headings
    assert {p.section: p.digest[:16] for p in read.provisions if p.section in golden.digests} == golden.digests
    assert all("](" not in p.text and "selex" not in p.text for p in read.provisions)


def test_lvu_keeps_the_list_of_what_an_application_holds() -> None:
    four = next(p for p in act("1990:52").provisions if p.section == "4 §")
    assert four.headings == ("Beredande av vård",)
    assert four.text.count("\n- ") == 7


def test_lvu_headings_that_the_copy_missed_own_the_right_sections() -> None:
    owner = {p.section: p.title for p in act("1990:52").provisions}
    assert owner["23 §"] == "Förebyggande insatser"
    assert {owner[f"{n} §"] for n in range(24, 32)} == {"Flyttningsförbud m.m."}


def test_the_riksnorm_stays_a_table() -> None:
    norm = next(p for p in act("2025:468").provisions if p.section == "12 kap. 2 §")
    assert norm.text.count("\n| --- |") == 3
    assert "| Sambo | 7 050 |" in norm.text


def test_sections_amended_later_hold_from_their_own_date() -> None:
    since = {p.section: (p.in_force_from, p.amended_by) for p in act("2025:400").provisions}
    assert since["16 kap. 2 a §"] == (date(2026, 1, 15), "2025:1501")
    assert since["12 kap. 7 a §"] == (date(2025, 9, 8), "2025:762")
    assert since["20 kap. 2 §"] == (date(2025, 7, 1), "")


def test_a_register_without_text_says_so() -> None:
    with pytest.raises(HandenhetError, match="only a register"):
        act("2009:400")
