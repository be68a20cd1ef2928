"""The language model where there is one: any OpenAI-compatible server on our own network, vLLM in production.

Retries live in one layer (the agent's, on what the model can mend); the client makes none, and every request has a time
limit. Settings have already refused a host outside the house.
"""

import logging
import time
from dataclasses import dataclass
from types import TracebackType

from openai import AsyncOpenAI, OpenAI, OpenAIError
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.concurrency import ConcurrencyLimitedModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings
from pydantic_ai.providers.vllm import VLLMProvider
from pydantic_ai.settings import ModelSettings

from ..knowledge.errors import HandenhetError
from .settings import Settings

_log = logging.getLogger(__name__)
REQUEST_TIMEOUT_S = 20.0
"""One answer that takes longer is given up; the embedded reader has read the words already."""
MOST_TOKENS = 1_024
"""In one answer: room for a dozen circumstances, and an end to a model that repeats itself."""
AT_ONCE = 16
"""Requests this process has under way together; more wait here and not in the server's queue."""
HEALTH_TIMEOUT_S = 3.0
NO_KEY = "none"
"""vLLM asks for no key unless it was started with one; the client insists on some text."""


def language_model(settings: Settings) -> Model | None:
    """The model by settings, None where none is set up. Raises HandenhetError for half a setting."""
    if not settings.llm_url:
        return None
    if not settings.llm_model:
        raise HandenhetError("llm_url is set and llm_model is not", mend="set HANDENHET_LLM_MODEL to the served name")
    client = AsyncOpenAI(
        base_url=base_url(settings.llm_url),
        api_key=settings.llm_api_key.get_secret_value() or NO_KEY,
        timeout=REQUEST_TIMEOUT_S,
        max_retries=0,
    )
    asked = OpenAIChatModelSettings(
        temperature=0.0,
        max_tokens=MOST_TOKENS,
        extra_body={"chat_template_kwargs": {"enable_thinking": False}},
    )
    served = OpenAIChatModel(settings.llm_model, provider=VLLMProvider(openai_client=client), settings=asked)
    return Seam(served, client)


class Seam(ConcurrencyLimitedModel):
    """The served model, with at most so many requests at once, and one kind of error for whatever a server may send.

    An async context manager: leaving it closes the client's connections.
    """

    def __init__(self, served: Model, client: AsyncOpenAI) -> None:
        super().__init__(served, AT_ONCE)
        self._client = client

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self._client.close()

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        try:
            return await super().request(messages, model_settings, model_request_parameters)
        except (OpenAIError, LookupError, ValueError, TypeError, AttributeError) as error:
            # Where an answer has the wrong shape (no choices at all), the client trips over it in its own ways. The
            # error itself may hold what was said, so only its name goes on.
            raise ModelAPIError(self.model_name, f"unreadable answer: {type(error).__name__}") from None


def say_lost(reason: str) -> None:
    """Note in the server's log that the language model failed; `reason` is an error's name and holds no content."""
    _log.warning("the language model failed (%s); the embedded one goes on", reason)


@dataclass(frozen=True, slots=True)
class Health:
    """How a server answered: the models it serves and after how many milliseconds, or why not."""

    ok: bool
    models: tuple[str, ...] = ()
    after_ms: int = 0
    why: str = ""


def health(url: str, key: str = "", model: str = "") -> Health:
    """Ask the server what it serves. Never raises; `why` says what to look at."""
    began = time.monotonic()
    try:
        with OpenAI(base_url=base_url(url), api_key=key or NO_KEY, timeout=HEALTH_TIMEOUT_S, max_retries=0) as client:
            models = tuple(sorted(served.id for served in client.models.list()))
    except OpenAIError as error:
        return Health(False, why=type(error).__name__)
    after_ms = round((time.monotonic() - began) * 1000)
    if model and model not in models:
        return Health(False, models, after_ms, f"serves {', '.join(models) or 'no model'}, not {model}")
    return Health(True, models, after_ms)


def base_url(url: str) -> str:
    """The address of the API: with `/v1` at its end, whether it was given so or not."""
    trimmed = url.rstrip("/")
    return trimmed if trimmed.endswith("/v1") else f"{trimmed}/v1"
