"""`handenhet retention run`: what is due for deletion by the rule table, and, when asked for, deleting it."""

import json
import os
import pwd
from datetime import UTC, date, datetime
from typing import Any

import click

from ..security.access import Actor
from ..security.retention import Standing, Table, table
from ..settings import Settings, load
from ..store.destruction import AudioPlan, Plan
from ..store.facade import Store, preview

_STANDING: dict[Standing, str] = {
    "due": "ska gallras",
    "not_yet": "ännu inte",
    "open": "ärendet är öppet",
    "held": "undantaget tills vidare (spärr)",
    "kept_for_good": "bevaras",
    "kept_for_research": "bevaras för forskning",
    "matter_not_set": "ärendets art är inte angiven",
    "no_birth_date": "födelsedatum saknas",
}


@click.group("retention")
def command() -> None:
    """What is due for deletion."""


@command.command("run")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted; change nothing.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--on", "today", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by (dry run only).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def run(dry_run: bool, yes: bool, today: datetime | None, as_json: bool) -> None:
    """Judge every case and recording by the rule table, and delete what is due."""
    if today is not None and not dry_run:
        raise click.UsageError("--on is for --dry-run alone: deletion goes by today's date")
    settings, now = load(), datetime.now(UTC)
    day = now.date() if today is None else today.date()
    rules = table()
    cases, recordings = preview(
        settings.store_url, settings.keys_path, day,
        rules=rules, research_exempt=settings.research_exempt, audio_days=settings.audio_days,
    )  # fmt: skip
    due = [plan for plan in cases if plan.verdict.standing == "due"]
    receipts: list[str] = []
    if not dry_run and (due or recordings):
        if not yes:
            click.confirm(
                f"Gallra {len(due)} ärenden och {len(recordings)} inspelningar för gott?", abort=True, err=True
            )
        receipts = _destroy(settings, due, recordings, day, now, rules)
    if as_json:
        click.echo(json.dumps(_as_json(day, dry_run, cases, recordings, receipts), ensure_ascii=False))
    else:
        _print(dry_run, cases, recordings, receipts)


def _destroy(
    settings: Settings, due: list[Plan], recordings: tuple[AudioPlan, ...], day: date, now: datetime, rules: Table
) -> list[str]:
    name = pwd.getpwuid(os.getuid()).pw_name
    actor = Actor(f"os:{name}", name, "admin")
    store = Store.of(settings)
    try:
        for recording in recordings:
            store.destroy_audio(actor, recording.audio_id, at=now)
        receipts = [
            store.destroy_case(
                actor, plan.case_id, today=day, at=now, rules=rules, research_exempt=settings.research_exempt
            )
            for plan in due
        ]
        if receipts:
            store.rotate_master_key(actor, at=now)
        return receipts
    finally:
        store.close()


def _as_json(
    day: date, dry_run: bool, cases: tuple[Plan, ...], recordings: tuple[AudioPlan, ...], receipts: list[str]
) -> dict[str, Any]:
    return {
        "on": str(day),
        "dry_run": dry_run,
        "cases": [
            {
                "case": plan.case_id,
                "number": plan.number,
                "standing": plan.verdict.standing,
                "rule": plan.verdict.rule,
                "source": plan.verdict.source,
                "due": plan.verdict.due and str(plan.verdict.due),
                "latest": plan.verdict.latest and str(plan.verdict.latest),
            }
            for plan in cases
        ],
        "recordings": [
            {"recording": plan.audio_id, "meeting": plan.meeting_id, "due": str(plan.due)} for plan in recordings
        ],
        "receipts": [json.loads(receipt) for receipt in receipts],
    }


def _print(dry_run: bool, cases: tuple[Plan, ...], recordings: tuple[AudioPlan, ...], receipts: list[str]) -> None:
    for plan in cases:
        when = f" från {plan.verdict.due}, senast {plan.verdict.latest}" if plan.verdict.due else ""
        source = f" ({plan.verdict.source})" if plan.verdict.source else ""
        click.echo(f"{plan.number}: {_STANDING[plan.verdict.standing]}{when}{source}")
    for recording in recordings:
        click.echo(f"inspelning {recording.audio_id}: ska raderas sedan {recording.due}")
    due = sum(plan.verdict.standing == "due" for plan in cases)
    click.echo(f"{due} av {len(cases)} ärenden och {len(recordings)} inspelningar är mogna för gallring.")
    if dry_run:
        click.echo("Provkörning: inget är ändrat.")
    elif receipts:
        click.echo(
            f"{len(receipts)} ärenden är gallrade. Huvudnyckeln är bytt: säkerhetskopiera den nya nyckelfilen nu."
        )
