"""Files of stored mail, whole: by position or by name, and the raw mail itself."""

from __future__ import annotations

from email.message import EmailMessage
from hashlib import sha256

import pytest

from multimail.core.errors import Problem
from multimail.services import files
from multimail.services.files import File
from tests.support.desk import Desk
from tests.support.streaming import arrived, call_of

pytestmark = pytest.mark.anyio


async def mail(desk: Desk, *names: str) -> str:
    made = EmailMessage()
    made["From"], made["To"] = "ann@example.org", desk.box
    made.set_content("Files.")
    for name in names:
        made.add_attachment(name.encode(), maintype="text", subtype="html", filename=name)
    return await arrived(desk, made.as_bytes())


async def found(desk: Desk, message_id: str, which: str, *, with_content: bool = True) -> File:
    return await desk.read(
        lambda tx: files.attachment(
            tx, call_of(desk, tx, "agent"), message_id, which, with_content=with_content
        )
    )


async def test_a_position_wins_over_a_name_of_digits(desk: Desk) -> None:
    message_id = await mail(desk, "2", "3")

    assert [(await found(desk, message_id, which)).content for which in ("1", "2", "3")] == [
        b"2", b"3", b"3",
    ]  # fmt: skip


async def test_a_file_is_described_without_its_content(desk: Desk) -> None:
    message_id = await mail(desk, "a.html")

    assert await found(desk, message_id, "1", with_content=False) == File(
        "a.html", "text/html", 6, sha256(b"a.html").hexdigest(), None
    )


@pytest.mark.parametrize(
    ("which", "code"), [("a.txt", "invalid"), ("b.txt", "not_found"), ("٣", "not_found")]
)
async def test_a_name_that_several_or_none_have_is_a_problem(desk: Desk, which: str, code: str) -> None:
    message_id = await mail(desk, "a.txt", "a.txt")
    with pytest.raises(Problem) as caught:
        await found(desk, message_id, which)

    assert caught.value.code == code


async def test_a_held_draft_is_there_as_it_would_leave(desk: Desk) -> None:
    sent = await desk.send(body="A draft.")
    raw = await desk.read(lambda tx: files.raw_mail(tx, call_of(desk, tx, "agent"), sent.message_id))

    assert raw.content is not None
    assert b"A draft." in raw.content
    assert (raw.size, raw.sha256) == (len(raw.content), sha256(raw.content).hexdigest())


async def test_a_mail_whose_bytes_were_erased_is_not_found(desk: Desk) -> None:
    message_id = await mail(desk)
    await desk.sql("UPDATE revisions SET raw = NULL")
    with pytest.raises(Problem, match="not_found"):
        await desk.read(lambda tx: files.raw_mail(tx, call_of(desk, tx, "agent"), message_id))
