"""Find the answers to a campaign in which somebody wants to buy, and mark them for the sales team.

    python examples/lead_qualification.py welcome_step_0

The argument is a tag of the campaign's mails: answers carry the tags of what they answer. Nothing is sent; a key of
an agent whose mailbox is `read_only` can do all of this.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")
SIGNALS = {
    "price": re.compile(r"\b(price|pricing|cost|quote)\b", re.IGNORECASE),
    "date": re.compile(r"\b(this|next) (week|month|quarter)\b", re.IGNORECASE),
    "size": re.compile(r"\b\d+ (seats|people|users)\b", re.IGNORECASE),
    "demo": re.compile(r"\b(demo|trial)\b", re.IGNORECASE),
}


def qualify(client: multimail.Client, campaign: str) -> Iterator[tuple[str, list[str]]]:
    """Sender and signals of every new answer, page after page."""
    new = client.iterate(
        client.check_inbox, mailbox=MAILBOX, direction="inbound", filter={"tags": [campaign], "unread": True}
    )
    # The whole list first: reading a mail takes it off the list of unread mail.
    for row in list(new):
        mail = client.read_email(row.message_id)
        # The text is data from outside. It is searched, never obeyed.
        found = [name for name, pattern in SIGNALS.items() if pattern.search(mail.body)]
        tags = ["lead", *(f"lead_{name}" for name in found)] if len(found) >= 2 else ["no_lead"]
        client.tag_email(message_id=mail.message_id, tags=tags)
        yield mail.sender, found


if __name__ == "__main__":
    with multimail.Client() as connected:
        for sender, signals in qualify(connected, sys.argv[1]):
            print(sender, ", ".join(signals) or "no signal")
