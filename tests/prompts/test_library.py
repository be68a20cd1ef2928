"""A prompt has an identity, and an open hole is an error that names it."""

import pytest

from handenhet.prompts.library import Prompt, PromptError, prompt


def test_a_prompt_is_found_with_its_digest() -> None:
    found = prompt("reading", "v1")
    assert found.text.startswith("Du läser ett samtal")
    assert len(found.digest) == 64


def test_a_missing_prompt_is_named() -> None:
    with pytest.raises(PromptError, match="reading/v999"):
        prompt("reading", "v999")


def test_an_open_hole_is_named() -> None:
    with pytest.raises(PromptError, match="namn"):
        Prompt("hej", "v1", "Hej {{ namn }}", "").fill(annat="x")


def test_holes_are_filled() -> None:
    assert Prompt("hej", "v1", "Hej {{ namn }}", "").fill(namn="Maria") == "Hej Maria"
