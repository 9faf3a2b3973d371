"""Uploaded files: named, bounded, and attached by nobody but whom they belong to."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.times import DAY
from multimail.services import upkeep, uploads
from multimail.services.uploads import Received
from tests.support.desk import Desk
from tests.support.streaming import call_of

pytestmark = pytest.mark.anyio

FILE = Received("plan.pdf", "application/pdf", "d", b"abc")


async def kept(desk: Desk, received: Received = FILE) -> Any:
    return await desk.write(lambda tx: uploads.upload_file(tx, call_of(desk, tx, "agent"), received))


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("a.pdf", "", "application/pdf"),
        ("a.pdf", "text/plain", "text/plain"),
        ("a", "", "application/octet-stream"),
    ],
)
async def test_a_type_that_nobody_named_is_guessed_from_the_name(
    desk: Desk, name: str, given: str, kind: str
) -> None:
    assert (await kept(desk, Received(name, given, "d", b""))).content_type == kind


@pytest.mark.parametrize(
    ("name", "code"), [("", "invalid"), ("x" * 256, "invalid"), ("a\nb", "header_injection")]
)
async def test_a_name_has_to_be_one_line(desk: Desk, name: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        await kept(desk, Received(name, "", "d", b"abc"))

    assert (caught.value.code, caught.value.field) == (code, "filename")


async def test_name_and_type_may_be_others_in_the_mail(desk: Desk) -> None:
    upload_id = (await kept(desk)).upload_id
    other = {"upload_id": upload_id, "filename": "b.bin", "content_type": "x/y"}
    sent = await desk.send(attachments=[{"upload_id": upload_id}, other])
    read = await desk.call("reviewer", "read_email", message_id=sent.message_id)

    assert [(one.filename, one.content_type) for one in read.attachments] == [
        ("plan.pdf", "application/pdf"),
        ("b.bin", "x/y"),
    ]


@pytest.mark.parametrize(
    "given", [{}, {"content_base64": "YQ==", "filename": "a"}, {"message_id": "msg_00000000000000"}]
)
async def test_an_attachment_is_named_in_one_way_only(desk: Desk, given: dict[str, str]) -> None:
    upload_id = {"upload_id": (await kept(desk)).upload_id} if given else {}
    problem = await desk.refused(
        "agent", "send_email", to=["a@b.test"], body="x", attachments=[given | upload_id]
    )

    assert (problem.code, problem.field) == ("invalid", "attachments.0")


async def test_uploads_count_towards_the_size_of_a_mail(desk: Desk) -> None:
    desk.limit(message_bytes=5)
    twice = [{"upload_id": (await kept(desk)).upload_id}] * 2
    problem = await desk.refused("agent", "send_email", to=["a@b.test"], body="x", attachments=twice)

    assert (problem.code, problem.field) == ("too_large", "attachments")


async def test_files_are_forgotten_after_a_day_and_mails_keep_theirs(desk: Desk) -> None:
    made = await kept(desk)
    sent = await desk.send(attachments=[{"upload_id": made.upload_id}])
    desk.later(DAY)
    await upkeep.prune(desk.services)

    assert await desk.read(lambda tx: tx.uploads.get(made.upload_id)) is None
    read = await desk.call("reviewer", "read_email", message_id=sent.message_id)
    assert len(read.attachments) == 1
