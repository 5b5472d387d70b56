"""WHIP and WHEP over HTTP, from the client's side; without it we could negotiate with other servers only in tests."""

from __future__ import annotations

import asyncio
import urllib.request
from dataclasses import dataclass
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urljoin

SDP: Final = "application/sdp"
PATIENCE_S: Final = 10
MOST_REDIRECTS: Final = 3
REDIRECTS: Final = (307, 308)  # the only ones a server may answer with (RFC 9725, section 4.5)
COUNTERED: Final = 406


@dataclass(frozen=True, slots=True)
class Door:
    """A WHIP or WHEP endpoint and the Bearer token it wants; "" for none: then no header may be sent (RFC 9725, section 4.7.1)."""

    address: str
    token: str


class Countered(OSError):
    """A WHEP server made an offer of its own (draft-ietf-wish-whep, section 4.2.2): the answer is wanted at `place`."""

    def __init__(self, place: str, offer: str) -> None:
        super().__init__("The server wants its own offer answered.")
        self.place, self.offer = place, offer


async def post(door: Door, offer: str) -> tuple[str, str]:
    """Where the new session is, and the answer. Raises Countered, or OSError when the server cannot be reached or refuses."""
    return await asyncio.to_thread(call, "POST", door, offer.encode())


async def patch(door: Door, answer: str) -> tuple[str, str]:
    """Answer a counter-offer at its session. Raises OSError when that cannot be reached or refuses."""
    return await asyncio.to_thread(call, "PATCH", door, answer.encode())


async def leave(door: Door, session: str) -> None:
    """End a session kindly; a server that does not answer will notice by itself."""
    try:
        await asyncio.to_thread(call, "DELETE", Door(session, door.token), None)
    except OSError:
        return


def call(method: str, door: Door, body: bytes | None) -> tuple[str, str]:
    """The Location and body of the reply. Only http and https: the address is what an operator typed."""
    address = door.address
    for _ in range(MOST_REDIRECTS):
        if not address.startswith(("http://", "https://")):
            raise OSError("A WHIP or WHEP address begins with http:// or https://.")
        headers = {"Content-Type": SDP} | ({"Authorization": f"Bearer {door.token}"} if door.token else {})
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:  # noqa: S310 - checked above
                return urljoin(address, reply.headers.get("Location", "")), reply.read().decode()
        except HTTPError as refused:
            place = urljoin(address, refused.headers.get("Location", ""))
            if refused.code == COUNTERED and method == "POST" and refused.headers.get_content_type() == SDP:
                raise Countered(place, refused.read().decode()) from None
            if refused.code not in REDIRECTS:
                raise
            address = place
    raise OSError("The server sends us from one address to the next.")
