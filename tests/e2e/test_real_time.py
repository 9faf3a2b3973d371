"""Scheduled mail in real seconds, with a server that is stopped and started in between."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from multimail.commands import lock
from tests.support import peers
from tests.support.account import account
from tests.support.program import serving
from tests.support.sink import Mail, Setup, Sink

DESK = "desk@here.test"
AHEADS_S = (5.0, 20.0, 60.0)
"""How far ahead mail is scheduled: further on a machine that is busy, where stopping and starting take longer."""


def call(data: Path, key: str, name: str, /, **arguments: Any) -> dict[str, Any]:
    """A call of a tool of the server that runs on the folder."""
    resident = lock.find(data)
    assert resident is not None
    return asyncio.run(peers.call(resident.http_port, key, name, **arguments))


def rest_of_a_life(
    data: Path, sink: Sink, keys: dict[str, str], ahead: float
) -> tuple[float, float, str, str]:
    """Two mails for later, of which one is approved, and a restart: when they were due, when the server was back,
    and what the one that waits and the one that was approved had become by then."""
    with serving(data, MULTIMAIL_RELAY=sink.url) as server:
        server.until("Ctrl-C")
        due = datetime.now(UTC) + timedelta(seconds=ahead)
        mail = {"mailbox": DESK, "subject": f"Later {ahead}", "body": "Hi", "scheduled_at": due.isoformat()}
        held = [
            call(data, keys["agent"], "send_email", to=[to], **mail)["message_id"]
            for to in ("yes@out.test", "no@out.test")
        ]
        decided = call(data, keys["reviewer"], "decide_email", message_id=held[0], decision="approve")
        server.stop()
    with serving(data, MULTIMAIL_RELAY=sink.url) as server:
        server.until("Ctrl-C")
        back = time.time()
        sink.wait_for(1, seconds=ahead + 30)
        found = call(data, keys["agent"], "get_message_history", message_id=held[1])
        server.stop()
    return due.timestamp(), back, decided["status"], found["status"]


def test_an_approved_mail_leaves_at_its_time_once_and_an_unapproved_one_never(tmp_path: Path) -> None:
    for ahead in AHEADS_S:
        data = tmp_path / f"data-{ahead}"
        keys = account(data, {DESK: {}}, "agent", "reviewer")
        arrivals: list[tuple[float, str]] = []

        def arrived(mail: Mail, arrivals: list[tuple[float, str]] = arrivals) -> None:
            arrivals.append((time.time(), mail.recipients[0]))

        with Sink(setup=Setup(on_mail=arrived)) as sink:
            due, back, decided, found = rest_of_a_life(data, sink, keys, ahead)
        if back < due:
            break

    ((at, to),) = arrivals
    assert back < due, "the machine was too slow to see anything"
    assert due <= at
    assert (decided, found, to) == ("scheduled", "pending_approval", "yes@out.test")
