"""Answers are written once, whatever is in them, and long ones do not hold up the others."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from multimail.contract.contacts import ContactList, ContactView
from multimail.core.times import to_datetime
from multimail.surfaces.http.answers import encode, json_response, rendered

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "answer", [{}, {"a": "é😀\u2028", "b": [1, 1.5, True, None], "c": {"d": []}}, {"half": "\ud83d"}]
)
def test_any_answer_becomes_json(answer: dict[str, Any]) -> None:
    assert json.loads(encode(answer)) == answer


def contacts(count: int) -> ContactList:
    one = ContactView(
        contact_id="contact_1", email="ann@example.org", name="Ann", tags=[], metadata={}, created_at=to_datetime(0)
    )  # fmt: skip
    return ContactList(contacts=[one] * count, count=count)


@pytest.mark.parametrize(("count", "elsewhere"), [(200, False), (201, True)])
async def test_only_a_long_list_is_written_in_another_thread(count: int, elsewhere: bool) -> None:
    where: list[int] = []

    def shape(answer: dict[str, Any]) -> dict[str, Any]:
        where.append(threading.get_ident())
        return {"count": answer["count"]}

    assert await rendered(contacts(count), shape) == ({"count": count}, b'{"count":%d}' % count)
    assert (where != [threading.get_ident()]) is elsewhere


async def test_what_is_not_there_is_left_out() -> None:
    answer, _ = await rendered(contacts(0), dict)

    assert answer == {"contacts": [], "count": 0}


def test_the_media_type_is_that_of_json() -> None:
    assert json_response(b"{}", 201).headers["content-type"] == "application/json"
