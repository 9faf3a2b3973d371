"""The people a waiting mail goes to, as its mailbox knows them."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.caution_people import Person
from multimail.services import cautions_people
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def gathered(desk: Desk, message_id: str) -> dict[str, Person]:
    message = await desk.message(message_id)
    return await desk.read(lambda tx: cautions_people.gather(tx, message))


async def left(desk: Desk, **mail: Any) -> None:
    """A mail that was approved and left."""
    await desk.decide((await desk.send(**mail)).message_id)
    await desk.step()


async def test_a_stranger_somebody_known_and_somebody_trusted(desk: Desk) -> None:
    await desk.set(trusted=["carl@else.org"], auto_cc=["copy@example.com"])
    await left(desk, to=["bob@example.org"])

    sent = await desk.send(to=["ann@example.org", "bob@example.org"], bcc=["carl@else.org"], subject="Two")

    people = await gathered(desk, sent.message_id)
    assert people["ann@example.org"] == Person("ann@example.org", domain_known=True)
    assert people["bob@example.org"] == Person("bob@example.org", known=True, domain_known=True)
    assert people["carl@else.org"] == Person("carl@else.org", hidden=True, trusted=True)
    assert people["copy@example.com"].automatic


async def test_an_answer_to_the_author_is_a_first_answer_and_to_nobody_else(desk: Desk) -> None:
    inbound = await desk.receive()

    sent = await desk.call("agent", "reply_email", message_id=inbound, body="Hi", cc=["eve@else.org"])

    people = await gathered(desk, sent.message_id)
    assert people["ann@example.org"] == Person("ann@example.org", answered=True)
    assert people["eve@else.org"] == Person("eve@else.org", in_thread=False)


async def test_answers_that_go_where_a_header_says_are_no_answers_to_the_author(desk: Desk) -> None:
    inbound = await desk.receive(Reply_To="eve@evil.org")

    sent = await desk.call("agent", "reply_email", message_id=inbound, body="Hi", cc=["eve@evil.org"])

    assert not (await gathered(desk, sent.message_id))["eve@evil.org"].answered


async def test_a_forwarded_mail_goes_out_of_its_conversation(desk: Desk) -> None:
    inbound = await desk.receive()

    sent = await desk.call("agent", "forward_email", message_id=inbound, to=["ann@example.org"])

    assert not (await gathered(desk, sent.message_id))["ann@example.org"].in_thread


@pytest.mark.parametrize(
    "address", ["ann@exampl.org", "ann@examp1e.org", "ann@exаmple.org", "ann@example.org.evil.net"]
)
async def test_a_domain_close_to_one_that_is_known_resembles_it(desk: Desk, address: str) -> None:
    await desk.set(trusted=["@example.org"])

    sent = await desk.send(to=[address])

    assert [one.resembles for one in (await gathered(desk, sent.message_id)).values()] == ["example.org"]


@pytest.mark.parametrize("read_at_once", [200, 0])
async def test_a_domain_that_was_written_to_is_found_by_its_neighbours(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, read_at_once: int
) -> None:
    monkeypatch.setattr(cautions_people, "_FEW", read_at_once)
    await left(desk, to=["ann@acmewidgets.org"])

    sent = await desk.send(to=["bob@acmewidget.org"], subject="Two")
    other = await desk.send(to=["bob@acmegadgets.org"], subject="Three")

    assert (await gathered(desk, sent.message_id))["bob@acmewidget.org"].resembles == "acmewidgets.org"
    assert (await gathered(desk, other.message_id))["bob@acmegadgets.org"].resembles == ""


async def test_what_another_mailbox_knows_counts_for_nothing(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    there = await desk.send("operator", mailbox="other@localhost", to=["ann@acmewidgets.org"],
                            oversight_mode="gated_send")  # fmt: skip
    await desk.decide(there.message_id)
    await desk.step()

    one = await desk.send(to=["ann@acmewidgets.org"])
    two = await desk.send(to=["ann@acmewidget.org"])

    assert list((await gathered(desk, one.message_id)).values()) == [Person("ann@acmewidgets.org")]
    assert list((await gathered(desk, two.message_id)).values()) == [Person("ann@acmewidget.org")]


async def test_a_link_may_pose_as_the_mailbox_or_as_who_is_known(desk: Desk) -> None:
    await desk.set(trusted=["ann@acmewidgets.org"])
    sent = await desk.send(to=["ann@acmewidgets.org", "bob@else.org"])
    message, people = await desk.message(sent.message_id), await gathered(desk, sent.message_id)

    names = await desk.read(lambda tx: list(cautions_people.known_names(tx, message, people)))

    assert names == ["localhost", "acmewidgets.org"]
