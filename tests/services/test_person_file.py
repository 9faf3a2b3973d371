"""The export of a person as a file: whole, in pieces, and for operators."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services import person_file
from multimail.services.context import Caller
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def written(desk: Desk, email: str = ANN, who: str = "operator") -> Any:
    pieces = await person_file.as_file(desk.services, Caller(desk.who[who], "rest"), {"email": email})
    return json.loads(b"".join([piece async for piece in pieces]))


async def test_the_file_is_what_the_pages_say_in_one_object(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await desk.receive("Hi", Subject=f"Number {number}")
    await desk.call("operator", "record_consent", email=ANN, topic="newsletter")
    monkeypatch.setattr(person_file, "_PAGE", 1)

    whole = await written(desk)

    assert [one["subject"] for one in whole["messages"]] == ["Number 0", "Number 1", "Number 2"]
    assert [one["topic"] for one in whole["consents"]] == ["newsletter"]
    assert whole["messages_total"] == 3
    assert "cursor" not in whole
    await desk.reopen()
    found = await desk.call("operator", "search_audit", kinds=["export_person_file"], calls=True)
    assert [one.outcome for one in found.lines] == ["ok"]


async def test_of_a_stranger_it_is_a_whole_object_too(desk: Desk) -> None:
    assert (await written(desk, "stranger@example.org"))["messages"] == []


async def test_who_may_not_is_refused_before_the_first_piece_and_a_key_that_ends_ends_the_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="forbidden"):
        await written(desk, who="agent")
    for number in range(2):
        await desk.receive("Hi", Subject=f"Number {number}")
    monkeypatch.setattr(person_file, "_PAGE", 1)
    key = (await desk.call("operator", "create_key", name="brief", role="operator")).key_id
    pieces = await person_file.as_file(desk.services, Caller(key, "rest"), {"email": ANN})
    await anext(pieces)
    await desk.call("operator", "revoke_key", key_id=key)

    with pytest.raises(Problem, match="unauthenticated"):
        _ = [piece async for piece in pieces]
