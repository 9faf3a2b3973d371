"""Tell all members something, except those who do not want to hear it, with nothing but HTTP.

    python examples/announcement.py members.txt "Summer party" party.md

`members.txt` has an address a line. Who opted out is skipped here, and the server would leave them out as well:
it knows the tag `unsubscribed` from answers that say UNSUBSCRIBE and from the link that every such mail carries.
The mailbox needs `physical_address` in its metadata, and members who agreed, or a `region` where nobody has to ask.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx2

SERVER = os.environ.get("MULTIMAIL_BASE_URL", "http://127.0.0.1:8025")
MAILBOX = os.environ.get("MAILBOX", "agent@localhost")


def opted_out(http: httpx2.Client) -> set[str]:
    """Everybody with the tag, in the spelling the server compares by. Without a limit the list is whole."""
    answer = http.post("/v1/manage_contacts", json={"mailbox": MAILBOX, "tag": "unsubscribed"})
    found = answer.raise_for_status().json()
    assert not found.get("cursor"), "more than 10,000 opted out: follow the cursor"
    return {contact["email"].lower() for contact in found["contacts"]}


def announce(http: httpx2.Client, members: list[str], subject: str, body: str) -> dict[str, int]:
    """One mail each, so that nobody sees the others; how many of which status there are."""
    out, counts = opted_out(http), {"skipped": 0}
    for member in members:
        if member.lower() in out:
            counts["skipped"] += 1
            continue
        mail = {
            "from": MAILBOX,
            "to": member,
            "subject": subject,
            "body": body,
            "message_class": "commercial",
            "tags": ["announcement"],
        }
        answer = http.post("/v1/send_email", json=mail)
        # One address that cannot be mailed does not stop the rest.
        status = answer.json()["code" if answer.is_error else "status"]
        counts[status] = counts.get(status, 0) + 1
    return counts


if __name__ == "__main__":
    people = Path(sys.argv[1]).read_text("utf-8").split()
    key = {"Authorization": f"Bearer {os.environ['MULTIMAIL_API_KEY']}"}
    with httpx2.Client(base_url=SERVER, headers=key, timeout=10) as client:
        result = announce(client, people, sys.argv[2], Path(sys.argv[3]).read_text("utf-8"))
    print(", ".join(f"{count} {what}" for what, count in sorted(result.items())))
