"""Files of contacts over HTTP: in by any media type or format, out as a download, for operators only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened
from tests.support.streaming import client

pytestmark = pytest.mark.anyio

TABLE = b"email,name\nann@x.example,Ann\nnobody,\n"
CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEMAIL:ann@x.example\nEND:VCARD\n"
LINE = b'{"email": "ann@x.example"}\n'


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("content", "media_type", "query"),
    [
        (TABLE, "text/csv; charset=utf-8", ""), (CARD, "text/vcard", ""), (LINE, "application/jsonl", ""),
        (LINE, "application/x-ndjson", ""), (TABLE, "application/octet-stream", "?format=csv"),
    ],
)  # fmt: skip
async def test_a_file_comes_in_by_its_type_or_format(
    desk: Desk, content: bytes, media_type: str, query: str
) -> None:
    async with client(desk, "operator") as http:
        headers = {"content-type": media_type}
        would = await http.post(
            f"/v1/import/contacts{query or '?'}&dry_run=true", content=content, headers=headers
        )
        done = await http.post(f"/v1/import/contacts{query}", content=content, headers=headers)

    assert done.status_code == 200, done.text
    assert (done.json()["created"], would.json()["created"], would.json()["dry_run"]) == (1, 1, True)
    assert await desk.read(lambda tx: tx.contacts.by_address("ann@x.example")) is not None


async def test_the_answer_says_what_was_passed_over_and_where(desk: Desk) -> None:
    async with client(desk, "operator") as http:
        done = await http.post(
            "/v1/import/contacts?others=ignore&start=2", content=TABLE, headers={"content-type": "text/csv"}
        )

    assert done.json()["first_skipped"] == [
        {"line": 3, "code": "invalid_address", "reason": "the address is not usable"}
    ]


@pytest.mark.parametrize(
    ("query", "media_type", "code", "field"),
    [
        ("", "application/pdf", "unsupported_media_type", "Content-Type"),
        ("", "multipart/form-data; boundary=x", "invalid", "content-type"),
        ("?start=-1", "text/csv", "invalid", "start"),
        ("?dry_run=maybe", "text/csv", "invalid", "dry_run"),
        ("?others=maybe", "text/csv", "invalid", "others"),
        ("?format=xls", "text/csv", "invalid", "format"),
        ("?shoe=1", "text/csv", "unknown_field", "shoe"),
    ],
)
async def test_what_is_wrong_with_a_request_is_named(
    desk: Desk, query: str, media_type: str, code: str, field: str
) -> None:
    async with client(desk, "operator") as http:
        found = await http.post(
            f"/v1/import/contacts{query}", content=TABLE, headers={"content-type": media_type}
        )

    assert (found.json()["code"], found.json()["field"]) == (code, field)
    assert await desk.read(lambda tx: tx.contacts.by_address("ann@x.example")) is None


async def test_contacts_go_out_as_a_download(desk: Desk) -> None:
    await desk.call("operator", "manage_contacts", action="add", email="ann@x.example", tags=["vip"])
    await desk.call("operator", "manage_contacts", action="add", email="bob@x.example")
    async with client(desk, "operator") as http:
        found = await http.get("/v1/export/contacts?format=vcard&tags=vip")
        wrong = await http.get("/v1/export/contacts?format=xls")

    assert found.text.count("BEGIN:VCARD") == 1
    assert found.headers["content-type"] == "text/vcard; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="contacts.vcf"'
    assert (wrong.status_code, wrong.json()["field"]) == (422, "format")


async def test_both_are_an_operators(desk: Desk) -> None:
    async with client(desk, "agent") as http:
        out = await http.get("/v1/export/contacts")
        into = await http.post("/v1/import/contacts", content=TABLE, headers={"content-type": "text/csv"})

    assert (out.json()["code"], into.json()["code"]) == ("forbidden", "forbidden")
