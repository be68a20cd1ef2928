"""Sentence templates: `{a|b|}` picks one alternative, `<slot>` one line of a slot; both nest.

A template line may begin with its register (`child:`, `official:`); without one it is an adult's.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .corpus import Register

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([^<>]+)>")
_REGISTER = re.compile(r"^(child|official|adult):\s*")
_DEEPEST = 60


@dataclass(frozen=True)
class Grammar:
    """Templates by register, and the slots they draw on."""

    templates: tuple[tuple[str, "Register"], ...]
    slots: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, slots: Path, templates: Path) -> "Grammar":
        """Slots: `name = a | b | c`, a line may go on with leading blanks. Raises ValueError at an unknown slot."""
        found: dict[str, tuple[str, ...]] = {}
        joined = re.sub(r"\n[ \t]+", " ", slots.read_text(encoding="utf-8"))
        for line in joined.splitlines():
            name, equals, values = line.partition("=")
            if equals and not line.startswith("#"):
                found[name.strip()] = tuple(value.strip() for value in _apart(values) if value.strip())
        lines: list[tuple[str, Register]] = []
        for line in templates.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                register: Register = "adult"
                if tag := _REGISTER.match(line):
                    register = tag[1]  # type: ignore[assignment]
                lines.append((_REGISTER.sub("", line), register))
        for text in [line for line, _ in lines] + [value for values in found.values() for value in values]:
            for name in _SLOT.findall(text):
                if name not in found:
                    raise ValueError(f"{templates.name}: no slot is called <{name}>")
        return cls(tuple(lines), found)

    def sentence(self, rng: random.Random) -> "tuple[str, Register]":
        """One sentence and its register."""
        template, register = rng.choice(self.templates)
        return self.expand(template, rng), register

    def expand(self, text: str, rng: random.Random) -> str:
        for _ in range(_DEEPEST):
            if choice := _CHOICE.search(text):
                text = text[: choice.start()] + rng.choice(choice[1].split("|")) + text[choice.end() :]
            elif slot := _SLOT.search(text):
                text = text[: slot.start()] + rng.choice(self.slots[slot[1]]) + text[slot.end() :]
            else:
                break
        return re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\s+", " ", text)).strip()


def _apart(values: str) -> list[str]:
    """The alternatives of a slot; a bar inside braces parts nothing."""
    found, depth = [""], 0
    for letter in values:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found
