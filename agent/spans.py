"""Names of what is traced, as constants: where time goes, never what was said. Not set up, they cost nothing.

Whatever is added here must be safe to read for the person who runs the servers: `serving/telemetry.py` lets out these
names and numbers and nothing else.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal, get_args

from opentelemetry import trace

SpanName = Literal["read", "read beside", "chat with case", "read question", "rewrite for child", "reword sentence"]
NAMES: tuple[SpanName, ...] = get_args(SpanName)
_tracer = trace.get_tracer("handenhet")


@contextmanager
def span(name: SpanName, **counts: int) -> Generator[None]:
    """Time what is done inside, with `handenhet.<count>` as its attributes.

    An error is not written into it: its text may hold what somebody said.
    """
    attributes = {f"handenhet.{key}": value for key, value in counts.items()}
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ):
        yield
