"""Write to customers who left, each in their own words, and let a person approve the whole pile or parts of it.

    MULTIMAIL_API_KEY=<an agent’s key>   python examples/win_back.py write customers.json
    MULTIMAIL_API_KEY=<a reviewer’s key> python examples/win_back.py review

`customers.json` is a list of {"email", "name", "left", "reason"}. Nothing leaves before the review, whatever the
mailbox would allow; each approval names the digest of the text that was shown.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")


def draft(customer: dict[str, Any]) -> str:
    """What to write. Put your model here; a person reads every word of it before a customer does."""
    days = (datetime.now(UTC).date() - date.fromisoformat(customer["left"])).days
    opening = f"Dear {customer['name']},\n\nyou left us {days} days ago because of {customer['reason']}."
    return f"{opening}\n\nWe have changed that. Would you have a look?"


def write(client: multimail.Client, customers: list[dict[str, Any]]) -> None:
    """One draft for each customer."""
    for customer in customers:
        held = client.send_email(
            mailbox=MAILBOX,
            to=customer["email"],
            subject="What has changed since you left",
            body=draft(customer),
            oversight_mode="gated_send",
            message_class="commercial",
            tags=["win_back"],
        )
        print(customer["email"], held.status)


def review(client: multimail.Client) -> None:
    """Show each waiting draft and do what the person says; enter alone leaves it waiting."""
    for item in list(client.iterate(client.list_pending, mailbox=MAILBOX, tag="win_back")):
        print(f"\nTo: {', '.join(item.to_list)}\nSubject: {item.subject}\n\n{item.body}\n")
        said = input("[a]pprove, [r]eject, or a note for the author: ").strip()
        try:
            if said == "a":
                done = client.decide_email(item.message_id, decision="approve", digest=item.digest)
            elif said == "r":
                done = client.decide_email(item.message_id, decision="reject", digest=item.digest)
            elif said:
                done = client.decide_email(
                    item.message_id, decision="request_changes", digest=item.digest, note=said
                )
            else:
                continue
            print(done.decision, done.status)
        except multimail.errors.Conflict as moved:
            # Somebody else decided, or the draft changed while it was read: it is shown again next time.
            print(moved)


if __name__ == "__main__":
    with multimail.Client() as connected:
        if sys.argv[1] == "write":
            write(connected, json.loads(Path(sys.argv[2]).read_text("utf-8")))
        else:
            review(connected)
