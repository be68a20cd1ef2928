"""The recognizer that the settings choose: a live model, a stronger one over it, and voices told apart beside it."""

from functools import partial
from pathlib import Path

from ..settings import Settings
from .apart import Apart
from .catalogue import located
from .checkpoint import read_checkpoint
from .recognizer import Recognizer
from .twice import FinalRecognizer, TwiceHeard


def live_model(settings: Settings) -> Path:
    """The live model's file. Raises RecognizerError for a name that is unknown or not fetched."""
    return located("embedded" if settings.asr_model is None else str(settings.asr_model), settings.data_dir / "models")


def recognizer(settings: Settings, *, slots: int) -> Recognizer:
    """Ready to hear `slots` meetings. Raises RecognizerError: a model is missing or wrong, NeMo is not installed."""
    # Commands' help and their errors must not wait for numpy.
    from .nemo import NemoRecognizer

    heard: Recognizer = Apart(partial(NemoRecognizer, read_checkpoint(live_model(settings)), slots=slots)).loaded()
    if settings.asr_final_model:
        heard = TwiceHeard(heard, final_model(settings), timeout_s=settings.asr_final_timeout_s)
    if settings.asr_speaker_model:
        from .sortformer import Sortformer
        from .voices import WithVoices

        heard = WithVoices(heard, Sortformer(speaker_model(settings)))
    return heard


def final_model(settings: Settings) -> FinalRecognizer:
    """The stronger model, or where none is named the embedded one. Raises RecognizerError."""
    from .finals import EndpointFinal, NemoFinal

    if settings.asr_final_url:
        return EndpointFinal(
            settings.asr_final_url,
            settings.asr_final_model,
            key=settings.llm_api_key.get_secret_value(),
            timeout_s=settings.asr_final_timeout_s,
        )
    return NemoFinal(final_file(settings))


def final_file(settings: Settings) -> Path:
    """The file of the final model, where it is no server's. Raises RecognizerError."""
    return located(settings.asr_final_model or "embedded", settings.data_dir / "models")


def speaker_model(settings: Settings) -> Path:
    """The file of the model that tells voices apart. Raises RecognizerError."""
    return located(settings.asr_speaker_model, settings.data_dir / "models")
