"""The sentences the embedded recognizer learns, and those it is only tested on."""

import random
from pathlib import Path

import pytest

from handenhet.evals.train_asr.corpus import (
    GUIDANCE,
    MEETINGS,
    TEXT,
    UNSEEN_GUIDANCE,
    UNSEEN_MEETINGS,
    Corpus,
    build,
    cut,
)
from handenhet.evals.train_asr.grammar import Grammar
from handenhet.evals.train_asr.spoken import label
from handenhet.serving.sample.script import load_sample


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return build(templates=4_000, seed=5)


def test_the_corpus_is_broad(corpus: Corpus) -> None:
    assert len(corpus.words) > 8_000
    assert len(corpus.train) > 8_000
    assert {sentence.register for sentence in corpus.train} == {"child", "adult", "official"}


def test_nothing_tested_on_is_trained_on(corpus: Corpus) -> None:
    trained = {sentence.label for sentence in corpus.train}
    assert trained.isdisjoint(sentence.label for sentence in corpus.known)
    assert trained.isdisjoint(sentence.label for sentence in corpus.unseen)


def test_the_sealed_meetings_and_the_sample_are_never_read(corpus: Corpus) -> None:
    trained = {sentence.label for sentence in corpus.train if len(sentence.words) > 4}
    sample = {label(part) for turn in load_sample().turns for part in turn.text.replace("?", ".").split(".")}
    assert trained.isdisjoint(sample)
    assert MEETINGS.name == "train"


def test_the_kept_out_files_exist() -> None:
    """A renamed file would slip into the training without a word."""
    assert {path.stem for path in MEETINGS.glob("*.txt")} >= UNSEEN_MEETINGS
    assert {path.stem for path in GUIDANCE.glob("*.yaml")} >= UNSEEN_GUIDANCE


def test_the_same_seed_gives_the_same_sentences(corpus: Corpus) -> None:
    build.cache_clear()
    assert build(templates=4_000, seed=5) == corpus


def test_long_texts_are_cut_at_sentences_and_commas() -> None:
    text = "Först kom polisen, sen kom ambulansen och sen kom mormor med en hel påse bullar. Då blev det lugnt."
    assert [" ".join(word.label for word in piece) for piece in cut(text, longest=10)] == [
        "först kom polisen",
        "sen kom ambulansen och sen kom mormor med en hel",
        "påse bullar",
        "då blev det lugnt",
    ]


def test_templates_expand_to_sentences_without_leftovers() -> None:
    rng = random.Random(2)
    for name in ("templates.txt", "unseen.txt"):
        grammar = Grammar.read(TEXT / "slots.txt", TEXT / name)
        for template, _ in grammar.templates:
            assert not set("{}<>|=") & set(grammar.expand(template, rng)), template


def test_an_unknown_slot_is_told(tmp_path: Path) -> None:
    (tmp_path / "slots.txt").write_text("djur = katt | {liten|stor} hund\n", encoding="utf-8")
    (tmp_path / "templates.txt").write_text("child: min <djur> äter <mat>\n", encoding="utf-8")
    with pytest.raises(ValueError, match="<mat>"):
        Grammar.read(tmp_path / "slots.txt", tmp_path / "templates.txt")
