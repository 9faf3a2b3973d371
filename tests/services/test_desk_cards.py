"""Contact cards: what a mailbox knows of the people a mail goes to, and nothing that others know."""

from __future__ import annotations

import pytest

from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def test_each_recipient_has_a_card_in_header_order(desk: Desk) -> None:
    await desk.set(auto_bcc=["archive@example.com"], trusted=["@else.org"])
    sent = await desk.send(to=["Ann <ann@example.org>"], cc=["carl@else.org"], bcc=["boss@example.org"])

    cards = (await desk.call("reviewer", "review_email", message_id=sent.message_id)).contacts

    assert [(one.kind, one.address, one.new, one.trusted) for one in cards] == [
        ("to", "ann@example.org", True, False), ("cc", "carl@else.org", True, True),
        ("bcc", "boss@example.org", True, False), ("automatic", "archive@example.com", True, False),
    ]  # fmt: skip
    assert cards[0].name == "Ann"


async def test_a_card_tells_what_happened_before(desk: Desk) -> None:
    inbound = await desk.receive()
    desk.later(60_000_000)
    await desk.decide((await desk.call("agent", "reply_email", message_id=inbound, body="Ten.")).message_id)
    await desk.step()
    desk.later(60_000_000)
    sent = await desk.send()

    (card,) = (await desk.call("reviewer", "review_email", message_id=sent.message_id)).contacts

    assert (card.new, card.sent_count, card.received_count) == (False, 1, 1)
    assert card.known_since == card.last_inbound
    assert card.last_contacted is not None
    assert card.last_inbound < card.last_contacted
    assert [one.kind for one in card.interactions] == ["replied", "received"]
    assert card.interactions[1].message_id == inbound


async def test_a_contact_that_the_author_filed_is_new_all_the_same(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["vip"])
    await desk.call("operator", "manage_contacts", action="upsert", email="ann@example.org", name="Dear Ann")
    sent = await desk.send()

    (card,) = (await desk.call("reviewer", "review_email", message_id=sent.message_id)).contacts

    assert (card.new, card.name, card.tags, card.known_since) == (True, "Dear Ann", ["vip"], None)


async def test_what_another_mailbox_did_is_not_told(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    there = await desk.send("operator", mailbox="other@localhost", oversight_mode="gated_send")
    await desk.decide(there.message_id)
    await desk.step()
    sent = await desk.send(mailbox=BOX)

    (card,) = (await desk.call("reviewer", "review_email", message_id=sent.message_id)).contacts

    assert (card.new, card.sent_count, card.interactions, card.known_since) == (True, 0, [], None)


async def test_a_name_made_to_deceive_is_shown_as_it_is(desk: Desk) -> None:
    sent = await desk.send(to=["A\u200bnn <ann@example.org>"])

    (card,) = (await desk.call("reviewer", "review_email", message_id=sent.message_id)).contacts

    assert card.name == "A⟨U+200B⟩nn"


async def test_a_lookalike_is_noted_on_its_card(desk: Desk) -> None:
    sent = await desk.send(to=["ann@paypa1.com"])

    view = await desk.call("reviewer", "review_email", message_id=sent.message_id)

    assert view.contacts[0].notes == ["Resembles paypal.com, and is another domain."]
    assert view.warnings[0].code == "lookalike_domain"
