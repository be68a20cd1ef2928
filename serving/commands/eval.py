"""`handenhet eval`: the eval suites, each in a process of its own, so that one suite's memory is not another's."""

import importlib.util
import subprocess
import sys

import click

from ...knowledge.errors import HandenhetError

SUITES = {
    "reading": "risk and protective factors with quotes, sealed meetings",
    "retrieval": "the law found by questions, sealed questions",
    "basis": "the review of drafts on planted errors",
    "child": "the child's version by age band",
    "questions": "supervisors' questions understood",
    "refusal": "questions the chat declines, and ordinary ones it answers",
    "asr": "words from speech (needs the asr extra)",
    "bench_pipeline": "speed and memory of the whole chain",
}
"""By module name under `handenhet.evals`; the evals room lies above this one, so it is started, never imported."""


@click.command()
@click.argument("suites", nargs=-1)
def command(suites: tuple[str, ...]) -> None:
    """The eval suites, one table after another. Without names every suite but the benchmarks is run."""
    unknown = [suite for suite in suites if suite not in SUITES]
    if unknown:
        raise HandenhetError(f"there is no suite {unknown[0]}", mend="known: " + ", ".join(SUITES))
    chosen = suites or tuple(suite for suite in SUITES if not suite.startswith("bench"))
    failed = [suite for suite in chosen if _run(suite) != 0]
    if failed:
        raise HandenhetError("a suite did not run to its end", where=", ".join(failed))


def _run(suite: str) -> int:
    module = f"handenhet.evals.{suite}"
    if importlib.util.find_spec(module) is None:
        raise HandenhetError(f"the suite {suite} is not installed", mend="run from a clone of the repository")
    click.echo(f"\n== {suite}: {SUITES[suite]}")
    return subprocess.run([sys.executable, "-m", module], check=False).returncode
