"""The peer of the webhook benchmark: the smallest FastAPI + line-bot-sdk bot that verifies, returns 200 and replies in the background."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    configuration = Configuration(host=os.environ["LINE_API_URL"], access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"])
    configuration.connection_pool_maxsize = 100
    async with AsyncApiClient(configuration) as client:
        app.state.line = AsyncMessagingApi(client)
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/webhooks/line")
async def webhook(request: Request, background: BackgroundTasks) -> dict[str, str]:
    body = (await request.body()).decode()
    try:
        events = parser.parse(body, request.headers["x-line-signature"])
    except InvalidSignatureError:
        raise HTTPException(401) from None
    for event in events:
        if isinstance(event, MessageEvent) and event.reply_token:
            background.add_task(reply, event.reply_token)
    return {}


async def reply(token: str) -> None:
    message = TextMessage(text="「長いす」の手数料は600円です。")
    await app.state.line.reply_message(ReplyMessageRequest(reply_token=token, messages=[message]), _request_timeout=10)
