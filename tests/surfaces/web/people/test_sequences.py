"""Sequences on their pages: planned, filled with people, followed and stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.filled import beside, filled, send
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio
AT = "/people/sequences"
PLAN = {
    "name": "welcome", "run_by": "server", "stop_tags": "customer, lost", "done_tag": "through",
    "wait_0": "0", "subject_0": "Welcome", "body_0": "Hello {{name}}.",
    "wait_2": "3d", "subject_2": "More", "body_2": "Here it is.",
}  # fmt: skip


async def made(desk: Desk, **more: Any) -> str:
    steps = [{"subject": "Welcome", "body": "Hello."}, {"wait": "3d", "subject": "More", "body": "Here."}]
    found = await desk.call(
        "operator", "create_sequence", **{"name": "welcome", "mailbox": desk.box, "steps": steps} | more
    )
    return f"{AT}/{found.sequence_id}"


async def test_a_sequence_is_planned_without_the_steps_that_are_empty(desk: Desk, operator: Guest) -> None:
    at = await send(operator, AT, **PLAN)
    page = text(await operator.get(at))

    (found,) = (await desk.call("operator", "list_sequences")).sequences
    assert [(one.wait, one.subject) for one in found.steps] == [("0", "Welcome"), ("3d", "More")]
    assert (found.run_by, found.stop_tags, found.done_tag) == ("server", ["customer", "lost"], "through")
    assert "From agent@localhost , sent by this server" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"wait_0": "soon"}, "wait_0"),
        ({"body_0": ""}, "subject_0"),
        ({"done_tag": "a,b=c{"}, "done_tag"),
    ],
)
async def test_a_fault_stands_beside_its_field_and_all_is_kept(
    desk: Desk, operator: Guest, wrong: dict[str, str], field: str
) -> None:
    page = await send(operator, AT, **PLAN | wrong)

    assert beside(page, field)
    kept = filled(page, AT)
    assert {name: kept[name] for name in PLAN} == PLAN | wrong
    assert (await desk.call("operator", "list_sequences")).count == 0


async def test_people_are_enrolled_and_who_opted_out_is_counted(desk: Desk, operator: Guest) -> None:
    await desk.call("operator", "tag_email", email="gone@example.org", tags=["unsubscribed"])
    at = await made(desk)

    page = text(await operator.get(await send(operator, at, emails="ann@example.org\ngone@example.org")))
    assert "1 enrolled; 1 not" in page
    assert "ann@example.org active 1" in page
    wrong = await send(operator, at, emails="nobody")

    assert beside(wrong, "emails")
    assert filled(wrong, at)["emails"] == "nobody"


async def test_it_is_stopped_for_one_and_then_for_all_after_one_more_look(
    desk: Desk, operator: Guest
) -> None:
    at = await made(desk)
    await desk.call(
        "operator", "enroll_contacts", sequence_id="welcome", emails=["ann@example.org", "bob@example.org"]
    )
    page = await send(operator, f"{at}/stop?email=ann%40example.org", f"{at}/stop")
    assert "It is over for 1 person; no mails that had not left were withdrawn." in text(
        await operator.get(page)
    )
    assert "ann@example.org stopped by hand" in text(await operator.get(f"{at}?status=stopped"))

    assert "1 person gets no more of it." in text(await operator.get(f"{at}/stop"))
    await send(operator, f"{at}/stop")

    found = await desk.call("operator", "get_sequence", sequence_id=at.rpartition("/")[2])
    assert (found.status, found.counts) == ("stopped", {"stopped": 1, "sequence_stopped": 1})
    assert 'name="emails"' not in (await operator.get(at)).text


async def test_many_people_are_shown_page_by_page(desk: Desk, operator: Guest) -> None:
    at = await made(desk)
    people = [f"p{number:02}@example.org" for number in range(60)]
    await desk.call("operator", "enroll_contacts", sequence_id="welcome", emails=people)

    first = await operator.get(at)
    assert first.text.count("data-row") == 50
    more = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert (await operator.get(more)).text.count("data-row") == 10
