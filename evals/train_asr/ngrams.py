"""A language model of word pieces beside the recognizer: which piece follows which, counted in the training text.

Interpolated Kneser-Ney with three discounts an order (Chen and Goodman 1999), written as an ARPA file as NeMo's
NGPU-LM reads it: one character a piece, `TOKEN_OFFSET` above its number.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

TOKEN_OFFSET = 100
"""NeMo's own (`ngram_lm.constants`)."""
BEGIN, END, UNKNOWN = "<s>", "</s>", "<unk>"
NEVER = -99.0
"""The log probability ARPA gives to what is never predicted."""

Gram = tuple[str, ...]
Grams = dict[Gram, tuple[float, float]]
"""A gram's log10 probability and, as a context, its log10 back-off."""


def symbol(piece: int) -> str:
    return chr(piece + TOKEN_OFFSET)


def counts(sentences: Iterable[Sequence[int]], order: int) -> list[Counter[Gram]]:
    """How often each run of one to `order` symbols is met, sentence ends among them."""
    met: list[Counter[Gram]] = [Counter() for _ in range(order)]
    for pieces in sentences:
        said = (BEGIN, *map(symbol, pieces), END)
        for size in range(1, order + 1):
            met[size - 1].update(said[at : at + size] for at in range(len(said) - size + 1))
    return met


def kneser_ney(met: Sequence[Counter[Gram]], vocabulary: int, seldom: Sequence[int]) -> list[Grams]:
    """The model. `seldom`: the least count kept of each order, never falling; what is left out is backed off.

    A gram that is kept has its beginning and its end kept too, since both are met as often.
    """
    model: list[Grams] = []
    chance: dict[Gram, float] = {}
    for size, grams in enumerate(met, 1):
        used = grams if size == len(met) else _continued(grams, met[size])
        used = {gram: n for gram, n in used.items() if gram[-1] != BEGIN}
        discounts = _discounts(used.values())
        totals, spared = defaultdict[Gram, int](int), defaultdict[Gram, float](float)
        kept: dict[Gram, float] = {}
        for gram, n in used.items():
            totals[gram[:-1]] += n
            if grams[gram] >= seldom[size - 1]:
                kept[gram] = n - discounts[min(n, 3)]
            spared[gram[:-1]] += n - kept.get(gram, 0.0)
        if size == 1:
            everything = [*((symbol(piece),) for piece in range(vocabulary)), (END,)]
            share = spared[()] / totals[()] / len(everything)
            now = {gram: kept.get(gram, 0.0) / totals[()] + share for gram in everything}
        else:
            back = {gram: spared[gram] / total for gram, total in totals.items()}
            now = {gram: n / totals[gram[:-1]] + back[gram[:-1]] * chance[gram[1:]] for gram, n in kept.items()}
            for gram, value in back.items():
                if gram in model[-1]:
                    model[-1][gram] = model[-1][gram][0], math.log10(value)
        model.append({gram: (math.log10(value), 0.0) for gram, value in now.items()})
        if size == 1:
            model[0] |= {(BEGIN,): (NEVER, 0.0), (UNKNOWN,): (NEVER, 0.0)}
        chance |= now
    return model


def _continued(own: Counter[Gram], longer: Counter[Gram]) -> Counter[Gram]:
    """How many different symbols stand before each gram; what begins a sentence has only its own count."""
    before = Counter(gram[1:] for gram in longer)
    return Counter({gram: n if gram[0] == BEGIN else before[gram] for gram, n in own.items()})


def _discounts(used: Iterable[int]) -> tuple[float, float, float, float]:
    times = Counter(min(n, 4) for n in used)
    if not (times[1] and times[2]):
        return 0.0, 0.5, 0.5, 0.5
    share = times[1] / (times[1] + 2 * times[2])
    two, three = (k - (k + 1) * share * times[k + 1] / max(1, times[k]) for k in (2, 3))
    return 0.0, 1 - 2 * share * times[2] / times[1], max(0.1, two), max(0.1, three)


def write_arpa(model: Sequence[Grams], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("\\data\\\n")
        file.writelines(f"ngram {size}={len(grams)}\n" for size, grams in enumerate(model, 1))
        for size, grams in enumerate(model, 1):
            file.write(f"\n\\{size}-grams:\n")
            for gram, (chance, back) in grams.items():
                end = "" if size == len(model) else f"\t{back:.5f}"
                file.write(f"{chance:.5f}\t{' '.join(gram)}{end}\n")
        file.write("\n\\end\\\n")
