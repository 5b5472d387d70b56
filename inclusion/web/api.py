"""The question, as another program asks it; without this file only people at our own pages could use what the town knows."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from accessibility import Action, Preferences
from accessibility.hearing import Heard

from .errors import NotJson, WrongFields
from .limits import RateLimit
from .services import AskReply, WebServices
from .typed_text import LIMIT, cleaned

Text = Annotated[str, StringConstraints(min_length=1, max_length=LIMIT)]


class Question(BaseModel):
    """One thing a resident says. Send `conversation` back to go on talking; an unknown one starts anew."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "長いす捨てたいんだけど、いくら？"}, {"text": "How do I throw away a TV?", "language": "en"}]
        }
    )

    text: Text = Field(description="What the resident typed, at most 2,000 characters.")
    conversation: str | None = Field(None, max_length=200, description="The id from the reply before.")
    language: Literal["ja", "en", "zh-Hans", "ko"] | None = Field(None, description="Answer in this language from now on.")
    plain: bool | None = Field(None, description="True: easy Japanese from now on.")

    def preferences_changes(self) -> dict[str, Any]:
        """Only what was given: what is left out stays as it was."""
        given = {"language": self.language, "easy": self.plain}
        return {name: value for name, value in given.items() if value is not None}


class ChoiceOut(BaseModel):
    label: str = Field(description="What the button reads.")
    says: str = Field(description="Send this as the next `text` when the button is pressed.")


class SourceOut(BaseModel):
    title: str
    url: str
    checked_on: str = Field(description="ISO day or month of the fact; empty when not known.")
    verified: bool = Field(description="False (未照合): nobody has compared it with the town's own page yet.")


class Reply(BaseModel):
    """One complete answer. `text` is all of it in one plain text, `spoken` the same for a voice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "conversation": "b1946ac92492d234",
                    "action": "clarify",
                    "ids": ["sofa"],
                    "counts": {},
                    "total_yen": None,
                    "text": "何人掛けですか。",
                    "spoken": "何人掛けですか。",
                    "choices": [{"label": "1人掛け", "says": "1人掛けです"}],
                    "sources": [{"title": "粗大ごみ品目表", "url": "https://example.jp/", "checked_on": "2026-05", "verified": False}],
                    "confidence": 0.9,
                }
            ]
        }
    )

    conversation: str
    action: Action
    ids: list[str]
    counts: dict[str, int] = Field(description="Item id → fee units charged.")
    total_yen: int | None = Field(description="None when any fee is unknown.")
    text: str
    spoken: str
    choices: list[ChoiceOut]
    sources: list[SourceOut]
    confidence: float = Field(ge=0, le=1)
    speech: str = Field("", description="Where the answer can be heard for a day, as AAC; .ogg gives Opus. Empty: nothing speaks here.")

    @classmethod
    def of(cls, reply: AskReply, services: WebServices) -> Reply:
        answer, said = reply.answer, reply.rendered
        return cls(
            conversation=reply.conversation,
            action=answer.action,
            ids=list(answer.ids),
            counts=dict(answer.counts),
            total_yen=answer.total_yen,
            text=said.text,
            spoken=said.spoken,
            choices=[ChoiceOut(label=choice.label, says=choice.says) for choice in said.choices],
            sources=[SourceOut(title=s.title, url=s.url, checked_on=s.checked_on, verified=s.verified) for s in answer.sources],
            confidence=answer.confidence,
            speech=_speech(reply, services),
        )


class ErrorWords(BaseModel):
    code: str = Field(description="A stable word for programs.")
    message: str = Field(description="What happened, in Japanese and English.")
    next_step: str = Field(description="What to do now, in Japanese and English.")


class ErrorBody(BaseModel):
    """The one form of every error under /api and /webhooks."""

    error: ErrorWords


async def json_only(request: Request) -> None:
    """Refuses another content type by name, rather than as a puzzling field error."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise NotJson()


def api_router(services: WebServices, limit: RateLimit) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["questions"], dependencies=[Depends(limit), Depends(json_only)])

    @router.post("/ask", summary="Ask one question", operation_id="ask")
    async def ask(question: Question) -> Reply:
        text = cleaned(question.text)
        if not text:
            raise WrongFields("text")
        return Reply.of(await ask_in_thread(services, text, question.conversation, question.preferences_changes()), services)

    return router


def _speech(reply: AskReply, services: WebServices) -> str:
    """The address of the spoken answer; synthesised only when somebody fetches it."""
    wishes = reply.preferences or Preferences()
    if services.voices is None or not wishes.voice:
        return ""
    speech_id = services.voices.order(reply.rendered.spoken, reply.rendered.language, wishes.speed, wishes.loud)
    return f"/api/v1/speech/{speech_id}.m4a" if speech_id else ""


async def ask_in_thread(services: WebServices, text: str | Heard, conversation: str | None, changes: dict[str, Any]) -> AskReply:
    """The platform's answer, counted and timed. Answering is plain code, so a thread does it while other visitors are served."""
    started = perf_counter()
    reply = await run_in_threadpool(services.asker.ask, text, conversation, changes, services.clock())
    services.metrics.question_answered(reply.answer.action, perf_counter() - started)
    return reply
