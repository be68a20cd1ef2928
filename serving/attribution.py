"""Who said which words: from the caseworker's taps, or, without any, one unknown speaker.

Nothing here listens to voices. `turns_by_pause` marks where a speaker may have changed, never who speaks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..knowledge.sources import Word
from .asr.recognizer import Final

UNKNOWN = "okänd"
TURN_PAUSE_MS = 1_200
"""A silence this long is taken for a change of turn where nobody tapped."""


@dataclass(frozen=True, slots=True)
class Tap:
    """`speaker` (a participant id) speaks from `at_ms` on."""

    at_ms: int
    speaker: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Words by one speaker. `words` is never empty and all have times."""

    speaker: str
    words: tuple[Word, ...]

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms or 0

    @property
    def end_ms(self) -> int:
        return self.words[-1].end_ms or 0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def attribute(final: Final, taps: Sequence[Tap]) -> Iterator[Segment]:
    """The utterance by speaker, split at the word boundary nearest each tap inside it.

    `taps` in order of time; words before the first one are by the unknown speaker. A tap that moves no word splits
    nothing.
    """
    words = final.words
    inside = [tap for tap in taps if final.start_ms < tap.at_ms < final.end_ms]
    cuts = [0, *(_nearest_boundary(words, tap.at_ms) for tap in inside), len(words)]
    speakers = [_speaker_at(taps, final.start_ms), *(tap.speaker for tap in inside)]
    segments: list[Segment] = []
    for first, end, speaker in zip(cuts, cuts[1:], speakers, strict=False):
        if first >= end:
            continue
        if segments and segments[-1].speaker == speaker:
            segments[-1] = Segment(speaker, segments[-1].words + words[first:end])
        else:
            segments.append(Segment(speaker, words[first:end]))
    yield from segments


def turns_by_pause(segments: Iterable[Segment], *, pause_ms: int = TURN_PAUSE_MS) -> Iterator[tuple[int, Segment]]:
    """Each segment with its turn, counted from 1: a new turn where the speaker or a long pause says so."""
    turn, before = 0, None
    for segment in segments:
        if (
            before is None
            or segment.speaker != before.speaker
            or (segment.start_ms - before.end_ms >= pause_ms)
        ):  # fmt: skip
            turn += 1
        yield turn, segment
        before = segment


def _speaker_at(taps: Sequence[Tap], at_ms: int) -> str:
    place = bisect_right([tap.at_ms for tap in taps], at_ms)
    return taps[place - 1].speaker if place else UNKNOWN


def _nearest_boundary(words: Sequence[Word], at_ms: int) -> int:
    """How many words come before the tap. A boundary lies in the middle between two words."""

    def distance(cut: int) -> tuple[float, int]:
        if cut == 0:
            edge = float(words[0].start_ms or 0)
        elif cut == len(words):
            edge = float(words[-1].end_ms or 0)
        else:
            edge = ((words[cut - 1].end_ms or 0) + (words[cut].start_ms or 0)) / 2
        return abs(edge - at_ms), cut

    return min(range(len(words) + 1), key=distance)
