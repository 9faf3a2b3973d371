"""Files for a mail that is being written: they go along, and no other fault loses them."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from tests.support.desk import BOX, Desk
from tests.support.guest import HOME, Guest, House, text

pytestmark = pytest.mark.anyio

PLAN = ("plan.pdf", b"%PDF-1.7 the plan", "application/pdf")
NOTES = ("notes.txt", b"the notes", "text/plain")
NONE = ("", b"", "application/octet-stream")


async def write(guest: Guest, *files: Any, **form: Any) -> httpx2.Response:
    """Send the form of the page with these files, as a browser does."""
    await guest.get("/compose")
    mail = {"box": BOX, "to": "ann@example.org", "subject": "The plan", "body": "My careful words"}
    parts = [("file", one) for one in (files or (NONE,))]
    return await guest.client.post(
        "/compose", data=guest.fields | mail | form, files=parts, headers={"Origin": HOME}
    )


def ticked(page: httpx2.Response) -> list[str]:
    """The ids of the files that the page holds ready."""
    return re.findall(r'name="pick"[^>]* value="([^"]+)"[^>]* checked', page.text)


async def attached(desk: Desk, answer: httpx2.Response) -> list[tuple[str, str, int]]:
    message_id = answer.headers["location"].rpartition("/")[2]
    view = await desk.call("operator", "read_email", message_id=message_id)
    return [(one.filename, one.content_type, one.size) for one in view.attachments]


async def test_chosen_files_go_along(desk: Desk, operator: Guest) -> None:
    answer = await write(operator, PLAN, NOTES)

    assert await attached(desk, answer) == [
        ("plan.pdf", "application/pdf", 17), ("notes.txt", "text/plain", 9),
    ]  # fmt: skip


async def test_a_mail_needs_no_file(desk: Desk, operator: Guest) -> None:
    assert await attached(desk, await write(operator)) == []


async def test_files_are_kept_when_another_field_is_wrong_and_can_be_left_out_again(
    desk: Desk, operator: Guest
) -> None:
    refused = await write(operator, PLAN, NOTES, to="ann@@example")
    plan, notes = ticked(refused)
    answer = await write(operator, pick=[notes])

    assert refused.status_code == 422
    assert "plan.pdf (17 bytes)" in text(refused)
    assert plan != notes
    assert await attached(desk, answer) == [("notes.txt", "text/plain", 9)]


async def test_a_file_that_is_refused_is_named_beside_its_field_and_the_others_are_kept(
    operator: Guest,
) -> None:
    page = await write(operator, (f"{'x' * 260}.pdf", b"1", "application/pdf"), NOTES)

    assert page.status_code == 422
    assert 'aria-describedby="hint-file fault-file"' in page.text
    assert "My careful words" in page.text
    assert len(ticked(page)) == 1


async def test_a_file_that_is_too_large_costs_no_words(at: House, operator: Guest) -> None:
    most = at.desk.services.limits.message_bytes
    page = await write(operator, ("film.mp4", bytes(most + 1), "video/mp4"))

    assert page.status_code == 413
    assert "film.mp4 is too large" in text(page)
    assert 'id="fault-file"' in page.text
    assert "My careful words" in page.text


async def test_a_form_with_files_that_is_sent_twice_is_one_mail(operator: Guest) -> None:
    answers = [await write(operator, PLAN, once="the same") for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]


async def test_nobody_attaches_a_file_of_somebody_else(at: House, operator: Guest) -> None:
    [file] = ticked(await write(operator, PLAN, to=""))
    async with at.signed_in("owner") as owner:
        page = await write(owner, pick=[file])

        assert page.status_code >= 400
        assert ticked(page) == []
        assert "plan.pdf" not in page.text


@pytest.mark.parametrize("change", [{"csrf": "wrong"}, {"csrf": ""}])
async def test_a_form_with_files_is_guarded_as_all_are(
    desk: Desk, operator: Guest, change: dict[str, str]
) -> None:
    page = await write(operator, PLAN, **change)
    held = await desk.read(lambda tx: tx.uploads.held(desk.who["operator"], desk.clock.now()))

    assert page.status_code == 403
    assert held == (0, 0)


async def test_files_from_elsewhere_are_not_even_read(operator: Guest) -> None:
    await operator.get("/compose")
    answer = await operator.client.post(
        "/compose", data=operator.fields, files=[("file", PLAN)], headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 403


async def test_other_forms_take_no_files(operator: Guest) -> None:
    await operator.get("/inbox")
    answer = await operator.client.post(
        "/inbox", data=operator.fields, files=[("file", PLAN)], headers={"Origin": HOME}
    )

    assert answer.status_code == 422
