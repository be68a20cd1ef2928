"""The table of language models that may be served, read from `models.yaml`."""

from functools import cache
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ...knowledge.errors import HandenhetError

DEFAULT_CONTEXT = 32_768
"""Tokens. An hour's talk is some 15,000 to 18,000, and the catalogue of factors comes before it."""


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(Shape):
    """How vLLM is told to understand one family's calls and thoughts."""

    tool_call_parser: str
    reasoning_parser: str = ""
    flags: tuple[str, ...] = ()


class Fit(Shape):
    """One precision of the weights and the least graphics memory, in GB, it can be served in."""

    precision: Literal["bf16", "fp8", "mxfp4"]
    vram_gb: Annotated[int, Field(gt=0)]
    by: Literal["recipe", "arithmetic"] = "recipe"
    context: int = DEFAULT_CONTEXT
    flags: tuple[str, ...] = ()


class OpenModel(Shape):
    """`weights` is the name of the weights where they are published; `swedish` a rank, lower is better."""

    name: str
    weights: str
    family: str
    licence: str
    licence_seen: Literal["card", "secondary"]
    source: str
    note: str
    fits: Annotated[tuple[Fit, ...], Field(min_length=1)]
    swedish: float | None = None

    def fit(self, gpu_gb: int) -> Fit | None:
        """The finest precision that a card of this size can serve, or None."""
        return next((fit for fit in self.fits if fit.vram_gb <= gpu_gb), None)


class Table(Shape):
    families: dict[str, Family]
    models: tuple[OpenModel, ...]

    def named(self, name: str) -> OpenModel:
        """By its short name or the name of its weights. Raises HandenhetError with the names there are."""
        for model in self.models:
            if name.casefold() in (model.name.casefold(), model.weights.casefold()):
                return model
        known = ", ".join(model.name for model in self.models)
        raise HandenhetError("there is no such model in the table", where=f"--model {name}", mend=f"one of {known}")

    def fitting(self, gpu_gb: int) -> tuple[OpenModel, ...]:
        """What a card of this size can serve, best Swedish first; those without a rank last."""
        fitting = [model for model in self.models if model.fit(gpu_gb)]
        return tuple(sorted(fitting, key=lambda model: model.swedish if model.swedish is not None else 99.0))


@cache
def table() -> Table:
    file = resources.files(__name__.rpartition(".")[0]).joinpath("models.yaml")
    return TypeAdapter(Table).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
