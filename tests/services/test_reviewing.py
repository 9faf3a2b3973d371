"""What a reviewer's desk shows beside the operations: the very bytes that will leave, and what may be decided."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.model import Principal
from multimail.core.times import MINUTE, SECOND, to_datetime
from multimail.services import reviewing
from multimail.services.context import Caller
from multimail.services.reviewing import Leaving
from tests.support.desk import SERVER, Desk

pytestmark = pytest.mark.anyio


async def leaving(desk: Desk, message_id: str, digest: str, who: str = "reviewer") -> Leaving | None:
    return await reviewing.leaving(desk.services, Caller(desk.who[who], "web"), message_id, digest)


async def principal(desk: Desk, who: str) -> Principal:
    stored = await desk.read(lambda tx: tx.principals.get(desk.who[who]))
    assert stored is not None
    return stored.principal


async def choices(desk: Desk, who: str, message_id: str) -> tuple[str, ...]:
    page = await desk.call("reviewer", "list_pending", message_id=message_id)
    return reviewing.choices(await principal(desk, who), page.pending[0])


async def test_the_text_and_header_come_from_what_will_leave(desk: Desk) -> None:
    await desk.set(signature="-- \nThe desk")
    held = await desk.send(
        reply_to="else@example.net",
        headers={"X-Campaign": "may"},
        body="Look [here](https://evil.example/a).",
    )
    found = await leaving(desk, held.message_id, held.digest)

    assert found is not None
    assert "here (https://evil.example/a)" in found.text
    assert "The desk" in found.text
    assert (found.header("reply-to"), found.header("X-Campaign")) == ("else@example.net", "may")
    assert {name.lower() for name, _ in found.headers}.isdisjoint({"date", "content-type", "mime-version"})


async def test_it_is_the_revision_of_the_digest(desk: Desk) -> None:
    first = await desk.send()
    second = await desk.call("agent", "edit_pending", message_id=first.message_id, body="Never mind.")

    before, after = [await leaving(desk, first.message_id, one.digest) for one in (first, second)]
    assert before is not None
    assert after is not None
    assert "Monday" in before.text
    assert after.text.strip() == "Never mind."
    assert await leaving(desk, first.message_id, "0" * 40) is None


async def test_what_acts_or_hides_is_made_visible(desk: Desk) -> None:
    held = await desk.send(body="pay\u202eevil\u200b now", subject="a\u202eb")
    found = await leaving(desk, held.message_id, held.digest)

    assert found is not None
    assert "pay⟨U+202E⟩evil⟨U+200B⟩ now" in found.text
    assert found.header("subject") == "a⟨U+202E⟩b"


async def test_a_foreign_mail_and_no_mail_are_not_found_alike(desk: Desk) -> None:
    held = await desk.send()
    made = await desk.call(
        "operator", "create_key", name="else", role="reviewer", mailboxes=["capture@localhost"]
    )
    desk.who["else"] = made.key_id
    for message_id in (held.message_id, "msg_00000000000000"):
        with pytest.raises(Problem) as caught:
            await leaving(desk, message_id, held.digest, "else")
        assert caught.value.code == "not_found"


async def test_mail_that_came_in_does_not_leave(desk: Desk) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    arrived = await desk.receive()

    assert await leaving(desk, arrived, "") is None
    assert await choices(desk, "reviewer", arrived) == ("approve", "reject")


@pytest.mark.parametrize(
    ("author", "who", "offered"),
    [
        ("agent", "reviewer", 6),
        ("agent", "owner", 6),
        ("owner", "owner", 6),
        ("bot", "bot", 6),
        ("operator", "operator", 1),
        ("operator", "reviewer", 6),
        ("agent", "viewer", 0),
        ("agent", "agent", 0),
    ],
)
async def test_whoever_may_decide_is_offered_to(desk: Desk, author: str, who: str, offered: int) -> None:
    held = await desk.send(author)

    assert len(await choices(desk, who, held.message_id)) == offered


async def test_approved_mail_can_be_withdrawn_by_whom_the_operation_allows(desk: Desk) -> None:
    offered = {
        who: [
            reviewing.may_withdraw(await principal(desk, who), status)
            for status in ("scheduled", "queued", "sent")
        ]
        for who in ("operator", "agent", "reviewer", "viewer")
    }

    may, may_not = [True, True, False], [False, False, False]
    assert offered == {"operator": may, "agent": may, "reviewer": may, "viewer": may_not}
    assert reviewing.may(await principal(desk, "operator"), "unfreeze")
    assert not reviewing.may(await principal(desk, "reviewer"), "unfreeze")


async def test_what_a_person_let_go_can_be_undone_where_the_mailbox_asks_for_it(desk: Desk) -> None:
    async def undo(held: Any) -> datetime | None:
        caller = Caller(desk.who["reviewer"], "web")
        return await reviewing.undo_until(desk.services, caller, held.message_id)

    plain, undoable, held = await desk.send(), await desk.send(subject="a"), await desk.send(subject="b")
    await desk.decide(plain.message_id)
    await desk.set(undo_seconds=30)
    await desk.decide(undoable.message_id)
    ends = to_datetime(desk.clock.now() + 30 * SECOND)

    assert [await undo(one) for one in (plain, undoable, held)] == [None, ends, None]
    assert await desk.step() == 1
    await desk.decide(undoable.message_id, "cancel")
    desk.later(MINUTE)
    assert await desk.step() == 0
    assert await desk.status(undoable.message_id) == "cancelled"


async def test_nothing_is_offered_to_undo_where_nobody_approved(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", undo_seconds=30)
    sent = await desk.send()
    caller = Caller(desk.who["reviewer"], "web")

    assert await reviewing.undo_until(desk.services, caller, sent.message_id) is None


async def test_what_is_scheduled_waits_for_its_time_and_for_no_decision(desk: Desk) -> None:
    held = await desk.send(scheduled_at=desk.at(3_600_000_000))
    await desk.decide(held.message_id)

    assert await choices(desk, "reviewer", held.message_id) == ()


async def test_an_attachment_does_not_hide_the_text(desk: Desk) -> None:
    content = base64.b64encode(b"%PDF-1.7").decode()
    held = await desk.send(attachments=[{"filename": "a.pdf", "content_base64": content}])
    found = await leaving(desk, held.message_id, held.digest)

    assert found is not None
    assert found.text.strip() == "See you on **Monday**."


async def test_the_state_of_the_server_is_told(desk: Desk) -> None:
    assert reviewing.address(desk.services) == SERVER["base_url"]
    assert not reviewing.everything_is_frozen(desk.services)
    await desk.call("reviewer", "freeze")
    assert reviewing.everything_is_frozen(desk.services)
