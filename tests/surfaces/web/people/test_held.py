"""Everything about a person: a page with what there is, and a file with all of it."""

from __future__ import annotations

import json

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def ann(desk: Desk) -> str:
    await desk.receive("Hello <b>there</b>", Subject="From <i>Ann</i>")
    made = await desk.call(
        "operator", "manage_contacts", action="upsert", email="ann@example.org", metadata={"plan": "<u>"}
    )
    return f"/people/{made.contacts[0].contact_id}/export"


async def test_the_page_tells_what_there_is_and_the_file_has_it(desk: Desk, operator: Guest) -> None:
    at = await ann(desk)

    page = await operator.get(at)
    file = await operator.get(f"{at}/file")

    assert "From &lt;i&gt;Ann&lt;/i&gt;" in page.text
    assert "plan &lt;u&gt; operator" not in text(page)
    assert "plan <u> operator" in text(page)
    assert file.headers["content-disposition"].startswith("attachment")
    whole = json.loads(file.text)
    assert [one["subject"] for one in whole["messages"]] == ["From <i>Ann</i>"]


async def test_it_is_for_operators(desk: Desk, at: House) -> None:
    path = await ann(desk)
    async with at.signed_in("reviewer") as guest:
        assert [(await guest.get(one)).status_code for one in (path, f"{path}/file")] == [403, 403]
