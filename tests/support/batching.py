"""Batches for tests: guests with their rooms, one text for all of them, and a decision on the whole."""

from __future__ import annotations

from typing import Any

from tests.support.desk import BOX, Desk

TEXT: dict[str, Any] = {"subject": "Booking of {{name}}", "body": "Dear {{name}}, your room is {{ room }}."}


def guests(count: int) -> list[dict[str, Any]]:
    return [
        {"to": f"p{number}@example.org", "values": {"name": f"Guest {number}", "room": number}}
        for number in range(count)
    ]


async def batch(desk: Desk, count: int = 3, who: str = "agent", **changes: Any) -> Any:
    given = {"mailbox": BOX, "recipients": guests(count)} | TEXT | changes
    return await desk.call(who, "send_batch", **given)


async def decide(desk: Desk, sent: Any, decision: str = "approve", who: str = "reviewer", **more: Any) -> Any:
    given = {"batch_id": sent.batch_id, "digest": sent.digest, "decision": decision} | more
    return await desk.call(who, "decide_emails", **given)
