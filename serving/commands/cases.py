"""`handenhet cases ask`: a supervisor's question about past cases, in plain Swedish."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click

from ...knowledge.errors import HandenhetError
from ...tools.cases import CaseQuery
from ..security.access import Actor
from ..settings import load
from ..statistics.ask import Asked, answered, questions_beside
from ..store.facade import Store
from ..users import Users, load_users


@click.group("cases")
def command() -> None:
    """Ask about past cases in plain Swedish (supervisors)."""


@command.command("ask")
@click.argument("question", required=False)
@click.option("--as", "user", help="Who asks: a user's id.")
@click.option("--reason", help="Why; it is kept in the log.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Lines of {id, question, as?, reason?, session?}.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def ask(question: str | None, user: str | None, reason: str | None, batch: Path | None, as_json: bool) -> None:
    """Process figures of the asker's own unit: counts, times, shares. Never a person, a ranking or a forecast.

    Before any users are set up, the answers are about made-up cases and say so.
    """
    settings = load()
    users = load_users(settings)
    store, beside = Store.of(settings), questions_beside(settings)
    try:
        now = datetime.now(UTC)
        if batch is not None:
            before: dict[str, CaseQuery] = {}
            for line in _lines(batch):
                who, note = _who(str(line.get("as") or user or ""), users, settings.units)
                talk = f"{who.id}/{line.get('session')}" if line.get("session") else ""
                why = str(line.get("reason") or reason or "")
                asked = Asked(str(line.get("question", "")), why, who, now, before.get(talk))
                told = answered(store, asked, settings.units, beside)
                if talk and told["action"] == "answer":
                    before[talk] = CaseQuery.model_validate(told["query"])
                click.echo(json.dumps({"id": line.get("id"), **_noted(told, note)}, ensure_ascii=False))
            return
        who, note = _who(user or "", users, settings.units)
        asked = Asked(question or "", reason or "", who, now)
        told = _noted(answered(store, asked, settings.units, beside), note)
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else _page(told))
    finally:
        store.close()


def _who(id: str, users: Users, units: tuple[str, ...]) -> tuple[Actor, str]:
    """The asker. Where nobody is set up, an unknown name tries things out as the first unit's chef."""
    if not id:
        raise HandenhetError("who asks is needed", mend="--as USER")
    if users.demonstration and id not in users.people:
        return Actor(id, id, "chef", units[0]), f"Ingen användare är upplagd; {id} får prova som chef för {units[0]}."
    return users.find(id), ""


def _noted(told: dict[str, Any], note: str) -> dict[str, Any]:
    return {**told, "why": " ".join(part for part in (told["why"], note) if part)}


def _lines(batch: Path) -> Iterator[dict[str, Any]]:
    try:
        text = batch.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise HandenhetError("the questions cannot be read", where=str(batch)) from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found: object = json.loads(line)
            except json.JSONDecodeError:
                found = None
            if not isinstance(found, dict) or not cast(dict[str, object], found).get("question"):
                where = f"{batch}, line {number}"
                raise HandenhetError("this is not a question", where=where, mend='{"id": "1", "question": "..."}')
            yield cast(dict[str, Any], found)


def _page(told: dict[str, Any]) -> str:
    parts = [told["sentence"] or ""]
    result = told["result"]
    if result:
        parts.append(_figure(result["value"], result["unit"]))
        parts += [
            "  " + "  ".join(str(value) if value is not None else "visas inte" for value in row.values())
            for row in result.get("rows", [])
        ]
        if "compared" in result:
            compared = result["compared"]
            parts.append(f"{compared['period']}: {_figure(compared['value'], result['unit'])}")
        parts += result["notes"]
    parts += [told["why"], *told["choices"]]
    if told["data"] == "demonstration":
        parts.append("Siffrorna gäller påhittade ärenden (provdata).")
    return "\n".join(part for part in parts if part)


def _figure(value: float | None, unit: str) -> str:
    return "visas inte (för få)" if value is None else f"{value} {unit}"
