"""The whole contract in one machine-readable page; without this file its readers would not learn of our errors and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .api import ErrorBody

REFUSALS: Final = {
    "400": "The body is not readable JSON.",
    "404": "There is nothing at this address.",
    "405": "This address is not used with this method.",
    "413": "The body is larger than we take.",
    "415": "The body is not application/json.",
    "422": "A field is missing or out of bounds, for example a text of more than 2,000 characters.",
    "429": "Too many questions at once; Retry-After says how long to wait.",
    "500": "Our own fault; nothing of what was sent is lost on the sender's side, send it again.",
}
ASK_REFUSALS: Final = tuple(REFUSALS)
WEBHOOK_REFUSALS: Final = ("400", "404", "405", "413", "500")
SIGNATURES: Final = {"line": "X-Line-Signature", "telegram": "X-Telegram-Bot-Api-Secret-Token"}


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """A replacement for `app.openapi`: FastAPI's own description, with every error and the webhooks added; made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(get_openapi(title=app.title, version=app.version, routes=app.routes, summary=app.summary))
        return app.openapi_schema

    return openapi


def _complete(schema: dict[str, Any]) -> dict[str, Any]:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    model = ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(model.pop("$defs"))
    schemas["ErrorBody"] = model
    for path, operations in schema["paths"].items():
        if path.startswith("/api/"):
            for operation in operations.values():
                operation["responses"] |= _refusals(ASK_REFUSALS)
    schema["paths"] |= {f"/webhooks/{channel}": {"post": _webhook(channel, header)} for channel, header in SIGNATURES.items()}
    return _without_unused(schema)


def _without_unused(schema: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's own error shapes are never sent by us, so they are not described either."""
    for name in ("HTTPValidationError", "ValidationError"):
        if f"#/components/schemas/{name}" not in str(schema["paths"]):
            schema["components"]["schemas"].pop(name, None)
    return schema


def _refusals(statuses: tuple[str, ...]) -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    return {status: {"description": REFUSALS[status], "content": body} for status in statuses}


def _webhook(channel: str, header: str) -> dict[str, Any]:
    name = channel.upper() if channel == "line" else channel.title()
    unsigned = {"401": _refusals(("400",))["400"] | {"description": f"The {header} header is missing or does not fit the body."}}
    taken = {"200": {"description": "Saved; answered afterwards.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    return {
        "tags": ["channels"],
        "summary": f"Events from {name}",
        "operationId": f"webhook_{channel}",
        "parameters": [{"name": header, "in": "header", "required": True, "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": taken | unsigned | _refusals(WEBHOOK_REFUSALS),
    }
