"""Citations are read however they are spelt; prose with numbers is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.citations import acts_named, references

SOL, OLD, LVU, LVM, FL = "2025:400", "2001:453", "1990:52", "1988:870", "2017:900"

SPELLINGS = [
    ("LVU 6 §", LVU, "6 §"),
    ("6§ lvu", LVU, "6 §"),
    ("6 § LVU", LVU, "6 §"),
    ("lvu 6", LVU, "6 §"),
    ("lvu §6", LVU, "6 §"),
    ("LVU § 6", LVU, "6 §"),
    ("§ 6 i LVU", LVU, "6 §"),
    ("§6 lvu", LVU, "6 §"),
    ("paragraf 6 i LVU", LVU, "6 §"),
    ("paragraf sex", "", ""),
    ("sjätte paragrafen i lvu", LVU, "6 §"),
    ("6 paragrafen LVU", LVU, "6 §"),
    ("LVU 13a", LVU, "13 a §"),
    ("LVU 13 a §", LVU, "13 a §"),
    ("13a§ LVU", LVU, "13 a §"),
    ("13 a § i lagen om vård av unga", LVU, "13 a §"),
    ("LVU 15 i §", LVU, "15 i §"),
    ("15i § lvu", LVU, "15 i §"),
    ("§ 9 b LVU", LVU, "9 b §"),
    ("LVU, 22 §", LVU, "22 §"),
    ("LVU (1990:52) 22 §", LVU, "22 §"),
    ("1990:52 6 §", LVU, "6 §"),
    ("SFS 1990:52, 6 §", LVU, "6 §"),
    ("3 § lagen med särskilda bestämmelser om vård av unga", LVU, "3 §"),
    ("20 kap 2 § nya sol", SOL, "20 kap. 2 §"),
    ("20:2 SoL", SOL, "20 kap. 2 §"),
    ("sol 20:2", SOL, "20 kap. 2 §"),
    ("SoL 20 : 2", SOL, "20 kap. 2 §"),
    ("20 kap. 2 § socialtjänstlagen", SOL, "20 kap. 2 §"),
    ("20 kap. 2 § socialtjänstlagen (2025:400)", SOL, "20 kap. 2 §"),
    ("socialtjänstlagen 20 kap 2 §", SOL, "20 kap. 2 §"),
    ("socialtjänstlagens 20 kap 2 §", SOL, "20 kap. 2 §"),
    ("SoL 20 kap 2§", SOL, "20 kap. 2 §"),
    ("SoL 20kap 2§", SOL, "20 kap. 2 §"),
    ("SoL 20 kap 2", SOL, "20 kap. 2 §"),
    ("SoL kap 20 § 2", SOL, "20 kap. 2 §"),
    ("SoL kap. 20, 2 §", SOL, "20 kap. 2 §"),
    ("kapitel 20 paragraf 2 i socialtjänstlagen", SOL, "20 kap. 2 §"),
    ("tjugonde kapitlet andra paragrafen socialtjänstlagen", SOL, "20 kap. 2 §"),
    ("20 kap 2 par. SoL", SOL, "20 kap. 2 §"),
    ("SoL 16:2a", SOL, "16 kap. 2 a §"),
    ("16:2 a SoL", SOL, "16 kap. 2 a §"),
    ("16 kap. 2 a § SoL", SOL, "16 kap. 2 a §"),
    ("2025:400 20 kap 2 §", SOL, "20 kap. 2 §"),
    ("SFS 2025:400 20:2", SOL, "20 kap. 2 §"),
    ("2001:453 11 kap 1 §", OLD, "11 kap. 1 §"),
    ("gamla SoL 11:1", OLD, "11 kap. 1 §"),
    ("11 kap. 1 a § gamla socialtjänstlagen", OLD, "11 kap. 1 a §"),
    ("11:1a gamla sol", OLD, "11 kap. 1 a §"),
    ("FL 25", FL, "25 §"),
    ("25 § förvaltningslagen", FL, "25 §"),
    ("förvaltningslagen § 25", FL, "25 §"),
    ("enligt 25 § i förvaltningslagen", FL, "25 §"),
    ("LVM 4§", LVM, "4 §"),
    ("lvm 13", LVM, "13 §"),
    ("4 § lagen om vård av missbrukare i vissa fall", LVM, "4 §"),
    ("OSL 26:1", "2009:400", "26 kap. 1 §"),
    ("26 kap. 1 § offentlighets- och sekretesslagen", "2009:400", "26 kap. 1 §"),
    ("TF 2:12", "1949:105", "2 kap. 12 §"),
    ("KL 6 kap 37 §", "2017:725", "6 kap. 37 §"),
    ("10 § solpul", "2001:454", "10 §"),
    ("LSS 9 §", "1993:387", "9 §"),
    ("SoF 12 kap 2 §", "2025:468", "12 kap. 2 §"),
    ("vad säger 20:2", "", "20 kap. 2 §"),
    ("20 kap. 2 §", "", "20 kap. 2 §"),
    ("6 §", "", "6 §"),
    ("vad står det i 14 § LVU om umgänge", LVU, "14 §"),
    ("hur tolkar ni SoL 11:1 när någon är hemlös", SOL, "11 kap. 1 §"),
]


@pytest.mark.parametrize(("text", "sfs", "section"), [row for row in SPELLINGS if row[2]])
def test_every_spelling_is_read(text: str, sfs: str, section: str) -> None:
    found = references(text)
    assert [(ref.sfs, ref.section) for ref in found] == [(sfs, section)]


def test_several_citations_come_in_reading_order() -> None:
    found = references("jämför LVU 6 § med 20 kap. 2 § SoL och 25 § FL")
    assert [(ref.sfs, ref.section) for ref in found] == [(LVU, "6 §"), (SOL, "20 kap. 2 §"), (FL, "25 §")]


@pytest.mark.parametrize(
    "text",
    [
        "hon är 14 år och bor hos pappa",
        "vi sågs klockan 9.30 den 6 maj",
        "ett barn på 6 år enligt LVU",
        "hur snabbt måste vi börja utreda",
        "LVU 15 år",
        "",
    ],
)
def test_prose_with_numbers_is_no_citation(text: str) -> None:
    assert references(text) == ()


def test_a_clock_is_not_kommunallagen() -> None:
    assert acts_named("vi ses kl 15") == ()
    assert [act.short for act in acts_named("jäv enligt KL")] == ["KL"]
    assert [act.short for act in acts_named("gäller sekretesslagen eller gamla sol")] == ["OSL", "gamla SoL"]


@given(st.text(max_size=200))
def test_any_text_is_survived_and_offsets_hold(text: str) -> None:
    for ref in references(text):
        assert 0 <= ref.start < ref.end


@given(st.integers(1, 35), st.integers(1, 60), st.sampled_from(["", "a", "b", "c"]))
def test_the_house_spelling_always_round_trips(chapter: int, number: int, letter: str) -> None:
    section = f"{chapter} kap. {number}{' ' + letter if letter else ''} §"
    assert [(r.sfs, r.section) for r in references(f"{section} SoL")] == [(SOL, section)]
