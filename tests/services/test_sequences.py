"""Planning sequences, who gets into them, and stopping them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

STEPS: list[dict[str, Any]] = [
    {"subject": "Welcome", "body": "Hello {{name}}.", "tags": ["drip_step_0"]},
    {"wait": "3d", "subject": "First steps", "body": "Here they are."},
    {"wait": "1w", "subject": "Last", "body": "Good bye.", "unless": ["customer"]},
]


async def planned(desk: Desk, **more: Any) -> Any:
    given = {"name": "welcome", "mailbox": desk.box, "steps": STEPS} | more
    return await desk.call("agent", "create_sequence", **given)


async def enrolled(desk: Desk, *emails: str, **more: Any) -> Any:
    given = {"sequence_id": "welcome", "emails": list(emails) or ["ann@example.org"]} | more
    return await desk.call("agent", "enroll_contacts", **given)


async def reasons(desk: Desk) -> dict[str, str | None]:
    page = await desk.call("agent", "get_sequence", sequence_id="welcome")
    return {one.email: one.reason or one.status for one in page.enrollments}


async def test_a_sequence_is_shown_as_it_was_planned(desk: Desk) -> None:
    made = await planned(desk, done_tag="drip_complete", stop_tags="customer,lost")

    found = await desk.call("viewer", "get_sequence", sequence_id=made.sequence_id)

    assert [(one.step, one.wait, one.subject) for one in found.steps] == [
        (0, "0", "Welcome"), (1, "3d", "First steps"), (2, "1w", "Last")
    ]  # fmt: skip
    assert (found.run_by, found.stop_tags, found.done_tag) == (
        "agents",
        ["customer", "lost"],
        "drip_complete",
    )
    assert (await desk.call("agent", "list_sequences")).sequences[0].counts == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"steps": [{"subject": "a", "body": "b", "wait": "soon"}]}, "steps.0.wait"),
        (
            {"steps": [{"subject": "a", "body": "b"}, {"wait": "2y", "subject": "a", "body": "b"}]},
            "steps.1.wait",
        ),
        ({"steps": [{"subject": "a"}]}, "steps.0.subject"),
        ({"steps": [{"subject": "a", "body": "b", "template": "t"}]}, "steps.0.template"),
        ({"steps": [{"template": "nothing"}]}, "steps.0.template"),
        ({"steps": [{"subject": "a", "body": "b", "tags": ["trusted:all"]}]}, "steps.0.tags"),
        ({"steps": [{"subject": "a", "body": "b", "delay_days": 3}]}, "steps.0.delay_days"),
        ({"steps": []}, "steps"),
        ({"name": " "}, "name"),
        ({"done_tag": "trusted:all"}, "done_tag"),
    ],
)
async def test_what_is_no_plan_is_refused_with_its_place(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    problem = await desk.refused(
        "agent", "create_sequence", **{"name": "a", "mailbox": desk.box, "steps": STEPS} | change
    )

    assert problem.field == field


async def test_a_name_is_free_again_once_its_sequence_was_stopped(desk: Desk) -> None:
    await planned(desk)
    assert (
        await desk.refused("agent", "create_sequence", name="welcome", mailbox=desk.box, steps=STEPS)
    ).code == ("already_exists")
    await desk.call("agent", "stop_sequence", sequence_id="welcome")

    assert (await planned(desk)).status == "active"
    assert (await desk.refused("agent", "get_sequence", sequence_id="nothing")).code == "not_found"


async def test_who_is_in_it_stays_where_he_is_and_who_opted_out_does_not_get_in(desk: Desk) -> None:
    await planned(desk)
    await desk.call("operator", "tag_email", email="gone@example.org", tags=["unsubscribed"])

    first = await enrolled(desk, "ann@example.org", "Gone@Example.org")
    again = await enrolled(desk, "Ann@example.org", "bob@example.org", again=True)

    assert [(one.enrolled, one.reason) for one in first.results] == [(True, None), (False, "unsubscribed")]
    assert [(one.enrolled, one.reason) for one in again.results] == [(False, "enrolled_before"), (True, None)]
    assert await reasons(desk) == {"ann@example.org": "active", "bob@example.org": "active"}


async def test_one_address_that_is_none_enrolls_nobody(desk: Desk) -> None:
    await planned(desk)

    problem = await desk.refused(
        "agent", "enroll_contacts", sequence_id="welcome", emails=["ann@example.org", "nobody"]
    )

    assert (problem.code, problem.field) == ("invalid_address", "emails.1")
    assert await reasons(desk) == {}


async def test_stopping_it_for_one_leaves_the_others_and_can_be_begun_again(desk: Desk) -> None:
    await planned(desk)
    await enrolled(desk, "ann@example.org", "bob@example.org")

    stop = {"sequence_id": "welcome", "email": "ann@example.org"}
    ended = await desk.call("agent", "stop_sequence", **stop)
    repeated = await desk.call("agent", "stop_sequence", **stop)

    assert (ended.stopped, repeated.stopped) == (1, 0)
    assert await reasons(desk) == {"ann@example.org": "stopped", "bob@example.org": "active"}
    assert (await enrolled(desk, "ann@example.org", again=True)).enrolled == 1
    stop["email"] = "cyd@example.org"
    assert (await desk.refused("agent", "stop_sequence", **stop)).code == "not_found"


async def test_what_was_stopped_takes_nobody_in_and_gives_nothing_out(desk: Desk) -> None:
    made = await planned(desk)
    await enrolled(desk)
    ended = await desk.call(
        "agent", "stop_sequence", sequence_id=made.sequence_id, reason="The offer is over."
    )

    assert ended.stopped == 1
    for operation, more in {
        "enroll_contacts": {"emails": ["bob@example.org"]},
        "claim_sequence_steps": {},
    }.items():
        problem = await desk.refused("agent", operation, sequence_id=made.sequence_id, **more)
        assert problem.code == "conflict"
    assert (await desk.call("agent", "stop_sequence", sequence_id=made.sequence_id)).stopped == 0


async def test_pages_of_people_go_on_where_the_last_ended(desk: Desk) -> None:
    await planned(desk)
    people = [f"p{number}@example.org" for number in range(5)]
    await enrolled(desk, *people)

    first = await desk.call("agent", "get_sequence", sequence_id="welcome", limit=3)
    second = await desk.call("agent", "get_sequence", sequence_id="welcome", limit=3, cursor=first.cursor)
    one = await desk.call("agent", "get_sequence", sequence_id="welcome", email="P3@example.org")

    assert [row.email for row in (*first.enrollments, *second.enrollments)] == people
    assert second.cursor is None
    assert [row.email for row in one.enrollments] == ["p3@example.org"]


async def test_a_key_for_another_mailbox_sees_nothing_of_it(desk: Desk) -> None:
    made = await planned(desk)
    await desk.call("operator", "create_mailbox", address="else@localhost")
    key = await desk.call(
        "operator", "create_key", name="elsewhere", role="agent", mailboxes=["else@localhost"]
    )

    assert (await desk.call(key.key_id, "list_sequences")).count == 0
    for named in (made.sequence_id, "welcome"):
        assert (await desk.refused(key.key_id, "get_sequence", sequence_id=named)).code == "not_found"
