"""The command line `handenhet`: finds the command's module and runs it. Nothing heavy is imported here."""

import importlib
import sys
from typing import Any

import click

from ..knowledge.errors import HandenhetError

COMMANDS = {
    "audit": "Verify the audit chain.",
    "cases": "Ask about past cases in plain Swedish (supervisors).",
    "deadlines": "Statutory time limits and due dates, with the section behind each.",
    "demo": "The whole main job on the sample meeting, from audio to decision basis.",
    "dictate": "One speaker's dictation to text, kept as a journal draft if asked.",
    "doctor": "What works on this machine, and what is missing.",
    "eval": "The eval suites, as one table.",
    "export": "Export approved documents.",
    "llm": "Language models by graphics card, and vLLM started for one.",
    "law": "Find, list, import and compare statutes by date.",
    "models": "Speech models: list, fetch, verify.",
    "read": "Read transcripts: risk and protective factors with quotes.",
    "rehear": "Hear a meeting's kept sound again; differences become suggestions.",
    "retention": "What is due for deletion.",
    "serve": "The hand-held page, the screens and the API.",
    "transcribe": "Audio files through the hand-held's streaming path.",
}
"""Every command and its help; `serving/commands/<name>.py` holds a click command named `command`."""


class LazyGroup(click.Group):
    """Imports a command's module only when it is called, so that `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f".commands.{cmd_name}", __package__)
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handenhet")
def cli() -> None:
    """Handenhet: from a spoken meeting to a decision basis that a person approves. It never decides."""


def main(argv: list[str] | None = None) -> Any:
    """Run one command. Exit 0 ok, 2 bad input with one clear line on stderr."""
    try:
        return cli.main(args=argv, prog_name="handenhet", standalone_mode=True)
    except HandenhetError as error:
        click.echo(f"handenhet: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
