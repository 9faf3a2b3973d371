"""The answer to a send: complete, and about the mail as it is now."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_recipients_stand_where_they_will_be_seen(desk: Desk) -> None:
    sent = await desk.send(
        cc=["bob@example.org"], bcc=["eve@example.org"], metadata={"case": [1, {"a": None}]}
    )

    assert (sent.to, sent.cc, sent.bcc) == (["ann@example.org"], ["bob@example.org"], ["eve@example.org"])
    assert sent.metadata == {"case": [1, {"a": None}]}
    assert (await desk.send(subject="Plain")).cc is None


async def test_the_review_link_is_given_while_a_person_has_to_decide_and_carries_no_authority(
    desk: Desk,
) -> None:
    held = await desk.send()
    await desk.set(default_mode="autonomous")
    free = await desk.send(subject="Free")

    assert held.review_url == f"http://127.0.0.1:8025/review/{held.message_id}"
    assert (free.review_url, free.expires_at, free.note) == (None, None, None)


async def test_before_a_server_ran_there_is_no_link_and_nothing_leaves(desk: Desk) -> None:
    await desk.write(lambda tx: tx.settings.set("server", None))

    held = await desk.send()
    await desk.set(default_mode="autonomous")
    free = await desk.send(subject="Free")

    assert held.review_url is None
    assert free.note == "Kept here, nothing left this machine: no relay is configured."


async def test_a_repeated_call_tells_where_the_mail_is_now(desk: Desk) -> None:
    first = await desk.send()
    await desk.decide(first.message_id)

    again = await desk.send()

    assert (first.status, again.status, again.repeated) == ("pending_approval", "queued", True)


async def test_who_was_left_out_and_is_no_longer_a_recipient_is_not_named(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="bob@example.org", tags=["suppressed"])
    sent = await desk.send(cc=["bob@example.org"])
    assert sent.suppressed == ["bob@example.org"]

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, cc=[])

    assert edited.suppressed is None
