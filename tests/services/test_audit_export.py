"""The audit as a file: whole, harmless in a spreadsheet, and not beyond what the caller may see."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services import audit_export
from multimail.services.context import Caller
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def pieces(
    desk: Desk, who: str = "operator", form: str = "jsonl", **asked: Any
) -> AsyncIterator[bytes]:
    return await audit_export.export(desk.services, Caller(desk.who[who], "web"), asked, form)


async def exported(desk: Desk, who: str = "operator", form: str = "jsonl", **asked: Any) -> str:
    return b"".join([one async for one in await pieces(desk, who, form, **asked)]).decode()


async def test_every_line_is_a_line_of_its_own_in_both_forms(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_export, "PAGE", 3)
    for number in range(4):
        await desk.decide((await desk.send(subject=f"Mail {number}")).message_id)
    listed = [one.id for one in (await desk.call("operator", "search_audit", limit=1000)).lines]

    as_json = [json.loads(line) for line in (await exported(desk)).splitlines()]
    as_csv = list(csv.DictReader(io.StringIO(await exported(desk, form="csv"), newline="")))

    assert [one["id"] for one in as_json] == [one["id"] for one in as_csv] == listed
    assert json.loads(as_csv[0]["detail"] or "{}") == as_json[0].get("detail", {})
    assert {one["mailbox"] for one in as_csv if one["message_id"]} == {BOX}


async def test_filters_hold_for_the_file_and_so_does_who_may_see(desk: Desk) -> None:
    await desk.decide((await desk.send()).message_id)
    key = await desk.call(
        "operator", "create_key", name="x", role="reviewer", mailboxes=["capture@localhost"]
    )
    desk.who["x"] = key.key_id

    found = [json.loads(line)["kind"] for line in (await exported(desk, kinds="oversight.*")).splitlines()]

    assert found == ["oversight.approved"]
    assert await exported(desk, "x") == ""
    assert (await exported(desk, "x", form="csv")).splitlines() == [
        ",".join([*audit_export.COLUMNS, "detail"])
    ]


@pytest.mark.parametrize("name", ["=1+1", "+49", "-1", "@SUM(A1)", "\uff1dcmd", '=HYPERLINK("http://x","y")'])
async def test_no_cell_begins_like_a_formula(desk: Desk, name: str) -> None:
    key = await desk.call("operator", "create_key", name=name, role="agent")
    desk.who["bad"] = key.key_id
    await desk.send("bad")

    rows = list(csv.reader(io.StringIO(await exported(desk, form="csv"), newline="")))

    cells = [cell for row in rows for cell in row]
    assert f"'{name}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))] == []


@pytest.mark.parametrize(
    ("asked", "form", "code"),
    [({}, "xls", "invalid"), ({"limit": 3}, "csv", "unknown_field"), ({"since": "x"}, "csv", "invalid_time")],
)
async def test_what_is_wrong_is_said_before_the_file_begins(
    desk: Desk, asked: dict[str, Any], form: str, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        await pieces(desk, "operator", form, **asked)

    assert caught.value.code == code


async def test_a_key_that_ends_ends_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_export, "PAGE", 1)
    await desk.decide((await desk.send()).message_id)
    going = await pieces(desk, "reviewer")
    first = await anext(going)
    await desk.call("operator", "revoke_key", key_id=desk.who["reviewer"])

    with pytest.raises(Problem) as caught:
        await anext(going)

    assert (bool(first), caught.value.code) == (True, "unauthenticated")


async def test_an_export_is_written_down_itself(desk: Desk) -> None:
    await exported(desk, "reviewer")
    with pytest.raises(Problem):
        await pieces(desk, "agent")
    await desk.reopen()

    found = await desk.call("operator", "search_audit", kinds=["export_audit"])

    assert [(one.by, one.outcome) for one in found.lines] == [("agent", "forbidden"), ("reviewer", "ok")]
