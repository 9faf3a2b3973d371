"""One of many: its refusal is a result, a fault of the server is not."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.ports.store import Tx
from multimail.services.attempts import attempted, refusal
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


def fails(code: str) -> None:
    raise Problem(code, "No.", field="to", advice="Ask.")


async def test_a_refusal_is_handed_back_and_what_was_done_stands(desk: Desk) -> None:
    def work(tx: Tx) -> tuple[object, object]:
        tx.settings.set("one", 1)
        good = attempted(tx, lambda: tx.settings.set("two", 2))
        return good, attempted(tx, lambda: fails("conflict"))

    good, bad = await desk.write(work)

    assert good is None
    assert isinstance(bad, Problem)
    assert await desk.read(lambda tx: [tx.settings.get(name) for name in ("one", "two")]) == [1, 2]


async def test_a_fault_of_the_server_is_everybodys(desk: Desk) -> None:
    def work(tx: Tx) -> None:
        tx.settings.set("one", 1)
        attempted(tx, lambda: fails("storage_full"))

    with pytest.raises(Problem, match="storage_full"):
        await desk.write(work)

    assert await desk.read(lambda tx: tx.settings.get("one")) is None


def test_a_refusal_says_in_which_of_many_it_was() -> None:
    problem = Problem("conflict", "No.", field="to", advice="Ask.")

    assert refusal(problem, "recipients.3") == {
        "code": "conflict", "message": "No.", "field": "recipients.3.to", "advice": "Ask.",
    }  # fmt: skip
    assert refusal(Problem("conflict", "No."))["field"] is None
