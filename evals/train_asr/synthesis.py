"""Sentences to sound: a voice, a speed, a pitch and a room for each, kept as int16 shards with an index line each."""

# scipy is typed in part only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from . import rooms, speakers
from .corpus import Register, Sentence, Source
from .espeak import Espeak, Voice
from .spoken import Token, said, tokens
from .wordlist import SWAPPED_SHARE, Drawn

Samples = npt.NDArray[np.float32]
RATE = 16_000
LEAD_S = 0.025
QUIET = 1e-3

VARIANTS = tuple(
    str.split(
        "m1 m2 m3 m4 m6 m7 m8 f1 f2 f4 f5 adam Alex Andy Andrea Annie AnxiousAndy anika announcer antonio "
        "aunty belinda benjamin boris caleb david Denis Diogo ed edward edward2 Gene Gene2 grandma grandpa "
        "gustave Henrique Hugo iven iven2 iven3 Jacky john kaukovalta klatt klatt2 klatt3 klatt4 Lee linda "
        "marcelo Marco Mario max michel miguel Michael Mike norbert pablo paul pedro rob robert sandro steph "
        "steph2 travis Tweaky victor zac"
    )
)
"""The speakers of the training; `+m1` and the like are espeak-ng's own variant names."""
UNHEARD = ("m5", "f3", "Alicia", "quincy", "shelby", "steph3")
"""Speakers that are never trained on."""
MADE_UP, MADE_UP_SHARE = 2000, 0.5
"""How many made-up speakers there are, and how much of the training they speak."""
HIGH = tuple(str.split("f1 f2 f4 f5 Annie Andrea aunty belinda linda steph steph2 klatt2 anika m4 Gene"))
"""Variants that still sound right when lifted to a child's pitch."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides one clip's sound."""

    voice: Voice
    seed: int
    placed: bool = True
    """Whether a random room and microphone are put around the voice."""


@dataclass(frozen=True)
class Clip:
    """A spoken sentence at 16 kHz: its words, where each starts and where the last ends, in ms of the clip."""

    samples: npt.NDArray[np.int16]
    words: tuple[str, ...]
    starts_ms: tuple[int, ...]
    end_ms: int


def voice_for(register: Register, rng: random.Random, variants: Sequence[str] = VARIANTS) -> Voice:
    """A random speaker; a child's voice is mostly lifted to pitch 70-99."""
    child = register == "child" and rng.random() < 0.7
    high = [variant for variant in variants if variant in HIGH] or list(variants)
    return Voice(
        variant=rng.choice(high if child else list(variants)),
        speed=rng.randint(120, 200),
        pitch=rng.randint(70, 99) if child else rng.randint(12, 92),
        range=rng.choice((50, 50, rng.randint(15, 90))),
        gap=rng.choice((0, 0, 0, 1, 2, 4)),
    )


def render(words: Sequence[Token], recipe: Recipe, speaker: Espeak) -> Clip:
    """Speak the words.

    espeak-ng keeps its oscillators running from one sentence to the next, so a clip is the same to the sample only when
    the clips before it were; words, times (to a millisecond) and sound are the same in any order.
    """
    text, positions = said(list(words))
    dry, marks = speaker.speak(text, recipe.voice)
    if not len(dry):
        raise ValueError("espeak-ng said nothing")
    loud = np.flatnonzero(np.abs(dry) > QUIET)
    first = max(0, int(loud[0]) - int(LEAD_S * speaker.rate)) if len(loud) else 0
    last = int(loud[-1]) + 1 if len(loud) else len(dry)
    trimmed = dry[first : last + int(0.05 * speaker.rate)]
    sound = _resample(trimmed, speaker.rate)
    sound = rooms.place(sound, np.random.default_rng(recipe.seed)) if recipe.placed else rooms.level(sound)
    starts = _starts(positions, len(text), marks, first * 1000 // speaker.rate)
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    return Clip(pcm, tuple(word.label for word in words), starts, (last - first) * 1000 // speaker.rate)


def write_shard(path: Path, clips: Iterator[tuple[Sentence, Voice, Clip]]) -> float:
    """Write `path`.npy (all samples in a row) and `path`.jsonl (one line a clip); returns hours of audio."""
    pieces: list[npt.NDArray[np.int16]] = []
    lines: list[str] = []
    offset = 0
    for sentence, voice, clip in clips:
        row = {
            "off": offset,
            "n": len(clip.samples),
            "text": " ".join(clip.words),
            "starts": clip.starts_ms,
            "end": clip.end_ms,
            "source": sentence.source,
            "register": sentence.register,
            "voice": asdict(voice),
        }
        lines.append(json.dumps(row, ensure_ascii=False))
        pieces.append(clip.samples)
        offset += len(clip.samples)
    with path.with_suffix(".part").open("wb") as file:
        np.save(file, np.concatenate(pieces))
    path.with_suffix(".part").rename(path.with_suffix(".npy"))
    path.with_suffix(".jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")  # last: a reader looks for it
    return offset / RATE / 3600


SHARES: dict[Source, float] = {"meeting": 0.27, "question": 0.17, "note": 0.10, "template": 0.31, "words": 0.15}
LISTED_SHARES: dict[Source, float] = {"meeting": 0.21, "question": 0.14, "note": 0.10, "template": 0.25, "words": 0.30}
"""What is spoken where a word list is given: more strings of random words."""


DICTATED_SHARE = 0.06
"""Sentences spoken as a dictation, with their marks said aloud."""
_MARKS_SAID = ("punkt", "punkt", "punkt", "komma", "ny rad", "nytt stycke", "frågetecken", "kolon", "stryk det")

Spoken = tuple[Sentence, Voice, Clip]


def training_clips(
    train: Sequence[Sentence],
    words: Sequence[str],
    hours: float,
    seed: int,
    listed: Sequence[str] = (),
    dictated_share: float = DICTATED_SHARE,
) -> Iterator[Spoken]:
    """Clips drawn by SHARES until `hours` are full; `words` are strings of random words, which teach spelling alone.

    With `listed` words (wordlist.read) those strings draw on them too, and some sentences have words swapped for them.
    """
    rng = random.Random(seed)
    speaker = Espeak()
    drawn = Drawn(listed, words) if listed else None
    shares = LISTED_SHARES if listed else SHARES
    by_source = {source: [s for s in train if s.source == source] for source in shares}
    order: dict[Source, list[Sentence]] = {source: [] for source in shares}
    total = 0
    while total < hours * 3600 * RATE:
        source = rng.choices(list(shares), list(shares.values()))[0]
        if source == "words":
            sentence = _word_salad([drawn.word(rng) if drawn else rng.choice(words) for _ in range(rng.randint(2, 8))])
        else:
            if not order[source]:
                order[source] = rng.sample(by_source[source], len(by_source[source]))
            sentence = order[source].pop()
            if drawn and rng.random() < SWAPPED_SHARE:
                sentence = drawn.swapped(sentence, rng)
        if rng.random() < dictated_share:
            sentence = dictating(sentence, rng)
        voice = voice_for(sentence.register, rng)
        if rng.random() < MADE_UP_SHARE:
            voice = replace(voice, variant=speakers.name(rng.randrange(MADE_UP)))
        try:
            clip = render(sentence.words, Recipe(voice, rng.randrange(1 << 31)), speaker)
        except ValueError:
            continue
        total += len(clip.samples)
        yield sentence, voice, clip


def dictating(sentence: Sentence, rng: random.Random) -> Sentence:
    """The sentence as somebody dictates it: marks said at its end, sometimes a comma inside or a heading before it."""
    words = list(sentence.words)
    if len(words) > 4 and rng.random() < 0.4:
        place = rng.randint(2, len(words) - 2)
        words[place:place] = tokens("komma,")
    if rng.random() < 0.1:
        words = [*tokens("rubrik"), *words]
    words += tokens(rng.choice(_MARKS_SAID))
    if rng.random() < 0.3:
        words += tokens(rng.choice(_MARKS_SAID))
    return replace(sentence, words=tuple(words))


def _word_salad(drawn: Sequence[str]) -> Sentence:
    return Sentence(tuple(tokens(" ".join(drawn))), "words", "adult")


def _starts(positions: Sequence[int], length: int, marks: Sequence[tuple[int, int]], lead_ms: int) -> tuple[int, ...]:
    """The first mark inside each word; a word without one starts a little after its neighbour."""
    ends = [*positions[1:], length]
    starts: list[int] = []
    for begin, end in zip(positions, ends, strict=True):
        inside = [time for place, time in marks if begin <= place < end]
        start = inside[0] - lead_ms if inside else (starts[-1] + 50 if starts else 0)
        starts.append(max(start, starts[-1] if starts else 0, 0))
    return tuple(starts)


def _resample(samples: Samples, rate: int) -> Samples:
    common = math.gcd(RATE, rate)
    return np.asarray(resample_poly(samples, RATE // common, rate // common), dtype=np.float32)
