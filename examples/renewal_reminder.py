"""Remind members that their membership renews, and nobody twice, with nothing but HTTP.

    python examples/renewal_reminder.py members.json

`members.json` is a list of {"email", "plan", "renews", "paid"}, fresh from your billing system. The mailbox itself
remembers who was reminded: its sent and waiting mail is searched, so a second run, on another machine, knows too.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

SERVER = os.environ.get("MULTIMAIL_BASE_URL", "http://127.0.0.1:8025")
MAILBOX = os.environ.get("MAILBOX", "agent@localhost")
CYCLE = timedelta(days=14)


def reminded(http: httpx2.Client, email: str) -> bool:
    """Whether a reminder to this member left, or waits for a person, in this cycle."""
    since = (datetime.now(UTC) - CYCLE).date()
    answer = http.post(
        "/v1/check_inbox",
        json={
            "mailbox": MAILBOX,
            "query": f"to:{email}",
            "filter": {"tags": ["renewal"], "direction": "outbound"},
            "since": since.isoformat(),
            "limit": 1,
        },
    )
    return bool(answer.raise_for_status().json()["messages"])


def remind(http: httpx2.Client, member: dict[str, Any]) -> str:
    """Send one reminder; what became of it in a word."""
    renews = date.fromisoformat(member["renews"])
    answer = http.post(
        "/v1/send_email",
        # Two runs at the same moment both find nothing sent; the key lets only one of them through.
        headers={"Idempotency-Key": f"renewal-{member['email']}-{renews}"},
        json={
            "from": MAILBOX,
            "to": member["email"],
            "subject": f"Your {member['plan']} membership renews on {renews:%d %B}",
            "body": f"Nothing needs to be done: **{member['plan']}** goes on from {renews:%d %B %Y}.\n\n"
            "To change your plan or how you pay, answer this mail.",
            "message_class": "transactional",
            "tags": ["renewal"],
        },
    )
    return str(answer.raise_for_status().json()["status"])


def main(members: list[dict[str, Any]]) -> None:
    key = {"Authorization": f"Bearer {os.environ['MULTIMAIL_API_KEY']}"}
    with httpx2.Client(base_url=SERVER, headers=key, timeout=10) as http:
        for member in members:
            skip = member["paid"] or reminded(http, member["email"])
            print(member["email"], "skipped" if skip else remind(http, member))


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
