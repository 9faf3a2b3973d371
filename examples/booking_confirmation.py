"""Confirm a booking by mail, with nothing but HTTP.

    python examples/booking_confirmation.py B-1042 ann@example.com "Studio 4" 2027-03-01T09:00 2027-03-01T11:00

MULTIMAIL_API_KEY holds the key. Whether the mail leaves at once or waits for a person is the mailbox's oversight,
set by its operator; both are a success here.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

SERVER = os.environ.get("MULTIMAIL_BASE_URL", "http://127.0.0.1:8025")
MAILBOX = os.environ.get("MAILBOX", "agent@localhost")


@dataclass(frozen=True)
class Booking:
    """As your booking system knows it, read right before the mail is made."""

    number: str
    email: str
    room: str
    begins: str
    ends: str

    def text(self) -> str:
        begins, ends = datetime.fromisoformat(self.begins), datetime.fromisoformat(self.ends)
        return (
            f"**{self.room}** is yours on {begins:%A, %d %B %Y}, from {begins:%H:%M} to {ends:%H:%M}.\n\n"
            f"Your booking has the number {self.number}. To change or cancel it, answer this mail."
        )


def confirm(http: httpx2.Client, booking: Booking) -> dict[str, Any]:
    """Send the confirmation; running it again within a day sends nothing again and gives the same answer."""
    answer = http.post(
        "/v1/send_email",
        headers={"Idempotency-Key": f"booking-{booking.number}"},
        json={
            "from": MAILBOX,
            "to": booking.email,
            "subject": f"{booking.room} is booked ({booking.number})",
            "body": booking.text(),
            "message_class": "transactional",
            "metadata": {"event_type": "booking_confirmation", "booking": booking.number},
        },
    )
    if answer.is_error:
        # A problem says what was wrong, and what would be right.
        problem = answer.json()
        sys.exit(f"{problem['code']}: {problem['detail']} {problem.get('advice', '')}")
    result: dict[str, Any] = answer.json()
    return result


if __name__ == "__main__":
    key = {"Authorization": f"Bearer {os.environ['MULTIMAIL_API_KEY']}"}
    with httpx2.Client(base_url=SERVER, headers=key, timeout=10) as client:
        sent = confirm(client, Booking(*sys.argv[1:]))
    print(sent["message_id"], sent["status"])
