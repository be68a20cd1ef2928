"""Swedish text to search terms: words folded to stems, and character 4-grams that see through compounds."""

import re
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[0-9a-zåäöéüøæ]+")
GRAM = 4

STOP = frozenset(
    str.split(
        "och i att det som på en är av för med till den har de inte om ett men var jag sig från vi så kan när nu "
        "över man hon han då ska skall där vad hur vilken vilka vilket ni du dig mig min mitt mina din ditt dina "
        "vår vårt våra era ert er oss dem dom deras dess denna detta dessa eller än också bara ut upp in ner efter "
        "vid utan under mot mellan genom hade blev bli blir blivit vara varit gör göra gjorde går gå gick få får "
        "fick fått kunna kunde måste vill ville säger säga sa nån nåt nått någon något några ju väl nog liksom "
        "alltså här dit hit sen sedan innan ens ha asså typ va o å e ä lagen lag enligt gäller gälla finns finnas "
        "sånt sån sådan sådant sådana själv själva mer mej dej sej hej tack snälla ju jo ok ej "
    )
)
"""Words that tell nothing about the section asked for, spoken forms among them."""

_SUFFIXES = tuple(
    str.split(
        "heterna hetens heten heter arnas ernas ornas andes andet arens erna arna orna ande arne aste aren ades "
        "erns ade are ern ens het ast ad en ar er or as es at et na a e s "
    )
)


def words(text: str) -> list[str]:
    """Lower-case words and numbers in reading order."""
    return _WORD.findall(text.lower())


def stems(text: str) -> list[str]:
    """Content words folded to a stem; stop words left out."""
    return [stem(word) for word in words(text) if word not in STOP]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word less its commonest inflection; short words stay whole so that they are not confused."""
    if len(word) < 5 or word[0].isdigit():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def grams(text: str) -> list[str]:
    """Character 4-grams inside each content word, with the word's edges marked."""
    return [gram for word in words(text) if word not in STOP for gram in _grams(word)]


@lru_cache(maxsize=65536)
def _grams(word: str) -> tuple[str, ...]:
    return tuple(_cut(f"_{word}_"))


def _cut(marked: str) -> Iterator[str]:
    if len(marked) <= GRAM:
        yield marked
    for start in range(len(marked) - GRAM + 1):
        yield marked[start : start + GRAM]
