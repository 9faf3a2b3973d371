"""Files down and up over HTTP: the access rules of operations, and a line in the record of calls for each."""

from __future__ import annotations

from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from multimail.core.times import DAY
from tests.support.desk import opened
from tests.support.streaming import arrived, client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

CONTENT = "Grüße".encode() * 40_000


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


async def with_file(desk: Desk, name: str = "b Grüße.txt", content: bytes = CONTENT) -> str:
    """A mail with one file arrives; its id."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ann@example.org", desk.box, "A file"
    made.set_content("It is with it.")
    made.add_attachment(content, maintype="application", subtype="x-thing", filename=name)
    return await arrived(desk, made.as_bytes())


async def calls(desk: Desk) -> list[tuple[str, str, str | None]]:
    await desk.reopen()
    found = await desk.read(lambda tx: tx.events.calls(desk.who["agent"], 10))
    return [(one.operation, one.outcome, one.target) for one in found]


@pytest.mark.parametrize("which", ["1", "b%20Gr%C3%BC%C3%9Fe.txt"])
async def test_an_attachment_comes_whole_and_as_a_download(desk: Desk, which: str) -> None:
    message_id = await with_file(desk)
    path = f"/v1/messages/{message_id}/attachments/{which}"
    async with client(desk) as http:
        found, head = await http.get(path), await http.head(path)

    assert (found.status_code, found.content) == (200, CONTENT)
    assert found.headers["content-type"] == "application/x-thing"
    assert found.headers["etag"] == f'"{sha256(CONTENT).hexdigest()}"'
    assert "filename*=UTF-8''b%20Gr%C3%BC%C3%9Fe.txt" in found.headers["content-disposition"]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == found.headers["content-length"] == str(len(CONTENT))
    assert found.headers["x-content-type-options"] == "nosniff"
    assert await calls(desk) == [("download_file", "ok", message_id)] * 2


async def test_a_name_of_digits_is_meant_where_no_such_position_is(desk: Desk) -> None:
    message_id = await with_file(desk, "2026")
    async with client(desk) as http:
        found = await http.get(f"/v1/messages/{message_id}/attachments/2026")

    assert found.content == CONTENT


async def test_a_raw_mail_comes_byte_for_byte(desk: Desk) -> None:
    message_id = await with_file(desk, content=b"x")
    raw = await desk.read(lambda tx: tx.revisions.raw(message_id, 0))
    async with client(desk) as http:
        found = await http.get(f"/v1/messages/{message_id}/raw")

    assert (found.content, found.headers["content-type"]) == (raw, "message/rfc822")
    assert found.headers["content-disposition"] == f'attachment; filename="{message_id}.eml"'


@pytest.mark.parametrize("rest", ["attachments/1", "raw"])
async def test_foreign_held_and_random_ids_get_the_very_same_answer(desk: Desk, rest: str) -> None:
    await desk.set(default_mode="gated_all")
    held = await with_file(desk)
    random = "msg_00000000000000"
    async with client(desk) as http, client(desk, "reviewer") as reviewer:
        answers = [await http.get(f"/v1/messages/{one}/{rest}") for one in (held, random)]
        seen = await reviewer.get(f"/v1/messages/{held}/{rest}")

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text.replace(held, random) == answers[1].text
    assert seen.status_code == 200
    assert await calls(desk) == [("download_file" if "1" in rest else "download_message", "not_found", one)
                                 for one in (random, held)]  # fmt: skip


@pytest.mark.parametrize("which", ["2", "0", "9" * 900, "none.txt"])
async def test_an_attachment_that_is_not_there_is_a_problem_that_names_those_that_are(
    desk: Desk, which: str
) -> None:
    message_id = await with_file(desk, "a.txt")
    async with client(desk) as http:
        found = await http.get(f"/v1/messages/{message_id}/attachments/{which}")

    assert found.headers["content-type"] == "application/problem+json"
    assert (found.status_code, found.json()["code"]) == (404, "not_found")
    assert found.json()["advice"] == "It has: 1 a.txt."


async def upload(desk: Desk, who: str = "agent", content: bytes = CONTENT, **headers: str) -> Any:
    named = {"Content-Disposition": 'attachment; filename="plan.pdf"'} | headers
    async with client(desk, who) as http:
        return await http.post("/v1/uploads", content=content, headers=named)


async def test_an_uploaded_file_leaves_with_a_mail(desk: Desk) -> None:
    made = await upload(desk)
    upload_id = made.json()["upload_id"]
    sent = await desk.send(attachments=[{"upload_id": upload_id}], body="See the plan.")
    read = await desk.call("reviewer", "read_email", message_id=sent.message_id)

    assert made.status_code == 201
    assert (made.json()["content_type"], made.json()["size"]) == ("application/pdf", len(CONTENT))
    assert [(one.filename, one.sha256) for one in read.attachments] == [
        ("plan.pdf", sha256(CONTENT).hexdigest())
    ]
    assert ("upload_file", "ok", None) in await calls(desk)


async def test_a_file_is_of_the_key_that_brought_it_and_over_after_a_day(desk: Desk) -> None:
    files = {"attachments": [{"upload_id": (await upload(desk)).json()["upload_id"]}]}
    foreign = await desk.refused("other", "send_email", mailbox=desk.box, to=["a@b.test"], body="x", **files)
    desk.later(DAY)
    late = await desk.refused("agent", "send_email", mailbox=desk.box, to=["a@b.test"], body="x", **files)

    assert (foreign.code, foreign.field) == ("not_found", "attachments.0.upload_id")
    assert (late.code, late.message) == ("not_found", foreign.message)


@pytest.mark.parametrize(
    ("who", "headers", "size", "status", "code"),
    [
        ("viewer", {}, 1, 403, "forbidden"),
        ("agent", {}, 1_001, 413, "too_large"),
        ("agent", {"Content-Disposition": "attachment"}, 1, 422, "invalid"),
        ("agent", {"Content-Type": "multipart/form-data; boundary=x"}, 1, 422, "invalid"),
        ("agent", {"Content-Disposition": "attachment; filename*=utf-8''a%0Ab"}, 1, 201, None),
        ("nobody", {}, 1, 401, "unauthenticated"),
    ],
)
async def test_what_is_wrong_with_an_upload_is_said(
    desk: Desk, who: str, headers: dict[str, str], size: int, status: int, code: str | None
) -> None:
    desk.limit(message_bytes=1_000)
    answer = await upload(desk, who, b"x" * size, **headers)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("bound", [{"uploads": 2}, {"upload_bytes": 2_500, "message_bytes": 1_000}])
async def test_what_one_key_may_have_waiting_is_bounded_and_time_makes_room(
    desk: Desk, bound: dict[str, int]
) -> None:
    desk.limit(**bound)
    statuses = [(await upload(desk, content=bytes(1_000))).status_code for _ in range(3)]
    desk.later(DAY)
    again = await upload(desk, content=bytes(1_000))

    assert (statuses, again.status_code) == ([201, 201, 429], 201)


async def test_the_audit_goes_out_as_a_file_to_people_who_oversee(desk: Desk) -> None:
    await desk.decide((await desk.send()).message_id)
    query = "kinds=oversight.*&kinds=freeze.*"
    async with client(desk, "reviewer") as http:
        as_csv, as_json = [await http.get(f"/v1/audit?{query}&format={form}") for form in ("csv", "jsonl")]
        wrong = [await http.get(f"/v1/audit?{one}") for one in ("format=xls", "limit=3", "calls=true")]
    async with client(desk) as http:
        refused = await http.get("/v1/audit")

    assert as_csv.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert (len(as_csv.text.splitlines()), len(as_json.text.splitlines())) == (2, 1)
    assert [one.json()["code"] for one in wrong] == ["invalid", "unknown_field", "forbidden"]
    assert refused.status_code == 403
