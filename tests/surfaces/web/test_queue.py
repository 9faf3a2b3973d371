"""What waits, in the order in which it needs somebody, and the freeze."""

from __future__ import annotations

import re

import pytest

from multimail.core.times import DAY, HOUR
from multimail.surfaces.web import queue
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def headings(guest: Guest) -> list[str]:
    page = await guest.get("/review")
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<h2.*?</h2>", page.text)]


async def test_nothing_waits(reviewer: Guest) -> None:
    assert "Nothing waits." in text(await reviewer.get("/review"))
    assert await headings(reviewer) == ["Mailboxes"]


async def test_each_mail_is_told_with_recipients_subject_reasons_age_and_expiry(
    desk: Desk, reviewer: Guest
) -> None:
    await desk.send(subject="<b>Offer</b>", cc=["cleo@example.org"], bcc=["boss@example.org"])
    desk.later(3 * HOUR)
    shown = text(await reviewer.get("/review"))

    assert "<b>Offer</b> To ann@example.org, Cc cleo@example.org, Bcc boss@example.org" in shown.replace(
        " ,", ","
    )
    assert "The mode is gated_send" in shown
    assert "3 hours ago" in shown
    assert "expires in 7 days" in shown


async def test_what_needs_somebody_comes_first_and_what_only_waits_for_its_time_apart(
    desk: Desk, reviewer: Guest
) -> None:
    later = await desk.send(subject="scheduled", scheduled_at=desk.at(DAY))
    await desk.decide(later.message_id)
    changes = await desk.send(subject="changes")
    await desk.decide(changes.message_id, "request_changes", note="Shorter.")
    await desk.send(subject="held")
    passed_on = await desk.send(subject="passed on")
    await desk.decide(passed_on.message_id, "escalate")

    assert await headings(reviewer) == [
        "Waiting for a decision 1",
        "Passed on: somebody else should decide 1",
        "Sent back: the author is asked for changes 1",
        "Approved, waiting for its time 1",
        "Mailboxes",
    ]


async def test_arriving_mail_that_is_held_is_shown_to_people_only(
    desk: Desk, at: House, reviewer: Guest
) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    await desk.receive()

    assert "From ann@example.org" in text(await reviewer.get("/review"))
    async with at.signed_in("owner") as owner:
        assert "From ann@example.org" not in text(await owner.get("/review"))


async def test_a_long_section_goes_on(desk: Desk, reviewer: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_PER_SECTION", 2)
    for number in range(3):
        await desk.send(subject=f"mail {number}")
    first = await reviewer.get("/review")
    link = re.search(r'href="(/review\?status=[^"]+)"', first.text)
    assert link is not None
    second = text(await reviewer.get(link[1].replace("&amp;", "&")))

    assert "mail 1" in text(first)
    assert "mail 2" not in text(first)
    assert "mail 2" in second
    assert "Everything that waits" in second


async def test_a_damaged_cursor_is_named(reviewer: Guest) -> None:
    assert (await reviewer.get("/review?status=scheduled&cursor=x")).status_code == 422
    assert (await reviewer.get("/review?status=nonsense&cursor=x")).status_code == 200


async def test_a_reviewer_freezes_everything_and_only_an_operator_ends_it(
    desk: Desk, at: House, reviewer: Guest
) -> None:
    assert (await reviewer.post("/freeze", reason="looking into it")).status_code == 303
    shown = await reviewer.get("/review")
    assert "Everything is frozen." in text(shown)
    assert 'action="/unfreeze"' not in shown.text
    assert (await reviewer.post("/unfreeze")).status_code == 403

    async with at.signed_in("operator") as operator:
        assert 'action="/unfreeze"' in (await operator.get("/review")).text
        assert (await operator.post("/unfreeze")).status_code == 303
    assert "Everything is frozen." not in text(await reviewer.get("/review"))


async def test_one_mailbox_is_frozen_and_its_mail_says_so(desk: Desk, at: House, reviewer: Guest) -> None:
    held = await desk.send()
    boxes = (await desk.call("operator", "list_mailboxes")).mailboxes
    box = next(one.mailbox_id for one in boxes if one.address == desk.box)
    await reviewer.post("/freeze", mailbox=box)

    assert "agent@localhost is frozen." in text(await reviewer.get(f"/review/{held.message_id}"))
    assert "Unfreeze agent@localhost" not in (await reviewer.get("/review")).text
    async with at.signed_in("operator") as operator:
        assert "Unfreeze agent@localhost" in (await operator.get("/review")).text
        await operator.post("/unfreeze", mailbox=box)
    assert "frozen" not in text(await reviewer.get(f"/review/{held.message_id}"))


async def test_who_is_limited_to_some_mailboxes_does_not_freeze_all(at: House) -> None:
    made = await at.key(mailboxes=["capture@localhost"])
    at.desk.who["limited"] = made.key_id
    async with at.signed_in("limited") as guest:
        shown = await guest.get("/review")
        answer = await guest.post("/freeze", reason="why not")

    assert "Freeze everything" not in text(shown)
    assert answer.status_code == 403
    assert "why not" in text(answer)


async def test_a_key_that_may_only_look_has_no_buttons(at: House) -> None:
    made = await at.key(role="viewer", kind="person")
    at.desk.who["looker"] = made.key_id
    held = await at.desk.send()
    async with at.signed_in("looker") as guest:
        queue_page, page = await guest.get("/review"), await guest.get(f"/review/{held.message_id}")
        answer = await guest.decide(held.message_id, "approve", digest=held.digest)

    assert re.findall(r'action="([^"]+)"', queue_page.text + page.text) == ["/sign-out", "/sign-out"]
    assert "look, not decide" in text(page)
    assert answer.status_code == 403
