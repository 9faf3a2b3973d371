"""What surrounds a mail on the desk: its place in the queue, what came since, who gets it, what was decided before."""

from __future__ import annotations

import base64
import re

import httpx2
import pytest

from multimail.core.times import HOUR, MINUTE
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


def steps(page: httpx2.Response) -> dict[str, str]:
    return dict(re.findall(r'rel="(prev|next)" href="/review/(msg_\w+)[?"]', page.text))


async def three(desk: Desk) -> list[str]:
    return [(await desk.send(subject=name)).message_id for name in ("one", "two", "three")]


async def test_its_neighbours_are_those_of_the_way_it_was_reached_by(desk: Desk, reviewer: Guest) -> None:
    one, two, three_ = await three(desk)
    await desk.send(subject="tagged", tags=["vip"])
    usual = await reviewer.get(f"/review/{two}")
    newest = await reviewer.get(f"/review/{two}?order=newest")
    other = await reviewer.get(f"/review/{two}?tag=vip")

    assert steps(usual) == {"prev": one, "next": three_}
    assert "2 of 4" in text(usual)
    assert steps(newest) == {"prev": three_, "next": one}
    assert "3 of 4" in text(newest)
    assert "1 to decide" in text(other)
    assert (await reviewer.get(f"/review/{two}?order=nonsense")).status_code == 200


async def test_a_decision_leads_to_the_next_one_on_the_same_way(desk: Desk, reviewer: Guest) -> None:
    one, two, three_ = await three(desk)
    page = await reviewer.get(f"/review/{two}?order=newest")
    hidden = dict(re.findall(r'name="(trail|next)" value="([^"]*)"', page.text))
    assert hidden == {"trail": "order=newest", "next": one}
    answer = await reviewer.decide(two, "approve", **hidden)
    assert answer.headers["location"] == f"/review/{two}?order=newest&next={one}"
    receipt = await reviewer.get(answer.headers["location"])

    assert f'href="/review/{one}?order=newest&amp;after={two}"' in receipt.text
    assert "2 wait for a decision" in text(receipt)
    onward = text(await reviewer.get(f"/review/{one}?order=newest&after={two}"))
    assert "two is queued." in onward
    assert three_ in (await reviewer.get(f"/review/{two}?order=newest")).text
    await reviewer.get(f"/review/{one}")
    astray = await reviewer.decide(one, "approve", next="/sign-out", trail="order=newest")
    assert astray.headers["location"] == f"/review/{one}?order=newest"


async def test_the_last_one_is_said_to_be_the_last(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    await reviewer.decide(held.message_id, "approve")

    assert "That was the last one. Nothing else waits." in text(
        await reviewer.get(f"/review/{held.message_id}")
    )


async def test_mail_that_came_after_the_draft_is_pointed_out(desk: Desk, reviewer: Guest) -> None:
    question = await desk.receive("How much is it?")
    desk.later(MINUTE)
    held = await desk.call("agent", "reply_email", message_id=question, body="Five.")
    desk.later(MINUTE)
    assert "after the draft was written" not in text(await reviewer.get(f"/review/{held.message_id}"))
    await desk.receive("Never mind.", Subject="Forget it", In_Reply_To="<0@example.org>")
    page = text(await reviewer.get(f"/review/{held.message_id}"))

    assert "A mail came into this conversation after the draft was written." in page
    assert "Forget it from ann@example.org" in page


async def test_each_recipient_has_a_card_with_what_was_between_you(desk: Desk, reviewer: Guest) -> None:
    first = await desk.send(to=["ann@example.org"])
    await desk.decide(first.message_id)
    await desk.step()
    held = await desk.send(subject="again", to=["ann@example.org"], bcc=["boss@example.net"])
    desk.later(2 * HOUR)
    page = text(await reviewer.get(f"/review/{held.message_id}"))

    assert "ann@example.org to 1 sent, 0 received; last written to 2 hours ago" in page
    assert "boss@example.net bcc new No mail was exchanged with this address before." in page


async def test_warnings_and_what_the_risk_is_made_of_are_told(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send(body="See [example.com](https://evil.example/login), {{name}}.")
    page = await reviewer.get(f"/review/{held.message_id}")

    for told in (
        "link mismatch",
        "placeholder",
        "new recipient",
        "leads elsewhere",
        "https://evil.example/login",
    ):
        assert told in text(page), told
    assert re.search(r"Risk \d+ of 100", text(page))


async def test_drafts_that_say_nearly_the_same_are_compared(desk: Desk, reviewer: Guest) -> None:
    body = "Dear {},\n\nyour room is free from Monday on, and the key lies at the desk.\nCome when you like."
    ann, bob = [
        await desk.send(to=[f"{name}@example.org"], body=body.format(name)) for name in ("ann", "bob")
    ]
    page = await reviewer.get(f"/review/{ann.message_id}")

    assert "Drafts that say nearly the same 1" in text(page)
    assert "-Dear bob, +Dear ann," in text(page)
    assert f"ids={ann.message_id}%2C{bob.message_id}" in page.text


async def test_an_operator_approves_and_trusts_in_one_go(desk: Desk, at: House, reviewer: Guest) -> None:
    held = await desk.send(cc=["cleo@example.org"])
    assert "and trust" not in text(await reviewer.get(f"/review/{held.message_id}"))
    async with at.signed_in("operator") as operator:
        page = await operator.get(f"/review/{held.message_id}")
        offered = dict(re.findall(r'name="(trust-\d)" value="([^"]+)"', page.text))
        assert offered == {"trust-0": "ann@example.org", "trust-1": "cleo@example.org"}
        answer = await operator.decide(
            held.message_id, "approve", mailbox=desk.box, **{"trust-1": "cleo@example.org"}
        )

    assert answer.status_code == 303
    assert (await desk.call("operator", "get_mailbox", mailbox=desk.box)).trusted == ["cleo@example.org"]
    refused = await reviewer.decide(held.message_id, "reject", **{"trust-0": "eve@example.org"})
    assert refused.status_code == 409
    assert (await desk.call("operator", "get_mailbox", mailbox=desk.box)).trusted == ["cleo@example.org"]


async def test_what_goes_along_can_be_opened_before_deciding(desk: Desk, reviewer: Guest) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
    held = await desk.send(
        attachments=[
            {"filename": "offer.pdf", "content_base64": base64.b64encode(b"%PDF-1.7 offer").decode()},
            {"filename": "room.png", "content_base64": base64.b64encode(picture).decode()},
        ]
    )
    page = await reviewer.get(f"/review/{held.message_id}")
    links = re.findall(r'href="(/mail/\w+/attachments/\d+)"', page.text)

    assert [(await reviewer.get(one)).content for one in links] == [b"%PDF-1.7 offer", picture]
    assert re.findall(r'<img class="preview" src="([^"]+)"', page.text) == [f"{links[1]}?preview=1"]


async def test_a_link_that_is_only_followed_decides_nothing(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    asked = f"decision=approve&digest={held.digest}&take-{held.message_id}={held.digest}"
    for path in ("decide", "compare", "withdraw"):
        answer = await reviewer.get(f"/review/{held.message_id}/{path}?{asked}")
        assert answer.status_code in {404, 405}
    assert (await reviewer.get(f"/review/batch?ids={held.message_id}&{asked}")).status_code == 200
    assert (await reviewer.get(f"/review/{held.message_id}?{asked}")).status_code == 200
    assert await desk.status(held.message_id) == "pending_approval"


async def test_a_page_that_is_open_can_ask_whether_its_draft_moved(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    asked = f"/review/{held.message_id}/state?digest={held.digest}"
    assert "Look again" not in text(await reviewer.get(asked))
    await desk.call("agent", "edit_pending", message_id=held.message_id, body="See you on **Sunday**.")
    assert "The draft changed meanwhile." in text(await reviewer.get(asked))
    await desk.call("agent", "cancel_message", message_id=held.message_id)
    assert "It waits no more: cancelled." in text(await reviewer.get(asked))


async def test_what_was_decided_before_is_named_only_to_who_may_see_it(desk: Desk, at: House) -> None:
    made = await at.key(mailboxes=["capture@localhost"])
    desk.who["limited"] = made.key_id
    hidden = await desk.send(subject="Confidential")
    await desk.set(undo_seconds=60)
    await desk.decide(hidden.message_id)
    own = await desk.send("operator", mailbox="capture@localhost", subject="mine")
    async with at.signed_in("limited") as guest:
        page = await guest.get(f"/review/{own.message_id}?after={hidden.message_id}")

    assert page.status_code == 200
    assert "Confidential" not in page.text


async def test_a_revision_that_was_asked_for_stands_beside_what_was_sent_back(
    desk: Desk, reviewer: Guest
) -> None:
    sent = await desk.send(body="A long letter.\n")
    await desk.decide(sent.message_id, "request_changes", note="shorter")
    before = await reviewer.get(f"/review/{sent.message_id}")
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body="A letter.\n")

    after = text(await reviewer.get(f"/review/{sent.message_id}"))

    assert "What changed since" not in before.text
    assert "What changed since" in after
    assert "-A long letter." in after
    assert "+A letter." in after
