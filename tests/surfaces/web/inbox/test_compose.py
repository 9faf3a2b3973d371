"""Writing, answering and sending on: every rule holds, and what is refused keeps all that was written."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import BOX, Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio


async def write(guest: Guest, path: str = "/compose", **form: str) -> str:
    """Send the form of that page; where it leads, or the page that refuses."""
    page = await guest.get(path)
    hidden = dict(re.findall(r'name="(once|reply|forward)" value="([^"]+)"', page.text))
    answer = await guest.post("/compose", **hidden, **form)
    return answer.headers["location"] if answer.status_code == 303 else f"{answer.status_code} {answer.text}"


async def test_a_new_mail_waits_as_the_mailbox_says(desk: Desk, operator: Guest) -> None:
    people = {"to": "Ann <ann@example.org>, bob@example.org\ncleo@example.org", "bcc": "boss@example.org"}
    where = await write(
        operator, box=BOX, subject="Monday", body="See **you**.", tags="desk, spring", **people
    )
    held = await desk.message(where.removeprefix("/review/"))
    named = {
        one.address: str(one.kind) for one in await desk.read(lambda tx: tx.messages.recipients(held.seq))
    }

    assert (held.status, held.subject) == ("pending_approval", "Monday")
    assert named == {
        "ann@example.org": "to", "bob@example.org": "to", "cleo@example.org": "to", "boss@example.org": "bcc",
    }  # fmt: skip


async def test_an_answer_stays_in_its_conversation(desk: Desk, operator: Guest) -> None:
    await desk.set(trusted=["*"])
    mail = await desk.receive()
    where = await write(operator, f"/compose?reply={mail}", body="It is free.")
    sent = await desk.message(where.removeprefix("/mail/"))

    assert sent.thread_id == (await desk.message(mail)).thread_id
    assert sent.subject == "Re: A question"


async def test_a_mail_is_sent_on_with_its_files_or_without(desk: Desk, operator: Guest, rich: str) -> None:
    path = f"/compose?forward={rich}"
    with_files = await write(operator, path, box=BOX, to="bob@example.org", body="Look", files="1")
    without = await write(operator, path, box=BOX, to="bob@example.org", body="Look")
    messages = [await desk.message(one.removeprefix("/review/")) for one in (with_files, without)]

    assert [one.has_attachments for one in messages] == [True, False]


async def test_a_form_that_is_sent_twice_is_one_mail(desk: Desk, operator: Guest) -> None:
    page = await operator.get("/compose")
    once = re.findall(r'name="once" value="([^"]+)"', page.text)[0]
    form = {"box": BOX, "to": "ann@example.org", "subject": "One", "body": "Only", "once": once}
    answers = [await operator.post("/compose", **form) for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"to": ""}, "to", 422),
        ({"to": "ann@@example"}, "to", 422),
        ({"cc": "nobody"}, "cc", 422),
        ({"bcc": "x y z"}, "bcc", 422),
        ({"box": "nobody@localhost"}, "box", 404),
        ({"body": "", "subject": ""}, "body", 422),
        ({"subject": "a\nBcc: x@example.org"}, "subject", 422),
        ({"scheduled_at": "tomorrow"}, "scheduled_at", 422),
        ({"scheduled_at": "2001-01-01"}, "scheduled_at", 422),
        ({"tags": "x" * 300}, "tags", 422),
    ],
)
async def test_what_is_wrong_is_named_beside_its_field_and_everything_is_kept(
    operator: Guest, change: dict[str, str], field: str, status: int
) -> None:
    form = {
        "box": BOX, "to": "ann@example.org", "cc": "cleo@example.org", "bcc": "boss@example.org",
        "subject": "A subject", "body": "Many\ncareful words", "tags": "one two",
    } | change  # fmt: skip
    page = await write(operator, **form)

    assert page.startswith(f"{status} ")
    assert f'id="fault-{field}"' in page
    for name, value in form.items():
        if name not in {"box", "subject"}:
            assert value in page
    assert (form["subject"].split("\n", maxsplit=1)[0]) in page


async def test_the_fence_of_a_mailbox_is_named_beside_the_recipients(desk: Desk, operator: Guest) -> None:
    await desk.set(allowed=["@example.com"])
    page = await write(operator, box=BOX, to="ann@example.org", subject="Monday", body="See you")

    assert page.startswith("4")
    assert 'id="fault-to"' in page
    assert "See you" in page


async def test_an_answer_shows_whom_it_goes_to_and_what_it_answers(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive("How much?", Reply_To="trap@evil.example")
    shown = text(await operator.get(f"/compose?reply={mail}"))

    assert "To trap@evil.example , which is not the sender ann@example.org" in shown
    assert "How much?" in shown


async def test_a_reviewer_writes_no_mail(desk: Desk, reviewer: Guest) -> None:
    page = await write(reviewer, box=BOX, to="ann@example.org", subject="Monday", body="My words")

    assert page.startswith("403")
    assert "My words" in page
