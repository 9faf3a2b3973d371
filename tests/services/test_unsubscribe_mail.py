"""A mail that asks for no more: it holds at once, its time is kept, and who surely wrote it is told once."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY
from multimail.ports.records import StoredMessage
from multimail.services.unsubscribe_mail import MOST_AN_HOUR
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

OTHER = "other@localhost"


async def from_here(desk: Desk, text: str = "UNSUBSCRIBE", **mail: Any) -> None:
    """Another mailbox of this server writes, so that its author is known."""
    boxes = (await desk.call("operator", "list_mailboxes")).mailboxes
    if OTHER not in {box.address for box in boxes}:
        await desk.call("operator", "create_mailbox", address=OTHER, default_mode="autonomous")
    await desk.call(
        "operator", "send_email", mailbox=OTHER, to=[desk.box], subject="No more", body=text, **mail
    )
    await desk.step()


async def confirmations(desk: Desk) -> list[StoredMessage]:
    found = await desk.read(lambda tx: tx.messages.of_mailbox(None, ("queued", "delivered", "sent")))
    return [one for one in found if one.message_class == "system"]


async def test_a_request_is_recorded_with_its_time_and_tags_the_contact(desk: Desk) -> None:
    await desk.receive("UNSUBSCRIBE")

    assert list(await desk.contact_tags()) == ["unsubscribed"]
    (event,) = [one for one in await desk.events() if one.kind == "contact.unsubscribed"]
    assert event.data == {"way": "mail", "took_ms": 0}
    found = await desk.call("operator", "unsubscribe_figures")
    assert (found.requests, found.by_way, found.late) == (1, {"mail": 1}, 0)
    assert (await desk.call("operator", "list_suppressions")).suppressions[0].reason == "unsubscribe"


async def test_who_asks_again_changes_nothing(desk: Desk) -> None:
    await desk.receive("UNSUBSCRIBE")
    await desk.receive("unsubscribe me!", Subject="STOP")

    assert (await desk.call("operator", "unsubscribe_figures")).requests == 1


async def test_who_may_be_anybody_is_honoured_and_told_nothing(desk: Desk) -> None:
    await desk.receive("UNSUBSCRIBE")

    assert await confirmations(desk) == []


async def test_who_surely_wrote_it_is_told_once_a_month(desk: Desk) -> None:
    await from_here(desk)
    (told,) = await confirmations(desk)
    assert (told.subject, told.sender) == ("You are unsubscribed", desk.box)
    raw = await desk.read(lambda tx: tx.revisions.raw(told.id, 1))
    assert raw is not None
    assert b"Auto-Submitted: auto-" in raw
    assert b"You asked agent@localhost for no more mail." in raw
    assert b"List-Unsubscribe" not in raw

    for after in (DAY, 30 * DAY):
        await desk.call("operator", "unsuppress_address", address=OTHER, note="Asked for it again.")
        desk.later(after)
        await from_here(desk)
    assert len(await confirmations(desk)) == 2


async def test_the_confirmation_reaches_who_asked_and_is_no_agents_to_read(desk: Desk) -> None:
    await from_here(desk)
    await desk.step()
    (told,) = await confirmations(desk)

    assert told.status == "delivered"
    refused = await desk.refused("agent", "read_email", message_id=told.id)
    assert refused.code == "not_found"


@pytest.mark.parametrize("settings", [{"default_mode": "read_only", "ceiling": "read_only"}, {"allowed": []}])
async def test_where_nothing_may_leave_none_is_made_and_the_request_holds(
    desk: Desk, settings: dict[str, Any]
) -> None:
    await desk.set(**settings)
    await from_here(desk)

    assert await confirmations(desk) == []
    assert list(await desk.contact_tags(OTHER)) == ["unsubscribed"]


async def test_under_a_freeze_it_is_heard_and_the_confirmation_waits(desk: Desk) -> None:
    await from_here(desk, "Hello there.")
    await desk.call("operator", "freeze", mailbox=desk.box)
    await from_here(desk)
    await desk.step()

    assert [one.status for one in await confirmations(desk)] == ["queued"]
    assert list(await desk.contact_tags(OTHER)) == ["unsubscribed"]


async def test_a_mailbox_confirms_so_many_an_hour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multimail.services.unsubscribe_mail.MOST_AN_HOUR", 1)
    assert MOST_AN_HOUR > 1
    await from_here(desk)
    await desk.call("operator", "create_mailbox", address="third@localhost", default_mode="autonomous")
    wanted: dict[str, Any] = {
        "mailbox": "third@localhost",
        "to": [desk.box],
        "subject": "No more",
        "body": "UNSUBSCRIBE",
    }
    await desk.call("operator", "send_email", **wanted)
    await desk.step()

    assert len(await confirmations(desk)) == 1
    assert list(await desk.contact_tags("third@localhost")) == ["unsubscribed"]


@pytest.mark.parametrize("asks", ["UNSUBSCRIBE", "Please remove me from your list."])
async def test_who_asks_in_an_answer_counts_for_the_campaign_of_the_mail_it_answers(
    desk: Desk, asks: str
) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(tags=["spring", "variant=B"])
    await desk.step()
    header_id = (await desk.message(sent.message_id)).header_id
    await desk.receive(asks, From="eve@example.org", In_Reply_To=header_id)
    await desk.receive(asks, In_Reply_To=header_id)

    (found,) = (await desk.call("operator", "campaign_stats", tag="spring")).campaigns
    assert (found.unsubscribed, found.replied) == (1, 0)
    assert [(one.variant, one.unsubscribed) for one in found.variants] == [("B", 1)]


async def test_who_asks_without_answering_counts_for_no_campaign(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send(tags=["spring"])
    await desk.step()
    await desk.receive("UNSUBSCRIBE")

    (found,) = (await desk.call("operator", "campaign_stats", tag="spring")).campaigns
    assert found.unsubscribed == 0
