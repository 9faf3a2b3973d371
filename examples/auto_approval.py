"""Approve by rule what is safe to approve, and leave the rest to people.

    multimail create-webhook http://127.0.0.1:9000/ --events oversight.pending --write-to secrets.txt
    export MULTIMAIL_API_KEY=<a reviewer’s key> WEBHOOK_SECRETS=secrets.txt DOMAINS=partner.example
    python examples/auto_approval.py

The event says that there is something to look at, no more: its signature is checked, the mail is read again with
this program's own key, and the decision names the digest of what was read. The best key for it is one of kind
`program` with an approval limit: then the server itself passes on what is outside, whatever happens here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import multimail

DOMAINS = frozenset(os.environ.get("DOMAINS", "").lower().split())
client = multimail.AsyncClient()


def decision(mail: dict[str, Any]) -> tuple[Literal["approve", "escalate"], str]:
    """The rule: what to do with a mail, and why. Whoever gets a copy counts like whoever it is to."""
    people = {*mail["to_list"], *mail["cc"], *mail["bcc"]} - {*(mail.get("automatic") or ())}
    strangers = [address for address in people if address.rpartition("@")[2].lower() not in DOMAINS]
    if strangers:
        return "escalate", f"{len(strangers)} of the recipients are elsewhere."
    if mail["attachments"] or mail.get("placeholders") or mail.get("body_cut"):
        return "escalate", "It needs a person's eyes."
    return "approve", "Everybody who gets it is at a partner."


def secrets() -> list[str]:
    """The webhook's secret; two while one replaces the other."""
    return Path(os.environ["WEBHOOK_SECRETS"]).read_text("utf-8").split()


async def receive(request: Request) -> Response:
    """Decide from inside the request: the server holds nothing while it waits for the answer."""
    try:
        event = multimail.verify_webhook(request.headers, await request.body(), secrets())
    except multimail.errors.InvalidSignature:
        return Response(status_code=401)
    if event["event"] != "oversight.pending":
        return Response(status_code=204)
    waiting = await client.list_pending(message_id=event["message_id"], status="pending_approval")
    for mail in waiting["pending"]:
        verb, note = decision(mail)
        try:
            done = await client.decide_email(
                message_id=mail.message_id, decision=verb, digest=mail.digest, note=note
            )
            print(mail.subject, done.decision, flush=True)
        except multimail.errors.Conflict:
            # Decided by somebody else, or changed since: a changed draft makes an event of its own.
            print(mail.subject, "moved on", flush=True)
    return Response(status_code=204)


app = Starlette(routes=[Route("/", receive, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "9000")))
