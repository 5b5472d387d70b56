"""The way out of LINE's own browser, which lends pages no microphone or camera; without it a viewer who is called could not answer."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

LINE_BROWSER: Final = re.compile(r"\bLine/")


def usual_browser(request: Request) -> str:
    """This very page's address with LINE's parameter that opens it in the usual browser; "" where one is in that already."""
    if not LINE_BROWSER.search(request.headers.get("user-agent", "")):
        return ""
    outside = request.url.include_query_params(openExternalBrowser="1")
    return f"{outside.path}?{outside.query}"
