"""The register of processing on its page and as a file."""

from __future__ import annotations

import json

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def test_the_page_shows_activities_and_what_is_not_stated(desk: Desk, operator: Guest) -> None:
    await desk.set(metadata={"purpose": {"news": "News <b>"}, "controller": "Example Ltd"})

    page = await operator.get("/people/register")

    assert "Controller: Example Ltd." in text(page)
    assert "news News <b> not stated" in text(page)
    assert "Something is not stated." in text(page)


async def test_the_files_are_what_the_operation_says(desk: Desk, operator: Guest) -> None:
    await desk.set(metadata={"purpose": {"news": "=1+1"}})

    table = await operator.get("/people/register/file?format=csv")
    whole = await operator.get("/people/register/file?format=json")
    wrong = await operator.get("/people/register/file?format=xls")

    assert "'=1+1" in table.text
    assert {one.get("purpose") for one in json.loads(whole.text)["activities"]} == {None, "=1+1"}
    assert wrong.status_code == 422


async def test_it_is_for_operators(at: House) -> None:
    async with at.signed_in("reviewer") as guest:
        assert (await guest.get("/people/register")).status_code == 403
        assert (await guest.get("/people/register/file")).status_code == 403
