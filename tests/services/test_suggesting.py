"""Completing a search: the last word becomes an operator, a tag, a person or a mailbox, as far as they are seen."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "from:"),
        ("is:un", "is:unread"),
        ("invoice -is:arch", "invoice -is:archived"),
        ("tag:sp", "tag:spring"),
        ("from:an", "from:ann@example.org"),
        ("an", "from:ann@example.org"),
        ("to:age", "to:agent@localhost"),
        ("older_than:", "older_than:7d"),
        ("O", "OR"),
        ('subject:"two words" ha', 'subject:"two words" has:'),
        ('-from:"an', "-from:ann@example.org"),
        ("(is:un", "(is:unread"),
    ],
)
async def test_the_last_word_of_a_search_is_completed(desk: Desk, text: str, expected: str) -> None:
    message = await desk.receive(From="Ann <ann@example.org>")
    await desk.call("agent", "tag_email", message_id=message, tags=["spring=1"])

    found = await desk.call("reviewer", "suggest_search", text=text)

    assert expected in [one.insert for one in found.suggestions]
    if not expected.endswith((":", "OR")) and "(" not in expected:
        await desk.call("reviewer", "check_inbox", query=expected)


@pytest.mark.parametrize("text", ["nothing:x", "from:zz", "(", 'a"b"c', '"', "tag:zz", "is:zz", "x" * 1000])
async def test_what_cannot_be_completed_has_no_suggestions(desk: Desk, text: str) -> None:
    suggestions = (await desk.call("reviewer", "suggest_search", text=text)).suggestions

    assert [one for one in suggestions if one.kind != "operator"] == []


async def test_an_agent_is_suggested_nothing_of_held_mail(desk: Desk) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    held = await desk.receive(From="eve@example.org")
    await desk.call("operator", "tag_email", message_id=held, tags=["secret"])

    for text in ("tag:", "secr", "from:eve", "eve"):
        assert [one for one in (await desk.call("agent", "suggest_search", text=text)).suggestions
                if one.kind != "operator"] == []  # fmt: skip
        assert (await desk.call("reviewer", "suggest_search", text=text)).suggestions
