"""`handenhet law`: ask, import, list and compare statutes by date."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import click

from ...knowledge.corpus import ActVersion, Corpus, diff
from ...knowledge.errors import HandenhetError
from ...knowledge.index import Answer, Hit, Query
from ..law import corpus_in, open_law
from ..settings import load

_SFS = re.compile(r"(?:SFS\s*)?(\d{4}:\d{1,5})", re.IGNORECASE)
_OPEN_DATA = "https://data.riksdagen.se/dokument/sfs-{}.json"
_SECONDS = 30
_OLD_AFTER_DAYS = 180
_SUBCOMMANDS = ("import", "list", "diff")


class _LawGroup(click.Group):
    """`law WORDS` is a question unless the first word is a subcommand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in _SUBCOMMANDS and args[0] not in ("-h", "--help"):
            args = ["ask", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_LawGroup, invoke_without_command=False)
def command() -> None:
    """Find, list, import and compare statutes by date.

    Ask with `handenhet law "hur lång tid får en utredning ta"`, or cite: `handenhet law "LVU 6 §"`.
    """


_data_dir = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where acts are kept; default from settings."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@command.command(name="ask", hidden=True)
@click.argument("question", required=False)
@click.option(
    "--batch", type=click.Path(path_type=Path, dir_okay=False), help="Lines of {id, query}; answers {id, results}."
)
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The case's date; default today.")
@click.option("--top", type=int, default=10, show_default=True, help="How many hits.")
@click.option("--act", "acts", multiple=True, help="Only this SFS number; may be repeated.")
@_as_json
@_data_dir
def ask(
    question: str | None,
    batch: Path | None,
    on: datetime | None,
    top: int,
    acts: tuple[str, ...],
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Ask in words, or cite a section."""
    day = on.date() if on else date.today()
    if (question is None) == (batch is None):
        raise HandenhetError("give one question, or --batch FILE", mend='handenhet law "LVU 6 §"')
    asked = list(_queries(batch, day, top, acts)) if batch else []
    single = Query(question, day, acts, top) if question is not None else None
    lookup = open_law(load(), _tell, data_dir)
    for id, query in asked:
        answer = lookup.search(query)
        click.echo(json.dumps({"id": id, **_told(answer, query)}, ensure_ascii=False))
    if single is not None:
        answer = lookup.search(single)
        click.echo(
            json.dumps(_told(answer, single), ensure_ascii=False, indent=1) if as_json else _page(answer, single)
        )


def _queries(batch: Path, day: date, top: int, acts: tuple[str, ...]) -> Iterator[tuple[object, Query]]:
    try:
        lines = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise HandenhetError("the batch file cannot be read as UTF-8", where=str(batch)) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{batch} line {number}"
        try:
            row = cast(dict[str, Any], json.loads(line))
            text, id = row["query"], row["id"]
        except (json.JSONDecodeError, KeyError, TypeError):
            raise HandenhetError("expected {id, query}", where=where, mend="one JSON object a line") from None
        if not isinstance(text, str):
            raise HandenhetError("the query must be a text", where=where)
        try:
            yield id, Query(text, day, acts, top)
        except HandenhetError as error:
            raise HandenhetError(error.what, where=where, mend=error.mend) from None


def _told(answer: Answer, query: Query) -> dict[str, object]:
    return {
        "date": query.on.isoformat(),
        "results": [_result(hit, query.on) for hit in answer.hits],
        "notices": list(answer.notices),
    }


def _result(hit: Hit, on: date) -> dict[str, object]:
    provision = hit.provision
    return {
        "sfs": provision.sfs,
        "section": provision.section,
        "title": provision.title,
        "text": provision.text,
        "in_force": provision.in_force(on),
        "score": hit.score,
        "act": provision.act,
        "short": provision.short,
        "origin": provision.origin,
        "in_force_from": provision.in_force_from.isoformat() if provision.in_force_from else None,
        "in_force_to": provision.in_force_to.isoformat() if provision.in_force_to else None,
        "amended_by": provision.amended_by,
        "way": hit.way,
        "note": hit.note,
    }


_ORIGINS = {"statute": "lagtext", "guidance": "vår egen not, inte lagtext", "guideline": "kommunens riktlinje"}


def _page(answer: Answer, query: Query) -> str:
    lines = [f"Obs: {notice}" for notice in answer.notices]
    if not answer.hits:
        lines.append("Inget funnet i det som är inläst.")
    for number, hit in enumerate(answer.hits, 1):
        provision = hit.provision
        held = f"gäller från {provision.in_force_from.isoformat()}" if provision.in_force_from else "i kraft"
        changed = f", ändrad genom SFS {provision.amended_by}" if provision.amended_by else ""
        lines += ["", f"{number}. {provision.label} ({provision.sfs})  {provision.title}"]
        lines.append(f"   [{_ORIGINS[provision.origin]}; {held}{changed}; visad för {query.on.isoformat()}]")
        lines += ["   " + line for line in provision.text.splitlines()]
        if hit.note:
            lines.append(f"   Not: {hit.note}")
    return "\n".join(lines)


@command.command(name="import")
@click.argument("what")
@click.option("--guideline", is_flag=True, help="The municipality's own guideline rather than a statute.")
@_data_dir
def import_(what: str, guideline: bool, data_dir: Path | None) -> None:
    """Import a file, a folder, or an act by SFS number from Riksdagen's open data (needs a network)."""
    corpus = corpus_of(data_dir)
    today = date.today()
    path = Path(what).expanduser()
    number = _SFS.fullmatch(what.strip())
    if number and not path.exists():
        _add(corpus, lambda: _fetched(number[1], today))
        return
    if not path.exists():
        raise HandenhetError("no such file, folder or SFS number", where=what, mend="handenhet law import 2025:400")
    if path.is_file():
        _add(corpus, lambda: _read(path, guideline, today))
        return
    _import_folder(corpus, path, guideline, today)


def _import_folder(corpus: Corpus, folder: Path, guideline: bool, today: date) -> None:
    from ...knowledge.guidelines import SUFFIXES as GUIDELINES
    from ...knowledge.statutes.reader import SUFFIXES as STATUTES

    wanted = GUIDELINES if guideline else STATUTES
    files = sorted(
        f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in wanted and f.stem.lower() != "readme"
    )
    if not files:
        raise HandenhetError(
            "the folder holds no statutes", where=str(folder), mend="expected " + ", ".join(sorted(wanted))
        )
    done = 0
    for file in files:
        try:
            _add(corpus, lambda file=file: _read(file, guideline, today))
            done += 1
        except HandenhetError as error:
            click.echo(f"hoppas över: {error}", err=True)
    if not done:
        raise HandenhetError("nothing in the folder could be imported", where=str(folder))


def _read(path: Path, guideline: bool, today: date) -> Any:
    if guideline or path.suffix.lower() in (".docx", ".pdf"):
        from ...knowledge.guidelines import read_guideline

        return read_guideline(path, imported=today)
    from ...knowledge.statutes.reader import read_file

    return read_file(path, imported=today)


def _add(corpus: Corpus, read: Callable[[], Any]) -> None:
    version = corpus.add(read())
    through = f", ändrad t.o.m. SFS {version.amended_through}" if version.amended_through else ""
    click.echo(f"{version.short} ({version.sfs}): {version.sections} paragrafer{through}")
    for notice in version.notices:
        click.echo(f"  obs: {notice}")


def _fetched(sfs: str, today: date) -> Any:
    import urllib.error
    import urllib.request

    from ...knowledge.statutes.reader import decode, read

    address = _OPEN_DATA.format(sfs.replace(":", "-"))
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as response:
            content: bytes = response.read()
    except urllib.error.HTTPError as error:
        raise HandenhetError(
            f"Riksdagen's open data answered {error.code} for SFS {sfs}", mend="check the number"
        ) from None
    except (urllib.error.URLError, TimeoutError, OSError):
        raise HandenhetError(
            f"SFS {sfs} cannot be fetched: no network",
            where="data.riksdagen.se",
            mend="fetch the file on another machine and run handenhet law import FILE",
        ) from None
    return read(decode(content, sfs), name=address, imported=today)


@command.command(name="list")
@_as_json
@_data_dir
def list_(as_json: bool, data_dir: Path | None) -> None:
    """The acts that are loaded: sections, in force, amended through, age of the copy."""
    versions = corpus_of(data_dir).versions()
    today = date.today()
    if as_json:
        click.echo(json.dumps({"acts": [_row(version, today) for version in versions]}, ensure_ascii=False, indent=1))
        return
    if not versions:
        click.echo(
            "Ingen lag är inläst; svaren bygger på våra egna noter. Läs in med: handenhet law import PATH_ELLER_SFS"
        )
    for v in versions:
        since = v.in_force_from.isoformat() if v.in_force_from else "okänt"
        old = "  (gammal kopia: hämta ny)" if v.age_days(today) > _OLD_AFTER_DAYS else ""
        click.echo(
            f"{v.short:12} {v.sfs:10} {v.sections:4} §§  i kraft {since}  t.o.m. SFS {v.amended_through or '-'}  "
            f"kopia {v.age_days(today)} dagar{old}  {v.title}"
        )


def _row(version: ActVersion, today: date) -> dict[str, object]:
    return {
        "sfs": version.sfs,
        "short": version.short,
        "title": version.title,
        "sections": version.sections,
        "in_force_from": version.in_force_from.isoformat() if version.in_force_from else None,
        "amended_through": version.amended_through,
        "copied": version.copied.isoformat() if version.copied else None,
        "imported": version.imported.isoformat(),
        "age_days": version.age_days(today),
        "digest": version.digest,
        "source": version.source,
        "notices": list(version.notices),
    }


@command.command(name="diff")
@click.argument("old")
@click.argument("new")
@_data_dir
def diff_(old: str, new: str, data_dir: Path | None) -> None:
    """What differs between two copies: `SFS@amended-through`, a digest's start, or a file."""
    corpus = corpus_of(data_dir)
    before, after = (_provisions(corpus, which) for which in (old, new))
    click.echo("\n".join(diff(before, after)) or "Ingen skillnad.")


def _provisions(corpus: Corpus, which: str) -> tuple[Any, ...]:
    path = Path(which).expanduser()
    if path.is_file():
        return _read(path, False, date.today()).provisions
    return corpus.read(corpus.act(which))


def corpus_of(data_dir: Path | None) -> Corpus:
    """The corpus under the data folder given, else under the settings' one."""
    return corpus_in(data_dir or load().data_dir)


def _tell(message: str) -> None:
    click.echo(message, err=True)
