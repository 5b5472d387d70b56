"""Every way a web request can be refused, and the kind sentence each one gets; without this file a resident would meet stack traces.

WebError
├── MalformedBody       400  the body is not what its content type promises
├── Unsigned            401  the webhook was not signed by the channel
├── ForeignForm         403  a form sent from another site
├── NotFound            404
├── PaperTooOld         404  the sealed answer to print is not ours, or too old
├── ChannelOff          404  the channel has no secrets here
├── WrongMethod         405
├── BodyTooLarge        413
├── NotJson             415
├── WrongFields         422
├── TextTooLong         422
├── Unheard             422  a recording that could not be understood; its code says why (413, 503 for some)
├── TooManyRequests     429  carries the seconds to wait
├── Broken              500  our own fault
├── PaperJammed         503  the printing press gave no sheet
├── VoiceIsAway         503  the spoken answer cannot be made just now
└── Refused             any other status a router chose
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException


class WebError(Exception):
    """Base. The words are the messages `web.error.<code>` and `web.error.<code>.next`, filled in with `values`."""

    status = 500
    code = "broken"

    def __init__(self, headers: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(self.code)
        self.headers = dict(headers or {})
        self.values = values


class MalformedBody(WebError):
    status, code = 400, "malformed_body"


class Unsigned(WebError):
    status, code = 401, "unsigned"


class ForeignForm(WebError):
    status, code = 403, "foreign_form"


class NotFound(WebError):
    status, code = 404, "not_found"


class PaperTooOld(WebError):
    status, code = 404, "paper_too_old"


class ChannelOff(WebError):
    status, code = 404, "channel_off"

    def __init__(self, channel: str) -> None:
        super().__init__(channel=channel)


class WrongMethod(WebError):
    status, code = 405, "wrong_method"


class BodyTooLarge(WebError):
    status, code = 413, "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(headers={"Connection": "close"}, limit_kb=limit // 1000)


class NotJson(WebError):
    status, code = 415, "not_json"


class WrongFields(WebError):
    """`fields` names the fields at fault, never what was in them."""

    status, code = 422, "wrong_fields"

    def __init__(self, fields: str) -> None:
        super().__init__(fields=fields)


class TextTooLong(WebError):
    status, code = 422, "text_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class TooManyRequests(WebError):
    status, code = 429, "too_many_requests"

    def __init__(self, wait_s: int) -> None:
        super().__init__(headers={"Retry-After": str(wait_s)}, wait_s=wait_s)


class Broken(WebError):
    status, code = 500, "broken"


class Unheard(WebError):
    """`code` is the one of the HearingError that tells why."""

    status, code = 422, "not_heard"

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.status = {"ears_off": 503, "ears_away": 503, "audio_too_large": 413}.get(code, 422)


class PaperJammed(WebError):
    status, code = 503, "paper_jammed"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "10"})


class VoiceIsAway(WebError):
    status, code = 503, "voice_away"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class Refused(WebError):
    """A status of a router's own choosing, for example 403 from the staff door."""

    code = "refused"

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(headers=headers)
        self.status = status


def from_http(error: HTTPException) -> WebError:
    """Starlette's own refusals in our words, headers kept. What FastAPI wrapped while it read a body is unwrapped."""
    if isinstance(error.__cause__, WebError):
        return error.__cause__
    known: dict[int, type[WebError]] = {400: MalformedBody, 404: NotFound, 405: WrongMethod, 415: NotJson}
    if error.status_code in known:
        return known[error.status_code](headers=error.headers)
    return Refused(error.status_code, headers=error.headers)


def from_validation(error: RequestValidationError, text_limit: int) -> WebError:
    """What pydantic found wrong, told without repeating what was sent."""
    findings = error.errors()
    if any(finding["loc"][0] == "path" for finding in findings):
        return NotFound()
    if any(finding["type"] == "json_invalid" for finding in findings):
        return MalformedBody()
    if any(finding["type"] == "string_too_long" and finding["loc"][-1] == "text" for finding in findings):
        return TextTooLong(text_limit)
    return WrongFields(", ".join(sorted({_field_name(finding["loc"]) for finding in findings})))


def _field_name(place: tuple[int | str, ...]) -> str:
    """The field, without "body" before it; an unknown place is the body itself."""
    names = [str(part) for part in place if part != "body"]
    return ".".join(names)[:80] or "body"
