"""The recognizer that the settings choose: a live model, and where one is named a second hearing by a stronger one."""

from pathlib import Path

from ..settings import Settings
from .catalogue import located
from .checkpoint import read_checkpoint
from .recognizer import Recognizer


def live_model(settings: Settings) -> Path:
    """The live model's file. Raises RecognizerError for a name that is unknown or not fetched."""
    return located("embedded" if settings.asr_model is None else str(settings.asr_model), settings.data_dir / "models")


def recognizer(settings: Settings, *, slots: int) -> Recognizer:
    """Ready to hear `slots` meetings. Raises RecognizerError: a model is missing or wrong, NeMo is not installed."""
    # Commands' help and their errors must not wait for NeMo.
    from .nemo import NemoRecognizer
    from .twice import TwiceHeard

    live = NemoRecognizer(read_checkpoint(live_model(settings)), slots=slots)
    if not settings.asr_final_model:
        return live
    from .finals import EndpointFinal, NemoFinal

    if settings.asr_final_url:
        final = EndpointFinal(
            settings.asr_final_url,
            settings.asr_final_model,
            key=settings.llm_api_key.get_secret_value(),
            timeout_s=settings.asr_final_timeout_s,
        )
    else:
        final = NemoFinal(located(settings.asr_final_model, settings.data_dir / "models"))
    return TwiceHeard(live, final, timeout_s=settings.asr_final_timeout_s)
