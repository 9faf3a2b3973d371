"""What waits: in which order, in which groups, which part of it, and the freeze."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest

from multimail.core.times import DAY, HOUR
from multimail.surfaces.web import queue
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


def subjects(page: httpx2.Response) -> list[str]:
    return [unescape(one) for one in re.findall(r'class="subject" href="[^"]+">([^<]*)</a>', page.text)]


def tabs(page: httpx2.Response) -> list[str]:
    """Parts of the queue, each with how many wait there."""
    inside = page.text.partition('aria-label="Parts of the queue"')[2].partition("</nav>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<a .*?</a>", inside)]


async def test_nothing_waits(reviewer: Guest) -> None:
    page = await reviewer.get("/review")

    assert "Nothing waits." in text(page)
    assert tabs(page) == ["To decide 0"]


async def test_each_mail_is_told_with_recipients_subject_reasons_age_and_expiry(
    desk: Desk, reviewer: Guest
) -> None:
    await desk.send(subject="<b>Offer</b>", cc=["cleo@example.org"], bcc=["boss@example.org"])
    desk.later(3 * HOUR)
    page = await reviewer.get("/review")
    shown = text(page)

    assert subjects(page) == ["<b>Offer</b>"]
    assert "To ann@example.org and 1 more, 1 Bcc" in shown
    assert "The mode is gated_send" in shown
    assert "new recipient" in shown
    assert "3 hours ago" in shown
    assert "expires in 7 days" in shown


async def test_what_needs_somebody_now_stands_apart_from_what_waits_for_its_author_or_time(
    desk: Desk, reviewer: Guest
) -> None:
    later = await desk.send(subject="scheduled", scheduled_at=desk.at(DAY))
    await desk.decide(later.message_id)
    changes = await desk.send(subject="changes")
    await desk.decide(changes.message_id, "request_changes", note="Shorter.")
    await desk.send(subject="held")
    passed_on = await desk.send(subject="passed on")
    await desk.decide(passed_on.message_id, "escalate")
    page = await reviewer.get("/review?order=oldest")

    assert tabs(page) == ["To decide 2", "Passed on 1", "Sent back 1", "Approved for later 1"]
    assert subjects(page) == ["held", "passed on"]
    for status, subject in {
        "escalated": "passed on", "changes_requested": "changes", "scheduled": "scheduled"
    }.items():  # fmt: skip
        assert subjects(await reviewer.get(f"/review?status={status}")) == [subject]


async def test_the_riskiest_comes_first_unless_asked_otherwise(desk: Desk, reviewer: Guest) -> None:
    await desk.send(subject="harmless")
    await desk.send(subject="risky", body="Dear {{name}}, the key is mm_live_1234", to=["eve@exarnple.org"])
    oldest, usual = await reviewer.get("/review?order=oldest"), await reviewer.get("/review")

    assert subjects(usual) == ["risky", "harmless"]
    assert subjects(oldest) == ["harmless", "risky"]
    assert "?order=oldest" in oldest.text


async def test_groups_stand_together_and_are_reviewed_together(desk: Desk, reviewer: Guest) -> None:
    body = "Dear {},\n\nyour room is free from Monday on, and the key lies at the desk.\nCome when you like."
    drafts = [
        await desk.send(subject=name, to=[f"{name}@example.org"], body=body.format(name))
        for name in ("ann", "bob")
    ]
    await desk.send(subject="other", body="Something else entirely, about the invoice of last week.")
    await reviewer.get("/review")
    page = await reviewer.get("/review?group=similarity&order=oldest")
    link = re.search(r'href="(/review/batch[^"]+)">Review these 2 together', page.text)

    assert subjects(page) == ["ann", "bob", "other"]
    assert link is not None
    assert all(one.message_id in link[1] for one in drafts)


async def test_arriving_mail_that_is_held_is_shown_to_people_only(
    desk: Desk, at: House, reviewer: Guest
) -> None:
    await desk.set(default_mode="gated_all", ceiling="gated_all")
    await desk.receive()

    assert "From ann@example.org" in text(await reviewer.get("/review"))
    async with at.signed_in("owner") as owner:
        assert "From ann@example.org" not in text(await owner.get("/review"))


async def test_a_long_queue_goes_on(desk: Desk, reviewer: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_PER_PAGE", 2)
    for number in range(3):
        await desk.send(subject=f"mail {number}")
    first = await reviewer.get("/review?order=oldest")
    link = re.search(r'href="(/review\?[^"]*cursor=[^"]+)"', first.text)
    assert link is not None
    second = await reviewer.get(link[1].replace("&amp;", "&"))

    assert subjects(first) == ["mail 0", "mail 1"]
    assert subjects(second) == ["mail 2"]
    assert "First page" in text(second)


async def test_a_damaged_cursor_is_named(reviewer: Guest) -> None:
    assert (await reviewer.get("/review?status=scheduled&cursor=x")).status_code == 422


@pytest.mark.parametrize(
    ("asked", "beside"),
    [
        ("mailbox=nobody@localhost&tag=vip", "mailbox"),
        ("tag=vip&order=nonsense", "order"),
        ("tag=vip&group=nonsense", "group"),
    ],
)
async def test_what_is_wrong_with_the_asking_is_said_beside_it_and_the_rest_kept(
    reviewer: Guest, asked: str, beside: str
) -> None:
    page = await reviewer.get(f"/review?{asked}")

    assert page.status_code in {404, 422}
    assert f'id="fault-{beside}"' in page.text
    assert 'name="tag" value="vip"' in page.text
    assert f'aria-describedby="fault-{beside}"' in page.text


async def test_a_part_of_the_queue_is_asked_for_by_mailbox_and_tag(desk: Desk, reviewer: Guest) -> None:
    await desk.send(subject="tagged", tags=["vip"])
    await desk.send(subject="plain")
    tagged = await reviewer.get("/review?tag=vip")

    assert subjects(tagged) == ["tagged"]
    assert subjects(await reviewer.get(f"/review?mailbox={desk.box}&order=oldest")) == ["tagged", "plain"]
    assert "Nothing waits here" in text(await reviewer.get("/review?mailbox=capture@localhost"))
    assert re.search(r'href="/review/msg_\w+\?tag=vip"', tagged.text)


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
    async with at.signed_in("operator") as operator:
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

    assert set(re.findall(r'method="post" action="([^"]+)"', queue_page.text + page.text)) == {"/sign-out"}
    assert subjects(queue_page) == ["Monday"]
    assert "look, not decide" in text(page)
    assert answer.status_code == 403
