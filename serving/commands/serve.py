"""`handenhet serve`: the hand-held page, the live news and the API on one port."""

import asyncio
import contextlib
import gc
import importlib
import socket
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...knowledge.errors import HandenhetError
from ..settings import Settings, load

if TYPE_CHECKING:
    from ..app import Mount
    from ..asr.recognizer import Recognizer
    from ..login import People

REPLAYED_AT_ONCE = 1_000
"""Meetings whose words are told, not heard, cost nothing to hear."""
SELDOM = (20_000, 20, 20)
"""Allocations, then rounds, between collections of garbage: going through everything stops all meetings for 0.4 s."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--host", help="The address to listen on; default HANDENHET_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one; default HANDENHET_PORT.")
@click.option("--code", help="The start code, for a server that is started by a program; else one is made and printed.")
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    help="Say this script's words (JSON Lines of `transcribe --json`) instead of listening: for trying out.",
)
@click.option("--sample", is_flag=True, help="Fill the store with a made-up case first, to try the screens on.")
def command(host: str | None, port: int | None, code: str | None, replay: Path | None, sample: bool) -> None:
    """The hand-held page, the screens and the API.

    Without an identity provider (HANDENHET_OIDC_ISSUER) people log in with the start code that is printed here, and the
    server listens to this machine alone.
    """
    settings = load()
    chosen = {"host": host, "port": port}
    settings = settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
    if settings.host not in _LOOPBACK and not settings.oidc_issuer:
        raise HandenhetError(
            "the start code is for this machine alone",
            where=f"host {settings.host}",
            mend="set HANDENHET_OIDC_ISSUER and HANDENHET_OIDC_CLIENT_ID, or listen on 127.0.0.1",
        )
    with _listening(settings) as listening:
        asyncio.run(_serve(settings, listening, code, replay, sample))


@contextlib.contextmanager
def _listening(settings: Settings):
    """The port is taken before anything heavy is loaded, so that a busy one is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
        except OSError as error:
            raise HandenhetError(
                "the port cannot be used",
                where=f"{settings.host}:{settings.port}: {error.strerror}",
                mend="stop the other server or choose another --port",
            ) from None
        yield listening


async def _serve(
    settings: Settings, listening: socket.socket, code: str | None, replay: Path | None, sample: bool
) -> None:
    # Heavy parts are imported here, so that help and refusals come at once.
    import uvicorn

    from ...agent.readers.embedded import EmbeddedReader
    from ..app import create_app, sessions_of
    from ..asr.worker import Worker
    from ..house import open_house
    from ..ingest.frames import MAX_FRAME_BYTES
    from ..login import StartCode, code_routes, new_code

    https = settings.tls_cert is not None or settings.public_url.startswith("https:")
    reader = EmbeddedReader()
    reader.warm()
    async with open_house(settings, reader) as house:
        if sample:
            from ..sample.seed import seed

            await asyncio.to_thread(seed, house, house.clock().date())
        people = load_people(settings)
        sessions = sessions_of(house)
        start = ""
        if settings.oidc_issuer:
            from ..oidc import oidc_routes

            login = oidc_routes(settings, sessions, people, house.store.key_for("oidc"))
        else:
            start = code or new_code()
            login = code_routes(sessions, people, StartCode(start, house.clock), https=https)
        with Worker(lambda: _recognizer(settings, replay)) as worker:
            app = create_app(house, worker, people, sessions, login, mounts=_screens(), https=https)
            server = uvicorn.Server(
                uvicorn.Config(
                    app,
                    ws="websockets-sansio",
                    ws_max_size=2 * MAX_FRAME_BYTES,
                    ws_per_message_deflate=False,
                    log_level="warning",
                    access_log=False,  # paths carry case and meeting ids
                    server_header=False,
                    ssl_certfile=settings.tls_cert,
                    ssl_keyfile=settings.tls_key,
                    timeout_graceful_shutdown=3,
                )
            )
            gc.set_threshold(*SELDOM)
            _say(settings, listening, people, start, https)
            await server.serve(sockets=[listening])


def _say(settings: Settings, listening: socket.socket, people: "People", code: str, https: bool) -> None:
    port = listening.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    here = f"{'https' if https else 'http'}://{host}:{port}"
    click.echo(f"Handenhet: {settings.public_url or here}/")
    if code:
        click.echo(f"Startkod: {code}   ({', '.join(people)})")
    click.echo("Ctrl+C avslutar; det som spelas in ligger kvar.")


def _recognizer(settings: Settings, replay: Path | None) -> "Recognizer":
    if replay is not None:
        from ..asr.replay import ReplayRecognizer, read_script

        return ReplayRecognizer(read_script(replay), slots=REPLAYED_AT_ONCE)
    from ..asr.chosen import recognizer

    return recognizer(settings, slots=settings.asr_slots)


def load_people(settings: Settings) -> "People":
    """Everybody who may log in. Raises HandenhetError where an identity provider would meet made-up people."""
    from ..users import FILE, load_users

    users = load_users(settings)
    if users.demonstration and settings.oidc_issuer:
        raise HandenhetError(
            "nobody has been set up", where=str(settings.data_dir / FILE), mend="list the people who may log in there"
        )
    return users.people


def _screens() -> "Sequence[Mount]":
    """The Gradio screens, where they are installed."""
    if util.find_spec("..screen.mount", __package__) is None:
        return ()
    mount: Mount = importlib.import_module("..screen.mount", __package__).mount_screens
    return (mount,)
