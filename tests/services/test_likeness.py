"""Drafts that say nearly the same as the one on the desk."""

from __future__ import annotations

import pytest

from multimail.contract.desk import MOST_SIMILAR
from multimail.services import cautions_backlog, likeness
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

FORM = "Dear {},\n\nyour booking for room 4 is confirmed. The door opens at nine.\nCoffee is on the house.\n\nBest, us"


async def test_drafts_of_one_form_are_shown_with_what_differs(desk: Desk) -> None:
    ann = (await desk.send(body=FORM.format("Ann"))).message_id
    bob = (await desk.send(body=FORM.format("Bob"), to=["bob@example.org"])).message_id
    await desk.send(body="The invoice of last month is attached, please pay it soon.", subject="Else")

    view = await desk.call("reviewer", "review_email", message_id=bob)

    (one,) = view.similar
    assert (view.similar_count, one.message_id, one.same, one.to) == (1, ann, False, ["ann@example.org"])
    assert one.digest == (await desk.message(ann)).digest
    assert "-Dear Ann,\n+Dear Bob,\n" in one.diff
    assert 50 <= one.likeness < 100


async def test_the_same_text_to_somebody_else_is_the_same(desk: Desk) -> None:
    await desk.send(body=FORM.format("all"))
    second = (await desk.send(body=FORM.format("all"), to=["bob@example.org"])).message_id

    (one,) = (await desk.call("reviewer", "review_email", message_id=second)).similar

    assert (one.same, one.likeness, one.diff) == (True, 100, "")


async def test_a_difference_in_one_figure_is_never_called_the_same(desk: Desk) -> None:
    await desk.send(body=FORM.format("all") + " Pay 10 EUR.")
    second = (await desk.send(body=FORM.format("all") + " Pay 99 EUR.", to=["bob@example.org"])).message_id

    (one,) = (await desk.call("reviewer", "review_email", message_id=second)).similar

    assert (one.same, one.likeness) == (False, 99)
    assert "+Best, us Pay 99 EUR." in one.diff


async def test_of_very_many_the_nearest_are_shown_and_all_are_counted(desk: Desk) -> None:
    for number in range(MOST_SIMILAR + 2):
        last = (await desk.send(body=FORM.format(f"P{number}"), to=[f"p{number}@example.org"])).message_id
    while await cautions_backlog.step(desk.services):
        pass

    view = await desk.call("reviewer", "review_email", message_id=last)

    assert (len(view.similar), view.similar_count) == (MOST_SIMILAR, MOST_SIMILAR + 1)


async def test_drafts_of_mailboxes_that_are_not_ones_own_are_not_shown(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    made = await desk.call("operator", "create_key", name="r", role="reviewer", mailboxes=[desk.box])
    await desk.send(
        "operator", mailbox="other@localhost", body=FORM.format("Ann"), oversight_mode="gated_send"
    )
    mine = (await desk.send(body=FORM.format("Bob"))).message_id

    view = await desk.call(made.key_id, "review_email", message_id=mine)

    assert (view.similar, view.similar_count) == ([], 0)


async def test_of_very_long_drafts_the_first_are_compared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "COMPARED", 3 * len(FORM))
    for name in ("Ann", "Bob", "Eve"):
        last = (await desk.send(body=FORM.format(name), to=[f"{name}@example.org"])).message_id

    view = await desk.call("reviewer", "review_email", message_id=last)

    assert [one.diff[:4] for one in view.similar] == ["--- ", "(Too"]


async def test_differences_share_the_budget(desk: Desk) -> None:
    words = "\n".join(f"line {number} of it" for number in range(200))
    for name in ("Ann", "Bob", "Eve"):
        last = (await desk.send(body=f"{words}\n{name}", to=[f"{name}@example.org"])).message_id

    view = await desk.call("reviewer", "review_email", message_id=last, max_bytes=1_024)

    assert sum(len(one.diff) for one in view.similar) <= 1_024
