"""The embedded recognizer on the sample meeting: its words, and who is said to have said them when taps come late.

The model hears no voices apart: turns are marked by taps and pauses (`serving/attribution.py`). Here the taps fall
where the script's turns begin, each moved by a random time, as a person's thumb would.
`python -m handenhet.evals.asr_meeting [--model FILE]`.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from ..knowledge.sources import Word
from ..serving.asr.checkpoint import SHIPPED, read_checkpoint
from ..serving.asr.chosen import heard
from ..serving.asr.recognizer import BYTES_PER_SAMPLE, SAMPLE_RATE, Final, Recognizer, to_ms
from ..serving.attribution import Segment, Tap, attribute, turns_by_pause
from ..serving.audio import pcm_blocks
from ..serving.sample.script import SampleMeeting, load_sample
from .asr import finals
from .train_asr.score import Rate, rate
from .train_asr.spoken import label

SAMPLE = Path(__file__).resolve().parents[1] / "serving" / "sample"
JITTERS_MS = (0, 300, 600)
SEED = 11
TAIL_S = 2


@dataclass(frozen=True, slots=True)
class Attribution:
    """Rightly heard words given to the right speaker, of all rightly heard ones."""

    right: int
    words: int

    @property
    def share(self) -> float:
        return self.right / self.words if self.words else 0.0


def hear_file(recognizer: Recognizer, path: Path) -> list[Final]:
    """The utterances of one file."""
    return finals(recognizer, [*pcm_blocks(path), bytes(TAIL_S * SAMPLE_RATE * BYTES_PER_SAMPLE)])


def jittered(taps: Sequence[Tap], most_ms: int, seed: int = SEED) -> list[Tap]:
    """Each tap moved by at most `most_ms` either way, none before the meeting's start, in order of time."""
    rng = random.Random(seed)
    moved = [Tap(max(0, tap.at_ms + rng.randint(-most_ms, most_ms)), tap.speaker) for tap in taps]
    return sorted(moved, key=lambda tap: tap.at_ms)


def attribution(spoken: Sequence[tuple[str, str]], segments: Sequence[Segment]) -> Attribution:
    """`spoken`: (speaker, word) of the script. Words are matched in order; a misheard word counts for nothing."""
    heard = [(segment.speaker, word.text) for segment in segments for word in segment.words]
    matcher = SequenceMatcher(None, [word for _, word in spoken], [word for _, word in heard], autojunk=False)
    pairs = [
        (spoken[block.a + step][0], heard[block.b + step][0])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
    return Attribution(sum(said == given for said, given in pairs), len(pairs))


def turns_found(changes_ms: Sequence[int], segments: Sequence[Segment]) -> tuple[int, int]:
    """Without any tap: how many changes of speaker fall on a marked pause, and how many pauses are marked.

    A change falls on a pause when the first word after it begins the pause's turn.
    """
    bare = [Segment("okänd", segment.words) for segment in segments]
    begun: dict[int, int] = {}
    for turn, segment in turns_by_pause(bare):
        begun.setdefault(turn, segment.start_ms)
    words = [word.start_ms or 0 for segment in bare for word in segment.words]
    firsts = [min((start for start in words if start >= change), default=-1) for change in changes_ms]
    return len({*firsts} & {*begun.values()}), len(begun) - 1


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m handenhet.evals.asr_meeting")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    given = parser.parse_args(arguments)
    sample = load_sample()
    taps = read_taps()
    finals = hear_file(heard(read_checkpoint(given.model), slots=1), SAMPLE / "meeting.opus")
    words: list[Word] = [word for final in finals for word in final.words]
    wrong: Rate = rate(" ".join(label(turn.text) for turn in sample.turns), " ".join(word.text for word in words))
    print(f"sample meeting: WER {wrong.wer:.1f} % CER {wrong.cer:.1f} %, {wrong.words} words")
    for jitter in JITTERS_MS:
        moved = jittered(taps, jitter)
        found = attribution(_spoken(sample), [segment for final in finals for segment in attribute(final, moved)])
        print(f"taps off by up to {jitter} ms: {100 * found.share:.1f} % of {found.words} words by the right speaker")
    changes = [tap.at_ms for before, tap in pairwise(taps) if tap.speaker != before.speaker]
    near, pauses = turns_found(changes, [Segment("okänd", final.words) for final in finals])
    print(f"without taps: {near} of {len(changes)} changes of speaker fall on one of {pauses} marked pauses")


def read_taps() -> list[Tap]:
    """Where the sample meeting's turns begin."""
    turns = json.loads((SAMPLE / "turns.json").read_text(encoding="utf-8"))
    return [Tap(to_ms(turn["sample"]), turn["speaker"]) for turn in turns]


def _spoken(sample: SampleMeeting) -> list[tuple[str, str]]:
    return [(turn.speaker, word) for turn in sample.turns for word in label(turn.text).split()]


if __name__ == "__main__":
    main()
