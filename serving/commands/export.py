"""`handenhet export`: an approved document as a file, with a receipt in the store; a draft only when asked for."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import click

from ...agent.material import law_of
from ...knowledge.corpus import Corpus
from ...knowledge.entries import open_library
from ...knowledge.errors import HandenhetError
from ...knowledge.factors import catalogue
from ...knowledge.lookup import LawLookup
from ..desk import Desk
from ..export.out import SUFFIX, Format
from ..settings import Settings, load
from ..store.facade import Store
from ..store.records import Export
from ..users import load_users


@click.command()
@click.argument("document")
@click.option("--as", "user", required=True, help="Who exports: a user assigned to the case.")
@click.option("--format", "form", type=click.Choice(get_args(Format)), default="docx", show_default=True)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True)
@click.option("--draft", is_flag=True, help="Also a document nobody has approved, marked UTKAST on every page.")
def command(document: str, user: str, form: Format, folder: Path, draft: bool) -> None:
    """Write DOCUMENT (`basis-CASE`, `journal-MEETING`) to a file and keep a receipt."""
    settings = load()
    who = load_users(settings).find(user)
    store = Store.of(settings)
    try:
        desk = _desk(settings, store)
        approved = desk.is_approved(who, document)
        if not approved and not draft:
            raise HandenhetError("nobody has approved this document", where=document, mend="approve it, or use --draft")
        content = desk.export(who, document, form)
        path = folder / f"{document}{'' if approved else '-utkast'}{SUFFIX[form]}"
        _write(path, content)
        if approved:
            kept = store.document(who, document, at=desk.clock())
            id = f"{document}-{form}-{hashlib.sha256(content).hexdigest()[:12]}"
            at = desk.clock()
            receipt = Export(id, document, kept.digest, form, path.name, who.person, at)
            store.save_export(who, receipt, at=at)
        click.echo(str(path))
    finally:
        store.close()


def _desk(settings: Settings, store: Store) -> Desk:
    law = law_of(LawLookup(open_library(Corpus(settings.data_dir / "law"))))
    return Desk(store, catalogue(), law, lambda: datetime.now(UTC), settings.four_eyes, date.today())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise HandenhetError("the file cannot be written", where=f"{path}: {error.strerror}") from None
