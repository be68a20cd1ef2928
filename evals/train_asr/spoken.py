"""What is written, as it is said: the label the recognizer is to learn and the text the synthesiser is to speak.

Labels are lower-case words of a-z, å, ä and ö alone: digits become words, é and other accents are dropped, hyphens part
words, and joined hundreds and thousands are written apart, so that one sound has one spelling.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .numbers import LARGEST, number_words, ordinal_words, split_number_word

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzåäö")

ACRONYMS = {
    "adhd": "a de hå de", "af": "a eff", "agi": "a ge i", "ai": "a i", "andts": "a enn de te ess", "bbic": "be bick",
    "bo": "bo", "bup": "bupp", "bvc": "be ve se", "csn": "se ess enn", "eu": "e u", "fb": "eff be", "fl": "eff ell",
    "fn": "eff enn", "gdpr": "ge de pe err", "gps": "ge pe ess", "hbtq": "hå be te ku", "hvb": "hå ve be",
    "id": "i de", "it": "i te", "ivo": "ivo", "kth": "kå te hå", "lma": "ell emm a", "lob": "lobb",
    "lss": "ell ess ess", "lul": "ell u ell", "lvm": "ell ve emm", "lvu": "ell ve u", "mma": "emm emm a",
    "ms": "emm ess", "mst": "emm ess te", "osl": "o ess ell", "pc": "pe se", "ptsd": "pe te ess de",
    "sfi": "ess eff i", "sip": "sipp", "sis": "siss", "sms": "ess emm ess", "soc": "såss", "sol": "soll",
    "sspf": "ess ess pe eff", "ssbtek": "ess ess be teck", "tv": "te ve", "usa": "u ess a", "vab": "vabb",
    "vd": "ve de", "vvs": "ve ve ess", "pt": "pe te", "sfv": "ess eff ve", "vöf": "vöff",
}  # fmt: skip
"""Abbreviations of the field with the sounds people give them; `sol` only where it is written SoL."""
ONLY_AS_CAPITALS = frozenset({"bo", "sol", "af", "it", "fl", "ms", "fb", "pt", "lob", "lul", "sis", "ai"})
SOUNDS = {"mm": "[[m@m]]", "hm": "[[h@m]]", "e": "e", "a": "a"}
_MARKS = {".": ".", "?": "?", "!": "!", ",": ",", ":": ",", ";": ",", "…": ",", "–": ",", "—": ","}
_SIGNS = {
    "§": "paragraf", "§§": "paragraferna", "%": "procent", "&": "och", "+": "plus", "kr": "kronor", "st": "stycken",
    "tex": "till exempel", "o": "och", "bla": "bland annat", "dvs": "det vill säga", "osv": "och så vidare", "mm": "mm",
    "kap": "kapitlet", "ca": "cirka", "ngn": "någon", "ngt": "något",
}  # fmt: skip
_PIECE = re.compile(r"\S+")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0](?=\d{3}\b)")
_CLOCK = re.compile(r"^(\d{1,2})[.:](\d{2})$")
_AGED = re.compile(r"^(\d+)-(år\w*|dag\w*|timm\w*|tal\w*)$")
_ORDINAL = re.compile(r"^(\d+):[ae]$")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Token:
    """One word: `label` as the recognizer writes it, `said` as espeak-ng reads it, `mark` the pause after it."""

    label: str
    said: str
    mark: str = ""


def tokens(text: str) -> list[Token]:
    """The words of a written Swedish sentence as they are spoken; what has no letters or digits is dropped."""
    found: list[Token] = []
    for piece in _PIECE.findall(_GROUPED.sub("", text)):
        body = piece.strip(".,;:!?…–—-\"'”’()[]/*")
        mark = next((_MARKS[c] for c in reversed(piece) if c in _MARKS), "") if not piece[-1:].isalnum() else ""
        words = _words(body)
        found += words[:-1]
        if words:
            found.append(Token(words[-1].label, words[-1].said, mark))
        elif mark and found:
            found[-1] = Token(found[-1].label, found[-1].said, mark)
    return found


def label(text: str) -> str:
    """The sentence as the recognizer should write it."""
    return " ".join(token.label for token in tokens(text))


def said(sentence: list[Token]) -> tuple[str, list[int]]:
    """The text handed to espeak-ng and where each word starts in it, in characters."""
    text = ""
    starts: list[int] = []
    for token in sentence:
        starts.append(len(text))
        text += token.said + token.mark + " "
    return text.strip(), starts


@lru_cache(maxsize=65536)
def _words(body: str) -> list[Token]:
    """The words of one written word; the list is shared and not to be changed."""
    if clock := _CLOCK.match(body):
        return _plain(number_words(int(clock[1])) + ([] if clock[2] == "00" else number_words(int(clock[2]))))
    if ordinal := _ORDINAL.match(body):
        return _plain(ordinal_words(int(ordinal[1])))
    if aged := _AGED.match(body):
        *head, last = number_words(min(int(aged[1]), LARGEST))
        return _plain([*head, last + _letters(aged[2])])
    if sign := _SIGNS.get(body.lower().replace(".", "")):
        return _plain(sign.split())
    return [token for part in re.split(r"[-/–.]|(?<=\d):(?=\d)", body) for token in _part(part)]


def _part(part: str) -> list[Token]:
    if part in _SIGNS:
        return _plain(_SIGNS[part].split())
    base, colon, ending = part.partition(":")
    capital = base.isupper() or base in ("SoL", "SiS")
    if colon and (spelled := _acronym(base, capital)):
        tail = _letters(ending)
        return [Token(_letters(base) + tail, f"{spelled}{tail}")] if tail else [Token(_letters(base), spelled)]
    if spelled := _acronym(part, capital):
        return [Token(_letters(part), spelled)]
    found: list[Token] = []
    for run in _PARTS.findall(part.replace(":", "").replace("'", "")):
        if run.isdecimal():
            found += _plain(number_words(min(int(run), LARGEST)))
        elif word := _letters(run):
            found += _plain(split_number_word(word))
    return found


def _acronym(word: str, capital: bool) -> str | None:
    key = word.lower()
    return None if key in ONLY_AS_CAPITALS and not capital else ACRONYMS.get(key)


def _plain(words: list[str]) -> list[Token]:
    return [Token(word, SOUNDS.get(word, word)) for word in words]


def _letters(run: str) -> str:
    kept: list[str] = []
    for letter in run.lower().replace("æ", "ä").replace("ø", "ö").replace("ß", "ss"):
        if letter in LETTERS:
            kept.append(letter)
        else:
            kept += [c for c in unicodedata.normalize("NFD", letter) if c in LETTERS]
    return "".join(kept)
