"""A mail judged anew knows what was known then: nothing that happened since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from multimail.core.model import Mailbox, Mode
from multimail.ports.store import Tx
from multimail.services.context import Call, Caller
from multimail.services.replaying import History, Replayed, replay
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def replayed(desk: Desk, message_id: str, **rules: Any) -> Replayed:
    def work(tx: Tx) -> Replayed:
        message, box = tx.messages.get(message_id), tx.mailboxes.by_address(BOX)
        stored = tx.principals.get(desk.who["reviewer"])
        assert message is not None
        assert stored is not None
        assert isinstance(box, Mailbox)
        admission = tx.figures.admissions([message_id]).get(message_id)
        call = Call(stored.principal, Caller(stored.principal.id, "cli"), desk.clock.now(), desk.services)
        return replay(tx, call, History(box, replace(box, **rules), message, admission), {}, None)

    return await desk.read(work)


async def test_an_opt_out_since_is_not_known_then(desk: Desk) -> None:
    sent = (await desk.send(oversight_mode="gated_all")).message_id
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])

    found = await replayed(desk, sent)

    assert (found.happened, found.would, found.verdict.suppressed) == ("held", "held", ())


async def test_an_opt_out_of_then_still_counts_when_it_was_taken_back(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])
    sent = (await desk.send()).message_id
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"], action="remove")

    found = await replayed(desk, sent)

    assert (found.happened, found.would) == ("left_out", "left_out")


async def test_the_first_revision_is_judged_whatever_it_became(desk: Desk) -> None:
    sent = (await desk.send(body="Dear {{name}}")).message_id
    await desk.decide(sent, revised_body="Dear Ann", revised_subject="Better")

    found = await replayed(desk, sent, default_mode=Mode.AUTONOMOUS, ceiling=Mode.AUTONOMOUS)

    assert (found.would, found.verdict.rules) == ("held", ["placeholder"])


async def test_the_copy_of_monitored_comes_and_goes_with_the_mode(desk: Desk) -> None:
    await desk.set(default_mode="monitored", oversight_address="boss@example.net")
    sent = (await desk.send()).message_id
    assert "boss@example.net" in await desk.deliveries(sent)

    stricter = await replayed(desk, sent, default_mode=Mode.GATED_SEND, trusted=("@example.org",))
    as_it_was = await replayed(desk, sent)

    assert (stricter.would, as_it_was.would, as_it_was.happened) == ("left", "left", "left")
    assert [one.address for one in stricter.recipients] == ["ann@example.org"]


async def test_a_sender_who_became_known_by_this_mail_was_unknown_then(desk: Desk) -> None:
    rule: dict[str, Any] = {
        "name": "known",
        "mailbox": BOX,
        "reply_to_known_sender": True,
        "accept_unauthenticated": True,
    }
    await desk.call("operator", "create_approval_rule", **rule)
    inbound = await desk.receive()
    first = (await desk.call("agent", "reply_email", message_id=inbound, body="Yes.")).message_id
    await desk.decide(first)
    second = (await desk.call("agent", "reply_email", message_id=inbound, body="And more.")).message_id

    assert [(await replayed(desk, one)).would for one in (first, second)] == ["held", "left"]
    assert await desk.status(second) == "queued"
