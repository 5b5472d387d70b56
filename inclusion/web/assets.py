"""Styles and scripts, gathered once at start; without this file every page part would cost a phone another request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Self

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .errors import NotFound

MEDIA_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str

    @property
    def fingerprint(self) -> str:
        """Changes with the content, so that a browser may keep the file for ever."""
        return hashlib.sha256(self.content).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Assets:
    """Everything under /static, by name."""

    by_name: Mapping[str, Asset]

    @classmethod
    def gather(cls) -> Self:
        """page.css is tokens, components and page styles in that order; page.js is words.js and the behaviour of components and of the
        page; words.js, recorder.js and the rest of web/static go under their own names too."""
        shared, own = files("accessibility"), files("inclusion.web") / "static"
        tokens = [shared / "static" / "vendor" / "digital-go-jp-design-tokens" / "tokens.css", shared / "static" / "tokens.css"]
        styles = [*tokens, *component_parts("style.css"), own / "page.css"]
        words = shared / "static" / "words.js"
        scripts = [words, *component_parts("behaviour.js"), own / "page.js"]
        recorder = shared / "components" / "recorder" / "behaviour.js"
        assets = {"page.css": _joined(styles, "css"), "page.js": _joined(scripts, "js")}
        assets |= {"words.js": _joined([words], "js"), "recorder.js": _joined([recorder], "js")}
        for file in own.iterdir():
            kind = file.name.rpartition(".")[2]
            if file.name not in assets and kind in MEDIA_TYPES:
                assets[file.name] = Asset(file.read_bytes(), MEDIA_TYPES[kind])
        return cls(assets)

    def address(self, name: str) -> str:
        return f"/static/{name}?v={self.by_name[name].fingerprint}"

    def route(self) -> Route:
        return Route("/static/{name}", self._serve, methods=["GET"])

    async def _serve(self, request: Request) -> Response:
        request.scope["named_route"] = "/static/{name}"
        asset = self.by_name.get(request.path_params["name"])
        if asset is None:
            raise NotFound()
        kept = FOR_A_YEAR if request.query_params.get("v") == asset.fingerprint else "no-cache"
        return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": kept})


def component_parts(name: str) -> Iterable[Traversable]:
    """The files called `name` of those components that have one, by component."""
    folders = sorted((files("accessibility") / "components").iterdir(), key=lambda folder: folder.name)
    return [folder / name for folder in folders if (folder / name).is_file()]


def _joined(parts: Iterable[Traversable], kind: str) -> Asset:
    return Asset(b"\n".join(part.read_bytes() for part in parts), MEDIA_TYPES[kind])
