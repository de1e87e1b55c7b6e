"""Static files: an allow-list, each at an address with the hash of its content, kept for a year."""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from web.guards import STATELESS

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    content: bytes
    media_type: str


@cache
def _assets() -> dict[str, Asset]:
    spec = importlib.util.find_spec("js_lib_htmx")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package with htmx is not installed")
    own = Path(__file__).parent / "static"
    paths = (
        own / "senim.css",
        own / "senim.svg",
        Path(spec.origin).parent / "static/htmx/htmx.min.js",
    )
    return {path.name: _load(path) for path in paths}


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:12]
    name = f"{path.stem}.{mark}{path.suffix}"
    return Asset(f"/static/{name}", content, TYPES[path.suffix])


def address_of(name: str) -> str:
    """The address of a static file, for templates: `{{ asset("senim.css") }}`."""
    return _assets()[name].address


class Assets(Controller):
    path = "/static"
    opt = STATELESS

    @get("/{name:str}", sync_to_thread=False)
    def send(self, name: FromPath[str]) -> Response[bytes]:
        for asset in _assets().values():
            if asset.address == f"/static/{name}":
                kept = {"Cache-Control": "public, max-age=31536000, immutable"}
                return Response(asset.content, media_type=asset.media_type, headers=kept)
        raise NotFoundException
