"""`handenhet audit verify`: is the audit log whole? Exit 0 if it is, 1 if it is broken."""

import json
import sys
from dataclasses import asdict

import click

from ..security.audit import Why
from ..settings import load
from ..store.facade import verify

_WHY: dict[Why, str] = {
    "entry_missing": "en post saknas här",
    "entry_changed": "posten är ändrad, flyttad eller skriven utan nyckeln",
    "shorter_than_anchor": "loggens slut saknas, eller så är det en annan logg än ankaret minns",
    "anchor_missing": "ankarfilen saknas, så loggens slut kan inte bekräftas",
    "anchor_changed": "ankarfilen är ändrad eller hör till ett annat lager",
}


@click.group("audit")
def command() -> None:
    """Verify the audit chain."""


@command.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a line.")
def verify_command(as_json: bool) -> None:
    """Walk the whole audit chain and compare its end with the anchors. Writes nothing."""
    settings = load()
    report = verify(settings.store_url, settings.keys_path, settings.anchors)
    if as_json:
        click.echo(json.dumps({"ok": report.ok, **asdict(report)}))
    elif report.ok:
        click.echo(f"Loggen är hel: {report.entries} poster.")
    else:
        click.echo(f"Loggen är bruten vid post {report.first_broken}: {_WHY[report.why]}.")
    sys.exit(0 if report.ok else 1)
