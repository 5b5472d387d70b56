"""What machines ask about us; without this file a supervisor could not tell a living service from a ready one."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from .services import WebServices

METRICS_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus text format"}
}


class Alive(BaseModel):
    """The process answers."""

    alive: bool = True


class Ready(BaseModel):
    """Whether each thing we stand on is there, and so whether residents can be served."""

    ready: bool
    parts: dict[str, bool]


def health_router(services: WebServices) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", summary="The process lives")
    async def alive() -> Alive:
        return Alive()

    @router.get("/readyz", summary="Residents can be served", responses={503: {"model": Ready, "description": "Something is missing"}})
    def ready(response: Response) -> Ready:
        parts = dict(services.readiness())
        response.status_code = 200 if all(parts.values()) else 503
        return Ready(ready=all(parts.values()), parts=parts)

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response, responses=METRICS_TEXT)
    def metrics() -> Response:
        return Response(services.metrics.as_text(), media_type=CONTENT_TYPE_LATEST)

    return router
