"""What a second hearing of kept sound suggests: the sample meeting in noise, heard live and then again as a whole.

Both hearings are the embedded model's, so this measures what the whole utterance at once gives over the stream, and
not what a stronger model would. `python -m handenhet.evals.asr_rehearing [--model FILE] [--decibel 15]`.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..knowledge.sources import Word
from ..serving.asr.checkpoint import SHIPPED, read_checkpoint
from ..serving.asr.chosen import heard, second_hearing
from ..serving.asr.differences import Difference, Kind, differences
from ..serving.asr.recognizer import Final, utterance
from ..serving.asr.twice import FinalRecognizer
from ..serving.audio import pcm_blocks
from ..serving.ingest.frames import SAMPLE_RATE, AudioFrame
from ..serving.rehearing import Sound, around
from ..serving.sample.script import load_sample
from .asr import Pcm, finals, noisy
from .asr_meeting import SAMPLE
from .train_asr.score import edits
from .train_asr.spoken import label

SEED = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """`before` and `after`: word error rate of the stored words, and of them with every suggestion taken, in percent.

    `by`: suggestions by kind. `better`, `worse`: how many, each taken alone, bring the words nearer to what was said or
    further from it.
    """

    before: float
    after: float
    by: dict[Kind, int]
    better: int
    worse: int


def measure(model: Path, decibel: float) -> Figures:
    sample = load_sample()
    pcm = noisy(np.frombuffer(b"".join(pcm_blocks(SAMPLE / "meeting.opus")), dtype="<i2"), decibel, SEED)
    said = [word for turn in sample.turns for word in label(turn.text).split()]
    live = finals(heard(read_checkpoint(model), slots=1), [frame.pcm for frame in _frames(pcm)])
    pairs = list(again(live, pcm, second_hearing(model)))
    return judged(said, pairs)


def _frames(pcm: Pcm) -> list[AudioFrame]:
    """The sound second by second, as it comes and as it is kept."""
    pieces = (pcm[at : at + SAMPLE_RATE] for at in range(0, len(pcm), SAMPLE_RATE))
    return [AudioFrame(seq, 0, piece.astype("<i2").tobytes()) for seq, piece in enumerate(pieces)]


def again(live: Sequence[Final], pcm: Pcm, model: FinalRecognizer) -> Iterator[tuple[Sequence[Word], list[Difference]]]:
    """Each utterance with what was heard otherwise when it was heard again."""
    said = [utterance(final, id=f"u{n}", index=n, speaker="x") for n, final in enumerate(live)]
    sound = Sound(iter(_frames(pcm)))
    for place, final in enumerate(live):
        words = model.recognise(sound.cut(*around(said, place)), "sv-SE")
        yield final.words, list(differences(final.words, words, frozenset()))


def judged(said: Sequence[str], pairs: Sequence[tuple[Sequence[Word], list[Difference]]]) -> Figures:
    """The suggestions against the words that were said; each is tried alone, and then all together."""
    stored = [with_taken(words, []) for words, _ in pairs]
    taken = [with_taken(words, found) for words, found in pairs]
    before = _wrong(said, stored)
    moved: list[int] = []
    for place, (words, found) in enumerate(pairs):
        for one in found:
            changed = [*stored[:place], with_taken(words, [one]), *stored[place + 1 :]]
            moved.append(_wrong(said, changed) - before)
    by: Counter[Kind] = Counter(one.kind for _, found in pairs for one in found)
    return Figures(
        100 * before / len(said),
        100 * _wrong(said, taken) / len(said),
        dict(by),
        sum(more < 0 for more in moved),
        sum(more > 0 for more in moved),
    )


def with_taken(words: Sequence[Word], taken: Sequence[Difference]) -> list[str]:
    """The words with the suggestions in their place."""
    texts = [[word.text] for word in words]
    for one in taken:
        texts[one.first : one.end] = [one.heard.split(), *([[]] * (one.end - one.first - 1))]
    return [text for slot in texts for text in slot]


def _wrong(said: Sequence[str], utterances: Sequence[Sequence[str]]) -> int:
    """Words wrong, missing or too many."""
    return edits(said, label(" ".join(" ".join(words) for words in utterances)).split())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m handenhet.evals.asr_rehearing")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--decibel", type=float, default=15.0, help="speech over white noise")
    given = parser.parse_args(arguments)
    found = measure(given.model, given.decibel)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.by.items()))
    print(f"the sample meeting at {given.decibel:g} dB: {sum(found.by.values())} suggestions ({kinds})")
    print(f"better {found.better}, worse {found.worse}, the rest neither")
    print(f"WER {found.before:.1f} % as stored, {found.after:.1f} % with every suggestion taken")


if __name__ == "__main__":
    main()
