"""The same small act, written here with the traps of the public copies, reads alike in every format."""

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.provisions import Provision
from handenhet.knowledge.statutes.blocks import Act, section_label
from handenhet.knowledge.statutes.reader import decode, read

IMPORTED = date(2026, 11, 22)

FLAT = """---
beteckning: 1990:52
rubrik: Lag om lekplatser
ikraft_datum: 1990-07-01
publicerad_datum: 2025-05-26
---

# Lag om lekplatser

## Inledande bestämmelse

### 1 §

Lekplatser ska vara trygga enligt [2 kap. 1 § parklagen](https://example.org/2001/453#kap2.1) ([2025:400](https://example.org)).

### 2 §

Skötselplanen beslutas av nämnden.

## Planen ska innehålla uppgift om

- gungor,

- sand. Lag ([2009:804](https://example.org)).

## Andra åtgärder

## Förebyggande tillsyn

### 2 a §

Tillsyn sker varje månad enligt 3 och [2 §](#2)§.

Stängning m.m.

### 3 §

En farlig lekplats stängs. Lag ([2012:5](https://example.org)).

### 4 §

Har upphävts genom lag (2010:1).

### 5 §

Avgift tas ut enligt tabellen.

## Plats	Kronor

Liten	100

## Stor	200

### 6 §

/Upphör att gälla U:2027-01-01/ Böter döms ut.

### 6 §

/Träder i kraft I:2027-01-01/ Sanktionsavgift tas ut.

## Övergångsbestämmelser

[1990:52](https://example.org)

1. Denna lag träder i kraft den 1 juli 1990.

[2012:5](https://example.org)

Denna lag träder i kraft den 1 mars 2012.
"""

CHAPTERED = """---
beteckning: "2020:7"
rubrik: Parklag (2020:7)
ikraft_datum: 2020-07-01
---

# AVDELNING I. ALLMÄNT

## 1 kap. Parker

### Syfte

#### 1 kap. 1 §

Parker är till för alla.

#### 1 kap. 2 a §

*[lydelse från 2024-02-01]*

Hundar hålls kopplade.

## 2 kap. Skötsel

#### 1 §

Gräset klipps.
"""


def sections(act: Act) -> dict[str, Provision]:
    return {provision.section: provision for provision in act.provisions}


def test_a_number_that_yaml_would_count_stays_an_sfs_number() -> None:
    assert read(FLAT, name="sfs-1990-52.md", imported=IMPORTED).sfs == "1990:52"


def test_flat_style_with_its_traps() -> None:
    act = read(FLAT, name="sfs-1990-52.md", imported=IMPORTED)
    by = sections(act)
    assert [p.section for p in act.provisions] == ["1 §", "2 §", "2 a §", "3 §", "5 §", "6 §", "6 §"]
    assert by["1 §"].text == "Lekplatser ska vara trygga enligt 2 kap. 1 § parklagen (2025:400)."
    assert "Planen ska innehålla uppgift om\n\n- gungor,\n\n- sand." in by["2 §"].text
    assert by["2 §"].title == "Inledande bestämmelse"
    assert by["2 a §"].headings == ("Andra åtgärder", "Förebyggande tillsyn")
    assert by["2 a §"].text.endswith("enligt 3 och 2 §§.")
    assert by["3 §"].title == "Stängning m.m."
    assert by["5 §"].text.endswith("| Plats | Kronor |\n| --- | --- |\n| Liten | 100 |\n| Stor | 200 |")


def test_amendments_and_markers_become_dates() -> None:
    act = read(FLAT, name="sfs-1990-52.md", imported=IMPORTED)
    by = sections(act)
    assert (by["3 §"].amended_by, by["3 §"].in_force_from) == ("2012:5", date(2012, 3, 1))
    assert (by["2 §"].amended_by, by["2 §"].in_force_from) == ("2009:804", date(2009, 1, 1))
    assert act.amended_through == "2012:5"
    assert "2009:804" in act.notices[0]
    six = [(p.in_force_from, p.in_force_to) for p in act.provisions if p.section == "6 §"]
    assert six == [(date(1990, 7, 1), date(2026, 12, 31)), (date(2027, 1, 1), None)]


def test_chaptered_style() -> None:
    by = sections(read(CHAPTERED, name="sfs-2020-7.md", imported=IMPORTED))
    assert list(by) == ["1 kap. 1 §", "1 kap. 2 a §", "2 kap. 1 §"]
    assert by["1 kap. 1 §"].headings == ("1 kap. Parker", "Syfte")
    assert by["2 kap. 1 §"].headings == ("2 kap. Skötsel",)
    assert (by["1 kap. 2 a §"].text, by["1 kap. 2 a §"].in_force_from) == ("Hundar hålls kopplade.", date(2024, 2, 1))


HTML = """<div class="sfstoc"><h3>Innehåll</h3></div><div>
<h2>Parklag (2020:7)</h2><b>Ändrad:</b> t.o.m. SFS 2024:9<br />
<h3 name="K1"><a name="K1">1 kap. Parker</a></h3><p><a name="K1S1"></a></p>
<h4 name="Syfte"><a name="Syfte">Syfte</a></h4>
<a class="paragraf" name="K1P1"><b>1 §</b></a>&nbsp;&nbsp;Parker är
till för alla och
<br /> <p><a name="K1P1S2"></a></p>1. barn,
<br />2. vuxna. <i>Lag (2024:9).</i><br />
<a class="paragraf" name="K1P2a"><b>2 a §</b></a>&nbsp;&nbsp;/Träder i kraft I:2027-01-01/
Hundar hålls kopplade.
<h3 name="K2"><a name="K2">2 kap. Skötsel</a></h3>
<a class="paragraf" name="K2P1"><b>1 §</b></a> Gräset klipps.
<h3 name="overgang">Övergångsbestämmelser</h3>2024:9<br /><br />Denna lag träder i kraft den 1 maj 2024.</div>"""


def test_riksdagens_html() -> None:
    act = read(HTML, name="sfs-2020-7.html", imported=IMPORTED)
    by = sections(act)
    assert (act.sfs, act.title, act.amended_through) == ("2020:7", "Parklag", "2024:9")
    assert list(by) == ["1 kap. 1 §", "1 kap. 2 a §", "2 kap. 1 §"]
    assert by["1 kap. 1 §"].headings == ("1 kap. Parker", "Syfte")
    assert "Parker är till för alla och" in by["1 kap. 1 §"].text
    assert by["1 kap. 1 §"].text.endswith("1. barn,\n\n2. vuxna.")
    assert (by["1 kap. 1 §"].amended_by, by["1 kap. 1 §"].in_force_from) == ("2024:9", date(2024, 5, 1))
    assert by["1 kap. 2 a §"].in_force_from == date(2027, 1, 1)


def test_riksdagens_json_around_html_and_around_text() -> None:
    document = {
        "dok_id": "sfs-2020-7",
        "beteckning": "2020:7",
        "titel": "Parklag (2020:7)",
        "subtitel": "t.o.m. SFS 2024:9",
    }
    around_html = json.dumps(
        {"dokumentstatus": {"dokument": {**document, "html": HTML, "systemdatum": "2026-11-01 10:00"}}}
    )
    act = read(around_html, name="sfs-2020-7.json", imported=IMPORTED)
    assert (act.sfs, len(act.provisions), act.copied) == ("2020:7", 3, date(2026, 11, 1))
    text = "1 kap. Parker\n\nSyfte\n\n1 §   Parker är till för alla enligt\n2 kap. 1 §.\n\n"
    text += "2 a §   Hundar hålls\nkopplade. Lag (2024:9).\n"
    around_text = json.dumps({"dokumentstatus": {"dokument": {**document, "text": text}}})
    by = sections(read(around_text, name="sfs-2020-7.json", imported=IMPORTED))
    assert list(by) == ["1 kap. 1 §", "1 kap. 2 a §"]
    assert by["1 kap. 2 a §"].text == "Hundar hålls kopplade."
    assert by["1 kap. 1 §"].headings == ("1 kap. Parker", "Syfte")


def test_plain_text_with_a_database_head() -> None:
    text = "Lag (2020:8) om bänkar\nSFS nr: 2020:8\nUtfärdad: 2020-01-01\nÄndrad: t.o.m. SFS 2021:3\n\n"
    text += "1 §   Bänkar är till för alla.\n\n2 §   De målas.\n"
    act = read(text, name="bankar.txt", imported=IMPORTED)
    assert (act.sfs, act.amended_through, [p.section for p in act.provisions]) == ("2020:8", "2021:3", ["1 §", "2 §"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("Bara en anteckning.", "not a statute"),
        (FLAT[:60], "no closed YAML head"),
        ("---\nbeteckning: [\n---\n", "not YAML"),
        ("---\nbeteckning: lagen\n---\n### 1 §\n\nText.\n", "no SFS number"),
        ("---\nbeteckning: 2020:1\n---\n# Titel\n", "holds no sections"),
        ('{"dokumentstatus": {"dokument": {', "not whole JSON"),
        ('{"annat": 1}', "holds no statute"),
        ("---\nbeteckning: 2020:1\n---\n### 1 §\n\nEtt.\n\n### 1 §\n\nTvå.\n", "stands twice"),
    ],
)
def test_what_is_no_statute_is_told_and_not_read(text: str, says: str) -> None:
    with pytest.raises(HandenhetError, match=says):
        read(text, name="fil", imported=IMPORTED)


def test_encodings() -> None:
    assert decode("1 § å".encode(), "f") == "1 § å"
    assert decode("1 § å".encode("utf-16"), "f") == "1 § å"
    assert decode("1 § å".encode("latin-1"), "f") == "1 § å"
    with pytest.raises(HandenhetError, match="unknown encoding"):
        decode(b"\x00\xff\x00\xfe\x80", "f")


@given(st.integers(1, 99), st.sampled_from(["", "a", "b", "z"]), st.sampled_from(["", " ", "  "]))
def test_section_numbers_have_one_spelling(number: int, letter: str, gap: str) -> None:
    assert section_label(f"{number}{gap}{letter}") == (f"{number} {letter} §" if letter else f"{number} §")


@given(st.text(max_size=300))
def test_any_text_reads_or_is_refused_with_one_clear_error(text: str) -> None:
    with contextlib.suppress(HandenhetError):
        assert read(text, name="fil", imported=IMPORTED).provisions
