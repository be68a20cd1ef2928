"""How vLLM is started for us: the command line and the environment. Nothing here starts anything or knows settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from .models import Family

STRUCTURED = json.dumps({"backend": "xgrammar", "disable_any_whitespace": True}, separators=(",", ":"))
"""Without the second part a weak model may write white space until it runs out of tokens."""
PROGRAM = ("vllm",)


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, where, and with how much room.

    `weights` is a folder or a published name; `name` is what clients ask for. It keeps the family's name in front,
    since clients tell by it how the model wants to be asked.
    """

    name: str
    weights: str
    family: Family
    context: int
    """Tokens of prompt and answer together."""
    host: str = "127.0.0.1"
    port: int = 8000
    flags: tuple[str, ...] = ()
    otlp: str = ""
    """Where vLLM sends its traces (`http://HOST:4318/v1/traces`): counts and times, never words. Empty: nowhere."""


def command(served: Served, program: tuple[str, ...] = PROGRAM) -> list[str]:
    """The whole command line. The key that clients show is no part of it: command lines are seen by everybody."""
    reasoning = ["--reasoning-parser", served.family.reasoning_parser] if served.family.reasoning_parser else []
    traces = ["--otlp-traces-endpoint", served.otlp] if served.otlp else []
    return [
        *program, "serve", served.weights,
        "--served-model-name", served.name,
        "--host", served.host,
        "--port", str(served.port),
        "--max-model-len", str(served.context),
        "--enable-prefix-caching",
        "--enable-prompt-tokens-details",
        "--enable-auto-tool-choice",
        "--tool-call-parser", served.family.tool_call_parser,
        # Without it, vLLM holds a call's arguments to their schema only where the client asks tool by tool.
        "--tool-strict-level", "parameter",
        "--structured-outputs-config", STRUCTURED,
        # The model's own sampling defaults would win over what we leave out.
        "--generation-config", "vllm",
        "--disable-uvicorn-access-log",
        *reasoning, *traces, *served.family.flags, *served.flags,
    ]  # fmt: skip


def environment(key: str = "", *, otlp: str = "", download: bool = False) -> Mapping[str, str]:
    """What is set beside the machine's own environment: nothing is sent home, nothing fetched unless `download`."""
    quiet = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    offline = {} if download else {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    traces = {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf", "OTEL_SERVICE_NAME": "vllm"} if otlp else {}
    return {**quiet, **offline, **traces, **({"VLLM_API_KEY": key} if key else {})}
