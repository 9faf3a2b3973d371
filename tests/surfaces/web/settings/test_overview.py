"""The overview: where to go, and how things stand there."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


def doors(page: str) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)">', page)


async def test_an_operator_sees_every_room_and_how_many_there_are(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "create_webhook", url="https://example.com/hooks")
    page = await operator.get("/settings")

    assert doors(page.text) == [
        "/settings/mailboxes", "/settings/rules", "/settings/pace", "/settings/keys", "/settings/webhooks",
        "/account",
    ]  # fmt: skip
    assert "2 mailboxes" in text(page)
    assert "no rules" in text(page)
    assert re.search(r"1 webhook\b", text(page))


async def test_a_reviewer_sees_mailboxes_and_their_own_account(reviewer: Guest) -> None:
    assert doors((await reviewer.get("/settings")).text) == ["/settings/mailboxes", "/account"]
    for path in ("keys", "webhooks", "rules"):
        assert (await reviewer.get(f"/settings/{path}")).status_code == 403


async def test_an_operator_of_some_mailboxes_is_told_of_those(desk: Desk, at: House) -> None:
    made = await at.key(role="operator", mailboxes=[desk.box])
    desk.who["some"] = made.key_id
    async with at.signed_in("some") as guest:
        page = text(await guest.get("/settings"))

    assert "1 mailbox " in page
    assert "Webhooks" not in page
