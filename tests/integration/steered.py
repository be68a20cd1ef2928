"""A random model made to say a given thing by the means vLLM itself offers.

The words are put into its mouth by constraining what it may write, so that the answer is truly generated, parsed and
sent by vLLM: a tool call whose arguments can only be these, a JSON value that can only be this, one text to choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage


@dataclass(frozen=True, slots=True)
class Says:
    """This text and no call."""

    text: str


@dataclass(frozen=True, slots=True)
class Calls:
    """One call of this tool with exactly these arguments."""

    tool: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Writes:
    """Exactly this JSON value, where a JSON answer is asked for."""

    value: object


@dataclass(frozen=True, slots=True)
class Closes:
    """Whatever is shortest: it must call a tool or answer in JSON, and every text in that is left empty."""


@dataclass(frozen=True, slots=True)
class Rambles:
    """Whatever random weights come to."""


Step = Says | Calls | Writes | Closes | Rambles


class Steered(WrapperModel):
    """The served model, taking one step of the script a request; the last one goes on for ever.

    `closing` is the bias towards the marks that end things, by token. `usages` holds what each answer cost.
    """

    def __init__(self, wrapped: Model, closing: Mapping[str, int], *steps: Step) -> None:
        super().__init__(wrapped)
        self.closing, self.steps, self.usages = dict(closing), list(steps), list[RequestUsage]()

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        settings, asked = _steer(step, self.closing, model_request_parameters)
        answer = await super().request(messages, {**(model_settings or {}), **settings}, asked)
        self.usages.append(answer.usage)
        return answer


def _steer(
    step: Step, closing: dict[str, int], asked: ModelRequestParameters
) -> tuple[ModelSettings, ModelRequestParameters]:
    match step:
        case Says():
            choice = {"structured_outputs": {"choice": [step.text]}}
            return {"tool_choice": "none", "extra_body": choice}, asked
        case Calls():
            return {"tool_choice": "required", "logit_bias": closing}, _only(asked, step)
        case Writes():
            assert asked.output_object is not None
            only = replace(asked.output_object, json_schema={"const": step.value})
            return {"logit_bias": closing}, replace(asked, output_object=only)
        case Closes():
            forced: ModelSettings = {"tool_choice": "required"} if asked.function_tools else {}
            return {**forced, "logit_bias": closing}, asked
        case Rambles():
            return {"max_tokens": 60}, asked


def _only(asked: ModelRequestParameters, call: Calls) -> ModelRequestParameters:
    tool = next(tool for tool in asked.function_tools if tool.name == call.tool)
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {name: {"const": value} for name, value in call.arguments.items()},
        "required": list(call.arguments),
        "additionalProperties": False,
    }
    return replace(asked, function_tools=[replace(tool, parameters_json_schema=shape)])


CLOSING: Sequence[tuple[str, int]] = (
    ('"', 100), ("<|im_end|>", 99), ("</tool_call>", 95), ("{", 93), ("]", 92), ("}", 90), (",", 80), (":", 80),
    ("[", 70),
)  # fmt: skip
"""A text is closed as soon as it may be, then lists and objects; white space and words come last."""
