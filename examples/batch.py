"""One text, many recipients, one review: the reviewer sees the text and what is filled in for whom.

    MULTIMAIL_API_KEY=<an agent’s key>   python examples/batch.py write guests.json
    MULTIMAIL_API_KEY=<a reviewer’s key> python examples/batch.py review batch_…

`guests.json` is a list of {"to", "values"}. The digest covers the text and every mail's values: had one of them
changed since it was shown, nothing would be approved.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")
SUBJECT = "Your room, {{name}}"
BODY = "Dear {{name}},\n\nyour room is **{{room}}**."


def write(client: multimail.Client, guests: list[Any]) -> None:
    """Every mail is made now. A list that is wrong is refused whole; what the mailbox refuses concerns one guest."""
    batch = client.send_batch(
        mailbox=MAILBOX, subject=SUBJECT, body=BODY, recipients=guests, oversight_mode="gated_send"
    )
    print(batch.batch_id, ", ".join(f"{count} {status}" for status, count in batch.statuses.items()))
    for row in batch.results:
        if row.code:
            print(row.to, row.code)


def review(client: multimail.Client, batch_id: str) -> None:
    """Show all of it, then decide once."""
    batch = client.get_batch(batch_id, limit=1000)
    print(f"Subject: {batch.subject}\n\n{batch.body}\n")
    for mail in batch.mails:
        print(mail.to, mail["values"], mail.status)
    if input("approve all? [y/n] ").strip() == "y":
        done = client.decide_emails(batch_id=batch_id, digest=batch.digest, decision="approve")
        print(f"\n{done.decided} approved, {done.failed} failed")


if __name__ == "__main__":
    with multimail.Client() as connected:
        if sys.argv[1] == "write":
            write(connected, json.loads(Path(sys.argv[2]).read_text("utf-8")))
        else:
            review(connected, sys.argv[2])
