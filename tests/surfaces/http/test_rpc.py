"""Operations at /v1/{operation}: exactly 200, GET where nothing changes, whole lists, problems that help."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS, operation
from multimail.contract.resource import asked_by_get
from tests.support.desk import Desk
from tests.support.rest import Front, problem

pytestmark = pytest.mark.anyio

MAIL: dict[str, Any] = {"to": "ann@example.org", "subject": "Hi", "body": "Hello"}
OFFERED = [row.name for row in OPERATIONS if REST in row.surfaces]


@pytest.mark.parametrize("name", OFFERED)
async def test_every_operation_has_a_route_that_post_reaches(api: Front, name: str) -> None:
    answer = await api.ask("POST", f"/v1/{name}", "nobody", json=dict(operation(name).examples[0].arguments))

    assert problem(answer)["code"] == "unauthenticated"


@pytest.mark.parametrize("name", OFFERED)
async def test_get_is_open_where_nothing_changes_and_only_there(api: Front, name: str) -> None:
    answer = await api.ask("GET", f"/v1/{name}", "nobody")

    opened = asked_by_get(operation(name)) is not None
    assert (answer.status_code == 405) is not opened
    assert answer.headers.get("allow", "") == ("" if opened else "OPTIONS, POST")


async def test_a_send_is_answered_with_exactly_200(api: Front) -> None:
    answer = await api.ask("POST", "/v1/send_email", json=MAIL | {"from": "agent@localhost"})

    assert answer.status_code == 200
    assert answer.json()["status"] == "pending_approval"
    assert answer.headers["content-type"] == "application/json"
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )


async def test_calls_are_recorded_as_made_over_rest(api: Front, desk: Desk) -> None:
    sent = await api.call("send_email", mailbox=desk.box, **MAIL)

    decided = await api.call("decide_email", "reviewer", id=sent["id"], action="approve")

    assert decided["via"] == "rest"


async def test_get_and_head_take_arguments_in_the_query(api: Front, desk: Desk) -> None:
    await api.call("send_email", mailbox=desk.box, tags=["spring"], **MAIL)

    found = await api.ask("GET", f"/v1/list_pending?mailbox={desk.box}&tag=spring&limit=1")
    head = await api.ask("HEAD", "/v1/list_pending?tag=autumn")

    assert found.json()["count"] == 1
    assert head.status_code == 200


async def test_get_never_marks_never_changes_and_says_so(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    read = await api.ask("GET", f"/v1/read_email?message_id={mail}")
    asked = problem(await api.ask("GET", f"/v1/read_email?message_id={mail}&mark_read=true"))
    upsert = problem(await api.ask("GET", "/v1/manage_contacts?email=new@example.org&upsert=true"))

    assert read.json()["status"] == await desk.status(mail) == "unread"
    assert [(one["code"], one["field"]) for one in (asked, upsert)] == [
        ("contradiction", "mark_read"), ("contradiction", "upsert"),
    ]  # fmt: skip


async def test_lists_are_whole_unless_a_limit_is_given(api: Front, desk: Desk) -> None:
    for number in range(25):
        await api.call("manage_contacts", action="add", email=f"p{number}@example.org", tags=["unsubscribed"])

    whole = await api.call("manage_contacts", mailbox=desk.box, tag="unsubscribed")
    some = await api.call("manage_contacts", mailbox=desk.box, tag="unsubscribed", limit=20)

    assert (whole["count"], whole["cursor"]) == (25, None)
    assert (some["count"], bool(some["cursor"])) == (20, True)


async def test_texts_have_a_mebibyte_unless_less_is_asked_for(api: Front, desk: Desk) -> None:
    mail = await desk.receive("long " * 10_000)

    whole = await api.call("read_email", id=mail)
    cut = await api.call("read_email", id=mail, max_bytes=300)

    assert "body_cut" not in whole
    assert len(cut["body"]) <= 300


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"subject": "x"}, "invalid", "to"),
        (MAIL | {"subjet": "x"}, "unknown_field", "subjet"),
        (MAIL | {"from": "agent@localhost", "mailbox": "b@localhost"}, "contradiction", "mailbox"),
        (MAIL | {"to": "nobody"}, "invalid_address", "to"),
        (MAIL | {"scheduled_at": "tomorrow"}, "invalid_time", "scheduled_at"),
        (MAIL | {"mailbox": "nobody@localhost"}, "unknown_mailbox", "mailbox"),
    ],
)
async def test_what_is_wrong_is_named_with_what_would_be_right(
    api: Front, desk: Desk, arguments: dict[str, Any], code: str, field: str
) -> None:
    found = await api.refused("send_email", **arguments)

    assert (found["code"], found["field"], found["retry"]) == (code, field, False)
    assert found["title"]
    assert found["detail"]
    assert found["advice"]
    assert (await api.call("list_pending"))["count"] == 0


async def test_arguments_of_a_post_are_not_taken_from_the_query(api: Front) -> None:
    found = problem(await api.ask("POST", "/v1/send_email?to=ann@example.org", json=MAIL))

    assert (found["code"], found["field"]) == ("invalid", "to")


async def test_a_foreign_id_and_a_random_one_get_the_same_bytes(api: Front, desk: Desk) -> None:
    made = await desk.call("operator", "create_mailbox", address="desk@localhost")
    stranger = await desk.call("operator", "create_key", name="s", role="agent", mailboxes=["desk@localhost"])
    mail = await desk.receive()

    answers = [
        await api.ask("POST", "/v1/read_email", stranger.key_id, json={"message_id": name})
        for name in (mail, mail[:-6] + "zzzzzz")
    ]

    assert made.mailbox.address == "desk@localhost"
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 404


async def test_cancelled_is_told_in_errors_too(api: Front, desk: Desk) -> None:
    sent = await api.call("send_email", mailbox=desk.box, **MAIL)

    done = await api.call("cancel_message", message_id=sent["message_id"], reason="no need")
    refused = await api.refused("cancel_message", message_id="msg_00000000000000")

    assert (done["cancelled"], done["reason"]) == (True, "no need")
    assert (refused["cancelled"], refused["code"]) == (False, "not_found")


async def test_an_unexpected_fault_is_an_internal_problem_and_is_logged(
    api: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*arguments: Any) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("multimail.services.dispatch.call", broken)

    found = problem(await api.ask("GET", "/v1/list_mailboxes"))

    assert (found["code"], found["status"], "secret" in str(found)) == ("internal", 500, False)
    assert "a secret" in caplog.text
