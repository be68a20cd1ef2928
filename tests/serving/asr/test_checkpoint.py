"""A model file is checked before anything heavy is imported."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from handenhet.serving.asr.checkpoint import SHIPPED, read_checkpoint
from handenhet.serving.asr.recognizer import RecognizerError

STREAMING: dict[str, Any] = {
    "sample_rate": 16_000,
    "preprocessor": {"sample_rate": 16_000, "normalize": "NA"},
    "encoder": {"att_context_style": "chunked_limited", "att_context_size": [56, 6], "conv_context_size": "causal"},
    "model_defaults": {"prompt_dictionary": {"sv-SE": 1, "en-US": 0}},
    "joint": {"num_classes": 1},
}


def model(path: Path, config: object) -> Path:
    text = yaml.safe_dump(config).encode()
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("./model_config.yaml")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return path


def test_the_shipped_model_is_the_one_its_manifest_names() -> None:
    shipped = read_checkpoint(SHIPPED)
    assert shipped.verified
    assert (shipped.decoding, shipped.contexts[0], shipped.languages) == ("rnnt", (112, 7), frozenset())
    assert SHIPPED.with_suffix(".md").is_file()


def test_what_a_model_can_do_is_read_from_its_configuration(tmp_path: Path) -> None:
    found = read_checkpoint(model(tmp_path / "m.nemo", STREAMING))
    assert (found.decoding, found.contexts) == ("rnnt", ((56, 6),))
    assert (found.languages, found.verified) == ({"sv-SE", "en-US"}, False)


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    path = model(tmp_path / "m.nemo", STREAMING)
    (tmp_path / "manifest.json").write_text(json.dumps({"m.nemo": {"sha256": "0" * 64}}))
    with pytest.raises(RecognizerError, match="checksum is wrong"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("part", "change", "answer"),
    [
        ("encoder", {"att_context_style": "regular"}, "cannot stream"),
        ("encoder", {"att_context_size": [-1, -1]}, "cannot stream"),
        ("encoder", {"conv_context_size": None}, "cannot stream"),
        ("preprocessor", {"sample_rate": 8_000}, "does not hear 16000 Hz"),
        ("preprocessor", {"normalize": "per_feature"}, "normalises over whole files"),
    ],
)
def test_a_model_that_cannot_be_used_says_why(
    tmp_path: Path, part: str, change: dict[str, object], answer: str
) -> None:
    config = STREAMING | {part: STREAMING[part] | change}
    with pytest.raises(RecognizerError, match=answer):
        read_checkpoint(model(tmp_path / "m.nemo", config))


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b rubbish"])
def test_a_file_that_is_no_model_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.nemo"
    path.write_bytes(content)
    with pytest.raises(RecognizerError, match="no NeMo model"):
        read_checkpoint(path)


def test_a_missing_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecognizerError, match="not there"):
        read_checkpoint(tmp_path / "m.nemo")
