"""`handenhet dictate`: words or a recording in, text out, and a draft in the store that only a person has written."""

import json
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handenhet.agent.draft import draft_of
from handenhet.agent.material import law_of
from handenhet.agent.written import OwnNote
from handenhet.knowledge.corpus import Corpus
from handenhet.knowledge.entries import open_library
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.lookup import LawLookup
from handenhet.knowledge.sources import Word
from handenhet.serving.__main__ import main
from handenhet.serving.asr.recognizer import Recognizer
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.commands import transcribe
from handenhet.serving.desk import Desk
from handenhet.serving.settings import load
from handenhet.serving.store.facade import Store
from handenhet.serving.store.records import Subject
from handenhet.serving.users import DEMONSTRATION

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NUMBER = "2026-0412"
MARIA = DEMONSTRATION["maria"]
DICTATION = "hembesök i dag punkt rubrik barnet punkt elsa är trött komma men glad punkt"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["dictate", *map(str, arguments)])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "diktat.txt"
    path.write_text(DICTATION, encoding="utf-8")
    return path


@pytest.fixture
def desk(run: Any) -> Iterator[Desk]:
    """A case of Maria's in the store, and the acts on it."""
    store = Store.of(load())
    store.create_case(
        MARIA, id="emma", number=NUMBER, unit=MARIA.unit, kind="child", opened=AT.date(),
        subject=Subject("Emma Ek", AT.date()), matter="child_investigation", at=AT,
    )  # fmt: skip
    yield Desk(store, catalogue(), law_of(LawLookup(open_library(Corpus(load().data_dir / "law")))), lambda: AT)
    store.close()


def test_words_become_text(run: Any, words: Path) -> None:
    code, out, _ = run(words)
    assert (code, out) == (0, "Hembesök i dag.\n\nBarnet\nElsa är trött, men glad.\n")
    told = json.loads(run(words, "--json")[1])
    assert told["parts"][1] == {"heading": "Barnet", "text": "Elsa är trött, men glad."}


def test_a_recording_goes_the_same_way_as_a_meeting(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = [[Word("elsa", 500, 800, 0.2), Word("sover", 900, 1_200, 0.9), Word("punkt", 1_300, 1_600, 0.9)]]

    def recognizer(model: Path | None, slots: int) -> Recognizer:
        return ReplayRecognizer(script)

    monkeypatch.setattr(transcribe, "recognizer_for", recognizer)
    path = tmp_path / "diktat.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.zeros(3 * 16_000, "<i2").tobytes())
    assert run(path)[:2] == (0, "Elsa[?] sover.\n")


def test_it_is_kept_as_a_draft_in_the_persons_own_words(run: Any, words: Path, desk: Desk) -> None:
    code, _, err = run(words, "--case", NUMBER, "--as", "maria")
    assert code == 0
    id = err.strip().removeprefix("Utkast: ")
    draft = draft_of(desk.store.document(MARIA, id, at=AT).content)
    assert [(section.heading, section.sentences) for section in draft.sections] == [("Diktat", ()), ("Barnet", ())]
    written = draft.wrote("dictated-1")
    assert isinstance(written, OwnNote)
    assert (written.text, written.by.id) == ("Elsa är trött, men glad.", "maria")


def test_the_draft_can_be_written_over_read_through_and_approved(run: Any, words: Path, desk: Desk) -> None:
    id = run(words, "--case", NUMBER, "--as", "maria")[2].strip().removeprefix("Utkast: ")
    desk.write(MARIA, id, "dictated-1", "Elsa var trött.")
    assert [finding for finding in desk.review(MARIA, id) if finding.blocks] == []
    approved = desk.approve(MARIA, id, desk.draft(MARIA, id).digest)
    assert approved is not None
    assert "Elsa var trött." in desk.export(MARIA, id, "text").decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--case", "BOU 2026-9999", "--as", "maria"], "no such case among yours"),
        (["--case", "BOU 2026-9999", "--as", "nobody"], "no user nobody"),
        (["--case", "BOU 2026-9999"], "belong together"),
    ],
)
def test_a_wrong_case_or_person_is_one_line(run: Any, words: Path, arguments: list[str], told: str) -> None:
    code, out, err = run(words, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_a_file_without_words_is_one_line(run: Any, tmp_path: Path) -> None:
    (tmp_path / "tom.txt").write_text(" \n", encoding="utf-8")
    code, _, err = run(tmp_path / "tom.txt")
    assert (code, err.count("\n")) == (2, 1)
    assert "nothing was dictated" in err
    assert run(tmp_path / "ingen.txt")[0] == 2
