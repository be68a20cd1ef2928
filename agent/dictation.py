"""Dictated words to text: spoken punctuation, new lines, headings and taking back. Nothing else is changed.

Said on their own these words do something: punkt, komma, kolon, semikolon, frågetecken, utropstecken, tankstreck, ny
rad, nytt stycke, stryk det (takes back the sentence under way, or the one just ended), rubrik (at the start of a
sentence: what follows, up to a mark or a new line, is a heading). "Ordet" before one of them writes the word itself.
Some are common words too: "komma" after a verb that wants an infinitive ("ska komma", "att inte komma") and "punkt"
after an article stay words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

MARKS = {
    "punkt": ".", "komma": ",", "kolon": ":", "semikolon": ";", "frågetecken": "?", "utropstecken": "!",
    "tankstreck": "–",
}  # fmt: skip
PAIRS: dict[tuple[str, str], Literal["line", "paragraph", "strike"]] = {
    ("ny", "rad"): "line",
    ("nytt", "stycke"): "paragraph",
    ("stryk", "det"): "strike",
}
HEADING, LITERAL = "rubrik", "ordet"
UNSURE = "[?]"
"""Stands after a word that was heard with little confidence."""
INAUDIBLE = "[ohörbart]"
_ENDS = frozenset(".?!:")
_BEFORE_KOMMA = frozenset(
    str.split(
        "att ska skall skulle kan kunde vill ville får fick bör borde måste brukar brukade lär må måtte hinner hann "
        "orkar orkade vågar vågade låta lät lovar lovade tänker tänkte försöker försökte behöver behövde slipper "
        "slapp kommer kunna vilja"
    )
)
_BETWEEN = frozenset(
    str.split("inte aldrig alltid också även snart sen sedan nog väl bara jag du han hon hen vi ni de man")
)
_BEFORE_PUNKT = frozenset(str.split("en varje denna samma någon ingen viss öm svag första sista nästa vilken sådan"))


@dataclass(frozen=True, slots=True)
class Said:
    """One heard word. `unsure`: it was heard with little confidence."""

    text: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, empty for what comes before the first one, and the text under it."""

    heading: str
    text: str


@dataclass(slots=True)
class _Part:
    heading: str = ""
    items: list[str] = field(default_factory=list[str])


def dictated(words: Iterable[Said | str]) -> tuple[Part, ...]:
    """The text, by heading. Words keep their order and spelling but for a capital at the start of a sentence."""
    said = [word if isinstance(word, Said) else Said(word) for word in words]
    parts = [_Part()]
    place = 0
    while place < len(said):
        place = _take(said, place, parts)
    found = tuple(Part(part.heading, _written(part.items)) for part in parts)
    return tuple(part for part in found if part.heading or part.text)


def text_of(parts: Iterable[Part]) -> str:
    """The parts as one text, each heading on a line of its own."""
    return "\n\n".join("\n".join(line for line in (part.heading, part.text) if line) for part in parts)


def _take(said: Sequence[Said], place: int, parts: list[_Part]) -> int:
    """Do what the word at `place` says or write it; where to go on."""
    items, key = parts[-1].items, _key(said[place].text)
    following = _key(said[place + 1].text) if place + 1 < len(said) else ""
    if key == LITERAL and _commands(following):
        items.append(_shown(said[place + 1]))
        return place + 2
    match PAIRS.get((key, following)):
        case "line":
            items.append("\n")
        case "paragraph":
            items.append("\n\n")
        case "strike":
            _strike(items)
        case None:
            return _one(said, place, parts)
    return place + 2


def _one(said: Sequence[Said], place: int, parts: list[_Part]) -> int:
    items, key = parts[-1].items, _key(said[place].text)
    if key == HEADING and _at_start(items):
        heading, place = _heading(said, place + 1)
        if heading:
            parts.append(_Part(heading))
        return place
    if key in MARKS and not _is_word(key, said, place):
        if items and not items[-1].endswith(MARKS[key]) and not _at_start(items):
            items.append(MARKS[key])
    else:
        items.append(_shown(said[place]))
    return place + 1


def _heading(said: Sequence[Said], place: int) -> tuple[str, int]:
    words: list[str] = []
    while place < len(said):
        key, following = _key(said[place].text), _key(said[place + 1].text) if place + 1 < len(said) else ""
        if key in MARKS and not _is_word(key, said, place):
            place += 1
            break
        if (command := PAIRS.get((key, following))) is not None:
            place += 2
            words = [] if command == "strike" else words
            break
        words.append(_shown(said[place]))
        place += 1
    return _capital(" ".join(words)), place


def _strike(items: list[str]) -> None:
    """Take back to the end of the sentence or line before; a sentence just ended goes too."""
    while items and items[-1].isspace():
        items.pop()
    if items and _ends(items[-1]):
        items[-1:] = [items[-1][:-1]] if len(items[-1]) > 1 else []
    while items and not _ends(items[-1]) and not items[-1].isspace():
        items.pop()


def _is_word(key: str, said: Sequence[Said], place: int) -> bool:
    """Whether the word is meant as a word, judged by what came before it."""
    before = [_key(word.text) for word in said[max(0, place - 3) : place]]
    if key == "komma":
        while before and before[-1] in _BETWEEN:
            before.pop()
        return bool(before) and before[-1] in _BEFORE_KOMMA
    return key == "punkt" and bool(before) and before[-1] in _BEFORE_PUNKT


def _commands(key: str) -> bool:
    return key in MARKS or key in (HEADING, LITERAL) or any(key in pair for pair in PAIRS)


def _written(items: Sequence[str]) -> str:
    return "".join(_pieces(items)).strip()


def _pieces(items: Sequence[str]) -> Iterator[str]:
    fresh, spaced = True, False
    for item in items:
        if item.isspace():
            yield item
            fresh, spaced = True, False
        elif item in MARKS.values():
            yield f" {item}" if item == "–" else item
            fresh, spaced = fresh or item in ".?!", True
        else:
            yield (" " if spaced else "") + (_capital(item) if fresh else item)
            fresh, spaced = item[-1] in ".?!", True


def _at_start(items: Sequence[str]) -> bool:
    return not items or items[-1].isspace() or _ends(items[-1])


def _ends(item: str) -> bool:
    return item[-1] in _ENDS


def _shown(word: Said) -> str:
    return f"{word.text}{UNSURE}" if word.unsure else word.text


def _key(word: str) -> str:
    """The word as it is compared: a model that writes marks and capitals of its own says the same commands."""
    return word.strip(".,;:!?–").casefold()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
