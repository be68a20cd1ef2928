"""`handenhet rehear`: hear a meeting's kept sound again; what is heard otherwise becomes suggestions, never words."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from pydantic import TypeAdapter

from ..asr.twice import FinalRecognizer
from ..rehearing import Rehearing, Suggestion
from ..settings import Settings, load
from ..store.facade import Store
from ..users import load_users

SIGN = {"negation": "NEKANDE", "number": "TAL", "name": "NAMN", "other": ""}


@click.command()
@click.argument("meeting")
@click.option("--as", "user", required=True, help="Who asks: a user assigned to the case.")
@click.option("--json", "as_json", is_flag=True, help="The suggestions as a JSON list.")
def command(meeting: str, user: str, as_json: bool) -> None:
    """Hear MEETING's kept sound again with the final model (HANDENHET_ASR_FINAL_MODEL), else the embedded one.

    Only where sound is kept by decision (HANDENHET_AUDIO_MODE=bevarad). The words as they stand are not changed:
    differences are kept as suggestions, which a person takes or dismisses.
    """
    settings = load()
    who = load_users(settings).find(user)
    store = Store.of(settings)
    try:
        rehearing = Rehearing(store, lambda: datetime.now(UTC))
        progress = _on_terminal if sys.stderr.isatty() else _silent
        model = settings.asr_final_model or "embedded"
        found = rehearing.hear(who, meeting, lambda: final(settings), model, progress)
    finally:
        store.close()
    if as_json:
        click.echo(TypeAdapter(tuple[Suggestion, ...]).dump_json(found).decode())
        return
    for line in lines(found):
        click.echo(line)


def lines(found: Sequence[Suggestion]) -> list[str]:
    """What waits for an answer, the gravest first, and a count."""
    waiting = [one for one in found if one.answer is None]
    told = [
        f"{one.utterance:6}{SIGN[one.kind]:9}{one.stored} → {one.heard or '(inget)'}"
        + (f"  {round(100 * one.confidence)} %" if one.confidence is not None else "")
        for one in waiting
    ]
    grave = sum(one.kind != "other" for one in waiting)
    return [*told, f"{len(waiting)} förslag, varav {grave} om nekande ord, tal eller namn. Orden är oförändrade."]


def final(settings: Settings) -> FinalRecognizer:
    """The model that hears again."""
    # The command's help and its errors must not wait for NeMo.
    from ..asr.chosen import final_model

    return final_model(settings)


def _silent(heard: int, of: int) -> None:
    pass


def _on_terminal(heard: int, of: int) -> None:
    click.echo(f"\r\033[K{heard} av {of} yttranden" + ("\n" if heard == of else ""), err=True, nl=False)
