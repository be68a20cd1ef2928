"""Plain Swedish to a typed query, told as examples, and what holds for any text at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handenhet.agent.questions.grammar import Context, interpret
from handenhet.tools.cases import CaseQuery, TooWide, Unclear, Understood

TODAY = date(2026, 11, 20)
UNITS = ("Barn och unga", "Vuxen", "Ekonomiskt bistånd")
HERE = Context(TODAY, UNITS, UNITS[0])


def asked(question: str, context: Context = HERE) -> CaseQuery:
    got = interpret(question, context)
    assert isinstance(got, Understood), got
    return got.query


@pytest.mark.parametrize(
    ("question", "measure", "statistic"),
    [
        ("Hur många orosanmälningar kom in i oktober?", "reports", "count"),
        ("Hur lång tid tar förhandsbedömningarna?", "assessment_days", "median"),
        ("Genomsnittlig utredningstid i år", "investigation_days", "mean"),
        ("90:e percentilen för utredningstid", "investigation_days", "p90"),
        ("hur stor andel av utredningarna blir klara i tid", "overdue", "share"),
        ("Hur många samtal hölls med tolk?", "interpreter", "count"),
        ("I hur stor andel av utredningarna har barnet hörts enskilt?", "child_alone", "share"),
        ("Hur många barnsamtal hade vi?", "meetings", "count"),
        ("Hur många utredningar är inte avslutade?", "investigations_ongoing", "count"),
        ("ärenden per handläggare just nu", "load", "mean"),
        ("hur manga orosanmalningar kom in", "reports", "count"),
    ],
)
def test_what_is_asked_and_how(question: str, measure: str, statistic: str) -> None:
    query = asked(question)
    assert (query.measure, query.statistic) == (measure, statistic)


def test_a_comparison_does_not_change_the_period() -> None:
    query = asked("Hur många orosanmälningar kom in förra kvartalet jämfört med förra året?")
    assert (query.period.start, query.period.end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert query.comparison == "previous_year"


@pytest.mark.parametrize(
    ("question", "comparison"),
    [
        ("Anmälningar i oktober jämfört med september", "previous_period"),
        ("Jämför oktober med oktober förra året, antal anmälningar", "previous_year"),
        ("Får vi fler anmälningar i år än i fjol?", "previous_year"),
        ("Skillnaden i utredningstid mellan 2024 och 2025?", "previous_year"),
    ],
)
def test_comparisons(question: str, comparison: str) -> None:
    assert asked(question).comparison == comparison


def test_a_comparison_that_is_not_made_is_asked_back() -> None:
    assert isinstance(interpret("Anmälningar i oktober jämfört med mars", HERE), Unclear)


def test_a_follow_up_keeps_what_it_does_not_change() -> None:
    first = asked("Hur många hembesök gjorde vi i oktober?")
    after = asked("och i september?", Context(TODAY, UNITS, UNITS[0], first))
    assert after.measure == "meetings"
    assert after.filters.setting == "hembesök"
    assert after.period.start == date(2026, 9, 1)


def test_a_new_question_takes_nothing_from_the_one_before() -> None:
    first = asked("Hur många hembesök gjorde vi i oktober?")
    after = asked("Hur många orosanmälningar kom in i år?", Context(TODAY, UNITS, UNITS[0], first))
    assert after.filters.setting is None
    assert after.period.start == date(2026, 1, 1)


@pytest.mark.parametrize(
    "question",
    [
        "Hur många anmälningar kom från skolan?",
        "Hur många LVU-ansökningar gjorde vi?",
        "Hur många pojkar utreddes?",
        "Hur många anmälningar gällde spelberoende?",
        "orosanmälningar 2026-02-31",
        "orosanmälningar 5-17 år",
        "Hur går det?",
        "hur många orosanmälningar " * 100,
    ],
)
def test_a_condition_that_cannot_be_seen_is_said_and_not_dropped(question: str) -> None:
    assert isinstance(interpret(question, HERE), Unclear)


@pytest.mark.parametrize(
    "question",
    [
        "Hur många anmälningar hade enheten Vuxen?",
        "Hur många anmälningar kom till hela kommunen?",
        "Anmälningar per vecka, åldersgrupp och område",
        "Antal orosanmälningar i mars 2031",
        "Antal orosanmälningar 2015 till 2026",
    ],
)
def test_what_is_too_wide_is_narrowed(question: str) -> None:
    assert isinstance(interpret(question, HERE), TooWide)


WORDS = st.sampled_from(
    """
    hur många andel barn enskilt tolk utredningar i år förra kvartalet jämfört med än per vecka och område våld 13-15 år
    mellan mars maj 2026-02-30 20251301 v 54 senaste 99 åren kv 4 Vuxen Barn unga enheten alla tid median sedan december
    2099 för två år sedan den 31 februari 0 kvartal i höstas
    """.split()  # noqa: SIM905
)
QUESTIONS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(QUESTIONS, st.dates(date(2001, 1, 1), date(2098, 1, 1)))
def test_any_text_meets_one_of_four_actions_the_same_every_time(question: str, today: date) -> None:
    context = Context(today, UNITS, UNITS[0])
    got = interpret(question, context)
    assert got.action in ("answer", "clarify", "refuse", "narrow")
    assert got == interpret(question, context)


@settings(max_examples=150, deadline=None)
@given(QUESTIONS)
def test_no_words_reach_another_unit_or_the_future(question: str) -> None:
    got = interpret(question, HERE)
    if isinstance(got, Understood):
        assert got.query.filters.unit in (None, UNITS[0])
        assert got.query.period.start <= TODAY
        assert got.query.period.end - got.query.period.start <= timedelta(days=5 * 366)
        assert len(got.query.groups) <= 2
