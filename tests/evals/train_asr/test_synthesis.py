"""A handful of sentences through espeak-ng."""

import ctypes
import json
import random
from pathlib import Path

import numpy as np
import pytest

from handenhet.evals.train_asr import espeak
from handenhet.evals.train_asr.corpus import Sentence
from handenhet.evals.train_asr.espeak import Espeak, EspeakMissing, Voice
from handenhet.evals.train_asr.rooms import NOISES, noise, place
from handenhet.evals.train_asr.spoken import tokens
from handenhet.evals.train_asr.synthesis import RATE, Recipe, dictating, render, write_shard


@pytest.fixture(scope="module")
def speaker() -> Espeak:
    try:
        return Espeak()
    except EspeakMissing:
        pytest.skip("espeak-ng is not installed")


def test_the_same_recipe_gives_the_same_sound_but_for_its_phase(speaker: Espeak) -> None:
    words = tokens("Pappa sover på soffan i kläderna.")
    voice = Voice("f2", speed=150, pitch=80)
    first, second = (render(words, Recipe(voice, seed=7), speaker) for _ in range(2))
    assert first.words == second.words
    assert first.starts_ms == pytest.approx(second.starts_ms, abs=2)
    assert first.end_ms == pytest.approx(second.end_ms, abs=2)
    assert np.abs(loudness(first.samples) - loudness(second.samples)).max() < 0.02


def test_a_room_is_decided_by_its_seed() -> None:
    click = np.zeros(RATE, np.float32)
    click[1000] = 1.0
    rooms = [place(click, np.random.default_rng(seed)) for seed in (1, 1, *range(2, 12))]
    assert np.array_equal(rooms[0], rooms[1])
    assert len({len(room) for room in rooms}) > 3


def loudness(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Root mean square of each tenth of a second of the first two."""
    return np.sqrt((samples[: 2 * RATE].astype(np.float64).reshape(20, -1) ** 2).mean(1)) / 32768.0


def test_every_word_starts_after_the_one_before_and_inside_the_sound(speaker: Espeak) -> None:
    clip = render(
        tokens("Enligt LVU 3 § får nämnden besluta, säger BVC-doktorn."), Recipe(Voice("m3"), 1, placed=False), speaker
    )
    assert clip.words == (
        "enligt", "lvu", "tre", "paragraf", "får", "nämnden", "besluta", "säger", "bvc", "doktorn",
    )  # fmt: skip
    assert list(clip.starts_ms) == sorted(clip.starts_ms)
    assert clip.starts_ms[0] < 100
    assert clip.starts_ms[-1] < clip.end_ms <= len(clip.samples) * 1000 // RATE


def test_a_shard_is_read_as_it_was_written(tmp_path: Path, speaker: Espeak) -> None:
    sentences = [
        Sentence(tuple(tokens(text)), "template", "child") for text in ("min hund heter ture", "nej", "vi åt glass")
    ]
    clips = [render(sentence.words, Recipe(Voice("f4"), 3), speaker) for sentence in sentences]
    hours = write_shard(tmp_path / "one", iter((s, Voice("f4"), c) for s, c in zip(sentences, clips, strict=True)))
    rows = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text(encoding="utf-8").splitlines()]
    samples = np.load(tmp_path / "one.npy")
    assert [row["text"] for row in rows] == [sentence.label for sentence in sentences]
    assert all(
        np.array_equal(samples[r["off"] : r["off"] + r["n"]], c.samples) for r, c in zip(rows, clips, strict=True)
    )
    assert hours == pytest.approx(sum(len(clip.samples) for clip in clips) / RATE / 3600)


def test_a_dictated_sentence_keeps_its_words_and_ends_in_a_mark_said_aloud() -> None:
    sentence = Sentence(tuple(tokens("elsa var trött men glad i dag")), "note", "official")
    for seed in range(30):
        spoken = dictating(sentence, random.Random(seed)).label.split()
        said = [word for word in spoken if word not in ("komma", "rubrik")]
        assert said[:7] == sentence.label.split()
        assert {said[-1]} <= {"punkt", "rad", "stycke", "frågetecken", "kolon", "det"} or spoken[-1] == "komma"


def test_a_machine_without_espeak_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr(espeak, "started", espeak.started.__wrapped__)
    with pytest.raises(EspeakMissing, match="apt-get install espeak-ng"):
        Espeak()


@pytest.mark.parametrize("kind", NOISES)
def test_every_noise_has_unit_power_and_its_full_length(kind: str) -> None:
    made = noise(kind, 1.7, np.random.default_rng(3))  # type: ignore[arg-type]
    assert len(made) == int(1.7 * RATE)
    assert made.std() == pytest.approx(1.0, abs=0.01)
