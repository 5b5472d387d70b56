"""Time-limited credentials for a coturn server; without this file viewers behind strict firewalls could not be relayed safely."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server as a client needs it."""

    url: str
    username: str = ""
    credential: str = ""

    def as_link(self) -> str:
        """One Link header value (RFC 9725, section 4.6)."""
        link = f'<{self.url}>; rel="ice-server"'
        if self.username:
            link += f'; username="{self.username}"; credential="{self.credential}"; credential-type="password"'
        return link


@dataclass(frozen=True, slots=True)
class Relays:
    """The servers of this installation. With coturn's `use-auth-secret`, `secret` is its `static-auth-secret`."""

    urls: Sequence[str] = ()
    secret: str = ""
    lives: timedelta = timedelta(hours=4)

    def for_now(self, now: datetime) -> Sequence[IceServer]:
        """STUN addresses as they are; TURN addresses with a password that coturn stops accepting after `lives`."""
        username = str(int((now + self.lives).timestamp()))
        password = base64.b64encode(hmac.digest(self.secret.encode(), username.encode(), "sha1")).decode("ascii")
        return [IceServer(url) if url.startswith("stun") else IceServer(url, username, password) for url in self.urls]
