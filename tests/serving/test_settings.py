"""Settings are read once, and a slip of the pen gets one clear answer."""

from pathlib import Path

import pytest

from handenhet.serving.settings import Settings, SettingsError, is_near, load


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "handenhet.toml"
    path.write_text("", encoding="utf-8")
    return path


def test_everything_has_a_default_inside_the_house(config: Path) -> None:
    settings = load({"HANDENHET_CONFIG": str(config), "HANDENHET_DATA_DIR": "/srv/h"})
    assert (settings.host, settings.port) == ("127.0.0.1", 8787)
    assert settings.keys_path == Path("/srv/h/master.key")
    assert settings.store_url == "sqlite:////srv/h/handenhet.db"
    assert settings.anchors == (Path("/srv/h/audit.anchor"),)
    assert settings.audio_mode == "flyktig"
    assert not settings.llm_allow_remote


def test_the_environment_wins_over_the_file(config: Path) -> None:
    config.write_text('port = 9000\naudio_mode = "bevarad"\nunits = ["Barn", "Vuxen"]\n', encoding="utf-8")
    settings = load({"HANDENHET_CONFIG": str(config), "HANDENHET_PORT": "9001", "PATH": "/bin"})
    assert (settings.port, settings.audio_mode, settings.units) == (9001, "bevarad", ("Barn", "Vuxen"))


def test_a_misspelled_variable_names_the_nearest_right_one(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"no setting HANDENHET_LLM_ULR .*did you mean HANDENHET_LLM_URL\?"):
        load({"HANDENHET_CONFIG": str(config), "HANDENHET_LLM_ULR": "http://localhost"})


def test_a_misspelled_line_in_the_file_names_the_file(config: Path) -> None:
    config.write_text("audio_dayz = 3\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load({"HANDENHET_CONFIG": str(config)})
    assert str(config) in str(refused.value)
    assert "did you mean audio_days?" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("AUDIO_MODE", "kept"),
        ("FOUR_EYES", "perhaps"),
        ("AUDIO_DAYS", "-1"),
        ("DATABASE_URL", "mysql://h/db"),
    ],
)
def test_a_value_that_cannot_be_names_its_setting(config: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"HANDENHET_{name} cannot have that value"):
        load({"HANDENHET_CONFIG": str(config), f"HANDENHET_{name}": value})


def test_a_file_that_is_named_must_be_there_and_be_toml(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(SettingsError, match="there is no settings file"):
        load({"HANDENHET_CONFIG": str(path)})
    path.write_text("port 9000", encoding="utf-8")
    with pytest.raises(SettingsError, match="not TOML"):
        load({"HANDENHET_CONFIG": str(path)})


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "[::1]", "localhost", "vllm", "llm.internal"])
def test_a_model_inside_the_house_is_fine(config: Path, host: str) -> None:
    assert load({"HANDENHET_CONFIG": str(config), "HANDENHET_LLM_URL": f"http://{host}:8000/v1"}).llm_url


@pytest.mark.parametrize(
    "host",
    [
        "8.8.8.8",
        "api.example.com",
        "134744072",
        "0x8.8.8.8",
        "[::ffff:8.8.8.8]",
        "localhost@example.com",
        "169.254.1.1",
    ],
)
def test_a_model_outside_is_refused_unless_policy_allows_it(config: Path, host: str) -> None:
    environ = {"HANDENHET_CONFIG": str(config), "HANDENHET_LLM_URL": f"http://{host}/v1"}
    with pytest.raises(SettingsError, match=r"outside this machine|must not carry a password"):
        load(environ)
    if "@" not in host:
        assert load({**environ, "HANDENHET_LLM_ALLOW_REMOTE": "true"}).llm_url


def test_an_embedding_server_outside_is_refused_too(config: Path) -> None:
    with pytest.raises(SettingsError, match="embed_url"):
        load({"HANDENHET_CONFIG": str(config), "HANDENHET_EMBED_URL": "https://example.com"})


def test_a_dot_at_the_end_does_not_change_the_house() -> None:
    assert is_near("LOCALHOST.")
    assert not is_near("example.com.")


def test_secrets_are_never_printed() -> None:
    settings = Settings.model_validate(
        {"llm_api_key": "hemlig-nyckel", "database_url": "postgresql+psycopg://u:hemlig@h/db"}
    )
    assert "hemlig" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.store_url.endswith("u:hemlig@h/db")
    with pytest.raises(SettingsError) as refused:
        load({"HANDENHET_DATABASE_URL": "mysql://u:hemlig@h/db"})
    assert "hemlig" not in str(refused.value)
