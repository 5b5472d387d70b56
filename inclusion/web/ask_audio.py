"""The question, spoken; without this file only people who can type could ask from other programs and from our page."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from accessibility.hearing import Heard, HearingError
from accessibility.hearing.decoding import Limits

from .api import Reply, ask_in_thread
from .errors import Unheard
from .limits import RateLimit
from .services import WebServices

PATH = "/api/v1/ask/audio"
MOST_BYTES = Limits().size
Language = Annotated[Literal["ja", "en", "zh-Hans", "ko"] | None, Query(description="The language spoken, and answered in from now on.")]


class HeardReply(Reply):
    """The answer, and what was understood of the recording. Show `heard`: people must see what was heard before they trust an answer."""

    heard: str = Field(description="The words that were heard.")
    heard_confidence: float = Field(ge=0, le=1)


def ask_audio_router(services: WebServices, limit: RateLimit) -> APIRouter:
    router = APIRouter(tags=["questions"], dependencies=[Depends(limit)])
    body = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}, "required": True}

    @router.post(PATH, summary="Ask one question aloud", operation_id="ask_audio", openapi_extra={"requestBody": body})
    async def ask_audio(
        request: Request,
        conversation: Annotated[str | None, Query(max_length=200)] = None,
        language: Language = None,
        plain: bool | None = None,
    ) -> HeardReply:
        heard = await hear_recording(services, await request.body(), language or "ja", conversation)
        changes = {name: value for name, value in {"language": language, "easy": plain}.items() if value is not None}
        reply = await ask_in_thread(services, heard, conversation, changes)
        return HeardReply(**Reply.of(reply, services).model_dump(), heard=reply.asked, heard_confidence=heard.confidence)

    return router


async def hear_recording(services: WebServices, recording: bytes, language: str, conversation: str | None) -> Heard:
    """The recording is in memory only: it is gone when this returns."""
    if services.ears is None:
        raise Unheard("ears_off")
    hints = await run_in_threadpool(services.asker.expects, conversation, language, services.clock())
    try:
        return await run_in_threadpool(services.ears.hear, recording, language, hints)
    except HearingError as refused:
        raise Unheard(refused.code) from refused
