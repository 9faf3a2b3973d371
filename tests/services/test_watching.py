"""Which topics an event concerns, and whom."""

from __future__ import annotations

import pytest

from multimail.core.model import Principal
from multimail.services import watching
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ALL = frozenset(watching.TOPICS)


async def person(desk: Desk, who: str) -> Principal:
    stored = await desk.read(lambda tx: tx.principals.get(desk.who[who]))
    assert stored is not None
    return stored.principal


async def changed(desk: Desk, who: str, since: int) -> list[str]:
    principal = await person(desk, who)
    topics, place = await desk.read(lambda tx: watching.after(tx, principal, ALL, since))
    assert place == await desk.read(lambda tx: tx.events.newest())
    return sorted(topics)


async def newest(desk: Desk) -> int:
    return await desk.read(lambda tx: tx.events.newest())


async def test_mail_concerns_inbox_and_review_and_a_freeze_the_review(desk: Desk) -> None:
    start = await newest(desk)
    assert await changed(desk, "reviewer", start) == []
    await desk.receive()
    assert await changed(desk, "reviewer", start) == ["inbox", "review"]
    start = await newest(desk)
    await desk.call("operator", "freeze")
    assert await changed(desk, "reviewer", start) == ["freeze", "review"]


async def test_keys_and_contacts_concern_no_page(desk: Desk) -> None:
    start = await newest(desk)
    await desk.call("operator", "create_key", name="x", role="viewer")
    await desk.call("operator", "manage_contacts", action="add", email="x@example.org")

    assert await newest(desk) > start
    assert await changed(desk, "operator", start) == []


async def test_mail_that_does_not_exist_for_somebody_changes_nothing_for_them(desk: Desk) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    start = await newest(desk)
    held = await desk.receive()

    assert await changed(desk, "reviewer", start) == ["inbox", "review"]
    assert await changed(desk, "owner", start) == []
    await desk.decide(held, "approve")
    assert await changed(desk, "owner", start) == ["inbox", "review"]


async def test_other_mailboxes_change_nothing_for_a_limited_key(desk: Desk) -> None:
    made = await desk.call("operator", "create_mailbox", address="other@localhost")
    key = await desk.call(
        "operator", "create_key", name="l", role="reviewer", mailboxes=[made.mailbox.mailbox_id]
    )
    desk.who["limited"] = key.key_id
    start = await newest(desk)
    await desk.receive()

    assert await changed(desk, "limited", start) == []


async def test_a_long_log_is_looked_at_until_everything_is_known_to_have_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_PAGE", 2)
    await desk.call("operator", "freeze")
    for number in range(4):
        await desk.receive(Subject=str(number))

    assert await changed(desk, "operator", 0) == ["freeze", "inbox", "review"]


async def test_only_topics_that_there_are_and_that_the_key_is_for_are_followed(desk: Desk) -> None:
    wanted = ["inbox", "review", "freeze", "weather"]

    assert watching.permitted(await person(desk, "reviewer"), wanted) == ALL
    assert watching.permitted(await person(desk, "viewer"), wanted) == {"inbox", "freeze"}
