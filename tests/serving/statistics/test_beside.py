"""A language model reads what the grammar would ask back about, and nothing else."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.profiles import ModelProfile

from handenhet.serving.security.access import Actor
from handenhet.serving.statistics.ask import Asked, understand
from handenhet.serving.statistics.beside import ModelReading
from handenhet.tools.cases import Understood

UNITS = ("Barn och unga", "Vuxen")
CHIEF = Actor("chef", "Chefen", "chef", "Barn och unga")
READING: dict[str, object] = {
    "action": "answer", "measure": "reports", "statistic": "count", "start": "2026-03-01", "end": "2026-03-31",
    "kind": None, "age_band": None, "area": None, "polarity": None, "limit": None, "groups": [], "comparison": "none",
}  # fmt: skip
VAGUE = "Hur gick det i mars?"


@dataclass
class Model:
    """Answers every question with the same text, and remembers being asked."""

    text: str
    asked: int = 0
    lost: list[str] = field(default_factory=list[str])

    def answer(self, messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        self.asked += 1
        return ModelResponse(parts=[TextPart(self.text)])

    def reading(self) -> ModelReading:
        profile = ModelProfile(supports_json_schema_output=True)
        return ModelReading(lambda: FunctionModel(self.answer, profile=profile), self.lost.append)


def asked(question: str) -> Asked:
    return Asked(question, "prov", CHIEF, datetime(2026, 11, 22, 12, tzinfo=UTC))


def test_what_the_grammar_would_ask_back_about_is_read_once_and_kept() -> None:
    model = Model(json.dumps(READING))
    reading = model.reading()
    first, second = (understand(asked(VAGUE), UNITS, reading) for _ in range(2))
    assert isinstance(first, Understood)
    assert first.query.sentence == "Antal orosanmälningar, 2026-03-01 till 2026-03-31."
    assert "språkmodellen" in first.why
    assert (first, model.asked) == (second, 1)


def test_what_is_declined_or_understood_never_reaches_the_model() -> None:
    model = Model(json.dumps(READING))
    for question, action in (
        ("Vilken handläggare är långsammast?", "refuse"),
        ("Anmälningar i enheten Vuxen?", "narrow"),
        ("Hur många pojkar anmäldes i mars?", "clarify"),
        ("Hur många orosanmälningar kom in i år?", "answer"),
    ):
        assert understand(asked(question), UNITS, model.reading()).action == action
    assert model.asked == 0


def test_a_period_ahead_is_narrowed_whoever_read_it() -> None:
    model = Model(json.dumps({**READING, "start": "2027-01-01", "end": "2027-01-31"}))
    assert understand(asked(VAGUE), UNITS, model.reading()).action == "narrow"


def test_parts_that_do_not_fit_are_no_query() -> None:
    model = Model(json.dumps({**READING, "statistic": "median"}))
    assert understand(asked(VAGUE), UNITS, model.reading()).action == "clarify"
    assert model.lost == []


def test_in_trouble_the_grammars_own_answer_stands() -> None:
    model = Model("Det gick bra i mars.")
    assert understand(asked(VAGUE), UNITS, model.reading()) == understand(asked(VAGUE), UNITS)
    assert model.lost == ["UnexpectedModelBehavior"]
