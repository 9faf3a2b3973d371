"""The register of processing: what mailboxes send about what, on which basis, and what nobody stated."""

from __future__ import annotations

import csv
import io
import json

import pytest

from multimail.services import register
from tests.support.desk import LAWFUL, Desk

pytestmark = pytest.mark.anyio

STATED = {
    **LAWFUL,
    "topics": {"newsletter": "commercial", "receipts": "transactional"},
    "purpose": {"newsletter": "News about our bakery", "receipts": "Proof of purchase"},
    "lawful_basis": {"newsletter": "consent", "receipts": "contract"},
    "controller": "Example Ltd, dpo@example.com",
    "transfers": "none",
}


async def test_each_topic_of_a_mailbox_is_an_activity_with_what_was_stated_and_sent(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", metadata=STATED, retention_days=90)
    for who in ("ann@example.org", "bob@example.org"):
        await desk.call("operator", "record_consent", email=who, topic="newsletter")
        await desk.send(topic="newsletter", to=[who])
    await desk.send(topic="newsletter", subject="2")
    await desk.send(topic="receipts", subject="3", oversight_mode="gated_send")

    found = await desk.call("operator", "get_register", mailbox=desk.box)

    rows = {one.topic: one for one in found.activities}
    letter, receipt = rows["newsletter"], rows["receipts"]
    assert (letter.purpose, letter.lawful_basis, letter.message_class) == (
        "News about our bakery", "consent", "commercial",
    )  # fmt: skip
    assert (letter.mails, letter.people, letter.consents) == (3, 2, {"consent": 2})
    assert (letter.retention, letter.transfers, letter.gaps) == ("90 days", "none", [])
    assert (receipt.lawful_basis, receipt.mails, receipt.first_at) == ("contract", 0, None)
    assert (found.controller, found.advice, found.count) == ("Example Ltd, dpo@example.com", None, 2)


async def test_what_nobody_stated_is_a_gap_with_the_way_to_close_it(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send(topic="news")

    found = await desk.call("operator", "get_register", mailbox=desk.box)

    gaps = {one.topic: one.gaps for one in found.activities}
    assert gaps == {"news": ["purpose", "lawful_basis", "physical_address"]}
    assert "update_mailbox with metadata" in found.advice


async def test_mail_without_a_topic_is_an_activity_and_a_mailbox_that_sent_nothing_has_nothing_to_state(
    desk: Desk,
) -> None:
    before = await desk.call("operator", "get_register", mailbox=desk.box)
    await desk.set(default_mode="autonomous")
    await desk.send()
    after = await desk.call("operator", "get_register", mailbox=desk.box)

    assert [(one.topic, one.mails, one.gaps) for one in before.activities] == [(None, 0, [])]
    gaps = ["purpose", "lawful_basis", "physical_address"]
    assert [(one.topic, one.mails, one.gaps) for one in after.activities] == [(None, 1, gaps)]


async def test_a_key_of_one_mailbox_sees_that_one_only(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    key = await desk.call("operator", "create_key", name="one", role="operator", mailboxes=[desk.box])

    found = await desk.call(key.key_id, "get_register")

    assert {one.mailbox for one in found.activities} == {desk.box}
    assert (await desk.refused("agent", "get_register")).code == "forbidden"


async def test_as_a_file_no_cell_becomes_a_formula_and_nothing_is_lost(desk: Desk) -> None:
    await desk.set(metadata={"purpose": {"news": "=1+1"}, "lawful_basis": {"news": 'consent, "soft"'}})
    found = await desk.call("operator", "get_register", mailbox=desk.box)

    rows = list(csv.DictReader(io.StringIO(register.written(found, "csv").decode())))
    whole = json.loads(register.written(found, "json"))

    news = next(one for one in rows if one["topic"] == "news")
    assert (news["purpose"], news["lawful_basis"]) == ("'=1+1", 'consent, "soft"')
    assert news["gaps"] == "physical_address"
    assert [one["purpose"] for one in whole["activities"] if "purpose" in one] == ["=1+1"]
