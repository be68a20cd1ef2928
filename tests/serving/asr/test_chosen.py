"""What the settings choose, and what they may not."""

from pathlib import Path

import pytest

from handenhet.serving.asr.checkpoint import SHIPPED
from handenhet.serving.asr.chosen import live_model
from handenhet.serving.asr.recognizer import RecognizerError
from handenhet.serving.settings import SettingsError, load

URL = "HANDENHET_ASR_FINAL_URL"


def test_nothing_said_is_the_embedded_model_alone(tmp_path: Path) -> None:
    settings = load({"HANDENHET_DATA_DIR": str(tmp_path)})
    assert live_model(settings) == SHIPPED
    assert settings.asr_final_model == ""


def test_a_model_is_chosen_by_name_or_path(tmp_path: Path) -> None:
    here = {"HANDENHET_DATA_DIR": str(tmp_path)}
    assert live_model(load({**here, "HANDENHET_ASR_MODEL": "embedded"})) == SHIPPED
    assert live_model(load({**here, "HANDENHET_ASR_MODEL": "own.nemo"})) == Path("own.nemo")
    with pytest.raises(RecognizerError, match="handenhet models fetch nemotron"):
        live_model(load({**here, "HANDENHET_ASR_MODEL": "nemotron-3.5-asr-streaming-0.6b"}))


def test_sound_never_goes_to_a_host_outside_unless_policy_says_so() -> None:
    outside = {URL: "https://speech.example.com", "HANDENHET_ASR_FINAL_MODEL": "m"}
    with pytest.raises(SettingsError, match="outside this machine"):
        load(outside)
    assert load({**outside, "HANDENHET_LLM_ALLOW_REMOTE": "true"}).asr_final_url
    assert load({**outside, URL: "http://tal:8000"}).asr_final_url == "http://tal:8000"


def test_an_address_needs_the_models_name() -> None:
    with pytest.raises(SettingsError, match="asr_final_model"):
        load({URL: "http://127.0.0.1:8000"})
