"""NeMo's streaming Sortformer, with a tiny model of random weights made on the spot: what it says means nothing, how it
streams does."""

# NeMo and torch are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from handenhet.serving.asr.checkpoint import SHIPPED
from handenhet.serving.asr.nemo import NemoRecognizer
from handenhet.serving.asr.recognizer import Closed, Event, Final, RecognizerError
from handenhet.serving.asr.sortformer import Pace, Sortformer, SortformerListening
from handenhet.serving.asr.voices import WithVoices

# NeMo and its dependencies warn of many things of their own.
pytestmark = [pytest.mark.asr, pytest.mark.filterwarnings("ignore")]
Samples = npt.NDArray[np.int16]
PACE = Pace(chunk=6, left=1, right=7, recent=20, cache=24, update=16)


def config(**preprocessor: Any) -> dict[str, Any]:
    """The published model's build, two layers of it and narrow."""
    package = "nemo.collections.asr.modules"
    return {
        "sample_rate": 16_000, "max_num_of_spks": 4, "streaming_mode": True, "async_streaming": False,
        "pil_weight": 0.5, "ats_weight": 0.5,
        "model_defaults": {"fc_d_model": 32, "tf_d_model": 16},
        "preprocessor": {
            "_target_": f"{package}.AudioToMelSpectrogramPreprocessor", "normalize": "NA", "window_size": 0.025,
            "sample_rate": 16_000, "window_stride": 0.01, "window": "hann", "features": 80, "n_fft": 512,
            "frame_splicing": 1, "dither": 0.00001, **preprocessor,
        },
        "sortformer_modules": {
            "_target_": f"{package}.sortformer_modules.SortformerModules", "num_spks": 4, "dropout_rate": 0.5,
            "fc_d_model": 32, "tf_d_model": 16, "subsampling_factor": 8,
        },
        "encoder": {
            "_target_": f"{package}.ConformerEncoder", "feat_in": 80, "feat_out": -1, "n_layers": 2, "d_model": 32,
            "subsampling": "dw_striding", "subsampling_factor": 8, "subsampling_conv_channels": 16,
            "ff_expansion_factor": 2, "self_attention_model": "rel_pos", "n_heads": 2, "att_context_size": [-1, -1],
            "conv_kernel_size": 9, "conv_norm_type": "batch_norm",
        },
        "transformer_encoder": {
            "_target_": "nemo.collections.asr.modules.transformer.transformer_encoders.TransformerEncoder",
            "num_layers": 1, "hidden_size": 16, "inner_size": 32, "num_attention_heads": 2, "pre_ln": False,
        },
        "loss": {"_target_": "nemo.collections.asr.losses.bce_loss.BCELoss", "weight": None, "reduction": "mean"},
    }  # fmt: skip


def write(path: Path, **preprocessor: Any) -> Path:
    torch, omegaconf = importlib.import_module("torch"), importlib.import_module("omegaconf")
    models = importlib.import_module("nemo.collections.asr.models")
    torch.manual_seed(7)
    model = models.SortformerEncLabelModel(cfg=omegaconf.OmegaConf.create(config(**preprocessor)))
    with torch.no_grad():  # louder answers, so that a wrong frame shows
        model.sortformer_modules.single_hidden_to_spks.weight.mul_(8.0)
    model.save_to(str(path))
    return path


@pytest.fixture(scope="module")
def sortformer(tmp_path_factory: pytest.TempPathFactory) -> Sortformer:
    return Sortformer(write(tmp_path_factory.mktemp("sortformer") / "tiny.nemo"), pace=PACE)


def sound(seconds: float, seed: int = 1) -> Samples:
    """Noise whose loudness and colour change, so that no frame is like another."""
    rng, count = np.random.default_rng(seed), int(seconds * 16_000)
    wave = np.sin(2 * np.pi * np.cumsum(rng.uniform(100, 900, count // 800 + 1).repeat(800)[:count]) / 16_000)
    return (wave * 8_000 + rng.standard_normal(count) * 500).astype("<i2")


def streamed(listening: SortformerListening, samples: Samples, size: int) -> npt.NDArray[np.float32]:
    frames = [
        frame for at in range(0, len(samples), size) for frame in listening.hear(samples[at : at + size].tobytes())
    ]
    return np.array([*frames, *listening.end()], dtype=np.float32)


def whole(sortformer: Sortformer, samples: Samples) -> npt.NDArray[np.float32]:
    """The model's own answer to all of the sound at once."""
    torch, model = importlib.import_module("torch"), sortformer._model  # pyright: ignore[reportPrivateUsage]
    with torch.inference_mode():
        heard = torch.from_numpy(samples.astype(np.float32) / 32768.0)[None]
        return model.forward(heard, torch.tensor([len(samples)]))[0].numpy()


@pytest.mark.parametrize("size", [1_600, 5_120, 777, 160_000])
def test_a_stream_gives_what_the_whole_sound_gives_however_it_is_cut(sortformer: Sortformer, size: int) -> None:
    samples = sound(9.3)
    expected = whole(sortformer, samples)
    found = streamed(sortformer.begin(), samples, size)
    assert found.shape == expected.shape == (117, 4)
    assert np.abs(found - expected).max() < 1e-4
    assert np.abs(np.diff(expected, axis=0)).max() > 1e-3, "frames that are all alike would prove nothing"


def test_voices_are_known_a_second_after_they_were_heard(sortformer: Sortformer) -> None:
    listening, samples = sortformer.begin(), sound(6.0)
    known = 0
    for place in range(0, len(samples), 1_600):
        known += len(listening.hear(samples[place : place + 1_600].tobytes()))
        heard_ms = (place + 1_600) // 16
        assert heard_ms - 80 * known <= 1_040 + 480 + 100 + 20


def test_two_streams_do_not_disturb_each_other(sortformer: Sortformer) -> None:
    one, two = sound(5.0, seed=1), sound(5.0, seed=2)
    alone = streamed(sortformer.begin(), one, 5_120)
    first, second = sortformer.begin(), sortformer.begin()
    frames: list[Any] = []
    for place in range(0, len(one), 5_120):
        frames += first.hear(one[place : place + 5_120].tobytes())
        second.hear(two[place : place + 5_120].tobytes())
    assert np.array_equal(np.array([*frames, *first.end()], dtype=np.float32), alone)


def test_what_a_stream_holds_does_not_grow_with_its_length(sortformer: Sortformer) -> None:
    listening = sortformer.begin()
    sizes: list[int] = []
    for seed in range(12):
        listening.hear(sound(10.0, seed).tobytes())
        sizes.append(held(listening))
    assert max(sizes[6:]) <= 1.1 * max(sizes[:6])
    assert max(sizes) < len(sound(10.0).tobytes()) / 3


def held(listening: SortformerListening) -> int:
    """Bytes of sound and of the model's memory."""
    state = vars(listening)["_state"]
    tensors = [value for value in vars(state).values() if hasattr(value, "numel")]
    return vars(listening)["_audio"].nbytes + sum(tensor.numel() * tensor.element_size() for tensor in tensors)


@pytest.mark.parametrize("samples", [0, 1, 159, 161, 1_281])
def test_a_stream_of_almost_nothing_ends(sortformer: Sortformer, samples: int) -> None:
    frames = streamed(sortformer.begin(), sound(1.0)[:samples], 5_120)
    assert len(frames) == -(-(samples // 160) // 8)


def test_words_get_voices_beside_the_recognizer(nemo: NemoRecognizer, sortformer: Sortformer, speak: Any) -> None:
    recognizer = WithVoices(nemo, sortformer)
    stream = recognizer.open()
    recognizer.push(stream, speak("jag är orolig för min son").tobytes())
    recognizer.close(stream)
    events: list[Event] = []
    while recognizer.ready(stream):
        events += recognizer.step()
    (final,) = [event for event in events if isinstance(event, Final)]
    assert len(final.voices) == len(final.words) == 6
    assert set(final.voices) <= {"A", "B", "C", "D", ""}
    assert isinstance(events[-1], Closed)


def test_a_model_that_cannot_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecognizerError, match="cannot stream"):
        Sortformer(write(tmp_path / "whole.nemo", normalize="per_feature"))


@pytest.mark.parametrize("path", [SHIPPED, Path("saknas.nemo")])
def test_what_is_no_speaker_model_is_told_in_one_line(path: Path) -> None:
    with pytest.raises(RecognizerError, match=r"speaker model|not there"):
        Sortformer(path)
