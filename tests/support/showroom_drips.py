"""The part of the showroom about when people are written to, and what they are written step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.showroom import Showroom


async def pace_and_sequences(room: Showroom, support: str, news: str) -> None:
    """Rules about when people are written to, and a drip on its way."""
    rule = await room.call(
        "set_pace", mailbox=news, topic="newsletter", per_week=2, quiet_from="21:00", quiet_to="08:00",
        quiet_days=["sun"],
    )  # fmt: skip
    room.names["pace"] = rule.rule_id
    await room.call("set_time_zone", domain="customer.example", timezone="Europe/Berlin")
    steps = [
        {"subject": "Welcome, {{name}}", "body": "This is where to begin.", "tags": ["drip_step_0"]},
        {"wait": "3d", "subject": "Your first booking", "body": "It takes a minute.", "unless": ["customer"]},
        {"wait": "1w", "subject": "Does it help?", "body": "We would like to know."},
    ]
    made = await room.call(
        "create_sequence", name="welcome", mailbox=support, steps=steps, done_tag="welcomed"
    )
    people = [
        "paul@customer.example",
        "quinn@customer.example",
        "rosa@customer.example",
        "harry@gone.example",
    ]
    await room.call("enroll_contacts", sequence_id=made.sequence_id, emails=people)
    await room.call("stop_sequence", sequence_id=made.sequence_id, email=people[1])
    await room.call("claim_sequence_steps", sequence_id=made.sequence_id, limit=1)
    room.names["sequence"] = made.sequence_id
