"""Contacts become fast to find some at a time."""

from __future__ import annotations

import pytest

from multimail.services import contact_index
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_contacts_that_came_are_indexed_in_slices_and_found_before_and_after(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_index, "SLICE", 2)
    for number in range(3):
        await desk.call("operator", "manage_contacts", action="upsert", email=f"ann{number}@example.org")

    found = [await desk.call("operator", "search_contacts", query="xample nn2")]
    steps = [await contact_index.step(desk.services) for _ in range(3)]
    found.append(await desk.call("operator", "search_contacts", query="xample nn2"))

    assert steps == [2, 1, 0]
    assert [[one.email for one in page.contacts] for page in found] == [["ann2@example.org"]] * 2
