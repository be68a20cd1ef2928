"""`handenhet transcribe`: files in, segments out, through the whole streaming path."""

import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.sources import Word
from handenhet.serving.__main__ import main
from handenhet.serving.asr.recognizer import Recognizer
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.commands import transcribe

SCRIPT = [
    (Word("hej", 500, 800, 0.9), Word("du", 900, 1_000, 0.4)),
    (Word("ja", 4_000, 4_300, 0.8),),
]


def write_wav(path: Path, samples: npt.NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command hears a script instead of NeMo."""

    def recognizer(model: Path | None, slots: int) -> Recognizer:
        return ReplayRecognizer(SCRIPT)

    monkeypatch.setattr(transcribe, "recognizer_for", recognizer)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "samtal.wav", np.zeros(6 * 16_000, dtype=np.int16))


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["transcribe", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.usefixtures("replay")
@pytest.mark.parametrize("rough", [[], ["--rough"]])
def test_a_line_a_segment(capsys: pytest.CaptureFixture[str], file: Path, rough: list[str]) -> None:
    code, out, err = run(capsys, file, "--json", *rough)
    first: dict[str, Any] = {
        "speaker": "okänd",
        "start_s": 0.5,
        "end_s": 1.0,
        "text": "hej du",
        "words": [
            {"text": "hej", "start_s": 0.5, "end_s": 0.8, "confidence": 0.9},
            {"text": "du", "start_s": 0.9, "end_s": 1.0, "confidence": 0.4},
        ],
    }
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err, lines[0], [line["text"] for line in lines]) == (0, "", first, ["hej du", "ja"])


@pytest.mark.usefixtures("replay")
def test_for_people_doubt_and_pauses_are_shown(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert run(capsys, file) == (0, "00:00.5 okänd: hej [du?]\n\n00:04.0 okänd: ja\n", "")


@pytest.mark.usefixtures("replay")
def test_turns_say_who_speaks(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path) -> None:
    turns = tmp_path / "turer.json"
    turns.write_text('[{"speaker": "p1", "start_s": 0}, {"speaker": "p2", "start_s": 3.5}]')
    _, out, _ = run(capsys, file, "--json", "--turns", turns)
    assert [json.loads(line)["speaker"] for line in out.splitlines()] == ["p1", "p2"]


@pytest.mark.usefixtures("replay")
def test_many_files_keep_their_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [write_wav(tmp_path / f"{n}.wav", np.zeros(n * 16_000, dtype=np.int16)) for n in (6, 2, 6, 1, 2, 6)]
    code, out, _ = run(capsys, *files, "--json")
    said = [(Path(line["file"]).name, line["text"]) for line in map(json.loads, out.splitlines())]
    assert code == 0
    assert said == [
        (name, text)
        for name in ("6.wav", "2.wav", "6.wav", "1.wav", "2.wav", "6.wav")
        for text in {"6.wav": ["hej du", "ja"], "2.wav": ["hej du"], "1.wav": ["hej du"]}[name]
    ]


@pytest.mark.usefixtures("replay")
def test_one_bad_file_in_a_list_is_named_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "inte-ljud.mp3"
    bad.write_bytes(b"ingen ljudfil")
    code, out, err = run(capsys, file, bad, "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "inte-ljud.mp3" in err


@pytest.mark.usefixtures("replay")
def test_a_file_damaged_further_on_is_named_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = transcribe.pcm_blocks

    def damaged(path: Path):
        for number, block in enumerate(whole(path)):
            if number == 5:
                raise HandenhetError("the file cannot be read as audio", where=str(path))
            yield block

    monkeypatch.setattr(transcribe, "pcm_blocks", damaged)
    code, out, err = run(capsys, file, "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "samtal.wav" in err


@pytest.mark.parametrize("content", ["{}", "[{}]", '[{"speaker": "p 1", "start_s": 0}]', "inte json"])
def test_turns_that_cannot_be_read_say_so(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path, content: str
) -> None:
    turns = tmp_path / "turer.json"
    turns.write_text(content)
    code, out, err = run(capsys, file, "--turns", turns)
    assert (code, out) == (2, "")
    assert "turer.json" in err


def test_a_missing_model_is_one_clear_line(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path) -> None:
    code, out, err = run(capsys, file, "--model", tmp_path / "saknas.nemo")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "saknas.nemo" in err


@pytest.mark.asr
@pytest.mark.filterwarnings("ignore")
def test_real_audio_through_nemo_rough_or_not(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    nemo: Recognizer,
    speak: Callable[..., npt.NDArray[np.int16]],
    tmp_path: Path,
) -> None:
    def recognizer(model: Path | None, slots: int) -> Recognizer:
        return nemo

    monkeypatch.setattr(transcribe, "recognizer_for", recognizer)
    said = np.concatenate([speak("jag är orolig för min son"), speak("vi ska träffas igen på tisdag", "f2", 150, 60)])
    file = write_wav(tmp_path / "samtal.wav", said)
    smooth, rough = run(capsys, file, "--json"), run(capsys, file, "--json", "--rough")
    assert smooth == rough
    assert json.loads(smooth[1].splitlines()[0])["text"] == "jag är orolig för min son"
