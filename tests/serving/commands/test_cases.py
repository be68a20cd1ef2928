"""`handenhet cases ask` end to end: four actions and exit 0, bad use and one clear line."""

import json
from pathlib import Path
from typing import Any

import pytest

from handenhet.serving.__main__ import main

ASK = ["cases", "ask"]
WHO = ["--as", "chef-barn", "--reason", "kvartalsuppföljning"]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDENHET_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def run(house: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([*ASK, *args])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_the_four_actions_end_well(run: Any) -> None:
    for question, action in (
        ("Hur många orosanmälningar kom in i år?", "answer"),
        ("Hur går det?", "clarify"),
        ("Vilken handläggare är långsammast?", "refuse"),
        ("Anmälningar i enheten Vuxen?", "narrow"),
    ):
        code, out, _ = run(question, *WHO, "--json")
        told = json.loads(out)
        assert (code, told["action"], told["data"]) == (0, action, "demonstration")
        assert (told["result"] is not None) == (action == "answer")


def test_asked_again_it_says_the_same_in_words(run: Any) -> None:
    first = run("Hur många orosanmälningar per månad i år?", *WHO)
    assert first == run("Hur många orosanmälningar per månad i år?", *WHO)
    assert "påhittade ärenden" in first[1]
    assert "Antal orosanmälningar" in first[1]


def test_a_batch_is_one_line_a_question(run: Any, tmp_path: Path) -> None:
    batch = tmp_path / "q.jsonl"
    lines = [
        {"id": "1", "question": "Antal samtal i oktober?", "session": "s"},
        {"id": "2", "question": "Vem är sämst?", "as": "chef-vuxen"},
        {"id": "3", "question": "och i september?", "session": "s"},
    ]
    batch.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    code, out, _ = run("--batch", str(batch), *WHO)
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(line["id"], line["action"]) for line in told] == [("1", "answer"), ("2", "refuse"), ("3", "answer")]
    assert told[2]["query"]["measure"] == "meetings"
    assert told[2]["query"]["period"]["start"].endswith("-09-01")


@pytest.mark.parametrize(
    "args",
    [
        ("", *WHO),
        ("Antal samtal?", "--as", "chef-barn", "--reason", "  "),
        ("Antal samtal?", "--as", "chef-barn"),
        ("Antal samtal?", "--reason", "r"),
        ("Antal samtal?", "--as", "admin", "--reason", "r"),
        ("Antal samtal?", "--as", "maria", "--reason", "r"),
        ("--batch", "finns-inte.jsonl", *WHO),
    ],
)
def test_bad_use_is_two_and_one_line(run: Any, args: tuple[str, ...]) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err.startswith("handenhet: ")
    assert len(err.splitlines()) == 1


def test_before_anybody_is_set_up_an_unknown_name_may_try(run: Any) -> None:
    code, out, _ = run("Antal samtal i år?", "--as", "nisse", "--reason", "r")
    assert code == 0
    assert "nisse får prova" in out


def test_with_users_set_up_only_they_may_ask(run: Any, house: Path) -> None:
    users = '[eva]\nname = "Eva Ek"\nrole = "chef"\nunit = "Vuxen"\n'
    (house / "users.toml").write_text(users, encoding="utf-8")
    assert run("Antal samtal i år?", "--as", "eva", "--reason", "r")[0] == 0
    code, _, err = run("Antal samtal i år?", "--as", "chef-barn", "--reason", "r")
    assert (code, "users.toml" in err) == (2, True)


def test_a_misspelt_role_names_the_user_and_the_roles(run: Any, house: Path) -> None:
    (house / "users.toml").write_text('[eva]\nname = "Eva Ek"\nrole = "cheff"\nunit = "Vuxen"\n', encoding="utf-8")
    code, _, err = run("Antal samtal i år?", "--as", "eva", "--reason", "r")
    assert code == 2
    assert "[eva]" in err
    assert "socialsekreterare" in err
