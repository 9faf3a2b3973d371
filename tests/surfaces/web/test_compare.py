"""Edit and approve: the difference is shown first, and what leaves is what was shown."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def compared(guest: Guest, message_id: str, /, **form: str) -> httpx2.Response:
    await guest.get(f"/review/{message_id}")
    return await guest.post(f"/review/{message_id}/compare", **{"subject": "Monday"} | form)


def carried(page: httpx2.Response) -> dict[str, str]:
    """What the form that approves carries unseen."""
    form = page.text.partition('name="compared"')[2].partition("</form>")[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


async def body_of(desk: Desk, message_id: str) -> tuple[int, str, str]:
    """As it is stored: what is shown has marks for what acts or hides."""
    last = (await desk.read(lambda tx: tx.revisions.all(message_id)))[-1]
    return last.number, last.subject, last.body


async def test_the_difference_is_shown_and_nothing_left_yet(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send(bcc=["boss@example.org"])
    page = await compared(reviewer, held.message_id, body="See you on **Tuesday**.")

    assert page.status_code == 200
    assert "<del>Monday</del><ins>Tuesday</ins>" in page.text
    assert "Bcc boss@example.org" in text(page)
    assert await body_of(desk, held.message_id) == (1, "Monday", "See you on **Monday**.")


async def test_what_was_shown_is_what_is_approved(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    body = ' Grüße "all" & <b>\n\n\n\n  two  spaces\tand a tab\n'
    page = await compared(reviewer, held.message_id, subject="It's <new>", body=body)
    answers = [
        await reviewer.decide(held.message_id, "approve", compared="1", **carried(page)) for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [303, 303]
    assert await body_of(desk, held.message_id) == (2, "It's <new>", body)
    assert await desk.status(held.message_id) == "queued"


async def test_an_edit_is_not_approved_before_its_difference_was_shown(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    answer = await reviewer.decide(
        held.message_id, "approve", subject="Monday", body="See you on **Tuesday**."
    )

    assert "<del>Monday</del><ins>Tuesday</ins>" in answer.text
    assert await desk.status(held.message_id) == "pending_approval"


async def test_only_what_changed_is_carried(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send(body="one\r\ntwo\u200b", subject="Monday")
    same = await compared(reviewer, held.message_id, body="one\ntwo⟨U+200B⟩")
    subject = await compared(reviewer, held.message_id, body="one\ntwo⟨U+200B⟩", subject="Tuesday")

    assert "You changed nothing" in text(same)
    assert carried(same) == {}
    assert carried(subject) == {"subject": "Tuesday"}
    await reviewer.decide(held.message_id, "approve", compared="1", **carried(subject))
    assert await body_of(desk, held.message_id) == (2, "Tuesday", "one\r\ntwo\u200b")


async def test_marks_of_hidden_characters_are_pointed_out(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send(body="two\u200b words")

    assert "stand for characters that do not show" in text(
        await compared(reviewer, held.message_id, body="two⟨U+200B⟩ more words")
    )
    assert "stand for characters" not in text(await compared(reviewer, held.message_id, body="two words"))


async def test_a_draft_that_moved_while_one_wrote_is_shown_and_the_own_words_kept(
    desk: Desk, reviewer: Guest
) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    await desk.call("agent", "edit_pending", message_id=held.message_id, body="See you on **Sunday**.")
    page = await reviewer.post(
        f"/review/{held.message_id}/compare", subject="My subject", body="My own careful words."
    )

    assert page.status_code == 409
    assert "+See you on **Sunday**." in text(page)
    assert "My own careful words.</textarea>" in page.text
    assert 'value="My subject"' in page.text
    assert re.search(r'<details[^>]* id="edit" open', page.text)


async def test_a_draft_that_moved_after_the_difference_was_shown_is_not_approved(
    desk: Desk, reviewer: Guest
) -> None:
    held = await desk.send()
    page = await compared(reviewer, held.message_id, body="My own careful words.")
    await desk.call("agent", "edit_pending", message_id=held.message_id, to=["eve@example.org"])
    answer = await reviewer.decide(held.message_id, "approve", compared="1", **carried(page))

    assert answer.status_code == 409
    assert "My own careful words.</textarea>" in answer.text
    assert await desk.status(held.message_id) == "pending_approval"


async def test_a_fault_of_the_text_is_named_on_the_page_of_the_difference(
    desk: Desk, reviewer: Guest
) -> None:
    held = await desk.send()
    page = await compared(reviewer, held.message_id, body="Dear {{name}}")
    assert 'name="confirm_placeholders"' in page.text
    answer = await reviewer.decide(held.message_id, "approve", compared="1", note="kept", **carried(page))

    assert answer.status_code == 409
    assert "<ins>" in answer.text
    assert 'id="fault-confirm_placeholders"' in answer.text
    assert "kept</textarea>" in answer.text
    assert carried(answer) == {"body": "Dear {{name}}"}


@pytest.mark.parametrize(
    ("form", "beside"), [({"subject": "x" * 999}, "subject"), ({"body": "x" * 300_000}, "body")]
)
async def test_a_text_that_is_too_long_is_refused_beside_its_field_and_kept(
    desk: Desk, reviewer: Guest, form: dict[str, str], beside: str
) -> None:
    held = await desk.send()
    page = await compared(reviewer, held.message_id, **{"body": "y"} | form)
    answer = await reviewer.decide(held.message_id, "approve", compared="1", **carried(page))

    assert answer.status_code == 422
    assert f'id="fault-{beside}"' in answer.text
    assert form[beside] in answer.text


async def test_a_difference_of_nothing_and_of_a_mail_that_is_gone(
    desk: Desk, at: House, reviewer: Guest
) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    assert (await reviewer.post(f"/review/{held.message_id}/compare")).status_code == 422
    await desk.decide(held.message_id, who="second")
    page = await reviewer.post(f"/review/{held.message_id}/compare", subject="a", body="My words")

    assert page.status_code == 409
    assert "Approved by second" in text(page)
    assert "My words</textarea>" in page.text
