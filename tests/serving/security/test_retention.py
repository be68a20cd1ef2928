"""When a case may be destroyed, rule by rule and day by day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handenhet.serving.security.retention import CaseDates, Standing, Table, table, verdict

RULES = table()
ADULT = CaseDates("adult", "other", date(2026, 2, 1), date(2026, 3, 1), date(1980, 6, 7), held=False)
CHILD = CaseDates("child", "child_investigation", date(2026, 2, 1), date(2026, 2, 1), date(2015, 6, 7), held=False)


@pytest.mark.parametrize(
    ("case", "due", "source"),
    [
        (ADULT, date(2031, 3, 1), "SoL 16 kap. 1 §"),
        (CHILD, date(2045, 6, 7), "SoL 16 kap. 2 a § första stycket"),
        (replace(CHILD, birth_date=date(1996, 6, 7)), date(2031, 2, 1), "SoL 16 kap. 2 a § första stycket"),
        (replace(CHILD, closed=date(2026, 1, 14), last_note=date(2026, 1, 14)), date(2031, 1, 14), "SoL 16 kap. 1 §"),
        (replace(CHILD, matter="unopened_report"), date(2031, 2, 1), "SoL 16 kap. 2 a § andra stycket"),
        (replace(CHILD, matter="custody_agreement"), date(2033, 6, 7), "SoL 16 kap. 3 §"),
    ],
    ids=["adult", "child until thirty", "person past thirty", "closed before the act", "not opened", "agreement"],
)
def test_the_day_after_the_due_date_is_the_first(case: CaseDates, due: date, source: str) -> None:
    found = verdict(case, due, RULES)
    assert (found.standing, found.due, found.source) == ("not_yet", due, source)
    assert found.latest == date(due.year + 1, 12, 31)
    assert verdict(case, due + timedelta(days=1), RULES).standing == "due"


@pytest.mark.parametrize(
    ("case", "standing"),
    [
        (replace(ADULT, closed=None), "open"),
        (replace(ADULT, held=True), "held"),
        (replace(ADULT, matter="placement_adoption_paternity"), "kept_for_good"),
        (replace(ADULT, matter="something new"), "matter_not_set"),
        (replace(CHILD, matter="other"), "matter_not_set"),
        (replace(CHILD, birth_date=None), "no_birth_date"),
        (replace(ADULT, birth_date=date(1980, 6, 15)), "kept_for_research"),
    ],
)
def test_in_doubt_or_by_law_it_stays(case: CaseDates, standing: Standing) -> None:
    assert verdict(case, date(2999, 1, 1), RULES).standing == standing


def test_a_municipality_in_the_research_sample_destroys_nothing() -> None:
    assert verdict(ADULT, date(2999, 1, 1), RULES, research_exempt=True).standing == "kept_for_research"


def test_a_leap_day_becomes_the_first_of_march() -> None:
    case = replace(ADULT, closed=date(2028, 2, 29), last_note=date(2028, 2, 29))
    assert verdict(case, date(2030, 1, 1), RULES).due == date(2033, 3, 1)


@given(st.dates(date(2026, 2, 1), date(2090, 1, 1)), st.dates(date(1930, 1, 1), date(2026, 1, 1)))
def test_nothing_is_due_within_five_years_and_no_child_before_thirty(today: date, born: date) -> None:
    for case in (replace(ADULT, birth_date=born), replace(CHILD, birth_date=born)):
        if verdict(case, today, RULES).standing == "due":
            assert today > date(2031, 2, 1)
            assert case.kind == "adult" or today.year - born.year >= 30


def test_a_table_with_a_matter_in_two_rules_is_refused() -> None:
    rule = {"id": "a", "source": "", "matters": ["other"]}
    with pytest.raises(ValidationError, match="two rules"):
        Table.model_validate({"rules": [rule, {**rule, "id": "b"}], "research_born_days": []})
    with pytest.raises(ValidationError, match="not there"):
        Table.model_validate({"rules": [{**rule, "earlier": "b"}], "research_born_days": []})
