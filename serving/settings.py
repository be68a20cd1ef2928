"""Every setting, read once at the door: `HANDENHET_*` over a TOML file. Nothing else reads the environment."""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from ..knowledge.errors import HandenhetError

PREFIX = "HANDENHET_"
CONFIG = "HANDENHET_CONFIG"
"""Names the TOML file; the environment wins over what the file says."""

AudioMode = Literal["flyktig", "bevarad"]
"""`flyktig`: audio is not kept once it became words. `bevarad`: kept encrypted, as the municipality has decided."""

_NEAR = tuple(
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
_NEAR_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")
_ONE_LABEL = re.compile(r"[a-z][a-z0-9-]*")


class SettingsError(HandenhetError):
    """A setting is unknown, misspelled or has a value it cannot have."""


class Settings(BaseModel):
    """How this installation runs. Built by `load`; secrets are masked when printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    data_dir: Path = Path("~/.local/share/handenhet")
    """Where the store, the spool and the indexes live."""
    key_file: Path = Path()
    """The master key. Default `master.key` in `data_dir`; keep it on another disk than the store in production."""
    database_url: SecretStr = SecretStr("")
    """Default SQLite in `data_dir`; else `postgresql+psycopg://...` or `sqlite:///...`."""
    audit_anchor: Path | None = None
    """A second place for the audit chain's head, best on another machine's disk."""

    host: str = "127.0.0.1"
    port: int = Field(default=8787, ge=1, le=65535)
    public_url: str = ""
    """The address people use where a proxy stands before the server, such as `https://handenhet.example.se`."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    """PEM files for HTTPS without a proxy. A browser gives the microphone to HTTPS and to this machine alone."""

    oidc_issuer: str = ""
    """The identity provider's address; empty offers the start code, on this machine alone."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_acr: str = "loa3,loa4"
    """Endings of the assurance levels (`acr`) that are let in."""
    oidc_person_claim: str = "sub"
    """The claim that holds the person's id in our user directory, such as `employeeHsaId`."""

    asr_model: Path | None = None
    """The live model: a `.nemo` file or a name of `handenhet models list`; None takes the one that ships."""
    asr_slots: int = Field(default=4, ge=1, le=256)
    """Meetings the live model hears in one batched step; more wait in their spools until one ends."""
    asr_final_model: str = ""
    """Hears each closed utterance again: a `.nemo` file, a name of the list, or the model's name at `asr_final_url`."""
    asr_final_url: str = ""
    """Base address of a server with OpenAI's transcription endpoint (vLLM); its key is `llm_api_key`."""
    asr_final_timeout_s: int = Field(default=20, ge=1, le=600)
    """How long an utterance waits for its second hearing before its live words are kept, marked as doubtful."""
    asr_speaker_model: str = ""
    """Tells voices apart: a streaming Sortformer as a `.nemo` file or a name of the list; empty leaves it to taps."""

    llm_url: str = ""
    """Base address of an OpenAI-compatible server (vLLM); empty runs without a language model."""
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_allow_remote: bool = False
    """Lets the addresses of models and of the law index name a host outside this machine and the private networks."""
    llm_calls: Literal["tools", "json"] = "tools"
    """How the language model reads: by calling tools, or by writing one JSON answer where its calls are weak."""
    embed_url: str = ""
    embed_model: str = ""
    embed_revision: str = ""
    """The served embedding model's revision; an index made with another one is refused."""
    embed_question_prefix: str = ""
    embed_section_prefix: str = ""
    """What the model wants before a question and before a passage (E5: `query: ` and `passage: `)."""
    chroma_url: str = ""
    """A Chroma server for the law index of many workers (`http://HOST:8000`). Empty keeps the index in `data_dir`."""
    otlp_traces: str = ""
    """Where traces go on our own network (`http://HOST:4318/v1/traces`): times and counts, no words. Empty: nowhere."""

    audio_mode: AudioMode = "flyktig"
    audio_days: int = Field(default=30, ge=0, le=3650)
    """Days that kept audio lives after the meeting was approved."""
    four_eyes: bool = False
    """Whether an approval needs two different people."""
    research_exempt: bool = False
    """The municipality belongs to the research sample in which no personal file is destroyed."""

    municipality: str = "Kommunen"
    units: tuple[str, ...] = ("Barn och unga", "Vuxen", "Ekonomiskt bistånd")

    @field_validator("units", mode="before")
    @classmethod
    def _names_between_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("data_dir", "key_file", "audit_anchor", "asr_model", "tls_cert", "tls_key", mode="after")
    @classmethod
    def _home_is_written_out(cls, value: Path | None) -> Path | None:
        return value if value is None else value.expanduser()

    @field_validator("database_url", mode="after")
    @classmethod
    def _a_database_we_run_on(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("write sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE")
        return value

    @model_validator(mode="after")
    def _nothing_leaves(self) -> Self:
        if self.asr_final_url and not self.asr_final_model:
            raise ValueError("asr_final_url needs asr_final_model, the model's name at that server")
        for name in ("llm_url", "embed_url", "chroma_url", "asr_final_url", "otlp_traces"):
            url: str = getattr(self, name)
            if not url:
                continue
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{name} must be an http(s) address with a host")
            if parts.username or parts.password:
                raise ValueError(f"{name} must not carry a password: use llm_api_key")
            if name == "otlp_traces" and not is_near(parts.hostname):
                raise ValueError(f"{name} names a host outside this machine and the private networks")
            if not self.llm_allow_remote and not is_near(parts.hostname):
                raise ValueError(
                    f"{name} names a host outside this machine and the private networks: "
                    "run the model inside, or set llm_allow_remote if policy allows it"
                )
        return self

    @property
    def keys_path(self) -> Path:
        return self.data_dir / "master.key" if self.key_file == Path() else self.key_file

    @property
    def store_url(self) -> str:
        """The database address in full, password included: for the engine alone, never for print."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'handenhet.db'}"

    @property
    def anchors(self) -> tuple[Path, ...]:
        """Where the audit chain's head is kept: beside the store, and the configured second place."""
        beside = self.data_dir / "audit.anchor"
        return (beside,) if self.audit_anchor is None else (beside, self.audit_anchor)


def is_near(host: str) -> bool:
    """Whether a host is this machine or on a private network, told from its name alone (nothing is looked up)."""
    folded = host.casefold().rstrip(".")
    try:
        address = ipaddress.ip_address(folded.partition("%")[0])
    except ValueError:
        # A number that is no address in this notation (134744072) would still be dialled as one.
        return bool(_ONE_LABEL.fullmatch(folded)) or folded.endswith(_NEAR_SUFFIXES)
    return any(address in net for net in _NEAR)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (or the mapping given) over the TOML file, if there is one.

    Raises SettingsError with the setting's name, where it stands, and the nearest right name or rule.
    """
    environment = os.environ if environ is None else environ
    config = environment.get(CONFIG)
    path = Path(config).expanduser() if config else Path("~/.config/handenhet/handenhet.toml").expanduser()
    from_file = _read_toml(path) if config or path.exists() else {}
    _refuse_unknown(from_file, where=str(path), shown=str)
    from_environment = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != CONFIG
    }
    _refuse_unknown(from_environment, where="the environment", shown=_variable)
    try:
        return Settings.model_validate({**from_file, **from_environment})
    except ValidationError as error:
        raise _told(error, from_environment, path) from None


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError("there is no settings file", where=str(path), mend=f"create it or unset {CONFIG}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("the settings file cannot be read", where=f"{path}: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("the settings file is not TOML", where=f"{path}: {error}") from None


def _refuse_unknown(given: Mapping[str, Any], *, where: str, shown: Callable[[str], str]) -> None:
    known = list(Settings.model_fields)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            mend = f"did you mean {shown(near[0])}?" if near else "known settings: " + ", ".join(known)
            raise SettingsError(f"there is no setting {shown(name)}", where=where, mend=mend)


def _told(error: ValidationError, from_environment: Mapping[str, str], path: Path) -> SettingsError:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    why = first["msg"].removeprefix("Value error, ")
    if not name:
        return SettingsError("the settings do not fit together", mend=why)
    shown, where = (_variable(name), "the environment") if name in from_environment else (name, str(path))
    return SettingsError(f"{shown} cannot have that value", where=where, mend=why)
