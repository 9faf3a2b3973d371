"""The order of the queue: by risk or time, with what belongs together side by side."""

from __future__ import annotations

import pytest

from multimail.ports.desk import QueueSearch, Waiting
from multimail.services import desk_order
from multimail.services.desk_order import UNDECIDED, arranged
from tests.support.desk import Desk


def waiting(*risks: int | None) -> list[Waiting]:
    return [Waiting(seq, f"m{seq}", risk, b"", "", seq) for seq, risk in enumerate(risks)]


def order(found: list[Waiting]) -> list[int]:
    return [one.seq for one in found]


@pytest.mark.parametrize(
    ("name", "expected"), [("risk", [2, 1, 3, 0]), ("oldest", [0, 1, 2, 3]), ("newest", [3, 2, 1, 0])]
)
def test_the_queue_has_three_orders(name: str, expected: list[int]) -> None:
    assert order(arranged(waiting(5, 60, None, 60), name)) == expected


def test_groups_stand_where_their_first_mail_would_and_keep_their_order() -> None:
    keys = {"m0": "a", "m1": "b", "m2": "a", "m3": "b"}

    assert order(arranged(waiting(10, 60, 40, 5), "risk", keys)) == [1, 3, 2, 0]


@pytest.mark.anyio
async def test_what_nobody_examined_is_so_many_at_once_and_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_order, "EXAMINED_AT_ONCE", 2)
    for number in range(3):
        await desk.send(subject=f"No. {number}")

    first = (await desk.call("reviewer", "list_reviews")).reviews
    found = await desk.read(lambda tx: tx.desk.waiting(QueueSearch(None, True, UNDECIDED, {})))
    then = (await desk.call("reviewer", "list_reviews")).reviews

    assert [(one.subject, one.risk, one.warnings[0]) for one in first] == [
        ("No. 2", 100, "unexamined"), ("No. 0", 25, "new_recipient"), ("No. 1", 25, "new_recipient"),
    ]  # fmt: skip
    assert [one.risk for one in found] == [25, 25, None]
    assert [(one.subject, one.risk) for one in then] == [("No. 0", 25), ("No. 1", 25), ("No. 2", 25)]


@pytest.mark.anyio
async def test_what_is_too_large_to_be_examined_meanwhile_stands_on_top(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_order, "BYTES_AT_ONCE", 3_000)
    await desk.send(subject="Small")
    await desk.send(subject="Large", body="word " * 2_000)

    rows = (await desk.call("reviewer", "list_reviews")).reviews

    assert [(one.subject, one.warnings[0]) for one in rows] == [
        ("Large", "unexamined"),
        ("Small", "new_recipient"),
    ]
