"""What is done with one mail from its page, and deleting for good after a page that asks."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("mark", "leads"),
    [("read", "mail"), ("unread", "list"), ("archived", "list"), ("spam", "list"), ("deleted", "list")],
)
async def test_a_mail_is_marked_and_what_is_put_away_leads_back_to_its_list(
    desk: Desk, operator: Guest, mark: str, leads: str
) -> None:
    mail = await desk.receive()
    await desk.call("operator", "mark_email", message_id=mail, mark="read" if mark == "unread" else "unread")
    answer = await operator.post(f"/mail/{mail}/mark", do=mark, q="question", folder="all")

    assert await desk.status(mail) == mark
    path = f"/mail/{mail}" if leads == "mail" else "/inbox"
    assert answer.headers["location"] == f"{path}?folder=all&q=question"


async def test_what_cannot_be_marked_is_said_on_its_page(desk: Desk, operator: Guest) -> None:
    sent = await desk.send()
    page = await operator.post(f"/mail/{sent.message_id}/mark", do="archived")

    assert page.status_code == 409
    assert "only received mail is marked" in text(page)


async def test_tags_come_and_go(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive()
    await operator.post(f"/mail/{mail}/tag", tags="vip, spring")
    await operator.post(f"/mail/{mail}/tag", remove="vip")
    page = await operator.get(f"/mail/{mail}")

    assert "Remove the tag spring" in page.text
    assert "Remove the tag vip" not in page.text


@pytest.mark.parametrize("tags", ["", "x" * 300])
async def test_a_tag_that_is_none_is_kept_with_the_fault_beside(
    desk: Desk, operator: Guest, tags: str
) -> None:
    page = await operator.post(f"/mail/{await desk.receive()}/tag", tags=tags)

    assert page.status_code == 422
    assert 'id="fault-tags"' in page.text
    assert f'value="{tags}"' in page.text


async def test_without_a_relay_kept_mail_cannot_be_released_and_the_page_says_so(
    desk: Desk, operator: Guest
) -> None:
    known = {"base_url": "http://127.0.0.1:8025", "transport": "capture", "smtp_port": 1025}
    await desk.write(lambda tx: tx.settings.set("server", known))
    await desk.set(trusted=["*"])
    sent = await desk.send()
    await desk.step()
    assert "Release: send it for real" in text(await operator.get(f"/mail/{sent.message_id}"))
    page = await operator.post(f"/mail/{sent.message_id}/release")

    assert page.status_code >= 400
    assert "No relay is configured" in text(page)


async def test_deleting_for_good_asks_first(desk: Desk, operator: Guest) -> None:
    mails = [await desk.receive(Subject=f"mail {number}") for number in range(3)]
    ticked = " ".join([(await desk.message(one)).thread_id for one in mails[:2]])
    page = await operator.post("/inbox/delete", pick=ticked, q="mail", folder="all")
    assert "Delete 2 mails for good?" in text(page)
    assert "mail 1" in text(page)
    assert len(await desk.inbound()) == 3
    named = re.findall(r'name="mail" value="([^"]+)"', page.text)[0]
    answer = await operator.post("/inbox/delete", mail=named, sure="1", q="mail", folder="all")

    assert answer.headers["location"] == "/inbox?folder=all&q=mail"
    assert [one.subject for one in await desk.inbound()] == ["mail 2"]


async def test_what_waits_is_not_deleted_and_the_page_says_why(desk: Desk, operator: Guest) -> None:
    held = await desk.send()
    page = await operator.post("/inbox/delete", mail=held.message_id, sure="1")

    assert page.status_code >= 400
    assert "Delete this mail for good?" in text(page)
    assert await desk.status(held.message_id) == "pending_approval"


async def test_deleting_nothing_is_refused(operator: Guest) -> None:
    assert (await operator.post("/inbox/delete")).status_code == 422


async def test_all_mail_is_deleted_after_a_box_was_ticked(desk: Desk, operator: Guest) -> None:
    await desk.receive()
    held = await desk.send()
    assert "Delete all mail" in text(await operator.get("/inbox/empty"))
    refused = await operator.post("/inbox/empty", before="2026-01-01")
    assert refused.status_code == 422
    assert 'id="fault-sure"' in refused.text
    assert 'value="2026-01-01"' in refused.text
    done = await operator.post("/inbox/empty", sure="1")

    assert "1 mail is gone." in text(done)
    assert "1 was kept:" in text(done)
    assert await desk.inbound() == []
    assert await desk.status(held.message_id) == "pending_approval"


async def test_a_time_that_is_none_is_named_beside_its_field(desk: Desk, operator: Guest) -> None:
    await desk.receive()
    page = await operator.post("/inbox/empty", sure="1", before="last week")

    assert page.status_code == 422
    assert 'id="fault-before"' in page.text
    assert 'value="last week"' in page.text
    assert len(await desk.inbound()) == 1


async def test_of_one_mailbox_only_its_mail_is_deleted(desk: Desk, operator: Guest) -> None:
    await desk.receive()
    made = await desk.call("operator", "create_mailbox", address="other@localhost")
    done = await operator.post("/inbox/empty", sure="1", mailbox=made.mailbox.mailbox_id)

    assert "0 mails are gone." in text(done)
    assert len(await desk.inbound()) == 1
