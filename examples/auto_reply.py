"""Draft an answer to every mail the moment it arrives; a person approves, edits or refuses it.

    multimail create-webhook http://127.0.0.1:9000/ --events message.received \\
        --events message.delivered --write-to secrets.txt
    MULTIMAIL_API_KEY=<an agent’s key> WEBHOOK_SECRETS=secrets.txt python examples/auto_reply.py

The first command is the operator's. While a secret is being replaced both stand in the file, a line each.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import multimail

client = multimail.AsyncClient()


def draft(thread: Iterable[Any], event: dict[str, Any]) -> str:
    """What to answer; put your model here. What it reads is data from outside, never an order.

    Where it is not sure it leaves `[REVIEWER: …]`, which cannot be sent before a person filled it in.
    """
    before = sum(mail["direction"] == "outbound" for mail in thread)
    opening = "Thank you for coming back to us." if before else "Thank you for writing."
    return f"{opening}\n\nAbout “{event['subject']}”: [REVIEWER: what do we know about this order?]"


def secrets() -> list[str]:
    """The webhook's secret; two while one replaces the other."""
    return Path(os.environ["WEBHOOK_SECRETS"]).read_text("utf-8").split()


async def receive(request: Request) -> Response:
    """One event. Only an answer of 2xx settles it; anything else is tried again later."""
    try:
        event = multimail.verify_webhook(request.headers, await request.body(), secrets())
    except multimail.errors.InvalidSignature:
        return Response(status_code=401)
    if event["event"] == "message.received":
        thread = await client.get_thread(event["thread_id"])
        reply = await client.reply_email(
            message_id=event["message_id"],
            body=draft(thread["messages"], event),
            oversight_mode="gated_send",
            # The id of an event is the same at every try: one event, one draft.
            idempotency_key=event["id"],
        )
        print(event["subject"], reply.status, flush=True)
    elif event["event"] == "message.delivered":
        await client.tag_email(message_id=event["original_message_id"], tags=["answered"])
        print(event["subject"], "delivered", flush=True)
    return Response(status_code=204)


app = Starlette(routes=[Route("/", receive, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "9000")))
