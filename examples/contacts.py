"""What is known about somebody, kept with their mail: write it, find it, use it, change it, erase it.

python examples/contacts.py ann@lab.example "Ann Lee"
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import multimail

MAILBOX = os.environ.get("MAILBOX", "agent@localhost")


def story(client: multimail.Client, email: str, name: str) -> None:
    """The life of a contact."""
    known = {"plan": "pro", "seats": 4, "topics": ["exports", "webhooks"]}
    person = client.contacts.upsert(email, name=name, metadata=known)
    print("stored", person.id.split("_")[0], person.metadata["seats"] + 1, "seats next month")

    # Who of a company, on which plan, was not written to for a month? Numbers may be given as text.
    month = datetime.now(UTC).date() - timedelta(days=30)
    quiet = client.contacts.search(
        domain=email.split("@")[1],
        filters={"metadata.plan": "pro", "metadata.seats": "4", "last_contacted_before": month.isoformat()},
        limit=50,
    )
    for one in quiet.items:
        print("quiet", one.email, one.metadata["topics"])
        first = one.name.split()[0]
        sent = client.send_email(
            mailbox=MAILBOX,
            to=one.email,
            subject=f"News about {one.metadata['topics'][0]}",
            body=f"Dear {first},\n\nthere is something new for you.",
            metadata={"contact": one.id},
        )
        print("sent", sent.status)

    # Keys merge; None clears one.
    changed = client.contacts.update(email, metadata={"stage": "followed_up", "topics": None})
    print("changed", sorted(changed.metadata))
    history = client.contacts.interactions(email)
    print("the oldest of the history:", history[-1].kind if history else "nothing yet")
    print("erased", client.contacts.delete(email).deleted)


if __name__ == "__main__":
    with multimail.Client() as connected:
        story(connected, sys.argv[1], sys.argv[2])
