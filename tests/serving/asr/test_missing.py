"""What the recognizer says before NeMo is asked: it is not installed, or the model lacks the language."""

import sys
from dataclasses import replace

import pytest

from handenhet.serving.asr.checkpoint import SHIPPED, read_checkpoint
from handenhet.serving.asr.nemo import NemoRecognizer
from handenhet.serving.asr.recognizer import RecognizerError


@pytest.mark.parametrize("library", ["torch", "nemo.collections.asr.inference.factory.pipeline_builder"])
def test_without_its_libraries_it_says_what_to_install(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if library != "torch":
        pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(RecognizerError, match=r"NeMo is not installed .* pip install 'handenhet\[asr\]'"):
        NemoRecognizer(read_checkpoint(SHIPPED))


def test_a_language_the_model_lacks_is_named_with_those_it_knows() -> None:
    english = replace(read_checkpoint(SHIPPED), languages=frozenset({"en-US", "fi-FI"}))
    with pytest.raises(RecognizerError, match="does not know the language 'sv-SE' - it knows en-US, fi-FI"):
        NemoRecognizer(english)
