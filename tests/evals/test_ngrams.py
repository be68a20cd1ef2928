"""The counted language model: chances that sum to one, and a file as the ARPA format has it."""

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handenhet.evals.train_asr.ngrams import BEGIN, END, Gram, Grams, counts, kneser_ney, symbol, write_arpa

VOCABULARY = 4
SENTENCES = st.lists(st.lists(st.integers(0, VOCABULARY - 1), max_size=8), min_size=3, max_size=12)
SYMBOLS = (*map(symbol, range(VOCABULARY)), END)


def chance(model: Sequence[Grams], gram: Gram) -> float:
    """log10 as a reader of ARPA files finds it: the longest gram there is, and the back-offs on the way to it."""
    if gram in model[len(gram) - 1]:
        return model[len(gram) - 1][gram][0]
    back = model[len(gram) - 2].get(gram[:-1], (0.0, 0.0))[1]
    return back + chance(model, gram[1:])


@given(SENTENCES, st.sampled_from([(1, 1, 1), (1, 1, 2), (1, 2, 3)]))
def test_after_every_context_the_chances_sum_to_one(sentences: list[list[int]], least: tuple[int, ...]) -> None:
    model = kneser_ney(counts(sentences, 3), VOCABULARY, least)
    contexts = [(BEGIN,), *((one,) for one in SYMBOLS[:-1]), *(gram for gram in model[1] if gram[-1] != END)]
    for context in contexts:
        assert abs(sum(10 ** chance(model, (*context, one)) for one in SYMBOLS) - 1) < 1e-9


def test_what_is_often_said_is_likelier_than_what_is_never_said() -> None:
    model = kneser_ney(counts([[0, 1, 2]] * 5 + [[0, 1, 3]] + [[2, 2]] * 2, 3), VOCABULARY, (1, 1, 1))
    after = (symbol(0), symbol(1))
    assert chance(model, (*after, symbol(2))) > chance(model, (*after, symbol(3))) > chance(model, (*after, symbol(0)))


def test_the_file_counts_its_grams_and_ends(tmp_path: Path) -> None:
    model = kneser_ney(counts([[0, 1], [1, 0], [0, 0, 1]], 2), VOCABULARY, (1, 1))
    write_arpa(model, tmp_path / "words.arpa")
    lines = (tmp_path / "words.arpa").read_text("utf-8").splitlines()
    assert lines[0] == "\\data\\"
    assert lines[1:3] == [f"ngram {size}={len(grams)}" for size, grams in enumerate(model, 1)]
    assert lines[-1] == "\\end\\"
    assert sum("\t" in line for line in lines) == sum(map(len, model))
