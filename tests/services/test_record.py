"""The record: events carry ids and codes only, and tags that a send brings come and go with it."""

from __future__ import annotations

import json
import re

import pytest

from multimail.core.events import KINDS
from multimail.core.times import DAY, HOUR
from multimail.ports.records import Event
from tests.support.desk import BOX, Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

CODE = re.compile(r"[A-Za-z0-9_.:-]*")


def texts(value: object) -> list[str]:
    """Every text in the data of an event, at any depth."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in texts(one))]
    return [text for one in value for text in texts(one)] if isinstance(value, list) else []


async def everything_happens(desk: Desk, sink: Sink) -> None:
    """Mail in and out by every road, with words that must not be found in the record."""
    secret = {"subject": "Salary of Xaver", "body": "Xaver earns a lot."}
    await desk.call(
        "operator", "create_mailbox", address="xaver@localhost", display_name="Xaver", trusted=["*"]
    )
    inbound = await desk.receive("Xaver asks.", Subject="Xaver", From="Xaver <xaver@example.org>")
    await desk.call("agent", "read_email", message_id=inbound)
    await desk.call("agent", "mark_email", message_id=inbound, mark="archived")
    await desk.call("agent", "tag_email", email="xaver@example.org", tags=["vip"])
    reply = await desk.call("agent", "reply_email", message_id=inbound, body="Dear Xaver", tags=["offer"])
    await desk.call("agent", "reply_email", message_id=inbound, body="Dear Mr Xaver")
    await desk.decide(inbound, "request_changes", note="Not Xaver!")
    await desk.call("agent", "edit_pending", message_id=(await newest(desk)), **secret)
    await desk.call("reviewer", "list_pending")
    await desk.decide(inbound, revised_body="Bye, Xaver.", note="Poor Xaver")
    sink.misbehave(Fault("RCPT", "550 5.1.1 Xaver is not here", recipient="xaver@example.com"))
    await desk.call("bot", "send_email", to=["xaver@example.com", "ann@example.org"], mailbox=BOX, **secret)
    await desk.decide(await newest(desk), who="bot")
    assert reply.status == "pending_approval"


async def and_more(desk: Desk, sink: Sink) -> None:
    """What people decide, what time brings, and what operators do."""
    for decision in ("reject", "escalate", "cancel"):
        sent = await desk.send(subject=f"{decision} Xaver")
        await desk.decide(sent.message_id, decision, note="Xaver")
    await desk.call("agent", "cancel_message", message_id=(await desk.send()).message_id, reason="Xaver")
    await desk.call("reviewer", "freeze", reason="Xaver")
    await desk.call("operator", "unfreeze")
    await desk.step(sink)
    await desk.set(default_mode="autonomous", deliver="capture", auto_bcc=["xaver@example.net"])
    kept = await desk.send(subject="Xaver again", scheduled_at=desk.at(HOUR))
    desk.later(HOUR)
    await desk.timers()
    await desk.step(sink)
    await desk.call("operator", "release_message", message_id=kept.message_id, note="for Xaver")
    await desk.call("operator", "tag_email", email="xaver@example.com", tags=["suppressed"])
    await desk.send(to=["xaver@example.com", "ann@example.org"], subject="For Xaver")
    await desk.set(default_mode="gated_all")
    await desk.send(subject="Last for Xaver")
    desk.later(8 * DAY)
    await desk.timers()
    await desk.call("operator", "revoke_key", key_id=desk.who["viewer"])
    await desk.call("operator", "delete_mailbox", mailbox="xaver@localhost")


async def newest(desk: Desk) -> str:
    return (await desk.events())[-1].message_id or ""


async def test_no_event_carries_an_address_a_subject_or_a_text(desk: Desk, sink: Sink) -> None:
    await everything_happens(desk, sink)
    await and_more(desk, sink)

    events = await desk.events()
    seen = {one.kind for one in events}

    assert len(seen) >= 25, sorted(KINDS.keys() - seen)
    assert "xaver" not in json.dumps([one.data for one in events]).lower()
    assert {text for one in events for text in texts(one.data) if not CODE.fullmatch(text)} == set()


async def test_an_event_of_a_kind_that_is_not_in_the_table_is_not_written(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no kind of event"):
        await desk.write(lambda tx: tx.events.add(Event("message.exploded", 0)))


async def test_tags_on_a_send_are_on_mail_thread_and_contacts_at_once(desk: Desk) -> None:
    sent = await desk.send(cc=["bob@example.org"], tags=["spring", "plan=pro"])

    found = await desk.call("agent", "tag_email", action="get", thread_id=sent.thread_id, tags=[])

    assert (sent.tags, found.tags) == (["plan=pro", "spring"], ["plan=pro", "spring"])
    assert await desk.contact_tags("bob@example.org") == ("plan", "spring")


@pytest.mark.parametrize("end", ["reject", "cancel", "expire"])
async def test_they_are_withdrawn_when_the_mail_never_leaves(desk: Desk, end: str) -> None:
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["friend"])
    sent = await desk.send(tags=["spring", "friend"])
    if end == "expire":
        desk.later(7 * DAY)
        await desk.timers()
    else:
        await desk.decide(sent.message_id, end)

    assert await desk.contact_tags() == ("friend",)


async def test_they_stay_once_it_left(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(tags=["spring"])
    await desk.decide(sent.message_id)
    await desk.step(sink)

    assert await desk.contact_tags() == ("spring",)


async def test_another_mail_that_brings_the_same_tag_keeps_it(desk: Desk) -> None:
    first, second = await desk.send(tags=["spring"]), await desk.send(subject="Other", tags=["spring"])

    await desk.decide(first.message_id, "reject")
    assert await desk.contact_tags() == ("spring",)
    await desk.decide(second.message_id, "reject")

    assert await desk.contact_tags() == ()


async def test_automatic_copies_and_those_left_out_get_no_tags(desk: Desk) -> None:
    await desk.set(auto_cc=["team@example.com"])
    await desk.call("operator", "tag_email", email="bob@example.org", tags=["suppressed"])

    await desk.send(cc=["bob@example.org"], tags=["spring"])

    assert await desk.contact_tags("team@example.com") == ()
    assert await desk.contact_tags("bob@example.org") == ("suppressed",)


async def test_a_mail_that_reaches_nobody_tags_nobody(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["suppressed"])

    sent = await desk.send(tags=["spring"])
    found = await desk.call("agent", "tag_email", action="get", thread_id=sent.thread_id, tags=[])

    assert (sent.status, sent.tags, found.tags) == ("suppressed", ["spring"], [])


async def changes_of_tags(desk: Desk) -> list[tuple[str, list[str], list[str]]]:
    """What was tagged, what came and what went, in order."""
    return [
        ("contact" if one.contact_id else "thread", one.data["added"], one.data["removed"])
        for one in await desk.events()
        if one.kind == "tags.changed"
    ]


async def test_what_a_send_tags_and_takes_back_is_an_event_each(desk: Desk) -> None:
    sent = await desk.send(tags=["drip"])
    await desk.send(subject="Again", tags=["drip"])
    came = await changes_of_tags(desk)
    await desk.call("agent", "cancel_message", message_id=sent.message_id)

    assert came == [("thread", ["drip"], []), ("contact", ["drip"], []), ("thread", ["drip"], [])]
    assert (await changes_of_tags(desk))[len(came) :] == [("thread", [], ["drip"])]


async def test_a_send_without_tags_changes_none(desk: Desk) -> None:
    await desk.send()

    assert await changes_of_tags(desk) == []
