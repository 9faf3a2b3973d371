"""Approval rules: told in words, asked once more before they hold, and taken away; the table of modes."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.services import mode_table
from tests.support.desk import BOX, Desk
from tests.support.filled import again, beside, filled, send
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio
AT = "/settings/rules"


async def rules(desk: Desk) -> list[Any]:
    return list((await desk.call("operator", "list_approval_rules")).approval_rules)


async def test_a_rule_is_made_once_its_words_were_read(desk: Desk, operator: Guest) -> None:
    box = (await desk.call("operator", "get_mailbox", mailbox=BOX)).mailbox_id
    asked = await send(
        operator, AT, name="ours", recipient_domains="example.org", mailbox=box, max_recipients="3"
    )
    words = "Mail of agent@localhost to example.org only with at most 3 recipients goes without a person."
    assert words in asked
    assert await rules(desk) == []

    assert await again(operator, asked, AT, sure="1") == f"{AT}#rules"
    made = (await rules(desk))[0]
    assert (made.name, made.recipient_domains, made.mailbox_id, made.max_recipients) == (
        "ours", ["example.org"], box, 3,
    )  # fmt: skip
    assert words in text(await operator.get(AT))


async def test_going_back_keeps_what_was_written(desk: Desk, operator: Guest) -> None:
    asked = await send(operator, AT, name="ours", reply_to_known_sender="1", recipient_domains="a.org\nb.org")
    page = await again(operator, asked, AT, back="1")
    kept = filled(page, AT)

    assert (kept["name"], kept["reply_to_known_sender"], kept["recipient_domains"]) == (
        "ours",
        "1",
        "a.org\nb.org",
    )
    assert await rules(desk) == []


FAULTS = [
    ({"name": ""}, "name"),
    ({"name": "taken"}, "name"),
    ({"max_recipients": "few"}, "max_recipients"),
    ({"max_recipients": "0"}, "max_recipients"),
    ({"recipient_domains": "a b"}, "recipient_domains"),
    ({"recipient_domains": ""}, "recipient_domains"),
    ({"mailbox": "mbx_00000000000000"}, "mailbox"),
    ({"template": "tpl_00000000000000"}, "template"),
    ({"principal": "key_00000000000000"}, "principal"),
    ({"message_class": "urgent"}, "message_class"),
]


async def test_a_fault_stands_beside_its_field_and_all_is_kept(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "create_approval_rule", name="taken", recipient_domains=["example.org"])
    for wrong, field in FAULTS:
        written = {"name": "mine", "recipient_domains": "example.org", "accept_unauthenticated": "1"} | wrong
        page = await send(operator, AT, sure="1", **written)

        assert beside(page, field), wrong
        assert {name: filled(page, AT).get(name) for name in written} == written
    assert len(await rules(desk)) == 1


async def test_a_rule_is_taken_away_and_what_it_let_go_waits_again(desk: Desk, operator: Guest) -> None:
    made = await desk.call("operator", "create_approval_rule", name="ours", recipient_domains=["example.org"])
    await desk.call("operator", "freeze")
    sent = await desk.send()
    at = f"{AT}/{made.rule_id}/delete"
    assert "It let 1 mail go." in text(await operator.get(at))
    gone_to = await send(operator, at)

    assert "1 mail that only it let go waits for a person again." in text(await operator.get(gone_to))
    assert await desk.status(sent.message_id) == "pending_approval"
    assert (await operator.get(at)).status_code == 404


async def test_the_table_of_modes_is_the_one_that_tests_prove(operator: Guest) -> None:
    page = text(await operator.get(AT))
    rows = [row for row in mode_table.rows() if set(row.cells().values()) != {mode_table.NOTHING}]

    for row in rows:
        assert f"{row.situation} {' '.join(row.cells().values())}" in page


async def test_an_operator_of_some_mailboxes_has_rules_of_those(desk: Desk, at: House) -> None:
    made = await at.key(role="operator", mailboxes=[desk.box])
    desk.who["some"] = made.key_id
    await desk.call("operator", "create_approval_rule", name="all", recipient_domains=["example.org"])
    async with at.signed_in("some") as guest:
        page = await guest.get(AT)

    assert page.status_code == 200
    assert "No rules" in text(page)
