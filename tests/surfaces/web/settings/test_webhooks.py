"""Webhooks: the list, a new one, and its secret that is shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.desk import BOX, Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/settings/webhooks"
SECRET = re.compile(r"whsec_[\w+/=-]{40,}")
NEW = {"url": "https://example.com/hooks"}


async def webhooks(desk: Desk) -> list[Any]:
    return list((await desk.call("operator", "list_webhooks")).webhooks)


async def test_there_are_none(operator: Guest) -> None:
    assert "No webhooks" in text(await operator.get(AT))


async def test_a_secret_is_shown_once_and_never_again(desk: Desk, operator: Guest) -> None:
    opened = (await operator.get(AT)).text
    shown = SECRET.findall(await again(operator, opened, AT, **NEW))
    made = (await webhooks(desk))[0]

    assert len(set(shown)) == 1
    reloaded = await again(operator, opened, AT, **NEW)
    for page in (
        reloaded,
        (await operator.get(AT)).text,
        (await operator.get(f"{AT}/{made.webhook_id}")).text,
    ):
        assert SECRET.findall(page) == []
    assert "This form was sent before." in reloaded
    assert len(await webhooks(desk)) == 1


async def test_every_setting_arrives(desk: Desk, operator: Guest) -> None:
    box = (await desk.call("operator", "get_mailbox", mailbox=BOX)).mailbox_id
    events = "message.received\noversight.*"
    asked = await send(
        operator,
        AT,
        **NEW,
        events=events,
        mailbox=box,
        tags="vip, shop",
        audience="reviewer",
        description="Shop",
    )
    assert "Also mail that is held from agents is posted there" in asked
    assert await webhooks(desk) == []
    assert filled(await again(operator, asked, AT, back="1"), AT)["audience"] == "reviewer"
    assert len(set(SECRET.findall(await again(operator, asked, AT, sure="1")))) == 1
    made = (await webhooks(desk))[0]

    assert (made.events, made.mailbox, made.tags) == (
        ["message.received", "oversight.*"],
        BOX,
        ["vip", "shop"],
    )
    assert (made.audience, made.description) == ("reviewer", "Shop")
    assert "only agent@localhost" in text(await operator.get(AT))


FAULTS = [
    ({"url": ""}, "url"),
    ({"url": "ftp://example.com"}, "url"),
    ({"url": "nonsense"}, "url"),
    ({"events": "message.eaten"}, "events"),
    ({"events": " "}, "events"),
    ({"mailbox": "mbx_00000000000000"}, "mailbox"),
    ({"tags": "a{b"}, "tags"),
    ({"audience": "all"}, "audience"),
    ({"description": "a\nb"}, "description"),
]


async def test_a_fault_stands_beside_its_field_and_all_is_kept(desk: Desk, operator: Guest) -> None:
    for wrong, field in FAULTS:
        written = NEW | {"description": "Kept", "tags": "kept"} | wrong
        page = await send(operator, AT, **written)

        assert beside(page, field), wrong
        kept = filled(page, AT)
        assert {name: kept.get(name, value) for name, value in written.items()} == written
    assert await webhooks(desk) == []


async def test_an_address_is_shown_harmless(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "create_webhook", url="https://example.com/a?b=%3Cscript%3E&c='\"")
    page = (await operator.get(AT)).text

    assert "b=%3Cscript%3E&amp;c=&#39;&#34;" in page
    assert 'href="https://example.com' not in page
