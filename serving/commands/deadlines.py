"""`handenhet deadlines`: due dates from what happened, each with its section and the reason for the day."""

import json

import click

from ...knowledge.calendar import events
from ...knowledge.errors import HandenhetError
from ...tools.deadlines import deadlines, event_of, told


@click.command()
@click.option("--event", "given", multiple=True, help="What happened and when: anmalan=2026-11-20. May be repeated.")
@click.option("--list", "listed", is_flag=True, help="The events there are.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def command(given: tuple[str, ...], listed: bool, as_json: bool) -> None:
    """Statutory time limits and due dates, with the section behind each."""
    if listed:
        click.echo(json.dumps(events(), ensure_ascii=False, indent=1) if as_json else _listing())
        return
    if not given:
        raise HandenhetError("no event is given", mend="handenhet deadlines --event anmalan=2026-11-20 (all: --list)")
    rows = [told(due) for due in deadlines(event_of(text) for text in given)]
    if as_json:
        click.echo(json.dumps({"deadlines": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        when = "genast" if row["at_once"] else row["due"]
        click.echo(f"{when}  {row['what']}  ({row['short']} {row['section']}, {row['sfs']})")
        click.echo(f"    varför: {row['why']}")
        for key, name in (("extension", "förlängning"), ("consequence", "följd")):
            if row[key]:
                click.echo(f"    {name}: {row[key]}")
    if not rows:
        click.echo("Ingen tidsgräns i kraft då börjar löpa av det som angavs.")


def _listing() -> str:
    return "\n".join(f"{key:38} {what}" for key, what in events().items())
