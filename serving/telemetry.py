"""Traces to a collector on our own network: where time goes, never a word of content. Off by default.

Every instrumentation we tried lets out text by default, and several do with their content switched off (in errors, in
addresses, in the name of a tool a model made up). So what leaves is copied out by a list of what may, piece by piece.
"""

import os
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace.status import Status
from pydantic_ai import Agent, InstrumentationSettings

from ..agent.spans import NAMES
from .settings import Settings

EXPORT_TIMEOUT_S = 3
OPERATIONS = ("invoke_agent", "chat", "execute_tool")
"""pydantic-ai's spans, whose names go on with what a model or a prompt may have written."""
NUMBERS = frozenset(
    (
        "handenhet.utterances",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.aggregated_usage.input_tokens",
        "gen_ai.aggregated_usage.output_tokens",
        "gen_ai.request.max_tokens",
        "gen_ai.request.temperature",
        "server.port",
    )
)
NAMED = frozenset(("gen_ai.operation.name", "gen_ai.request.model", "gen_ai.provider.name", "error.type"))
_NAME = re.compile(r"[\w./:-]{1,80}")
"""A name is one word: no sentence fits."""
_NO_TRACING: dict[str, str] = dict.fromkeys(
    ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"), "false"
)


class AllowList(SpanExporter):
    """Hands on what the lists above let through. Events, links, status texts and resources stay here."""

    def __init__(self, out: SpanExporter) -> None:
        self._out = out

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._out.export([_allowed(span) for span in spans])

    def shutdown(self) -> None:
        self._out.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._out.force_flush(timeout_millis)


def _allowed(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=_name(span.name),
        context=span.context,
        parent=span.parent,
        resource=Resource({"service.name": "handenhet"}),
        attributes=_attributes(span.attributes or {}),
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=InstrumentationScope("handenhet"),
    )


def _name(name: str) -> str:
    if name in NAMES:
        return name
    return next((operation for operation in OPERATIONS if name.split(" ")[0] == operation), "other")


def _attributes(given: Mapping[str, object]) -> dict[str, bool | int | float | str]:
    kept: dict[str, bool | int | float | str] = {}
    for name, value in given.items():
        if (name in NUMBERS and isinstance(value, int | float)) or (
            name in NAMED and isinstance(value, str) and _NAME.fullmatch(value)
        ):
            kept[name] = value
    return kept


@contextmanager
def telemetry(settings: Settings) -> Generator[None]:
    """Trace to the collector for as long as the block lasts; with none set up, see to it that nobody traces.

    LangGraph brings a client that would send whole runs to its maker's cloud if the environment said so.
    """
    os.environ.update(_NO_TRACING)
    if not settings.otlp_traces:
        yield
        return
    provider = TracerProvider(resource=Resource({"service.name": "handenhet"}))
    out = OTLPSpanExporter(endpoint=settings.otlp_traces, timeout=EXPORT_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(AllowList(out)))
    trace.set_tracer_provider(provider)
    # Content is switched off here too: what is never recorded cannot slip through a list.
    Agent.instrument_all(
        InstrumentationSettings(
            tracer_provider=provider,
            include_content=False,
            include_binary_content=False,
            include_model_request_parameters=False,
        )
    )
    try:
        yield
    finally:
        Agent.instrument_all(False)
        provider.shutdown()
