"""The embedded recognizer's language model: what is said in our own texts, counted in word pieces, as NeMo's NGPU-LM.

Read are the sentences that speech is trained on, the single lines and scenes of the reading corpus, and a vocabulary;
nothing that is kept out for measuring.
"""

# NeMo is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...serving.asr.nemo import modules, quiet
from . import corpus
from .network import load
from .ngrams import TOKEN_OFFSET, counts, kneser_ney, write_arpa

READING = corpus.MEETINGS.parent
VOCABULARY = corpus.TEXT / "vocabulary.txt"
LEAST = (1, 1, 2, 2, 3, 4, 4)
"""The least count kept of each order: the order, and most of the size, of the model."""
TEMPLATES = 6_000
"""Template sentences among the written ones: more would teach the templates."""


def texts(seed: int = 1) -> list[str]:
    """The sentences as labels, the same for the same files and seed."""
    built = corpus.build(seed=seed)
    made = [one.label for one in built.train if one.source == "template"]
    written = [one.label for one in built.train if one.source not in ("template", "words")]
    written += random.Random(seed).sample(made, min(TEMPLATES, len(made)))
    written += [" ".join(word.label for word in cut) for text in _lines() for cut in corpus.cut(text)]
    kept_out = {one.label for one in (*built.known, *built.unseen)}
    return [label for label in written if label and label not in kept_out]


def _lines() -> Iterator[str]:
    for name in ("plain", "acute"):
        for line in _read(READING / name / "lines.txt"):
            yield line.partition(" | ")[2] or line[2:]
    for path in sorted((READING / "acute" / "scenes").glob("*.txt")):
        yield from (line[3:] for line in _read(path) if line[1:3] in (": ", "! ", "? "))
    yield from _read(VOCABULARY)


def _read(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return (line for line in lines if line.strip() and not line.startswith("#"))


def build(model: Path, out: Path, seed: int = 1) -> int:
    """Count, and write the language model of the speech model `model` to `out`. Returns how many grams it holds."""
    (ngram,) = modules("nemo.collections.asr.parts.submodules.ngram_lm")
    with quiet():
        tokenizer: Any = load(model).tokenizer
    met = counts((tokenizer.text_to_ids(label) for label in texts(seed)), len(LEAST))
    grams = kneser_ney(met, tokenizer.vocab_size, LEAST)
    with tempfile.TemporaryDirectory() as folder, quiet():
        arpa = Path(folder) / "words.arpa"
        write_arpa(grams, arpa)
        made: Any = ngram.NGramGPULanguageModel.from_arpa(
            arpa, tokenizer.vocab_size, normalize_unk=False, token_offset=TOKEN_OFFSET
        )
        made.save_to(str(out))
    return sum(map(len, grams))
