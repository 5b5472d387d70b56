"""Says one thing to a running service as LINE would, and prints what the double was sent; without it a dry run could only wait."""

from __future__ import annotations

import argparse
import json
import time
import urllib.error
import urllib.request
from typing import Any

from .line_events import RESIDENT, sign, text_event, webhook


def say(text: str, service: str, secret: str, double: str, wait_s: float = 15.0) -> list[str]:
    """The texts that arrived at the double afterwards; none when nothing did within `wait_s`. Raises urllib.error.URLError."""
    before = len(_delivered(double))
    body = webhook(text_event(text, RESIDENT))
    headers = {"Content-Type": "application/json", "x-line-signature": sign(body, secret)}
    with urllib.request.urlopen(urllib.request.Request(f"{service}/webhooks/line", body, headers), timeout=wait_s):
        until = time.monotonic() + wait_s
    while time.monotonic() < until:
        if new := _delivered(double)[before:]:
            return [message.get("text") or message.get("altText", "") for one in new for message in one["messages"]]
        time.sleep(0.1)
    return []


def _delivered(double: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{double}/double/delivered", timeout=10) as reply:
        found: list[dict[str, Any]] = json.load(reply)
        return found


def main() -> None:
    options = argparse.ArgumentParser(description="Says one thing to a running service as LINE would.")
    options.add_argument("text")
    options.add_argument("--service", default="http://127.0.0.1:8000", help="Where the service listens.")
    options.add_argument("--secret", default="dry-run", help="The service's LINE_CHANNEL_SECRET.")
    options.add_argument("--double", default="http://127.0.0.1:9100", help="Where tests.doubles.line listens.")
    chosen = options.parse_args()
    try:
        heard = say(chosen.text, chosen.service, chosen.secret, chosen.double)
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"The service said {refused.code}. Is --secret the same as its LINE_CHANNEL_SECRET?") from refused
    except urllib.error.URLError as away:
        raise SystemExit(f"Nobody answers ({away.reason}). Start the double and the service first.") from away
    print("\n".join(heard) or "Nothing arrived at the double. Was the service started with LINE_API_URL and LINE_CHANNEL_ACCESS_TOKEN?")


if __name__ == "__main__":
    main()
