"""The recognizer that the settings choose: a live model, a stronger one over it, and voices told apart beside it."""

from functools import partial
from pathlib import Path

from ..settings import Settings
from .apart import Apart
from .catalogue import located
from .checkpoint import Checkpoint, read_checkpoint
from .gate import Levels
from .recognizer import Recognizer
from .twice import AtOnce, FinalRecognizer, TwiceHeard

UNCLEAR = Levels(long_run=0.4, one_more=0.4)
"""How sure the embedded model's second hearing must be where its live words were not to be stood by.

In 24 minutes of noise, hum, music and clicks it heard no word in such a stretch; of those in speech at 10 dB it was
sure enough of 18 of 18, at 5 dB of 27 of 31.
"""


def live_model(settings: Settings) -> Path:
    """The live model's file. Raises RecognizerError for a name that is unknown or not fetched."""
    return located("embedded" if settings.asr_model is None else str(settings.asr_model), settings.data_dir / "models")


def recognizer(settings: Settings, *, slots: int) -> Recognizer:
    """Ready to hear `slots` meetings. Raises RecognizerError: a model is missing or wrong, NeMo is not installed."""
    make = heard_live if settings.asr_final_model else heard
    live: Recognizer = Apart(partial(make, read_checkpoint(live_model(settings)), slots=slots)).loaded()
    if settings.asr_final_model:
        live = TwiceHeard(live, final_model(settings), timeout_s=settings.asr_final_timeout_s)
    if settings.asr_speaker_model:
        from .sortformer import Sortformer
        from .voices import WithVoices

        live = WithVoices(live, Sortformer(speaker_model(settings)))
    return live


def heard_live(checkpoint: Checkpoint, *, slots: int, levels: Levels | None = None) -> Recognizer:
    """The live model's own words. `levels`: how sure it must be of them."""
    # Commands' help and their errors must not wait for numpy.
    from .nemo import NemoRecognizer

    return NemoRecognizer(checkpoint, slots=slots, levels=levels)


def heard(checkpoint: Checkpoint, *, slots: int, levels: Levels | None = None) -> Recognizer:
    """The live model, which hears each closed utterance once more itself where it has a language model beside it."""
    live = heard_live(checkpoint, slots=slots, levels=levels)
    spelling = spelled(checkpoint.path)
    return live if spelling is None else TwiceHeard(live, spelling, pool=AtOnce(), unclear=UNCLEAR)


def spelled(model: Path) -> FinalRecognizer | None:
    """A model's second hearing with its language model, where one lies beside it. Raises RecognizerError."""
    from .spelled import SpelledFinal, language_model, whole_hearing

    words, whole = language_model(model), whole_hearing(model)
    return SpelledFinal(whole if whole.exists() else model, words) if words.exists() else None


def second_hearing(model: Path) -> FinalRecognizer:
    """A model's file heard with, its language model beside it where it has one. Raises RecognizerError."""
    from .finals import NemoFinal

    return spelled(model) or NemoFinal(model)


def final_model(settings: Settings) -> FinalRecognizer:
    """The stronger model, or where none is named the embedded one. Raises RecognizerError."""
    from .finals import EndpointFinal

    if settings.asr_final_url:
        return EndpointFinal(
            settings.asr_final_url,
            settings.asr_final_model,
            key=settings.llm_api_key.get_secret_value(),
            timeout_s=settings.asr_final_timeout_s,
        )
    return second_hearing(final_file(settings))


def final_file(settings: Settings) -> Path:
    """The file of the final model, where it is no server's. Raises RecognizerError."""
    return located(settings.asr_final_model or "embedded", settings.data_dir / "models")


def speaker_model(settings: Settings) -> Path:
    """The file of the model that tells voices apart. Raises RecognizerError."""
    return located(settings.asr_speaker_model, settings.data_dir / "models")
