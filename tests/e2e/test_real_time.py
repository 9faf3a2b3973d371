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
AHEAD_S = 5.0


def call(data: Path, key: str, name: str, /, **arguments: Any) -> dict[str, Any]:
    """A call of a tool of the server that runs on the folder."""
    resident = lock.find(data)
    assert resident is not None
    return asyncio.run(peers.call(resident.http_port, key, name, **arguments))


def test_an_approved_mail_leaves_at_its_time_once_and_an_unapproved_one_never(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keys = account(data, {DESK: {}}, "agent", "reviewer")
    arrivals: list[tuple[float, str]] = []

    def arrived(mail: Mail) -> None:
        arrivals.append((time.time(), mail.recipients[0]))

    with Sink(setup=Setup(on_mail=arrived)) as sink:
        with serving(data, MULTIMAIL_RELAY=sink.url) as server:
            server.until("Ctrl-C")
            due = datetime.now(UTC) + timedelta(seconds=AHEAD_S)
            mail = {"mailbox": DESK, "subject": "Later", "body": "Hi", "scheduled_at": due.isoformat()}
            held = [
                call(data, keys["agent"], "send_email", to=[to], **mail)["message_id"]
                for to in ("yes@out.test", "no@out.test")
            ]
            decided = call(data, keys["reviewer"], "decide_email", message_id=held[0], decision="approve")
            server.stop()
        with serving(data, MULTIMAIL_RELAY=sink.url) as server:
            server.until("Ctrl-C")
            restarted = time.time()
            sink.wait_for(1, seconds=30)
            found = call(data, keys["agent"], "get_message_history", message_id=held[1])
            server.stop()

    ((at, to),) = arrivals
    assert decided["status"] == "scheduled"
    assert restarted < due.timestamp(), "the machine was too slow to see anything"
    assert due.timestamp() <= at < due.timestamp() + 2
    assert to == "yes@out.test"
    assert found["status"] == "pending_approval"
