"""What a browser is told to forbid and which forms we believe; without this file another site could speak through our pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Message

from .errors import ForeignForm

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    # "same-origin" and not "no-referrer": under the latter browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
ON_PAGES = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# The live pages may use this telephone's camera and microphone, and feed a picture to the browser piece by piece.
LIVE_PAGE_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY.replace("media-src 'self'", "media-src 'self' blob:"),
    "permissions-policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
}
ON_HTTPS = ((b"strict-transport-security", b"max-age=31536000"),)


def complete_headers(start: Message, request_id: bytes, https: bool) -> Message:
    """The response's start with our headers added; a header the route set itself is left as it is."""
    headers: list[tuple[bytes, bytes]] = list(start.get("headers", ()))
    given = dict(headers)
    ours = ALWAYS + (ON_PAGES if given.get(b"content-type", b"").startswith(b"text/html") else ()) + (ON_HTTPS if https else ())
    headers += [(name, value) for name, value in ours if name not in given]
    headers.append((b"x-request-id", request_id))
    return {**start, "headers": headers}


class OwnFormsOnly:
    """A FastAPI dependency: a form is believed when the browser says it was sent from our own page.

    A client that says nothing at all (an old in-app browser, a script) carries no cookie across sites, because ours are SameSite.
    """

    def __init__(self, public_url: str) -> None:
        self._public_host = urlsplit(public_url).netloc

    async def __call__(self, request: Request) -> None:
        site = request.headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            raise ForeignForm()
        origin = request.headers.get("origin")
        if site is None and origin is not None and urlsplit(origin).netloc not in (self._public_host, request.headers.get("host")):
            raise ForeignForm()
