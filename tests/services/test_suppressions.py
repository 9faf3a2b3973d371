"""The operations on suppression: what an operator does, what is kept of it, and what each class of mail meets."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from multimail.services import address_keys
from multimail.services.suppressing import Ban, suppress
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN, BOB = "ann@example.org", "bob@example.org"
WHY = "She wrote that she wants it again."


async def check(desk: Desk, who: str = "agent", **more: Any) -> dict[str, str | None]:
    found = await desk.call(who, "check_suppression", **{"address": ANN, "mailbox": desk.box} | more)
    return {one.message_class: one.reason for one in found.classes}


async def record(desk: Desk, **ban: Any) -> None:
    wanted = Ban(**{"reason": "hard_bounce", "source": "test", "address": ANN} | ban)
    await desk.write(lambda tx: suppress(tx, wanted, desk.clock.now()))


async def test_what_an_operator_suppresses_gets_nothing_and_says_why(desk: Desk) -> None:
    made = await desk.call(
        "operator", "suppress_address", email="Ann <ANN@example.org>", note="By telephone."
    )
    again = await desk.call("operator", "suppress_address", address=ANN)
    sent = await desk.send()

    assert (made.address, made.suppressed, made.repeated, again.repeated) == (ANN, True, None, True)
    assert (sent.status, sent.suppressed) == ("suppressed", [ANN])
    assert sent.warnings == [f"{ANN} gets nothing: an operator suppressed this address."]
    read = await desk.call("agent", "get_message_history", message_id=sent.message_id)
    assert [(one.address, one.status, one.detail) for one in read.recipients] == [
        (ANN, "suppressed", "manual")
    ]


async def test_a_mail_to_several_leaves_out_one_and_names_the_reason(desk: Desk) -> None:
    await record(desk)
    sent = await desk.send(to=[ANN, BOB])

    assert (sent.status, sent.suppressed) == ("pending_approval", [ANN])
    assert sent.warnings == [f"{ANN} gets nothing: mail to this address came back for good."]


async def test_what_is_approved_before_goes_without_who_is_suppressed_after(desk: Desk) -> None:
    sent = await desk.send(to=[ANN, BOB])
    await desk.decide(sent.message_id)
    await desk.call("operator", "suppress_address", address=ANN, mailbox=desk.box)
    await desk.step()

    found = {address: one.status for address, one in (await desk.deliveries(sent.message_id)).items()}
    assert found == {ANN: "suppressed", BOB: "captured"}


@pytest.mark.parametrize(
    ("reason", "commercial", "unclassified", "transactional"),
    [
        ("hard_bounce", True, True, True),
        ("complaint", True, True, True),
        ("manual", True, True, True),
        ("unsubscribe", True, True, False),
    ],
)
async def test_each_class_of_mail_meets_what_the_table_says(
    reason: str, commercial: bool, unclassified: bool, transactional: bool, desk: Desk
) -> None:
    await desk.call("operator", "suppress_address", address=ANN, reason=reason)
    found = await check(desk)

    assert [bool(found[name]) for name in ("commercial", "unclassified", "transactional")] == [
        commercial, unclassified, transactional
    ]  # fmt: skip
    table = {row.reason: row.bars for row in (await desk.call("agent", "suppression_table")).rows}
    assert table[reason] == {name: bool(reason) for name, reason in found.items()}


async def test_a_topic_is_barred_alone_and_a_tag_bars_all_the_same(desk: Desk) -> None:
    await desk.call("operator", "suppress_address", address=ANN, topic="Offers", reason="unsubscribe")

    assert (await check(desk, topic="offers"))["commercial"] == "unsubscribe"
    assert set((await check(desk)).values()) == {None}
    await desk.call("agent", "tag_email", email=ANN, tags=["suppressed"])
    assert set((await check(desk)).values()) == {"suppressed"}


async def test_who_unsubscribed_is_not_reached_by_an_authors_claim(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.call("operator", "suppress_address", address=ANN, reason="unsubscribe")

    claimed = await desk.send(message_class="transactional")
    assert (claimed.status, claimed.rules) == ("pending_approval", ["claimed_transactional"])
    await desk.set(metadata={"message_class": "transactional"})
    receipt = await desk.send(subject="Your receipt")
    assert (receipt.status, receipt.rules) == ("queued", [])


async def test_lifting_keeps_the_reason_and_takes_the_tags_along(desk: Desk) -> None:
    await desk.call("operator", "suppress_address", address=ANN)
    await desk.call("agent", "tag_email", email=ANN, tags=["unsubscribed", "vip"])
    lifted = await desk.call("operator", "unsuppress_address", address=ANN, note=WHY)
    nothing = await desk.call("operator", "unsuppress_address", address=ANN, note=WHY)

    assert (lifted.lifted, lifted.tags_removed, lifted.still) == (["manual"], ["unsubscribed"], [])
    assert (nothing.lifted, nothing.tags_removed) == ([], [])
    assert set((await check(desk)).values()) == {None}
    (over,) = (await desk.call("operator", "list_suppressions", lifted=True)).suppressions
    assert (over.email, over.note, over.lifted_by) == (ANN, WHY, desk.who["operator"])
    (event,) = [one for one in await desk.events() if one.kind == "contact.unsuppressed"]
    assert event.data == {"reasons": ["manual"], "tags": ["unsubscribed"]}


async def test_only_what_is_named_is_lifted(desk: Desk) -> None:
    await record(desk)
    await record(desk, reason="unsubscribe", topic="offers")
    lifted = await desk.call("operator", "unsuppress_address", address=ANN, note=WHY, topic="offers")

    assert (lifted.lifted, lifted.still) == (["unsubscribe"], ["hard_bounce"])
    rest = await desk.call(
        "operator", "unsuppress_address", address=ANN, note=WHY, reasons="complaint, manual"
    )
    assert (rest.lifted, rest.still) == ([], ["hard_bounce"])


async def test_an_erasure_is_lifted_only_where_that_is_said(desk: Desk) -> None:
    key = await desk.read(lambda tx: address_keys.address_key(tx, ANN))
    await record(desk, reason="erasure", address=None, key=key)
    kept = await desk.call("operator", "unsuppress_address", address=ANN, note=WHY)
    lifted = await desk.call("operator", "unsuppress_address", address=ANN, note=WHY, erasure=True)

    assert (kept.lifted, kept.still) == ([], ["erasure"])
    assert (lifted.lifted, lifted.still) == (["erasure"], [])


@pytest.mark.parametrize("who", ["agent", "reviewer", "viewer"])
async def test_only_an_operator_lists_adds_or_lifts(desk: Desk, who: str) -> None:
    await record(desk)
    calls = {
        "list_suppressions": {}, "suppress_address": {"address": BOB},
        "unsuppress_address": {"address": ANN, "note": WHY},
    }  # fmt: skip
    for operation, arguments in calls.items():
        assert (await desk.refused(who, operation, **arguments)).code == "forbidden"
    assert (await check(desk))["commercial"] == "hard_bounce"


@pytest.mark.parametrize(
    ("operation", "wrong", "code", "field"),
    [
        ("suppress_address", {"address": "nobody"}, "invalid_address", "address"),
        ("suppress_address", {"address": ANN, "reason": "erasure"}, "invalid", "reason"),
        ("suppress_address", {"address": ANN, "topic": "a, b"}, "invalid", "topic"),
        ("suppress_address", {"address": ANN, "expires_at": "2020-01-01"}, "invalid_time", "expires_at"),
        ("suppress_address", {"address": ANN, "mailbox": "x@y.example"}, "unknown_mailbox", "mailbox"),
        ("unsuppress_address", {"address": ANN}, "invalid", "note"),
        ("unsuppress_address", {"address": ANN, "note": " a "}, "invalid", "note"),
        ("unsuppress_address", {"address": ANN, "note": WHY, "reasons": ["x"]}, "invalid", "reasons.0"),
        ("check_suppression", {"address": "@"}, "invalid_address", "address"),
    ],
)
async def test_wrong_input_is_named_and_changes_nothing(
    desk: Desk, operation: str, wrong: dict[str, Any], code: str, field: str
) -> None:
    refused = await desk.refused("operator", operation, **wrong)

    assert (refused.code, refused.field) == (code, field)
    assert not await desk.read(lambda tx: tx.suppressions.any())


async def test_a_record_ends_with_its_time(desk: Desk) -> None:
    await desk.call("operator", "suppress_address", address=ANN, expires_at=desk.at(DAY))
    assert (await check(desk))["commercial"] == "manual"
    desk.later(DAY + HOUR)

    assert set((await check(desk)).values()) == {None}
    found = await desk.call("operator", "list_suppressions")
    assert found.totals == {}


async def test_the_list_goes_on_page_by_page_and_is_filtered(desk: Desk) -> None:
    for number in range(5):
        await record(desk, address=f"p{number}@example.org", reason="complaint" if number % 2 else "manual")
    first = await desk.call("operator", "list_suppressions", limit=3)
    rest = await desk.call("operator", "list_suppressions", limit=3, cursor=first.cursor)

    assert [one.email for one in (*first.suppressions, *rest.suppressions)] == [
        f"p{number}@example.org" for number in (4, 3, 2, 1, 0)
    ]
    assert (rest.cursor, first.totals) == (None, {"complaint": 2, "manual": 3})
    assert (await desk.call("operator", "list_suppressions", reason="complaint")).count == 2
    assert (await desk.call("operator", "list_suppressions", query="P3@")).count == 1
    refused = await desk.refused("operator", "list_suppressions", limit=3, cursor="bm9uc2Vuc2U")
    assert refused.code == "invalid_cursor"


async def test_who_is_limited_to_a_mailbox_changes_nothing_for_others(desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="narrow", role="operator", mailboxes=[desk.box])
    await record(desk)

    everywhere = await desk.refused(made.key_id, "suppress_address", address=BOB)
    lifting = await desk.refused(made.key_id, "unsuppress_address", address=ANN, note=WHY)
    own = await desk.call(made.key_id, "suppress_address", address=BOB, mailbox=desk.box)

    assert (everywhere.code, lifting.code, own.suppressed) == ("forbidden", "forbidden", True)
    assert [one.email for one in (await desk.call(made.key_id, "list_suppressions")).suppressions] == [BOB]
