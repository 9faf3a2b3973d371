"""Decisions as they are shown: by whom, how, and where they led."""

from __future__ import annotations

import pytest

from multimail.core.times import MINUTE
from multimail.services.decision_views import name_of
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_a_name_is_for_people_and_the_id_beside_it_for_the_record(desk: Desk) -> None:
    names = await desk.read(lambda tx: [name_of(tx, desk.who["reviewer"]), name_of(tx, "server")])

    assert names == [f"reviewer ({desk.who['reviewer']})", "server"]


async def test_a_decision_says_through_which_door_it_came(desk: Desk) -> None:
    one, other = await desk.send(), await desk.send("owner", subject="Other")

    by_page = await desk.decide(one.message_id, surface="web")
    by_host = await desk.decide(other.message_id, who="owner", asserted=other.digest)

    assert (by_page.via, by_host.via) == ("web", "host-asserted: a host")


async def test_only_an_approval_is_ever_late(desk: Desk) -> None:
    views = []
    for decision in ("approve", "reject"):
        sent = await desk.send(subject=decision, scheduled_at=desk.at(MINUTE))
        desk.later(2 * MINUTE)
        views.append(await desk.decide(sent.message_id, decision))

    assert [view.late_seconds for view in views] == [60, None]


async def test_what_leads_nowhere_special_leaves_its_fields_out(desk: Desk) -> None:
    sent = await desk.send()

    view = await desk.decide(sent.message_id)

    assert (view.note, view.diff, view.approvals_missing, view.repeated, view.scheduled_at) == (
        None, None, None, None, None,
    )  # fmt: skip
