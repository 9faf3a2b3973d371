"""Asking for somebody to be erased: who may be, what becomes of mail that waits, what is left as the proof."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from multimail.core.times import MINUTE
from multimail.services import address_keys, erasing, erasing_slices
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN: Final = "ann@example.org"


async def erase(desk: Desk, address: str = ANN) -> Any:
    return await desk.call("operator", "erase_person", email=address, confirm_email=address)


async def test_an_erased_person_stays_suppressed_and_nothing_else_is_known(desk: Desk) -> None:
    await desk.receive(From=f"Ann Lee <{ANN}>")
    answer = await erase(desk)

    sent = await desk.send(to=[ANN])
    listed = await desk.call("operator", "list_erasures", email=f"ANN@{ANN.partition('@')[2]}")

    assert sent.status == "suppressed"
    assert [one.erasure_id for one in listed.erasures] == [answer.erasure_id]
    key = await desk.read(lambda tx: address_keys.address_key(tx, ANN))
    assert answer.proof == key.hex()
    (proof,) = [one for one in await desk.events() if one.kind == "contact.erased"]
    assert proof.data["proof"] == key.hex()
    assert (await desk.call("operator", "list_erasures", email="bob@example.org")).count == 0


async def test_somebody_unknown_is_suppressed_with_a_proof(desk: Desk) -> None:
    answer = await erase(desk, "nobody@example.net")

    assert (answer.state, answer.mails_removed, answer.rows_scrubbed) == ("erased", 0, 0)
    assert (await desk.send(to=["nobody@example.net"])).status == "suppressed"


@pytest.mark.parametrize(
    ("email", "confirm", "code", "field"),
    [
        (ANN, "bob@example.org", "contradiction", "confirm_email"),
        ("agent@localhost", "agent@localhost", "conflict", "email"),
        ("boss@example.com", "boss@example.com", "conflict", "email"),
        ("no address", "no address", "invalid_address", "email"),
    ],
)
async def test_who_cannot_be_erased_is_said(
    desk: Desk, email: str, confirm: str, code: str, field: str
) -> None:
    await desk.set(oversight_address="boss@example.com")

    refused = await desk.refused("operator", "erase_person", email=email, confirm_email=confirm)

    assert (refused.code, refused.field) == (code, field)
    assert (await desk.call("operator", "list_erasures")).count == 0


async def test_only_an_operator_erases(desk: Desk) -> None:
    for who in ("agent", "reviewer", "viewer"):
        assert (await desk.refused(who, "erase_person", email=ANN, confirm_email=ANN)).code == "forbidden"


async def test_mail_that_waits_is_withdrawn_and_mail_to_others_kept_without_the_person(desk: Desk) -> None:
    alone = await desk.send(to=[ANN])
    both = await desk.send(to=[ANN, "bob@example.org"], body="Ann and Bob")

    await erase(desk)

    assert (
        await desk.refused("operator", "get_message_history", message_id=alone.message_id)
    ).code == "not_found"
    assert await desk.status(both.message_id) == "cancelled"
    (kept,) = await desk.read(lambda tx: tx.messages.recipients(_seq(tx, both.message_id)))
    assert kept.address == "bob@example.org"


def _seq(tx: Any, message_id: str) -> int:
    return int(tx.messages.get(message_id).seq)


async def test_mail_that_is_being_handed_over_is_waited_for(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(to=[ANN])
    delivery = (await desk.deliveries(sent.message_id))[ANN]
    await desk.write(lambda tx: tx.deliveries.claim("x", desk.clock.now(), desk.clock.now() + MINUTE, 1))
    await desk.write(lambda tx: tx.deliveries.move([delivery.id], "claimed", "sending", desk.clock.now()))

    assert (await erase(desk)).state == "under_way"
    await desk.write(lambda tx: tx.deliveries.move([delivery.id], "sending", "sent", desk.clock.now()))
    assert await erasing.step(desk.services) == 0
    desk.later(MINUTE)
    assert await erasing.step(desk.services) == 1

    (done,) = (await desk.call("operator", "list_erasures")).erasures
    assert (done.state, done.mails_removed) == ("erased", 1)


async def test_asking_again_while_it_goes_on_is_the_same_erasure(desk: Desk) -> None:
    await desk.receive()

    first, second = await asyncio.gather(erase(desk), erase(desk))

    assert first.erasure_id == second.erasure_id
    assert (await desk.call("operator", "list_erasures")).count == 1


async def test_who_writes_again_is_a_new_person_who_can_be_erased_again(desk: Desk) -> None:
    await desk.receive()
    await erase(desk)
    await desk.receive()

    answer = await erase(desk)

    assert (answer.state, answer.mails_removed) == ("erased", 1)
    assert await desk.inbound() == []
    pages = [await desk.call("operator", "list_erasures", limit=1)]
    pages.append(await desk.call("operator", "list_erasures", limit=1, cursor=pages[0].cursor))
    assert [page.erasures[0].proof for page in pages] == [answer.proof] * 2
    assert (pages[0].erasures[0].erasure_id, pages[1].cursor) == (answer.erasure_id, None)


async def test_mail_arrives_and_leaves_while_somebody_is_erased(
    desk: Desk, sink: Sink, monkeypatch: Any
) -> None:
    monkeypatch.setattr(erasing_slices, "MAILS", 2)
    await desk.set(default_mode="autonomous")
    for number in range(9):
        await desk.receive(Message_ID=f"<{number}@x.org>")
    others = [await desk.send(to=["bob@example.org"], subject=f"No {number}") for number in range(3)]

    answers = await asyncio.gather(
        erase(desk),
        *(desk.receive(Message_ID=f"<late{number}@x.org>") for number in range(5)),
        desk.step(sink),
    )

    if answers[0].state == "under_way":
        desk.later(MINUTE)
        await erasing.step(desk.services)
    await erase(desk)
    assert await desk.inbound() == []
    assert sorted(mail.message_id for mail in sink.mails) == sorted({mail.message_id for mail in sink.mails})
    assert len(sink.mails) == len(others)


async def test_others_with_a_like_address_or_name_are_left_alone(desk: Desk) -> None:
    await desk.receive("From Mary", From="Ann Lee <mary-ann@example.org>", Message_ID="<m@x.org>")
    await desk.receive("Ann Lee is here", From="bob@example.org", Message_ID="<b@x.org>")
    await desk.receive(From=f"Ann Lee <{ANN}>", Message_ID="<a@x.org>")

    await erase(desk)

    kept = await desk.inbound()
    assert [(one.sender, one.sender_name) for one in kept] == [
        ("mary-ann@example.org", "Ann Lee"), ("bob@example.org", ""),
    ]  # fmt: skip
    (mentioning,) = await desk.read(lambda tx: tx.revisions.all(kept[1].id))
    assert mentioning.body.strip() == "Ann Lee is here"


async def test_the_search_finds_what_is_kept_and_nothing_of_who_is_gone(desk: Desk) -> None:
    await desk.receive("Call Ann Lee about zebras", From="bob@example.org", Message_ID="<b@x.org>")
    await desk.receive("giraffes", From=f"Ann Lee <{ANN}>", Message_ID="<a@x.org>")
    await erase(desk)

    async def hits(query: str) -> int:
        return int((await desk.call("operator", "check_inbox", query=query)).count)

    assert [await hits(word) for word in ("zebras", "giraffes", "lee", ANN, "bob@example.org")] == [
        1,
        0,
        0,
        0,
        1,
    ]


async def test_what_is_never_changed_otherwise_loses_the_person_all_the_same(desk: Desk) -> None:
    await desk.receive(From=f"Ann Lee <{ANN}>")
    made = await desk.call(
        "operator", "create_approval_rule", name=f"for {ANN}", recipient_domains=["example.com"]
    )

    await erase(desk)

    (rule,) = (await desk.call("operator", "list_approval_rules")).approval_rules
    assert (rule.rule_id, rule.name) == (made.rule_id, f"for [erased] {made.rule_id}")
