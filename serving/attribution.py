"""Who said which words: by the caseworker's taps, else by voice where voices are told apart, else an unknown speaker.

Nothing here listens to sound. A voice is a speaker of its own (`röst-A`) until a person says whose it is.
`turns_by_pause` marks where a speaker may have changed, never who speaks.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..knowledge.sources import Word
from .asr.recognizer import Final

UNKNOWN = "okänd"
VOICE = "röst-"
"""What the speaker of a voice is called until a person says whose voice it is: `röst-A` to `röst-D`."""
SHORT_MS = 400
"""A voice heard for less than this in the midst of another is taken for the other."""
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


class Speakers:
    """Who speaks in one meeting, fed its taps and utterances in order.

    A tap wins over what the voices say: from there all words are by that participant, to the end of the utterance and
    on until another tap, or until another voice than the one tapped is heard.
    """

    def __init__(self) -> None:
        self._taps: list[Tap] = []
        self._tap: Tap | None = None
        self._voice = ""
        """The voice that was tapped, as far as it is known."""
        self._holds = False

    def tap(self, tap: Tap) -> None:
        self._taps.append(tap)
        self._taps.sort(key=lambda one: one.at_ms)

    def attribute(self, final: Final) -> Iterator[Segment]:
        """The utterance by speaker, split at the word boundary nearest each tap, and between voices."""
        voices = _smooth(final.words, final.voices) if final.voices else ("",) * len(final.words)
        said: list[str] = []
        for tap, first, end in _pieces(final, self._taps):
            said += self._piece(tap, voices[first:end])
        places = range(len(said))
        for speaker, group in groupby(places, key=said.__getitem__):
            yield Segment(speaker, tuple(final.words[place] for place in group))

    def _piece(self, tap: Tap | None, voices: Sequence[str]) -> list[str]:
        """The speakers of words under one tap."""
        if tap is None:
            return [_by_voice(voice) for voice in voices]
        if tap != self._tap:
            self._tap, self._voice, self._holds = tap, "", True
        if self._holds and not self._voice:
            self._voice = _mostly(voices)
            return [tap.speaker] * len(voices)
        said: list[str] = []
        for voice in voices:
            self._holds = self._holds and voice in ("", self._voice)
            said.append(tap.speaker if self._holds else _by_voice(voice))
        return said


def attribute(final: Final, taps: Sequence[Tap]) -> Iterator[Segment]:
    """One utterance by speaker, by taps alone: words before the first one are by the unknown speaker.

    A tap that moves no word splits nothing.
    """
    speakers = Speakers()
    for tap in taps:
        speakers.tap(tap)
    yield from speakers.attribute(final)


def _pieces(final: Final, taps: Sequence[Tap]) -> Iterator[tuple[Tap | None, int, int]]:
    """Words `first`..`end` under each tap, in order; none is empty."""
    inside = [tap for tap in taps if final.start_ms < tap.at_ms < final.end_ms]
    cuts = [0, *(_nearest_boundary(final.words, tap.at_ms) for tap in inside), len(final.words)]
    for tap, first, end in zip([_tap_at(taps, final.start_ms), *inside], cuts, cuts[1:], strict=False):
        if first < end:
            yield tap, first, end


def _by_voice(voice: str) -> str:
    return f"{VOICE}{voice}" if voice else UNKNOWN


def _mostly(voices: Sequence[str]) -> str:
    known = Counter(voice for voice in voices if voice)
    return known.most_common(1)[0][0] if known else ""


def _smooth(words: Sequence[Word], voices: Sequence[str]) -> tuple[str, ...]:
    """The voices with each short stretch between two of the same voice given to that voice."""
    runs = [(voice, list(group)) for voice, group in groupby(range(len(words)), key=voices.__getitem__)]
    smoothed = list(voices)
    for (before, _), (_, places), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        short = (words[places[-1]].end_ms or 0) - (words[places[0]].start_ms or 0) < SHORT_MS
        if short and before == after:
            for place in places:
                smoothed[place] = before
    return tuple(smoothed)


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


def _tap_at(taps: Sequence[Tap], at_ms: int) -> Tap | None:
    place = bisect_right([tap.at_ms for tap in taps], at_ms)
    return taps[place - 1] if place else None


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
