"""The inbox as people look at it: which mail lies in which folder, and what a list says about it."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.lifecycle import INBOUND, OUTBOUND
from multimail.services.conversations import FOLDERS
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def subjects(desk: Desk, folder: str = "inbox", who: str = "reviewer", **asked: Any) -> list[str]:
    found = await desk.call(who, "list_conversations", folder=folder, **asked)
    return [one.subject for one in found.conversations]


def test_every_state_that_is_not_final_nonsense_lies_in_some_folder() -> None:
    everywhere = frozenset().union(*FOLDERS.values())

    assert (INBOUND.states.keys() | OUTBOUND.states.keys()) - everywhere == {
        "draft", "rejected", "cancelled", "expired", "superseded", "suppressed",
    }  # fmt: skip


async def test_mail_lies_in_the_folder_of_its_state(desk: Desk) -> None:
    for mark in ("archived", "spam", "deleted", ""):
        message = await desk.receive(Subject=mark or "new")
        if mark:
            await desk.call("agent", "mark_email", message_id=message, mark=mark)
    await desk.send(subject="held")
    kept = await desk.send(subject="kept", to=["kim@example.org"])
    await desk.decide(kept.message_id)
    await desk.step()

    found = {folder: await subjects(desk, folder) for folder in FOLDERS}

    assert found == {
        "inbox": ["new"], "archived": ["archived"], "spam": ["spam"], "deleted": ["deleted"], "sent": ["kept"],
        "waiting": ["held"], "captured": ["kept"], "all": ["kept", "held", "new", "archived"],
    }  # fmt: skip


async def test_a_row_is_about_the_newest_mail_and_counts_them_all(desk: Desk) -> None:
    first = await desk.receive("How much?", From="Ann Lee <ann@example.org>", Message_ID="<1@x>")
    await desk.call("agent", "tag_email", message_id=first, tags=["vip"])
    await desk.call("agent", "mark_email", message_id=first, mark="read")
    second = await desk.receive("Any news?", From="ann@example.org", In_Reply_To="<1@x>")

    [row] = (await desk.call("reviewer", "list_conversations")).conversations

    assert (row.latest_message_id, row.preview, row.status) == (second, "Any news?", "unread")
    assert (row.count, row.unread_count, row.mailbox, row.direction) == (2, 1, desk.box, "inbound")
    assert (row.participants, row.tags) == (["Ann Lee", "ann@example.org"], ["vip"])


async def test_a_conversation_of_our_own_mail_names_who_it_went_to(desk: Desk) -> None:
    await desk.send(to=["ann@example.org", "bob@example.org"])
    [row] = (await desk.call("reviewer", "list_conversations", folder="waiting")).conversations

    assert row.participants == ["ann@example.org", "bob@example.org"]


async def test_names_and_subjects_are_harmless_to_show(desk: Desk) -> None:
    await desk.receive(
        "\u202etxt", Subject="=?utf-8?q?a=E2=80=AEb?=", From="=?utf-8?q?x=1By?= <ann@example.org>"
    )
    [row] = (await desk.call("reviewer", "list_conversations")).conversations

    assert "\u202e" not in row.subject + row.preview
    assert "\x1b" not in row.participants[0]


async def test_held_mail_is_not_there_for_agents_and_is_for_people(desk: Desk) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    await desk.receive(Subject="held", From="eve@example.org")

    for folder in FOLDERS:
        for query in ("", "is:pending", "held"):
            assert await subjects(desk, folder, "agent", query=query) == []
    counted = await desk.call("agent", "list_conversations", counts=True)
    assert set(counted.counts.model_dump().values()) == {0}
    assert await subjects(desk) == await subjects(desk, "waiting") == ["held"]
    assert (await desk.call("reviewer", "list_conversations", counts=True)).counts.waiting == 1


async def test_pages_stay_as_they_were_when_the_first_was_read(desk: Desk) -> None:
    for number in range(5):
        await desk.receive(Subject=str(number), Message_ID=f"<m{number}@x>")
    first = await desk.call("reviewer", "list_conversations", limit=2)
    await desk.receive(Subject="Re: 1", In_Reply_To="<m1@x>")
    await desk.receive(Subject="new")
    second = await desk.call("reviewer", "list_conversations", limit=2, cursor=first.cursor)
    third = await desk.call("reviewer", "list_conversations", limit=2, cursor=second.cursor)

    rows = [*first.conversations, *second.conversations, *third.conversations]
    assert [row.subject for row in rows] == ["4", "3", "2", "1", "0"]
    assert third.cursor is None


async def test_a_cursor_of_another_list_or_of_mail_unseen_is_refused(desk: Desk) -> None:
    for number in range(3):
        await desk.receive(Subject=str(number))
    cursor = (await desk.call("reviewer", "list_conversations", limit=1)).cursor

    for asked in ({"folder": "all"}, {"query": "x"}, {"cursor": "nonsense"}):
        refused = await desk.refused(
            "reviewer", "list_conversations", **{"limit": 1, "cursor": cursor} | asked
        )
        assert (refused.code, refused.field) == ("invalid_cursor", "cursor")
    await desk.sql("UPDATE messages SET held_from_agents = 1")
    assert (
        await desk.refused("agent", "list_conversations", limit=1, cursor=cursor)
    ).code == "invalid_cursor"


async def test_a_query_is_the_language_of_check_inbox(desk: Desk) -> None:
    await desk.receive("a zebra", Subject="one")
    await desk.receive("a horse", Subject="two")

    assert await subjects(desk, query="zebra") == ["one"]
    assert await subjects(desk, query="horse OR zebra -subject:one") == ["two"]
    assert (await desk.refused("reviewer", "list_conversations", query="(")).code == "invalid_query"
