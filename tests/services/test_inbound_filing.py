"""What an arriving mail brings about: the message, its contact, tags, answers; and what it must not."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.model import Mode
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk
from tests.support.letters import ANN, BOB, arrive, aside, came, envelope, letter, mailbox, sent_to

pytestmark = pytest.mark.anyio


async def contact(desk: Desk, address: str = ANN, *, hidden: bool = True) -> Any:
    search = ContactSearch(email=address, sight=Sight(see_hidden=hidden))
    found = await desk.read(lambda tx: tx.contacts.search(search))
    return found[0] if found else None


async def interactions(desk: Desk, address: str = ANN) -> list[str]:
    who = await contact(desk, address)
    found = await desk.read(lambda tx: tx.contacts.interactions(who.id, 10, Sight(see_hidden=True)))
    return [one.kind for one in found]


async def test_an_agent_finds_and_reads_the_mail_as_it_came(desk: Desk) -> None:
    raw = letter("Is the room free?", Subject="=?utf-8?q?R=C3=A4ume?=", Cc=f"Bob <{BOB}>", Reply_To=BOB)
    message = await came(desk, raw)

    listed = await desk.call("agent", "check_inbox", query="room")
    assert [one.message_id for one in listed.messages] == [message.id]
    read = await desk.call("agent", "read_email", message_id=message.id)
    assert (read.subject, read.body, read.sender, read.sender_name) == (
        "Räume",
        "Is the room free?",
        ANN,
        "Ann",
    )
    assert (read.to, read.cc, read.bcc, read.reply_to) == ([BOX], [BOB], None, BOB)
    assert await desk.read(lambda tx: tx.revisions.raw(message.id, 0)) == raw


async def test_its_sender_is_a_contact_with_what_happened(desk: Desk) -> None:
    message = await came(desk, letter())

    who = await contact(desk, hidden=False)
    assert (who.name, who.last_inbound, who.interaction_count) == ("Ann", message.created_at, 1)
    assert (who.latest_thread_id, who.replied) == (message.thread_id, False)
    assert await interactions(desk) == ["received"]


async def test_an_answer_is_noted_with_the_mail_and_the_contact(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await desk.write(lambda tx: tx.contacts.ensure("contact_x", ANN, "", desk.clock.now()))
    await desk.sql("UPDATE contacts SET last_contacted = 1")
    answer = await came(desk, letter(In_Reply_To=ours.header_id, Subject="Re: Monday"))

    assert answer.thread_id == ours.thread_id
    assert (await desk.message(ours.id)).has_replies
    assert (await contact(desk)).replied


@pytest.mark.parametrize(
    "automatic",
    [{"Auto_Submitted": "auto-replied"}, {"From": "no-reply@example.org"}],
    ids=["says so", "robot"],
)
async def test_the_answer_of_a_machine_is_no_reply(desk: Desk, automatic: dict[str, str]) -> None:
    ours = await sent_to(desk, ANN)
    answer = await came(desk, letter(In_Reply_To=ours.header_id, **automatic))

    assert answer.thread_id == ours.thread_id
    assert not (await desk.message(ours.id)).has_replies


async def test_a_reply_inherits_the_tags_of_its_thread(desk: Desk) -> None:
    first = await came(desk, letter(Message_ID="<first@x>"))
    await desk.call("operator", "tag_email", thread_id=first.thread_id, tags=["vip", "order=17"])
    second = await came(desk, letter(In_Reply_To="<first@x>"))

    assert {(one.tag, one.value) for one in await desk.read(lambda tx: tx.tags.of("message", second.id))} == {
        ("vip", ""),
        ("order", "17"),
    }


async def test_a_stranger_to_a_thread_is_marked_and_inherits_nothing(desk: Desk) -> None:
    first = await came(desk, letter(Message_ID="<first@x>"))
    await desk.call("operator", "tag_email", thread_id=first.thread_id, tags=["vip"])
    stranger = await came(desk, letter(From=BOB, References="<first@x>"))

    assert stranger.thread_id == first.thread_id
    assert (first.new_sender, stranger.new_sender) == (False, True)
    assert await desk.read(lambda tx: tx.tags.of("message", stranger.id)) == []


async def test_who_claims_to_be_the_mailbox_is_a_stranger_too(desk: Desk) -> None:
    await came(desk, letter(Message_ID="<first@x>"))

    assert (await came(desk, letter(From=BOX, References="<first@x>"))).new_sender


async def test_mail_held_by_the_mailbox_leaves_no_trace_for_agents(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await desk.set(default_mode="gated_all")
    held = await came(desk, letter("needle", From=BOB, In_Reply_To=ours.header_id))

    assert (held.status, held.held_from_agents, held.expires_at) == ("pending_inbound_approval", True, None)
    found = await desk.call("agent", "check_inbox", query="needle")
    assert found.messages == []
    assert (await desk.refused("agent", "read_email", message_id=held.id)).code == "not_found"
    assert not (await desk.message(ours.id)).has_replies
    assert await contact(desk, BOB, hidden=False) is None


async def test_held_mail_that_is_approved_is_there_like_any_other(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await came(desk, letter("needle"))
    await desk.decide(held.id)

    found = await desk.call("agent", "check_inbox", query="needle")
    assert [one.message_id for one in found.messages] == [held.id]
    who = await contact(desk, hidden=False)
    assert (who.interaction_count, who.last_inbound) == (1, held.created_at)


@pytest.mark.parametrize("mode", ["gated_send", "gated_all"])
async def test_who_asks_to_receive_no_more_is_heard_at_once(desk: Desk, mode: str) -> None:
    await desk.set(default_mode=mode)
    message = await came(desk, letter("UNSUBSCRIBE"))

    assert await desk.contact_tags() == ("unsubscribed",)
    assert await desk.kinds(message.id) == ["message.received", "contact.unsubscribed"]
    await came(desk, letter("Unsubscribe, please"))
    assert [one.kind for one in await desk.events()].count("contact.unsubscribed") == 1


async def test_our_own_mail_that_a_list_sends_back_is_no_second_mail(desk: Desk) -> None:
    ours = await sent_to(desk, "list@example.org")
    echo = letter(From=BOX, Message_ID=ours.header_id, To="list@example.org", List_Id="<list.example.org>")

    assert await arrive(desk, echo) is None
    assert await aside(desk) == []


async def test_mail_the_mailbox_sent_to_itself_arrives(desk: Desk) -> None:
    ours = await sent_to(desk, BOX)
    message = await came(desk, letter(From=BOX, Message_ID=ours.header_id, Subject="Monday"))

    assert (message.direction, message.thread_id) == ("inbound", ours.thread_id)


async def test_machines_that_write_too_fast_are_kept_aside_and_people_are_not(desk: Desk) -> None:
    desk.limit(thread_rate_per_hour=3)
    first = await came(desk, letter(Message_ID="<first@x>"))
    robot = {"In_Reply_To": "<first@x>", "Auto_Submitted": "auto-replied"}
    for _ in range(4):
        await Inbound(desk.services).accept(envelope(letter(**robot)))
    person = await came(desk, letter(In_Reply_To="<first@x>"))

    assert person.thread_id == first.thread_id
    assert len(await desk.inbound()) == 4
    assert await aside(desk) == ["thread_rate", "thread_rate"]
    desk.later(3_600_000_001)
    assert await arrive(desk, letter(**robot)) is not None


async def test_an_address_the_header_does_not_name_is_a_blind_copy(desk: Desk) -> None:
    box = await mailbox(desk, "audit@localhost")
    await Inbound(desk.services).accept(envelope(letter(To=BOX), BOX, box.address))

    copy = next(one for one in await desk.inbound() if one.mailbox_id == box.id)
    people = await desk.read(lambda tx: tx.messages.recipients(copy.seq))
    assert [(one.address, one.kind) for one in people] == [(BOX, "to"), (box.address, "bcc")]


async def test_nobody_learns_of_the_blind_copies_of_others(desk: Desk) -> None:
    box = await mailbox(desk, "audit@localhost")
    await Inbound(desk.services).accept(envelope(letter(To=BOX), BOX, box.address))

    open_one = next(one for one in await desk.inbound() if one.mailbox_id != box.id)
    read = await desk.call("agent", "read_email", message_id=open_one.id)
    assert (read.to, read.bcc) == ([BOX], None)


async def test_read_only_holds_nothing_that_arrives(desk: Desk) -> None:
    box = await mailbox(desk, "still@localhost", Mode.READ_ONLY)

    assert (await came(desk, letter(), box.address)).status == "unread"


async def test_hidden_text_and_damage_are_counted(desk: Desk) -> None:
    body = "<p>Hi\u200b</p><p style='display:none'>obey</p><!-- note -->"
    message = await came(
        desk, letter(body, Content_Type="text/html; charset=utf-8", Subject="=?x-none?q?a?=")
    )

    assert message.hidden_text == {"comment": 1, "display_none": 1, "zero_width": 1}
    assert message.problems == ("unknown_charset",)
    assert message.authentication["dmarc"] == "not checked"


async def test_events_tell_no_address_and_no_text(desk: Desk) -> None:
    await came(desk, letter("UNSUBSCRIBE secret", Subject="secret"))

    told = repr(await desk.events())
    assert not any(word in told for word in ("secret", "example.org"))
