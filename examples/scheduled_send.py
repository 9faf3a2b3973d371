"""Write now, send at nine in the recipient's morning, and let a person look in between.

    python examples/scheduled_send.py ann@example.com America/Chicago "Three questions" question.md

The time is not a way around review: the mail leaves at its time or when it is approved, whichever is later.
`auto_approval.py` is a program that can do the approving.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")


def next_morning(zone: ZoneInfo) -> datetime:
    """The next nine o'clock on the recipient's clock, also where the clocks change in between."""
    now = datetime.now(zone)
    day = now.date() if now.time() < time(9) else now.date() + timedelta(days=1)
    return datetime.combine(day, time(9), zone)


def schedule(client: multimail.Client, to: str, zone: ZoneInfo, subject: str, body: str) -> None:
    result = client.send_email(
        mailbox=MAILBOX,
        to=to,
        subject=subject,
        body=body,
        scheduled_at=next_morning(zone),
        oversight_mode="gated_send",
        tags=["follow_up"],
    )
    # Until it has left, `client.cancel_message(id, reason="…")` takes it back, approved or not.
    print(result.message_id, result.status, result.scheduled_at)


if __name__ == "__main__":
    with multimail.Client() as connected:
        text = Path(sys.argv[4]).read_text("utf-8")
        schedule(connected, sys.argv[1], ZoneInfo(sys.argv[2]), sys.argv[3], text)
