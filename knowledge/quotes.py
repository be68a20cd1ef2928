"""Find a quote in its source: exact after white-space folding, never approximately.

An inserted "inte" leaves a long quote 97 % alike, so likeness proves nothing here.
"""

from .sources import Quote, Utterance


def find_quote(utterance: Utterance, text: str) -> Quote | None:
    """The first run of whole words in `utterance` equal to `text` once white space is folded, or None.

    A quote that begins or ends inside a word's punctuation ("hem" in "hem,") is found too, and grows to whole words.
    """
    wanted = text.split()
    if not wanted:
        return None
    said = [word.text for word in utterance.words]
    for first in range(len(said) - len(wanted) + 1):
        if _same(said[first : first + len(wanted)], wanted):
            return Quote(utterance, first, first + len(wanted))
    return None


_EDGE = ".,!?;:\"'”’»«…-–()"


def _same(said: list[str], wanted: list[str]) -> bool:
    if said == wanted:
        return True
    inner = slice(1, -1) if len(said) > 1 else slice(0, 0)
    return (
        said[inner] == wanted[inner]
        and _edge(said[0]) == _edge(wanted[0])
        and _edge(said[-1]) == _edge(wanted[-1])
        and bool(_edge(wanted[0]))
        and bool(_edge(wanted[-1]))
    )


def _edge(word: str) -> str:
    return word.strip(_EDGE)
