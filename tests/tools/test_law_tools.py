"""The tools the model may call: what they give can be cited, and otherwise they ask for another try."""

from datetime import date

import pytest

from handenhet.knowledge.entries import library_of
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.guidance import Note
from handenhet.knowledge.lookup import LawLookup
from handenhet.tools.deadlines import deadlines, event_of, told
from handenhet.tools.law import AskAgain, LawTool

NOTE = Note(
    sfs="1990:52",
    act="Lagen om vård av unga",
    short="LVU",
    section="6 §",
    title="Omedelbart omhändertagande",
    text="Nämnden får besluta genast när rätten inte hinner.",
    terms=("omedelbart omhändertagande",),
    questions=("kan vi hämta barnet ikväll",),
)


def tool(on: date = date(2026, 11, 22)) -> LawTool:
    return LawTool(LawLookup(library_of([], [NOTE])), on)


def test_a_search_gives_citations_for_the_case_date() -> None:
    found = tool().search("kan vi hämta barnet ikväll")
    assert [(c.label, c.on) for c in found.citations] == [("LVU 6 § (1990:52)", date(2026, 11, 22))]


def test_nothing_found_asks_again() -> None:
    with pytest.raises(AskAgain, match="nothing in the corpus"):
        tool().search("☃")
    with pytest.raises(AskAgain, match="empty"):
        tool().search(" ")


def test_a_section_is_cited_only_if_it_exists_and_ruled() -> None:
    assert tool().cite("LVU 6 §").provision.section == "6 §"
    for citation in ("LVU 66 §", "OSL 26:1", "barnet ikväll"):
        with pytest.raises(AskAgain):
            tool().cite(citation)
    with pytest.raises(AskAgain):
        tool(date(1980, 1, 1)).cite("LVU 6 §")


def test_deadlines_of_several_events_come_soonest_first() -> None:
    found = deadlines([event_of("anmalan=2026-11-20"), event_of("omhandertagande-beslut=2026-11-20")])
    assert [one.due for one in found] == sorted(one.due for one in found)
    row = told(found[-1])
    assert (row["section"], row["due"], row["event"]) == ("20 kap. 2 §", "2026-12-04", "anmalan")


@pytest.mark.parametrize("text", ["anmalan", "anmalan=", "anmalan=2026-13-01"])
def test_an_event_without_a_date_is_told(text: str) -> None:
    with pytest.raises(HandenhetError, match="--event"):
        event_of(text)
