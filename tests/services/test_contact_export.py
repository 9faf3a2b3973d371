"""Contacts as a file: whole, harmless in a spreadsheet, and read back as they were in all three forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services import contact_export, contact_import
from multimail.services.context import Caller
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

PEOPLE: tuple[dict[str, Any], ...] = (
    {"email": "ann@x.example", "name": "=1+1", "tags": ["plan=pro", "vip"], "metadata": {"n": 1, "t": "1"}},
    {
        "email": "bob@x.example",
        "name": 'B "Bob", \u202e; x',
        "metadata": {"a": [1, 2.5, None, {"b": "é🙂\n;"}]},
    },
    {"email": "+eve@y.example", "name": "'=x", "metadata": {"long": "x," * 300}},
    {"email": "jörg@y.example", "name": "Jörg  Müller"},
)


async def pieces(desk: Desk, who: str, form: str, asked: dict[str, Any]) -> AsyncIterator[bytes]:
    return await contact_export.export(desk.services, Caller(desk.who[who], "cli"), asked, form)


async def exported(desk: Desk, form: str = "csv", who: str = "operator", **asked: Any) -> bytes:
    return b"".join([one async for one in await pieces(desk, who, form, asked)])


async def known(desk: Desk) -> list[tuple[Any, ...]]:
    found = (await desk.call("operator", "search_contacts", limit=100)).contacts
    return sorted((one.email, one.name, tuple(one.tags), json.dumps(one.metadata)) for one in found)


async def filled(desk: Desk) -> None:
    for person in PEOPLE:
        await desk.call("operator", "manage_contacts", action="add", **person)


@pytest.mark.parametrize("form", ["csv", "vcard", "jsonl"])
async def test_what_goes_out_comes_back_as_it_was(
    desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_export, "PAGE", 2)
    await filled(desk)
    before, file = await known(desk), await exported(desk, form)

    async def source() -> AsyncIterator[bytes]:
        yield file

    async def take() -> tuple[int, int]:
        operator = Caller(desk.who["operator"], "cli")
        done = await contact_import.run(desk.services, operator, source(), contact_import.Asked(form))
        assert (done.skipped, done.updated) == (0, 0)
        return done.created, done.unchanged

    assert await take() == (0, len(before))
    for person in PEOPLE:
        await desk.call("operator", "manage_contacts", action="delete", email=person["email"])
    assert await take() == (len(PEOPLE), len(before) - len(PEOPLE))
    assert await known(desk) == before


async def test_no_cell_of_a_table_is_a_formula(desk: Desk) -> None:
    await filled(desk)

    table = list(csv.reader(io.StringIO((await exported(desk)).decode(), newline="")))

    assert table[0][:4] == ["email", "name", "tags", "metadata"]
    assert [cell for row in table for cell in row if cell[:1] in ("=", "+", "-", "@")] == []


async def test_a_search_narrows_the_file(desk: Desk) -> None:
    await filled(desk)

    lines = (await exported(desk, "jsonl", domain="x.example", exclude_tags=["vip"])).splitlines()

    assert [json.loads(line)["email"] for line in lines] == ["bob@x.example"]


@pytest.mark.parametrize(
    ("who", "form", "asked", "code"),
    [
        ("agent", "csv", {}, "forbidden"),
        ("reviewer", "csv", {}, "forbidden"),
        ("operator", "xls", {}, "invalid"),
        ("operator", "csv", {"shoe": 1}, "unknown_field"),
    ],
)
async def test_what_is_wrong_is_said_before_the_file_begins(
    desk: Desk, who: str, form: str, asked: dict[str, Any], code: str
) -> None:
    with pytest.raises(Problem) as caught:
        await pieces(desk, who, form, asked)
    assert caught.value.code == code


async def test_a_key_that_ends_ends_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_export, "PAGE", 1)
    await filled(desk)
    made = await desk.call("operator", "create_key", name="second", role="operator")
    desk.who["second"] = made.key_id
    running = await pieces(desk, "second", "csv", {})
    await anext(running)

    await desk.call("operator", "revoke_key", key_id=made.key_id)

    with pytest.raises(Problem) as caught:
        await anext(running)
    assert caught.value.code == "unauthenticated"
