"""The sentences: our own templates, the training meetings' spoken lines and the questions and notes of the guidance.

A part is kept out of training for good: whole meetings, whole guidance files, whole templates (`unseen`), and one
sentence in 25 of everything else (`known`), so that the measured words are not the learnt sentences.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from ...serving.sample.script import load_sample
from .grammar import Grammar
from .spoken import Token, label, tokens

ROOT = Path(__file__).resolve().parents[2]
MEETINGS = ROOT / "evals" / "cases" / "reading" / "train"
GUIDANCE = ROOT / "knowledge" / "guidance"
TEXT = Path(__file__).parent / "text"

UNSEEN_MEETINGS = frozenset({"p1-mormors-kök", "p1-tomma-bänken", "p2-biljetten", "p2-hårda-händer"})
UNSEEN_GUIDANCE = frozenset({"lvm-31-47", "sol-12", "lvu-15-20"})
KNOWN_EVERY = 25
LONGEST = 18

Source = Literal["meeting", "question", "note", "template", "words"]
Register = Literal["child", "adult", "official"]
_ALIKE = (("tj", "kj"), ("sj", "sch"), ("ä", "e"), ("z", "s"), ("c", "s"), ("w", "v"), ("j", "g"), ("å", "o"))
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TURN = re.compile(r"^([A-ZÅÄÖ]\w{0,2}): (.+)$")
_SENTENCE = re.compile(r"(?<=[.?!;:])\s+")


@dataclass(frozen=True)
class Sentence:
    """One sentence to speak: its words, where it comes from and who would say it."""

    words: tuple[Token, ...]
    source: Source
    register: Register

    @property
    def label(self) -> str:
        return " ".join(word.label for word in self.words)


@dataclass(frozen=True)
class Corpus:
    """Sentences to train on, unseen sentences of known kinds, and unseen sentences of unseen meetings and templates."""

    train: tuple[Sentence, ...]
    known: tuple[Sentence, ...]
    unseen: tuple[Sentence, ...]
    words: tuple[str, ...]


def meeting_lines(path: Path) -> Iterator[tuple[str, Register]]:
    """What is said in a file of training meetings, with the speaker's register."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if turn := _TURN.match(line):
            yield turn[2], "child" if turn[1] in ("B", "U") else "official" if turn[1] == "S" else "adult"


def guidance_texts(path: Path) -> Iterator[tuple[str, Source, Register]]:
    """The questions people ask in their own words, and the notes' sentences."""
    for note in yaml.load(path.read_text(encoding="utf-8"), _LOADER)["notes"]:
        for question in note.get("questions", ()):
            yield question, "question", "adult"
        yield note["note"], "note", "official"


def cut(text: str, longest: int = LONGEST) -> Iterator[tuple[Token, ...]]:
    """A text as pieces of at most `longest` words, parted at sentence ends and, where they are long, at commas."""
    for part in _SENTENCE.split(text):
        piece: list[Token] = []
        for clause in re.split(r"(?<=,)\s+", part):
            words = tokens(clause)
            if piece and len(piece) + len(words) > longest:
                yield tuple(piece)
                piece = []
            piece += words
        for start in range(0, len(piece), longest):
            yield tuple(piece[start : start + longest])


def lot(label: str) -> int:
    """A sentence's number in every draw, by its words alone: a corpus that grows changes none of the others."""
    return int(hashlib.md5(label.encode()).hexdigest(), 16)


def held_out(label: str) -> bool:
    """Whether the sentence is one of the every-25th that are only tested on."""
    return lot(label) % KNOWN_EVERY == 0


@cache
def build(templates: int = 30_000, seed: int = 1) -> Corpus:
    """The whole corpus; the same files and seed give the same sentences in the same order."""
    train: dict[str, Sentence] = {}
    unseen: dict[str, Sentence] = {}
    for sentence, kept in _written():
        (unseen if kept else train).setdefault(sentence.label, sentence)
    spelling = _misspelt(Counter(word for label in train for word in label.split()))
    rng = random.Random(seed)
    for name, goal, into in (("templates.txt", templates, train), ("unseen.txt", 400, unseen)):
        grammar = Grammar.read(TEXT / "slots.txt", TEXT / name)
        for _ in range(goal):
            text, register = grammar.sentence(rng)
            if words := tuple(tokens(text)):
                sentence = Sentence(words, "template", register)
                into.setdefault(sentence.label, sentence)
    sample = {label(part) for turn in load_sample().turns for part in _SENTENCE.split(turn.text)}
    every = [sentence for sentence in train.values() if spelling.isdisjoint(sentence.label.split())]
    every = [sentence for sentence in every if sentence.label not in sample]
    fresh = tuple(s for name, s in unseen.items() if name not in train and spelling.isdisjoint(name.split()))
    known = tuple(s for s in every if held_out(s.label) and len(s.words) > 2)
    kept_labels = {s.label for s in known}
    learnt = tuple(s for s in every if s.label not in kept_labels)
    words = Counter(word.label for s in learnt for word in s.words)
    return Corpus(learnt, known, fresh, tuple(sorted(words)))


def _written() -> Iterator[tuple[Sentence, bool]]:
    """Sentences of the repository's own texts, and whether they are kept out of training."""
    for path in sorted(MEETINGS.glob("*.txt")):
        for text, register in meeting_lines(path):
            for words in cut(text):
                if words:
                    yield Sentence(words, "meeting", register), path.stem in UNSEEN_MEETINGS
    for path in sorted(GUIDANCE.glob("*.yaml")):
        for text, source, register in guidance_texts(path):
            for words in cut(text):
                if words:
                    yield Sentence(words, source, register), path.stem in UNSEEN_GUIDANCE


def _misspelt(counts: Counter[str]) -> frozenset[str]:
    """Rare misspellings of common words: people's questions have them on purpose."""
    shapes: dict[str, list[str]] = {}
    for word in counts:
        if len(word) >= 7:
            shapes.setdefault(_shape(word), []).append(word)
    wrong: set[str] = set()
    for alike in shapes.values():
        best = max(alike, key=lambda word: (counts[word], word))
        wrong |= {word for word in alike if word != best and counts[word] <= 2 < counts[best]}
    return frozenset(wrong)


def _shape(word: str) -> str:
    folded = word
    for have, want in _ALIKE:
        folded = folded.replace(have, want)
    return re.sub(r"(.)\1+", r"\1", folded)
