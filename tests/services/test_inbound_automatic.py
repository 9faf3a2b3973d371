"""Answers of machines are no replies: nothing is answered by them, and nobody seen in them."""

from __future__ import annotations

import pytest

from multimail.services.inbound_automatic import is_answer, is_automatic
from multimail.services.inbound_mail import read
from tests.support.desk import Desk
from tests.support.letters import ANN, came, envelope, letter, sent_to

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied", "Subject": "Re: Monday"},
        {"Subject": "Automatic reply: Monday"},
        {"Subject": "Abwesenheitsnotiz: Monday"},
        {"X_Autoreply": "yes"},
        {"X_MS_Exchange_Generated_Message_Source": "Mailbox Rules Agent", "Subject": "Out of office"},
    ],
)
async def test_an_automatic_answer_is_no_reply(desk: Desk, fields: dict[str, str]) -> None:
    ours = await sent_to(desk, ANN)
    answer = await came(desk, letter("I am away.", In_Reply_To=ours.header_id, **fields))

    assert answer.thread_id == ours.thread_id
    assert not (await desk.message(ours.id)).has_replies
    contact = await desk.read(lambda tx: tx.contacts.by_address(ANN))
    assert contact is None or not contact.replied


@pytest.mark.parametrize(
    ("fields", "sender"), [({"Subject": "Re: Monday"}, ""), ({"Auto_Submitted": "auto-generated"}, ANN)]
)
async def test_a_machine_that_only_its_envelope_or_header_tells_is_no_reply(
    desk: Desk, fields: dict[str, str], sender: str
) -> None:
    ours = await sent_to(desk, ANN)
    await desk.write(lambda tx: tx.contacts.ensure("contact_x", ANN, "", desk.clock.now()))
    await desk.sql("UPDATE contacts SET last_contacted = 1")
    answer = await came(desk, letter("I am away.", In_Reply_To=ours.header_id, **fields), sender=sender)

    assert answer.thread_id == ours.thread_id
    contact = await desk.read(lambda tx: tx.contacts.by_address(ANN))
    assert contact is not None
    assert (contact.replied, contact.last_inbound) == (False, None)


async def test_what_a_machine_writes_of_itself_shows_who_sends_it(desk: Desk) -> None:
    await came(desk, letter("News", Auto_Submitted="auto-generated", Message_ID="<n1@x>"))
    await came(desk, letter("More", Auto_Submitted="auto-generated", In_Reply_To="<n1@x>"))
    contact = await desk.read(lambda tx: tx.contacts.by_address(ANN))
    assert contact is not None
    assert (contact.replied, contact.interaction_count) == (False, 2)


async def test_a_persons_answer_is_a_reply_though_it_speaks_of_being_away(desk: Desk) -> None:
    ours = await sent_to(desk, ANN)
    await came(
        desk,
        letter("I was out of office.", In_Reply_To=ours.header_id, Subject="Re: Automatic reply: Monday"),
    )
    assert (await desk.message(ours.id)).has_replies


def test_a_request_to_be_left_alone_counts_whoever_sends_it() -> None:
    said = read(envelope(letter("UNSUBSCRIBE", Auto_Submitted="auto-replied", Subject="unsubscribe")))
    plain = read(envelope(letter("Away.", Auto_Submitted="auto-replied")))
    assert (is_automatic(said), is_answer(said)) == (True, False)
    assert (is_automatic(plain), is_answer(plain)) == (True, True)
