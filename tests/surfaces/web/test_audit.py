"""The page of the audit: filters, pages, names to narrow it down by, and the file."""

from __future__ import annotations

import re
from html import unescape

import pytest

from multimail.surfaces.web import audit
from tests.support.desk import BOX, Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def test_what_happened_is_there_with_who_and_where(desk: Desk, reviewer: Guest) -> None:
    held = (await desk.send()).message_id
    await desk.decide(held)

    page = await reviewer.get("/audit")

    assert f'href="/history/{held}"' in page.text
    assert "reviewer A person or program approved. oversight.approved agent@localhost" in text(page)
    assert f"principal={desk.who['reviewer']}" in page.text
    assert "Calls of operations" not in text(page)


async def test_filters_stay_and_hold(desk: Desk, at: House) -> None:
    await desk.decide((await desk.send()).message_id)
    async with at.signed_in("operator") as operator:
        page = await operator.get(f"/audit?kinds=oversight.*&mailbox={BOX}&since=2026-03-01")
        calls = await operator.get("/audit?calls=1&kinds=decide_email")

    assert "oversight.approved" in page.text
    assert "message.queued" not in page.text
    assert 'value="2026-03-01"' in page.text
    assert '<option value="oversight.*" selected>' in page.text
    assert "Decide on a held mail." in text(calls)


async def test_it_goes_on_page_by_page(desk: Desk, reviewer: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_PAGE", 2)
    for number in range(3):
        await desk.send(subject=f"Mail {number}")

    first = await reviewer.get("/audit?kinds=message.*")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link is not None
    second = await reviewer.get(unescape(link[1]))

    assert [page.text.count("<tr data-row>") for page in (first, second)] == [2, 1]
    assert 'href="/audit?kinds=message.%2A"' in second.text


@pytest.mark.parametrize(
    ("query", "beside"),
    [
        ("since=tomorrow", "since"),
        ("until=x&message_id=kept", "until"),
        ("kinds=message.flew", "kinds"),
        ("mailbox=nobody@localhost", "mailbox"),
        ("calls=1", "calls"),
    ],
)
async def test_a_wrong_filter_is_named_beside_its_field_and_all_are_kept(
    reviewer: Guest, query: str, beside: str
) -> None:
    page = await reviewer.get(f"/audit?{query}")

    assert page.status_code in {403, 404, 422}
    assert f'id="fault-{beside}"' in page.text
    assert "kept" not in query or 'value="kept"' in page.text


async def test_the_file_has_the_lines_of_the_filters(desk: Desk, reviewer: Guest) -> None:
    await desk.decide((await desk.send()).message_id)

    as_csv = await reviewer.get("/audit/export?kinds=oversight.*&format=csv")
    as_json = await reviewer.get("/audit/export?kinds=oversight.*&format=jsonl")

    assert as_csv.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["x-content-type-options"] == "nosniff"
    assert (len(as_csv.text.splitlines()), len(as_json.text.splitlines())) == (2, 1)
    assert (await reviewer.get("/audit/export?format=xls")).status_code == 422


async def test_nothing_found_says_what_to_do(reviewer: Guest) -> None:
    assert "Nothing like that happened" in text(await reviewer.get("/audit?message_id=msg_00000000000000"))


async def test_who_oversees_nothing_sees_no_audit(desk: Desk, at: House) -> None:
    desk.who["looker"] = (await at.key(name="looker", role="viewer", kind="person")).key_id
    async with at.signed_in("looker") as viewer:
        assert [(await viewer.get(path)).status_code for path in ("/audit", "/audit/export")] == [403, 403]


@pytest.mark.parametrize(
    ("field", "query"),
    [("until", "since=2030-01-02&until=2030-01-01"), ("message_id", "message_id=Monday")],
)
async def test_a_filter_that_can_find_nothing_is_named_beside_it(
    reviewer: Guest, field: str, query: str
) -> None:
    page = await reviewer.get(f"/audit?{query}")

    assert page.status_code == 422
    assert f'id="fault-{field}"' in page.text
    assert f'name="{field}" type="text" value="{query.rpartition("=")[2]}"' in page.text
