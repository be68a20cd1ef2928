"""The real ingest server on a free port of this machine alone, for the commands that stream to themselves."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from .frames import MAX_FRAME_BYTES
from .server import PATH, Ingest


class _Server(uvicorn.Server):
    """Leaves the process's signals alone: the command that started it decides when it stops."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield


@contextlib.asynccontextmanager
async def on_loopback(ingest: Ingest) -> AsyncGenerator[str]:
    """Serve `ingest` while the block runs; gives the WebSocket URL."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # from here on a client waits instead of being turned away
    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute(PATH, ingest.endpoint)]),
        ws="websockets-sansio",
        ws_max_size=2 * MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}{PATH}"
    finally:
        await ingest.aclose()
        server.should_exit = True
        await serving
