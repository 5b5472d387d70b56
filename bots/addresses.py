"""Phone numbers and web addresses as a phone understands them; without it a button might dial or open the wrong thing."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import quote, urlsplit

NUMBER = re.compile(r"[+#*]?\d[\d\-\u2010-\u2015\u2212\u30fc().\s]*")
SHORTEST_NUMBER = 3  # 110, 119, 188
SAFE_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"


def tel_address(number: str) -> str:
    """ "03-5211-4253" as tel:0352114253 and "#7119" as tel:%237119; "" when `number` holds no number to call."""
    for found in NUMBER.finditer(unicodedata.normalize("NFKC", number)):
        keys = re.sub(r"[^\d+#*]", "", found.group())
        if len(keys) >= SHORTEST_NUMBER:
            return "tel:" + quote(keys, safe="+*")
    return ""


def web_address(url: str, most: int = 1000) -> str:
    """`url` with every character encoded that a wire may not carry; "" when it is no https or http address of at most `most` characters."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return ""
    address = quote(parts._replace(netloc=host).geturl(), safe=SAFE_IN_ADDRESSES)
    return address if len(address) <= most else ""


def keeps_words_private(url: str) -> bool:
    """Whether what residents say may travel to `url`: only over https, or inside this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def is_loopback(url: str) -> bool:
    """Whether `url` leads back to this very machine, where no proxy can reach."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
