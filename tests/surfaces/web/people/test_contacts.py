"""The list of contacts: found by its filters, page by page, and one more by hand."""

from __future__ import annotations

import re

import pytest

from multimail.surfaces.web.people import contacts
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio


async def people(desk: Desk) -> None:
    for name, tags, plan in (("ann", ["vip"], "pro"), ("bob", [], "pro"), ("eve", ["vip"], "free")):
        await desk.call(
            "operator", "manage_contacts", action="add", email=f"{name}@x.example", tags=tags,
            metadata={"plan": plan},
        )  # fmt: skip


def shown(page: str) -> list[str]:
    return re.findall(r">(\w+)@x\.example</a>", page)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["ann", "bob", "eve"]), ("?q=ann", ["ann"]), ("?tag=vip", ["ann", "eve"]), ("?domain=x.example", "all"),
        ("?data=plan%3Dpro&tag=vip", ["ann"]), ("?seen=silent-30", "all"), ("?seen=heard-7", []),
        ("?seen=nonsense", "all"),
    ],
)  # fmt: skip
async def test_the_filters_find(desk: Desk, operator: Guest, query: str, names: list[str] | str) -> None:
    await people(desk)

    page = await operator.get(f"/people{query}")

    wanted = ["ann", "bob", "eve"] if names == "all" else names
    assert [one for one in shown(page.text) if one in ("ann", "bob", "eve")] == wanted


@pytest.mark.parametrize("query", ["", "seen=silent-30"])
async def test_a_page_leads_to_the_next(
    desk: Desk, operator: Guest, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    await people(desk)
    monkeypatch.setattr(contacts, "_PAGE", 2)
    found: list[str] = []
    path = f"/people?{query}"
    while path:
        page = (await operator.get(path)).text
        found += shown(page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        path = link[1].replace("&amp;", "&") if link else ""

    assert [one for one in found if one in ("ann", "bob", "eve")] == ["ann", "bob", "eve"]


async def test_a_filter_that_says_nothing_is_kept_with_the_fault_beside_it(operator: Guest) -> None:
    page = await operator.get("/people?data=plan&q=ann")

    assert page.status_code == 422
    assert "KEY=VALUE" in text(page)
    assert 'value="ann"' in page.text


async def test_one_more_is_added_and_one_that_is_there_is_named(desk: Desk, operator: Guest) -> None:
    await operator.get("/people")
    added = await operator.post("/people", email="zoe@x.example", name="Zoe", tags="vip, new")
    again = await operator.post("/people", email="zoe@x.example", name="Other", tags="")

    assert added.status_code == 303
    page = await operator.get(added.headers["location"])
    assert "Added." in text(page)
    assert "zoe@x.example" in page.text
    assert again.status_code == 409
    assert 'value="Other"' in again.text


async def test_a_reviewer_sees_them_and_takes_no_file_along(at: House, desk: Desk) -> None:
    await people(desk)
    async with at.signed_in("reviewer") as guest:
        page = await guest.get("/people")

    assert "ann" in shown(page.text)
    assert "/people/import" not in page.text
