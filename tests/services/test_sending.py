"""Send, reply, forward: from the request to a threaded mail to the right people."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def reply(desk: Desk, who: str = "agent", **given: Any) -> Any:
    return await desk.call(who, "reply_email", **({"body": "Ten euros."} | given))


async def test_a_reply_goes_to_the_sender_in_the_thread_of_the_mail(desk: Desk, sink: Sink) -> None:
    inbound = await desk.receive()
    parent = await desk.message(inbound)

    sent = await reply(desk, message_id=inbound)
    await desk.decide(sent.message_id)
    await desk.step(sink)

    assert (sent.to, sent.subject, sent.thread_id) == (
        ["ann@example.org"],
        "Re: A question",
        parent.thread_id,
    )
    assert sent.original_message_id == inbound
    assert f"In-Reply-To: {parent.header_id}".encode() in sink.mails[0].raw
    assert f"References: {parent.header_id}".encode() in sink.mails[0].raw


async def test_a_reply_to_a_thread_answers_its_newest_arrival(desk: Desk) -> None:
    first = await desk.receive()
    thread = (await desk.message(first)).thread_id
    second = await desk.receive("And today?", In_Reply_To=(await desk.message(first)).header_id)
    assert (await desk.message(second)).thread_id == thread

    assert (await reply(desk, thread_id=thread)).original_message_id == second


async def test_somebody_new_to_a_thread_is_never_answered_by_default(desk: Desk) -> None:
    first = await desk.receive()
    parent = await desk.message(first)
    stranger = await desk.receive("Me too!", From="eve@example.net", In_Reply_To=parent.header_id)
    assert (await desk.message(stranger)).thread_id == parent.thread_id

    by_thread = await reply(desk, thread_id=parent.thread_id)
    by_name = await reply(desk, message_id=stranger)

    assert (by_thread.to, by_name.to) == (["ann@example.org"], ["eve@example.net"])
    assert by_name.warnings == ["eve@example.net did not take part in this thread before."]


async def test_a_thread_of_ones_own_mail_is_followed_up_to_the_same_people(desk: Desk) -> None:
    sent = await desk.send(cc=["bob@example.org"])

    follow_up = await reply(desk, thread_id=sent.thread_id)

    assert (follow_up.to, follow_up.cc, follow_up.thread_id) == (["ann@example.org"], None, sent.thread_id)


async def test_reply_all_writes_to_everybody_but_oneself(desk: Desk) -> None:
    inbound = await desk.receive(Cc=f"bob@example.org, {BOX.upper()}")

    sent = await reply(desk, message_id=inbound, reply_all=True, cc=["cat@example.org"])

    assert (sent.to, sent.cc) == (["ann@example.org"], ["bob@example.org", "cat@example.org"])


async def test_reply_all_on_ones_own_mail_keeps_its_copies(desk: Desk) -> None:
    sent = await desk.send(cc=["bob@example.org"])

    assert (await reply(desk, message_id=sent.message_id, reply_all=True)).cc == ["bob@example.org"]


async def test_an_answer_that_goes_elsewhere_is_warned_of(desk: Desk) -> None:
    inbound = await desk.receive(Reply_To="desk@example.net")

    sent = await reply(desk, message_id=inbound)

    assert sent.to == ["desk@example.net"]
    assert sent.warnings == ["The answer goes to desk@example.net, not to the sender ann@example.org."]


async def test_a_second_reply_takes_the_place_of_ones_own_that_waits(desk: Desk) -> None:
    inbound = await desk.receive()
    first = await reply(desk, message_id=inbound, tags=["offer"])
    second = await reply(desk, message_id=inbound, body="Twelve euros.", tags=["offer"])

    old = await desk.message(first.message_id)
    assert (old.status, old.superseded_by) == ("superseded", second.message_id)
    assert {one.status for one in (await desk.deliveries(first.message_id)).values()} == {"cancelled"}
    assert (await desk.events(first.message_id))[-1].data == {"by": second.message_id}
    assert "offer" in await desk.contact_tags()
    assert (await desk.decide(inbound)).message_id == second.message_id


async def test_ones_own_mail_may_be_followed_up_more_than_once(desk: Desk) -> None:
    sent = await desk.send()
    follow_ups = [
        await reply(
            desk, message_id=sent.message_id, body=f"In {days} days", scheduled_at=desk.at(days * DAY)
        )
        for days in (3, 7)
    ]

    assert [await desk.status(one.message_id) for one in follow_ups] == ["pending_approval"] * 2


async def test_a_second_reply_by_somebody_else_is_a_conflict(desk: Desk) -> None:
    inbound = await desk.receive()
    first = await reply(desk, message_id=inbound)

    problem = await desk.refused("other", "reply_email", message_id=inbound, body="Twelve euros.")

    assert (problem.code, first.message_id in problem.message) == ("conflict", True)
    await desk.decide(first.message_id, "reject")
    assert (await reply(desk, "other", message_id=inbound)).status == "pending_approval"


async def test_a_reply_inherits_the_tags_of_its_thread(desk: Desk) -> None:
    inbound = await desk.receive()
    thread = (await desk.message(inbound)).thread_id
    await desk.call("agent", "tag_email", thread_id=thread, tags=["case=4711", "vip"])

    sent = await reply(desk, message_id=inbound, tags=["vip=gold"])

    assert sorted(sent.tags) == ["case=4711", "vip=gold"]


@pytest.mark.parametrize("given", [{}, {"message_id": "msg_00000000000000", "thread_id": "thread_0"}])
async def test_a_reply_names_a_mail_or_a_thread(desk: Desk, given: dict[str, str]) -> None:
    problem = await desk.refused("agent", "reply_email", body="x", **given)

    assert (problem.code, problem.field) == ("invalid", "message_id")


@pytest.mark.parametrize("operation", ["reply_email", "forward_email"])
async def test_the_mailbox_follows_from_the_mail(desk: Desk, operation: str) -> None:
    inbound = await desk.receive()
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    given: dict[str, Any] = {"message_id": inbound, "body": "x", "mailbox": "shop@localhost"}
    given |= {"to": ["bob@example.org"]} if operation == "forward_email" else {}

    problem = await desk.refused("agent", operation, **given)

    assert (problem.code, problem.field) == ("contradiction", "mailbox")


async def test_a_forward_quotes_the_mail_below_ones_own_text_and_starts_a_thread(
    desk: Desk, sink: Sink
) -> None:
    inbound = await desk.receive("How much is it?", From="Ann Lee <ann@example.org>")

    sent = await desk.call(
        "agent", "forward_email", message_id=inbound, to=["desk@example.org"], body="Can you answer?"
    )
    await desk.decide(sent.message_id)
    await desk.step(sink)

    assert (sent.subject, sent.to) == ("Fwd: A question", ["desk@example.org"])
    assert sent.thread_id != (await desk.message(inbound)).thread_id
    text = sink.mails[0].raw.decode()
    assert text.index("Can you answer?") < text.index("ann@example.org") < text.index("How much is it?")


async def test_a_forward_takes_the_attachments_along_unless_told_otherwise(desk: Desk) -> None:
    file = {"filename": "plan.txt", "content_base64": "cGxhbg=="}
    own = await desk.send(attachments=[file])
    given: dict[str, Any] = {"message_id": own.message_id, "to": ["bob@example.org"]}

    with_files = await desk.call("agent", "forward_email", **given)
    without = await desk.call("agent", "forward_email", **given, include_attachments=False)

    assert (await desk.message(with_files.message_id)).has_attachments
    assert not (await desk.message(without.message_id)).has_attachments


async def test_mail_without_a_sender_cannot_be_answered(desk: Desk) -> None:
    inbound = await desk.receive(From="")
    if (await desk.message(inbound)).sender:
        await desk.sql("DROP TRIGGER guard_messages_sender_once")
        await desk.sql("UPDATE messages SET sender = '' WHERE id = :id", id=inbound)

    assert (await desk.refused("agent", "reply_email", message_id=inbound, body="x")).code == "conflict"


async def test_an_empty_mail_is_refused_as_a_slip(desk: Desk) -> None:
    inbound = await desk.receive()
    file = {"filename": "a.txt", "content_base64": "YQ=="}

    for operation, given in (
        ("reply_email", {"message_id": inbound, "body": " \n"}),
        ("send_email", {"mailbox": BOX, "to": "ann@example.org", "subject": " "}),
    ):
        problem = await desk.refused("agent", operation, **given)
        assert (problem.code, problem.field) == ("invalid", "body")
        assert await desk.call("agent", operation, **given, attachments=[file])
    assert await desk.call("agent", "send_email", mailbox=BOX, to="ann@example.org", subject="On my way")
