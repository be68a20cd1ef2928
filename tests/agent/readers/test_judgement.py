"""How candidates become findings: what counts as told again, which area is meant, how far danger colours a line."""

from handenhet.agent.readers.alarm import heat
from handenhet.agent.readers.clauses import Clause
from handenhet.agent.readers.judgement import Answers, Candidate, distinct, is_of_others
from handenhet.agent.readers.lines import Line, lines
from handenhet.agent.readers.reaction import ALARMED, CALM
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text

THRESHOLDS = {"risk": -1.0, "protective": -1.0, "second": 1.0, "repeat": 1.5}


def said(*texts: str) -> list[Line]:
    transcript = Transcript(tuple(utterance_of_text(f"u{i}", i, "B", text) for i, text in enumerate(texts)))
    return list(lines(Meeting("m", "barnsamtal", 9, (Participant("B", "barn"),)), transcript, catalogue()))


def candidate(line: Line, factor: str, logit: float) -> Candidate:
    return Candidate(line, "risk", logit, Clause(0, len(line.raw)), factor)


def test_the_clearest_of_one_factor_stands_and_the_rest_is_taken_for_repetition() -> None:
    one, two, three = said("Kylen är tom.", "Det fanns ingen mat.", "Han skrek.")
    found = [
        candidate(one, "F-OMS-R1", -0.6),
        candidate(two, "F-OMS-R1", -0.2),
        candidate(three, "F-SAK-R2", -0.9),
    ]
    assert [kept.line.utterance.index for kept in distinct(found, THRESHOLDS)] == [1, 2]


def test_a_second_one_of_a_factor_stands_where_it_is_plain_by_itself() -> None:
    one, two = said("Kylen är tom.", "Jag har inga vinterskor.")
    found = [candidate(one, "F-OMS-R1", 1.2), candidate(two, "F-OMS-R1", 0.9)]
    assert len(distinct(found, THRESHOLDS)) == 2


def test_two_middling_factors_of_an_area_outweigh_one_a_little_better_elsewhere() -> None:
    told = Answers((0.0, 0.0), (), {"F-SAK-R1": 1.0, "F-SAK-R2": 0.9, "B-HAL-R1": 1.1, "F-OMS-S1": 3.0})
    assert told.likeliest("risk") == "F-SAK-R1"
    assert told.likely("risk")[0] == "B-HAL-R1"


def test_danger_just_before_warms_a_line_and_nothing_said_leaves_it_cold() -> None:
    (line,) = said("Hon ringde i går.")
    assert heat(line, None, []) == (CALM, CALM, CALM, CALM)
    assert heat(line, 1.0, [-2.0, 0.5, -1.0]) == (1.0, 0.5, CALM, CALM)
    assert heat(line, 9.0, [0.5, *[-4.0] * 8]) == (ALARMED, -4.0, CALM, CALM)


def test_yes_to_a_dangerous_question_is_not_heard_as_no() -> None:
    yes, no = said("Ja, ibland.", "Nej, inte så.")
    assert heat(yes, 2.0, []) == (2.0, CALM, 2.0, CALM)
    assert heat(no, 2.0, []) == (CALM, CALM, CALM, 2.0)


def test_a_friends_parent_is_another_family_unless_one_speaks_of_oneself_too() -> None:
    hers, mine, ours = said(
        "Tilde i min klass, hennes pappa dricker.", "Min kompis mamma hämtar mig.", "Hennes pappa är min pappa."
    )
    assert [is_of_others(line) for line in (hers, mine, ours)] == [True, False, False]
