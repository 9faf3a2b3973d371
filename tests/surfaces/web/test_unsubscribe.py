"""The page behind an unsubscribe link, and what mailbox providers post to it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from multimail.core import own_link
from multimail.ports.store import Tx
from multimail.services import address_keys
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"
LETTERS = {
    "topics": {"newsletter": "commercial", "offers": "commercial", "receipts": "transactional"},
    "region": "US",
    "physical_address": "Example Ltd, 1 High Street, Springfield",
}
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


async def token(desk: Desk, topic: str = "", **mail: Any) -> str:
    """The token of a mail that left, as its recipient's copy carries it."""
    await desk.set(default_mode="autonomous", metadata=LETTERS)
    sent = await desk.send(topic=topic or None, **mail)
    await desk.step()
    delivery = (await desk.deliveries(sent.message_id))[ANN]

    def make(tx: Tx) -> str:
        secret = address_keys.secret(tx)
        box = tx.mailboxes.by_address(desk.box)
        assert box is not None
        key = address_keys.key_of(secret, ANN)
        return own_link.make(secret, own_link.Link(delivery.id, key, box.id, own_link.topic_key(topic)))

    return await desk.read(make)


async def changes(desk: Desk) -> tuple[list[tuple[str, str]], bool]:
    """The topics and reasons that are in force for Ann, and whether she is tagged."""
    key = await desk.read(lambda tx: address_keys.address_key(tx, ANN))
    records = await desk.read(lambda tx: tx.suppressions.unlifted(key))
    return [(one.topic, one.reason) for one in records], "unsubscribed" in await desk.contact_tags(ANN)


async def post(
    guest: Guest, path: str, body: bytes = ONE_CLICK, kind: str = FORM, **headers: str
) -> httpx2.Response:
    return await guest.client.post(path, content=body, headers={"Content-Type": kind} | headers)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, FORM),
        (ONE_CLICK + b"\r\n", f"{FORM}; charset=UTF-8"),
        (ONE_CLICK, ""),
        (ONE_CLICK, "text/plain"),
        MULTIPART,
    ],
)
async def test_one_click_is_honoured_at_once_without_cookie_or_redirect(
    at: House, body: bytes, kind: str
) -> None:
    made = await token(at.desk)
    async with at.guest() as guest:
        first, again = [await post(guest, f"/u/{made}", body, kind) for _ in range(2)]

    assert (first.status_code, again.status_code) == (200, 200)
    assert "set-cookie" not in first.headers
    assert await changes(at.desk) == ([("", "unsubscribe")], True)
    told = [event.kind for event in await at.desk.events()]
    assert told.count("contact.unsubscribed") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("Authorization", "Basic eDp5"), ("X-API-Key", "nobodys"), ("Host", "the-name-of-last-year.example")],
)
async def test_what_else_a_request_brings_along_does_not_matter(at: House, name: str, value: str) -> None:
    made = await token(at.desk)
    async with at.guest() as guest:
        answer = await post(guest, f"/u/{made}", ONE_CLICK, FORM, **{name: value})

    assert answer.status_code == 200
    assert await changes(at.desk) == ([("", "unsubscribe")], True)


async def test_a_request_from_any_page_counts_and_one_while_all_is_frozen_too(at: House) -> None:
    made = await token(at.desk)
    await at.desk.call("operator", "freeze")
    async with at.guest() as guest:
        answer = await post(guest, f"/u/{made}", Origin="https://mail.example")

    assert answer.status_code == 200
    assert await changes(at.desk) == ([("", "unsubscribe")], True)


async def test_looking_changes_nothing_and_says_what_it_is_about(at: House) -> None:
    made = await token(at.desk, topic="newsletter")
    async with at.guest() as guest:
        seen = [await guest.get(f"/u/{made}") for _ in range(2)]
        head = await guest.client.head(f"/u/{made}")

    assert [one.status_code for one in (*seen, head)] == [200, 200, 200]
    assert "(agent@localhost) to a***@example.org , about newsletter" in text(seen[0])
    assert ANN not in seen[0].text
    assert await changes(at.desk) == ([], False)


async def test_one_click_in_a_mail_about_a_topic_ends_that_topic_only(at: House) -> None:
    made = await token(at.desk, topic="newsletter")
    async with at.guest() as guest:
        answer = await post(guest, f"/u/{made}")

    assert "no more mail about newsletter" in text(answer)
    assert await changes(at.desk) == ([("newsletter", "unsubscribe")], False)


async def test_one_click_in_a_receipt_ends_what_can_be_stopped(at: House) -> None:
    made = await token(at.desk, topic="receipts")
    async with at.guest() as guest:
        page = await guest.get(f"/u/{made}")
        await post(guest, f"/u/{made}")

    assert "receipts" not in text(page)
    assert await changes(at.desk) == ([("", "unsubscribe")], True)
    assert (await at.desk.send(topic="newsletter")).status == "suppressed"
    assert (await at.desk.send(topic="receipts", subject="2")).status == "queued"


async def test_on_the_page_topics_are_chosen_or_everything(at: House) -> None:
    made = await token(at.desk, topic="newsletter")
    async with at.guest() as guest:
        some = await post(guest, f"/u/{made}", b"choice=topics&topic%3Aoffers=on&topic%3Aforeign=on")
        assert await changes(at.desk) == ([("offers", "unsubscribe")], False)
        page = await guest.get(f"/u/{made}")
        everything = await post(guest, f"/u/{made}", b"choice=all")

    assert "no more mail about offers" in text(some)
    assert "offers (stopped already)" in text(page)
    assert "You get no more mail from Agent (agent@localhost)" in text(everything)
    assert await changes(at.desk) == ([("offers", "unsubscribe"), ("", "unsubscribe")], True)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", FORM, 422),
        (b"List-Unsubscribe=Two-Clicks", FORM, 422),
        (b"choice=topics", FORM, 422),
        (b"{}", "application/json", 422),
        (b"--b", "multipart/form-data; boundary=b", 422),
        (b"x=" + b"y" * 70_000, FORM, 413),
    ],
)
async def test_what_asks_for_nothing_changes_nothing(at: House, body: bytes, kind: str, status: int) -> None:
    made = await token(at.desk)
    async with at.guest() as guest:
        answer = await post(guest, f"/u/{made}", body, kind)

    assert answer.status_code == status
    assert await changes(at.desk) == ([], False)


async def test_tokens_that_are_not_ours_get_the_very_same_answer_and_change_nothing(at: House) -> None:
    made = await token(at.desk)
    flipped = [made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :] for place in range(72)]
    others = [
        "",
        "x",
        own_link.SLOT,
        made[:-1],
        f"{made}A",
        f"{made}/",
        f"{made}/../x",
        "ä" * 72,
        f"%00{made}",
    ]
    before = await at.desk.events()
    async with at.guest() as guest:
        gets = [await guest.get(f"/u/{one}") for one in (*flipped, *others)]
        posts = [await post(guest, f"/u/{one}") for one in (*flipped, *others)]

    assert {one.status_code for one in (*gets, *posts)} == {404}
    assert len({one.content for one in (*gets, *posts)}) == 1
    assert await changes(at.desk) == ([], False)
    assert await at.desk.events() == before


async def test_a_link_outlives_its_mail_and_then_speaks_for_its_owner_all_the_same(at: House) -> None:
    made = await token(at.desk, topic="gone")
    (kept,) = await at.desk.read(lambda tx: tx.messages.of_mailbox(None, ("delivered",)))
    await at.desk.call("operator", "delete_messages", message_ids=[kept.id])
    async with at.guest() as guest:
        answer = await post(guest, f"/u/{made}")

    assert answer.status_code == 200
    assert (await changes(at.desk))[0] == [("", "unsubscribe")]


async def test_the_page_is_nobodys_to_keep_to_index_or_to_pass_on(at: House) -> None:
    made = await token(at.desk)
    async with at.guest() as guest:
        answer = await guest.get(f"/u/{made}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
