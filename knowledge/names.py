"""First names: to treat everybody alike whatever they are called, and to know a question about somebody for one."""

from functools import cache
from importlib import resources
from typing import NamedTuple

FILE = "first_names.txt"
ENDS = (".", "!", "?", "…", ":")
"""What a sentence ends with, after which any word has a capital letter."""


class FirstNames(NamedTuple):
    """Names in lower case. `also_words` mean something else too ("stig", "lova"), and only a capital letter tells."""

    only_names: frozenset[str]
    also_words: frozenset[str]


@cache
def first_names() -> FirstNames:
    """The list that ships with the project."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath(FILE).read_text(encoding="utf-8")
    names, also_words = text.partition("\n")[2].split("----------")
    return FirstNames(frozenset(names.split()), frozenset(also_words.split()))


def is_first_name(word: str, *, opens: bool) -> bool:
    """Whether a word without the marks around it is a first name, or its genitive. `opens`: it begins a sentence."""
    lower = word.lower()
    forms = {lower, lower.removesuffix("s")}
    known = first_names()
    if not forms.isdisjoint(known.only_names):
        return True
    return not opens and word[:1].isupper() and not forms.isdisjoint(known.also_words)
