"""`handenhet rehear`: a meeting in the store in, suggestions out; the words stay."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import Utterance, Word
from handenhet.serving.__main__ import main
from handenhet.serving.asr.twice import FinalRecognizer, Samples
from handenhet.serving.commands import rehear
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.sample.seed import CASEWORKER
from handenhet.serving.settings import Settings, load
from handenhet.serving.store.facade import Store
from handenhet.serving.store.records import Audio, Subject

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
WORDS = tuple(Word(text, 1_000 + 400 * n, 1_300 + 400 * n) for n, text in enumerate(["pappa", "slår", "mig"]))


class Again:
    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        return [Word(text, confidence=0.75) for text in ["pappa", "slår", "inte", "dig"]]


@pytest.fixture
def meeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A meeting of the made-up caseworker's, its sound kept; the model that hears again is told what to say."""

    def final(settings: Settings) -> FinalRecognizer:
        return Again()

    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(rehear, "final", final)
    store = Store.of(load())
    store.create_case(
        CASEWORKER, id="c1", number="1", unit="Barn och unga", kind="child", opened=AT.date(), subject=Subject("Lo"),
        at=AT,
    )  # fmt: skip
    store.open_meeting(CASEWORKER, "c1", Meeting("m1", "samtal", 10, ()), started=AT, at=AT)
    store.append_utterance(CASEWORKER, "m1", Utterance("u0", 0, "lo", 1_000, 2_100, WORDS), at=AT)
    spool = Spool(spool_path(tmp_path, "m1"), "m1", KEY)
    spool.append(AudioFrame(0, 0, bytes(32_000)))
    spool.append(AudioFrame(1, 0, bytes(32_000)))
    spool.commit()
    spool.close()
    store.save_audio(CASEWORKER, Audio("a1", "m1", str(spool_path(tmp_path, "m1")), KEY.hex()), at=AT)
    store.move_meeting_on(CASEWORKER, "m1", "closed", at=AT)
    store.close()
    return "m1"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["rehear", *arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_suggestions_are_listed_and_kept(capsys: pytest.CaptureFixture[str], meeting: str) -> None:
    code, out, _ = run(capsys, meeting, "--as", "maria")
    first, last = out.splitlines()
    assert (code, first) == (0, "u0    NEKANDE  mig → inte dig  75 %")
    assert last == "1 förslag, varav 1 om nekande ord, tal eller namn. Orden är oförändrade."
    code, out, _ = run(capsys, meeting, "--as", "maria", "--json")
    (one,) = json.loads(out)
    assert code == 0
    assert (one["utterance"], one["first"], one["end"], one["heard"]) == ("u0", 2, 3, "inte dig")
    assert (one["model"], one["answer"]) == ("embedded", None)


@pytest.mark.parametrize(
    ("who", "what", "told"),
    [("maria", "saknas", "no such meeting"), ("ingen", "m1", "ingen"), ("chef-vuxen", "m1", "open")],
)
def test_what_hinders_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], meeting: str, who: str, what: str, told: str
) -> None:
    code, out, err = run(capsys, what, "--as", who)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err
