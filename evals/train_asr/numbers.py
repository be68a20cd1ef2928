"""Whole numbers and clock times as the words people say, in one fixed spelling the recognizer can learn."""

_SMALL = str.split(
    "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"
)
_TENS = ("", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")
_ORDINAL = {
    "noll": "nollte", "ett": "första", "två": "andra", "tre": "tredje", "fyra": "fjärde", "fem": "femte",
    "sex": "sjätte", "sju": "sjunde", "åtta": "åttonde", "nio": "nionde", "tio": "tionde", "elva": "elfte",
    "tolv": "tolfte",
}  # fmt: skip
LARGEST = 999_999_999


def number_words(value: int) -> list[str]:
    """`7512` -> sju tusen fem hundra tolv. Up to 99 is one word; hundreds, thousands and millions are words apart.

    Raises ValueError outside 0..999 999 999.
    """
    if not 0 <= value <= LARGEST:
        raise ValueError(f"no words for numbers outside 0..{LARGEST}")
    if value < 100:
        return [_below_hundred(value)]
    for size, name in ((1_000_000, "miljon"), (1_000, "tusen"), (100, "hundra")):
        if value >= size:
            count, rest = divmod(value, size)
            head = ["en"] if size == 1_000_000 and count == 1 else number_words(count)
            plural = "er" if size == 1_000_000 and count > 1 else ""
            return [*head, name + plural, *(number_words(rest) if rest else [])]
    raise AssertionError(value)


def ordinal_words(value: int) -> list[str]:
    """`25` -> tjugofemte. The last word takes the ordinal ending."""
    *head, last = number_words(value)
    for small, ordinal in _ORDINAL.items():
        if last.endswith(small) and (last == small or last.startswith(_TENS[2:])):
            return [*head, last.removesuffix(small) + ordinal]
    return [*head, last + ("nde" if last.endswith("o") else "de")]


def split_number_word(word: str) -> list[str]:
    """`tvåtusennitton` -> två tusen nitton; a word that is not a joined number comes back alone."""
    for size in ("tusen", "hundra"):
        head, found, rest = word.partition(size)
        if found and head + rest and all(_is_number(part) for part in (head, rest) if part):
            return [*(split_number_word(head) if head else []), size, *(split_number_word(rest) if rest else [])]
    return [word]


def _is_number(word: str) -> bool:
    return word in _NUMBERS or (len(split_number_word(word)) > 1)


def _below_hundred(value: int) -> str:
    if value < 20:
        return _SMALL[value]
    tens, ones = divmod(value, 10)
    return _TENS[tens] + (_SMALL[ones] if ones else "")


_NUMBERS = frozenset([_below_hundred(value) for value in range(100)] + ["tusen", "hundra", "en"])
