"""Asking for somebody to be erased: who may be, what becomes of mail that waits, what is left as the proof."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from multimail.services import address_keys
from tests.support.desk import Desk

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
        ("agent+news@localhost", "agent+news@localhost", "conflict", "email"),
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


async def test_who_is_limited_to_some_mailboxes_erases_nobody(desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="narrow", role="operator", mailboxes=[desk.box])

    refused = await desk.refused(made.key_id, "erase_person", email=ANN, confirm_email=ANN)

    assert refused.code == "forbidden"
    assert (await desk.call("operator", "list_erasures")).count == 0


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


async def test_mail_that_waits_for_a_person_to_let_it_in_goes_too(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await desk.receive(From=f"Ann Lee <{ANN}>")
    assert await desk.status(held) == "pending_inbound_approval"

    answer = await erase(desk)

    assert (answer.state, answer.mails_removed) == ("erased", 1)
    assert await desk.inbound() == []


async def test_a_conversation_loses_the_subject_that_only_the_person_gave_it(desk: Desk) -> None:
    await desk.receive(From=f"Ann Lee <{ANN}>", Subject="My illness", Message_ID="<1@example.org>")
    await desk.receive(
        From="bob@example.org",
        Subject="An answer",
        Message_ID="<2@example.org>",
        In_Reply_To="<1@example.org>",
    )

    await erase(desk)

    (kept,) = await desk.inbound()
    threads = await desk.read(lambda tx: tx.threads.get(kept.thread_id))
    assert threads is not None
    assert (threads.subject, threads.base_subject) == ("An answer", "an answer")
