"""A series of mails to new customers, one step a day, that stops when somebody opts out or answers.

    python examples/drip.py steps.json ann@example.com bob@example.com …

The mailbox needs a postal address, and the people have agreed where the law asks for that: docs/consent.md.

`steps.json` is a list of {"subject", "body"}. Run it from cron. Where somebody stands in the series is written on the
contact: the tags of a mail are copied to whom it went to, so nothing has to be kept beside the server.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")
SERIES = "welcome"


def advance(client: multimail.Client, email: str, steps: list[dict[str, Any]]) -> str:
    """Send one person their next step; what was done, in a word."""
    person = client.contacts.upsert(email)
    if "unsubscribed" in person.tags or f"{SERIES}_done" in person.tags:
        return "done"
    if person.replied:
        client.tag_email(contact_id=person.id, tags=[f"{SERIES}_done"])
        return "answered"
    number = sum(tag.startswith(f"{SERIES}_step_") for tag in person.tags)
    if number == len(steps):
        client.tag_email(contact_id=person.id, tags=[f"{SERIES}_done"])
        return "finished"
    result = client.send_email(
        mailbox=MAILBOX,
        to=email,
        subject=steps[number]["subject"],
        body=steps[number]["body"],
        tags=[f"{SERIES}_step_{number}"],
        message_class="commercial",
        # Two runs at once are one mail.
        idempotency_key=f"{SERIES}-{number}-{email}",
    )
    return f"step {number}: {result.status}"


if __name__ == "__main__":
    series = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    with multimail.Client() as connected:
        for address in sys.argv[2:]:
            print(address, advance(connected, address, series))
