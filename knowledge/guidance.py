"""Our own notes on the provisions case work meets, with the questions people ask when they need them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, cast, get_args

import yaml

from .acts import known_acts
from .errors import HandenhetError
from .provisions import Provision
from .statutes.blocks import SECTION, section_label

LimitUnit = Literal["hours", "days", "weeks", "months", "years"]
_NOTE_KEYS = {"section", "title", "note", "terms", "limits", "related", "questions"}
_LIMIT_KEYS = {"what", "amount", "unit", "from", "extension"}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit the section sets, as data: `amount` of `unit` counted from the event `start`."""

    what: str
    amount: int
    unit: LimitUnit
    start: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a section says and when it matters, in our own words; never the statute's text.

    `questions` are ways people ask for the section; `where` names the file and line it was read from.
    """

    sfs: str
    act: str
    short: str
    section: str
    title: str
    text: str
    terms: tuple[str, ...]
    questions: tuple[str, ...]
    limits: tuple[Limit, ...] = ()
    related: tuple[str, ...] = ()
    where: str = ""

    def as_provision(self) -> Provision:
        """The note as something to show and cite when the statute's text is not loaded."""
        act = known_acts().get(self.sfs)
        return Provision(
            sfs=self.sfs,
            section=self.section,
            title=self.title,
            text=self.text,
            origin="guidance",
            act=self.act,
            short=self.short,
            in_force_from=act.since if act else None,
            in_force_to=act.to if act else None,
            source="handenhet guidance",
        )


def notes_of(text: str, *, name: str) -> Iterator[Note]:
    """The notes of one YAML file.

    Raises HandenhetError naming file and line for a missing or unknown key, a misspelt section, a bad limit or a
    section that stands twice.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)  # pyright: ignore[reportUnknownMemberType]
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise HandenhetError("the note file is not YAML", where=f"{name} line {line}") from None
    head = _mapping(root, name, {"sfs", "act", "short", "notes"})
    sfs, act, short = (_scalar(head[key], name) for key in ("sfs", "act", "short"))
    seen: set[str] = set()
    for node in _items(head["notes"], name):
        note = _note(node, name, sfs, act, short)
        if note.section in seen:
            raise HandenhetError(f"{note.section} stands twice", where=note.where, mend="keep one note per section")
        seen.add(note.section)
        yield note


def _note(node: yaml.Node, name: str, sfs: str, act: str, short: str) -> Note:
    fields = _mapping(node, name, {"section", "title", "note", "questions"}, _NOTE_KEYS)
    where = f"{name} line {node.start_mark.line + 1}"
    section = _scalar(fields["section"], name)
    found = SECTION.fullmatch(section)
    if found is None or section_label(found["number"], found["chapter"] or "") != section:
        raise HandenhetError(f"section {section!r} is misspelt", where=where, mend="write `2 §` or `20 kap. 2 a §`")
    return Note(
        sfs=sfs,
        act=act,
        short=short,
        section=section,
        title=_scalar(fields["title"], name),
        text=" ".join(_scalar(fields["note"], name).split()),
        terms=_strings(fields.get("terms"), name),
        questions=_strings(fields["questions"], name),
        limits=tuple(_limit(item, name) for item in _items(fields.get("limits"), name)),
        related=_strings(fields.get("related"), name),
        where=where,
    )


def _limit(node: yaml.Node, name: str) -> Limit:
    fields = _mapping(node, name, {"what", "amount", "unit", "from"}, _LIMIT_KEYS)
    amount, unit = _scalar(fields["amount"], name), _scalar(fields["unit"], name)
    if not amount.isdigit() or unit not in get_args(LimitUnit):
        raise HandenhetError(
            f"the limit {amount} {unit} cannot be counted",
            where=f"{name} line {node.start_mark.line + 1}",
            mend="amount is a whole number, unit one of " + ", ".join(get_args(LimitUnit)),
        )
    extension = _scalar(fields["extension"], name) if "extension" in fields else ""
    return Limit(
        _scalar(fields["what"], name), int(amount), cast(LimitUnit, unit), _scalar(fields["from"], name), extension
    )


def _mapping(
    node: yaml.Node | None, name: str, needed: set[str], allowed: set[str] | None = None
) -> dict[str, yaml.Node]:
    line = node.start_mark.line + 1 if node is not None else 1
    if not isinstance(node, yaml.MappingNode):
        raise HandenhetError("expected keys and values", where=f"{name} line {line}")
    pairs = cast(list[tuple[yaml.Node, yaml.Node]], node.value)
    fields = {str(key.value): value for key, value in pairs}
    if missing := sorted(needed - fields.keys()):
        raise HandenhetError(f"missing {', '.join(missing)}", where=f"{name} line {line}")
    if allowed is not None and (unknown := sorted(fields.keys() - allowed)):
        raise HandenhetError(
            f"unknown {', '.join(unknown)}", where=f"{name} line {line}", mend="see docs on guidance notes"
        )
    return fields


def _items(node: yaml.Node | None, name: str) -> list[yaml.Node]:
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise HandenhetError("expected a list", where=f"{name} line {node.start_mark.line + 1}")
    return cast(list[yaml.Node], node.value)


def _strings(node: yaml.Node | None, name: str) -> tuple[str, ...]:
    return tuple(_scalar(item, name) for item in _items(node, name))


def _scalar(node: yaml.Node, name: str) -> str:
    text = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if not text:
        raise HandenhetError("expected a text", where=f"{name} line {node.start_mark.line + 1}")
    return text


def note_files() -> tuple[Traversable, ...]:
    """The note files that ship with the project, by name."""
    folder = resources.files(__name__.rpartition(".")[0]).joinpath("guidance")
    return tuple(sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda file: file.name))


@cache
def shipped_notes() -> tuple[Note, ...]:
    """Every note, each section once over all files. Raises HandenhetError on the first bad one."""
    seen: dict[tuple[str, str], Note] = {}
    for file in note_files():
        for note in notes_of(file.read_text(encoding="utf-8"), name=file.name):
            other = seen.setdefault((note.sfs, note.section), note)
            if other is not note:
                raise HandenhetError(f"{note.short} {note.section} stands twice", where=f"{other.where}, {note.where}")
    return tuple(seen.values())
