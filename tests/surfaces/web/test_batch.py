"""Several mails on one page: nothing is approved whose text was not shown, and each is decided for itself."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from multimail.surfaces.web import batch, item
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio

LETTER = "Dear {},\n\nyour room is free from Monday on, and the key lies at the desk.\nCome when you like."


async def letters(desk: Desk, *names: str) -> list[Any]:
    return [
        await desk.send(to=[f"{name}@example.org"], subject=f"For {name}", body=LETTER.format(name))
        for name in names
    ]


def ticks(page: httpx2.Response) -> dict[str, str]:
    """The boxes that are ticked, as a browser would send them."""
    found = re.findall(r'name="(take-\w+)" value="([^"]+)" checked', page.text)
    return dict(found)


def carried(page: httpx2.Response) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(ids|done)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


async def opened(guest: Guest, *drafts: Any) -> httpx2.Response:
    return await guest.get("/review/batch?" + "&".join(f"ids={one.message_id}" for one in drafts))


async def sent(guest: Guest, page: httpx2.Response, decision: str, **form: str) -> httpx2.Response:
    return await guest.post("/review/batch", **carried(page) | ticks(page) | {"decision": decision} | form)


async def test_every_text_is_there_in_full_and_looking_decides_nothing(desk: Desk, reviewer: Guest) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    page = await opened(reviewer, ann, bob)

    assert "Dear ann, your room is free" in text(page)
    assert "Dear <del>ann</del><ins>bob</ins>," in page.text
    assert "the key lies at the desk.\nCome when you like.</div>" in page.text.replace("\r", "")
    assert ticks(page) == {f"take-{one.message_id}": one.digest for one in (ann, bob)}
    assert await desk.status(ann.message_id) == await desk.status(bob.message_id) == "pending_approval"


async def test_a_reply_stands_with_the_mail_it_answers(desk: Desk, reviewer: Guest) -> None:
    question = await desk.receive("How much is it?")
    held = await desk.call(
        "agent", "reply_email", message_id=question, body="Five.", bcc=["boss@example.org"]
    )
    page = text(await opened(reviewer, held))

    assert "How much is it?" in page
    assert "boss@example.org new hidden from the others" in page


async def test_the_ticked_ones_are_approved_and_each_has_a_receipt(desk: Desk, reviewer: Guest) -> None:
    ann, bob, cleo = await letters(desk, "ann", "bob", "cleo")
    page = await opened(reviewer, ann, bob, cleo)
    chosen = {name: value for name, value in ticks(page).items() if cleo.message_id not in name}
    answers = [
        await reviewer.post("/review/batch", **carried(page), **chosen, decision="approve") for _ in range(2)
    ]
    receipts = await reviewer.get(answers[0].headers["location"])

    assert [one.status_code for one in answers] == [303, 303]
    assert "2 mails decided" in text(receipts)
    for one in (ann, bob):
        assert one.digest in receipts.text
        assert (await desk.kinds(one.message_id)).count("oversight.approved") == 1
    assert await desk.status(cleo.message_id) == "pending_approval"
    assert f"/review/batch?ids={cleo.message_id}" in receipts.text


async def test_what_moved_is_refused_by_itself_and_shown_as_it_is_now(desk: Desk, reviewer: Guest) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    page = await opened(reviewer, ann, bob)
    await desk.call("agent", "edit_pending", message_id=bob.message_id, body="Something else.")
    answer = await sent(reviewer, page, "approve", note="kept")

    assert answer.status_code == 409
    assert "1 of 2 were not decided: why stands at each. The others are decided." in text(answer)
    assert f'id="fault-{bob.message_id}"' in answer.text
    assert "Something else." in text(answer)
    assert "kept</textarea>" in answer.text
    assert carried(answer) == {"ids": bob.message_id, "done": ann.message_id}
    assert [await desk.status(one.message_id) for one in (ann, bob)] == ["queued", "pending_approval"]
    again = await sent(reviewer, answer, "approve")
    assert again.headers["location"] == f"/review/batch/receipts?ids={ann.message_id}%2C{bob.message_id}"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"decision": "request_changes", "note": " "}, 'id="fault-note"'),
        ({"decision": "reject", "note": "x" * 4_001}, 'id="fault-note"'),
        ({"decision": "approve", "take": ""}, "No mail is ticked."),
    ],
)
async def test_a_faulty_form_is_shown_again_as_it_was(
    desk: Desk, reviewer: Guest, form: dict[str, str], told: str
) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    page = await opened(reviewer, ann, bob)
    ticked = {} if "take" in form else ticks(page)
    answer = await reviewer.post("/review/batch", **carried(page), **ticked, **form)

    assert answer.status_code == 422
    assert told in answer.text
    assert ticks(answer) == ticked
    assert f"{form.get('note', '')}</textarea>" in answer.text
    assert await desk.status(ann.message_id) == "pending_approval"


async def test_the_first_approval_of_a_session_is_confirmed_for_several_too(desk: Desk, at: House) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    async with at.signed_in("second", confirmed=False) as guest:
        page = await opened(guest, ann, bob)
        asked = await sent(guest, page, "approve", note="kept")

    assert "Is it you?" in text(asked)
    assert all(f"take-{one.message_id}" in asked.text for one in (ann, bob))
    assert await desk.status(ann.message_id) == "pending_approval"


async def test_many_are_rejected_with_one_note(desk: Desk, reviewer: Guest) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    page = await opened(reviewer, ann, bob)
    assert (await sent(reviewer, page, "release")).status_code == 422
    assert (await sent(reviewer, page, "reject", note="Not today.")).status_code == 303

    for one in (ann, bob):
        history = await desk.call("agent", "get_message_history", message_id=one.message_id)
        assert (history.status, history.decisions[0].note) == ("rejected", "Not today.")


async def test_what_needs_a_word_of_its_own_is_decided_on_its_own_page(
    desk: Desk, at: House, reviewer: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfilled = await desk.send(body="Dear {{name}}")
    own = await desk.send("operator", subject="mine")
    long = await desk.send(subject="long", body="words " * 800)
    monkeypatch.setattr(item, "WHOLE", 1_024)
    async with at.signed_in("operator") as operator:
        page = await opened(operator, unfilled, own, long)

    for told in ("It has placeholders: {{name}}", "not for you to approve", "too long to be shown whole"):
        assert told in text(page)
    assert "take-" not in page.text
    assert "Approve the ticked ones" not in text(page)


async def test_risky_mail_is_not_ticked_beforehand(desk: Desk, reviewer: Guest) -> None:
    body = "See [example.com](https://evil.example/login). The key is sk_live_51H8xYzAbCdEfGhIjKlMnOpQ."
    risky = await desk.send(body=body)
    page = await opened(reviewer, risky)

    assert "high risk" in text(page)
    assert ticks(page) == {}
    assert f'name="take-{risky.message_id}"' in page.text


async def test_an_address_may_name_anything(
    desk: Desk, reviewer: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    await desk.decide(ann.message_id, "reject", who="second")
    gone = await opened(reviewer, ann, bob)
    assert "1 of the chosen waits no more" in text(gone)
    assert "Nothing to review together" in text(await reviewer.get("/review/batch?ids=nonsense"))
    assert "No receipts" in text(await reviewer.get("/review/batch/receipts"))
    assert (await reviewer.get("/review/batch?ids=msg_00000000000000")).status_code == 404
    monkeypatch.setattr(batch, "MOST", 1)
    assert "1 more were chosen" in text(await opened(reviewer, bob, ann))


async def test_a_mail_that_is_not_there_keeps_nobody_from_deciding_on_the_others(
    desk: Desk, reviewer: Guest
) -> None:
    ann, bob = await letters(desk, "ann", "bob")
    nowhere = "msg_00000000000000"
    page = await opened(reviewer, ann, bob)
    form = carried(page) | ticks(page) | {f"take-{nowhere}": "0" * 40, "decision": "reject", "note": "late"}

    answer = await reviewer.post("/review/batch", **form | {"ids": f"{form['ids']},{nowhere}"})

    assert answer.status_code == 409
    assert "1 of 3 were not decided" in text(answer)
    assert [await desk.status(one.message_id) for one in (ann, bob)] == ["rejected", "rejected"]
