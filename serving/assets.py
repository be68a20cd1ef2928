"""The hand-held's files: read once, named by their contents, so that a browser may keep them and never runs old ones.

`/app/` is the page, `/app/v/<hash>/...` everything it uses, `/app/sw.js` the worker that opens it without a network.
"""

import hashlib
import json
import mimetypes
from dataclasses import dataclass
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
}
_PAGES = ("index.html", "login.html")


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by name, and the hash of all of them together."""

    files: dict[str, bytes]
    version: str

    @property
    def worker(self) -> bytes:
        """The service worker, told which files make up this version."""
        listed = ["/app/", *(f"/app/v/{self.version}/{name}" for name in self.files if _is_asset(name))]
        filled = self.files["sw.js"].decode().replace("VERSION", self.version)
        return filled.replace('["FILES"]', json.dumps(listed)).encode()

    def page(self, name: str) -> bytes:
        return self.files[name].replace(b"VERSION", self.version.encode())

    def routes(self) -> list[Route]:
        async def shell(request: Request) -> Response:
            return _answer("index.html", self.page("index.html"), "no-cache")

        async def login(request: Request) -> Response:
            return _answer("login.html", self.page("login.html"), "no-cache")

        async def worker(request: Request) -> Response:
            return _answer("sw.js", self.worker, "no-cache")

        async def manifest(request: Request) -> Response:
            return _answer("manifest.webmanifest", self.page("manifest.webmanifest"), "no-cache")

        async def asset(request: Request) -> Response:
            name = request.path_params["name"]
            if request.path_params["version"] != self.version or not _is_asset(name) or name not in self.files:
                return Response(status_code=404)
            return _answer(name, self.files[name], "public, max-age=31536000, immutable")

        return [
            Route("/app/", shell),
            Route("/app/index.html", shell),
            Route("/login", login),
            Route("/app/sw.js", worker),
            Route("/app/manifest.webmanifest", manifest),
            Route("/app/v/{version}/{name}", asset),
        ]


def _is_asset(name: str) -> bool:
    return name not in (*_PAGES, "sw.js", "manifest.webmanifest")


def _answer(name: str, content: bytes, cache: str) -> Response:
    suffix = name[name.rindex(".") :]
    media = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=media, headers={"cache-control": cache})


def load_assets() -> Assets:
    """The page's files as they lie in the package."""
    folder = resources.files(__name__.rpartition(".")[0]).joinpath("handheld", "web")
    files = {one.name: one.read_bytes() for one in sorted(folder.iterdir(), key=lambda one: one.name) if one.is_file()}
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return Assets(files, digest.hexdigest()[:12])
