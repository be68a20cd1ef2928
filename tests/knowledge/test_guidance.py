"""Guidance notes are read strictly, and every note that ships is whole."""

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.guidance import notes_of, shipped_notes

GOOD = """sfs: "2025:400"
act: Socialtjänstlagen
short: SoL
notes:
  - section: 20 kap. 2 §
    title: Förhandsbedömning
    note: >-
      Fjorton dagar från
      att anmälan kom in.
    terms: [förhandsbedömning]
    limits:
      - {what: beslut, amount: "14", unit: days, from: anmälan, extension: synnerliga skäl}
    related: [20 kap. 3 §]
    questions: [hur lång tid har vi]
"""


def test_a_note_is_read_with_its_limits() -> None:
    (note,) = notes_of(GOOD, name="sol.yaml")
    assert (note.section, note.text) == ("20 kap. 2 §", "Fjorton dagar från att anmälan kom in.")
    assert (note.limits[0].amount, note.limits[0].unit, note.limits[0].extension) == (14, "days", "synnerliga skäl")
    assert (note.related, note.questions, note.where) == (("20 kap. 3 §",), ("hur lång tid har vi",), "sol.yaml line 5")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("20 kap. 2 §\n", "20:2\n", r"misspelt.*line 5"),
        ("    title: Förhandsbedömning\n", "", r"missing title.*line 5"),
        ("    terms:", "    termer:", "unknown termer"),
        ('amount: "14"', "amount: fjorton", "cannot be counted"),
        ("unit: days", "unit: dagar", "cannot be counted"),
        ("[hur lång tid har vi]", "hur lång tid", "expected a list"),
        ("short: SoL\n", "", "missing short"),
        ("notes:", "notes: [", "not YAML"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(old: str, new: str, says: str) -> None:
    with pytest.raises(HandenhetError, match=says):
        list(notes_of(GOOD.replace(old, new), name="sol.yaml"))


def test_a_section_stands_once() -> None:
    twice = GOOD + GOOD.split("notes:\n")[1]
    with pytest.raises(HandenhetError, match="stands twice"):
        list(notes_of(twice, name="sol.yaml"))


def test_every_shipped_note_can_be_asked_for() -> None:
    notes = shipped_notes()
    assert len(notes) > 500
    assert all(note.questions and note.text and note.title for note in notes)
    assert all(len(set(note.questions)) == len(note.questions) for note in notes)


def test_related_sections_of_shipped_notes_are_written_as_sections() -> None:
    assert all(related.endswith("§") or " " in related for note in shipped_notes() for related in note.related)
