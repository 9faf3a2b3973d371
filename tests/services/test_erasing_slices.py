"""What goes and what is kept, slice by slice: waiting mail, mail under way, mail of others, words and names."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from multimail.core.times import MINUTE
from multimail.ports.erasure import Part
from multimail.services import erasing, erasing_slices
from multimail.services.outbox import Outbox
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN: Final = "ann@example.org"


async def erase(desk: Desk) -> Any:
    return await desk.call("operator", "erase_person", email=ANN, confirm_email=ANN)


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


async def test_mail_that_is_kept_without_the_person_can_be_looked_at_and_does_not_leave_again(
    desk: Desk,
) -> None:
    arrived = await desk.receive(f"Ask {ANN}", From="bob@example.org", Message_ID="<b@x.org>")
    await desk.set(default_mode="autonomous")
    sent = await desk.send(to=["bob@example.org", ANN], body="To both")
    await desk.step()
    await erase(desk)

    for message_id in (arrived, sent.message_id):
        looked = await desk.call("operator", "inspect_message", message_id=message_id, include=["source"])
        assert "Rebuilt: " in looked.source
        assert ANN not in looked.source
    assert (await desk.refused("operator", "release_message", message_id=sent.message_id)).code == "conflict"


async def test_a_slice_has_few_mails_and_few_bytes() -> None:
    sizes = (5, 3_999_990, 10, 9_000_000, 1)
    parts = [Part(seq, str(seq), "read", True, False, size) for seq, size in enumerate(sizes)]

    slices = [[part.seq for part in some] for some in erasing_slices._few(parts)]
    many = [len(some) for some in erasing_slices._few(parts[4:] * 45)]

    assert slices == [[0, 1], [2], [3], [4]]
    assert many == [20, 20, 5]


async def test_mail_whose_recipient_is_erased_after_its_claim_does_not_leave_and_is_no_fault(
    desk: Desk, sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.set(default_mode="autonomous")
    for to in ([ANN], [ANN, "bob@example.org"]):
        await desk.send(to=to, body="Ann, see ann@example.org")
    hand_over = Outbox._hand_over_all

    async def late(outbox: Outbox, *claimed: Any) -> None:
        await erase(desk)
        await hand_over(outbox, *claimed)

    monkeypatch.setattr(Outbox, "_hand_over_all", late)
    await desk.step(sink)

    assert (sink.mails, caplog.records) == ([], [])
