"""The one door: scopes, the record of every call, idempotency, and answers only after the commit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Role
from multimail.core.times import SECOND
from multimail.ports.records import StoredCall
from multimail.services import dispatch
from multimail.services.binding import Binding
from multimail.services.bindings import BINDINGS
from multimail.services.context import Caller
from tests.support.desk import BOX, MAIL, Desk

pytestmark = pytest.mark.anyio


async def calls(desk: Desk, who: str) -> list[StoredCall]:
    """The record of a principal's calls, newest first."""
    await desk.reopen()
    return await desk.read(lambda tx: tx.events.calls(desk.who.get(who, who), 100))


def test_every_operation_is_bound_once_to_a_handler_or_a_wait() -> None:
    assert BINDINGS.keys() == {row.name for row in OPERATIONS}
    for row in OPERATIONS:
        binding = BINDINGS[row.name]
        assert (binding.handler is None) == (binding.wait is not None) == row.waits


@pytest.mark.parametrize("role", Role)
async def test_an_operation_is_refused_without_its_scope_before_anything_else_is_looked_at(
    desk: Desk, role: Role
) -> None:
    lacking = [row for row in OPERATIONS if row.scope not in ROLE_SCOPES[role]]

    for row in lacking:
        example = row.examples[0].arguments
        problem = await desk.refused(role.value, row.name, **example)
        assert (problem.code, row.scope in problem.message) == ("forbidden", True), row.name


async def test_every_call_is_recorded_reads_and_refusals_included(desk: Desk) -> None:
    sent = await desk.send("other")
    desk.later(SECOND)
    await desk.call("other", "list_pending")
    await desk.refused("other", "send_email", to=["nonsense"], mailbox=BOX)
    await desk.refused("other", "cancel_message", message_id="msg_00000000000000")
    await desk.refused("other", "list_keys")

    found = {(one.operation, one.outcome, one.target) for one in await calls(desk, "other")}

    assert found == {
        ("send_email", "ok", sent.message_id), ("list_pending", "ok", None),
        ("send_email", "invalid_address", None), ("cancel_message", "not_found", "msg_00000000000000"),
        ("list_keys", "forbidden", None),
    }  # fmt: skip


async def test_the_record_holds_no_text_of_a_caller(desk: Desk) -> None:
    for operation, given in {
        "say hello to ann@example.org": {},
        "read_email": {"message_id": "my secret diary"},
        "list_pending": {"mailbox": "ann@example.org"},
    }.items():
        await desk.refused("agent", operation, **given)

    text = str([(one.operation, one.target) for one in await calls(desk, "agent")])

    assert not {"hello", "secret", "ann@"} & set(text.split())
    assert "example" not in text
    assert "diary" not in text


async def test_an_unexpected_fault_is_recorded_and_raised_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(tx: Any, call: Any, request: Any) -> Any:
        raise RuntimeError("made for a test")

    monkeypatch.setitem(BINDINGS, "list_mailboxes", Binding(broken))
    with pytest.raises(RuntimeError, match="made for a test"):
        await desk.call("agent", "list_mailboxes")

    assert [one.outcome for one in await calls(desk, "agent")] == ["internal"]


async def test_an_operation_that_does_not_exist_is_named(desk: Desk) -> None:
    problem = await desk.refused("agent", "sned_email")

    assert (problem.code, problem.field, "sned_email" in problem.message) == (
        "unknown_operation",
        "operation",
        True,
    )


@pytest.mark.parametrize("who", ["key_nobody", ""])
async def test_nobody_calls_without_a_principal(desk: Desk, who: str) -> None:
    with pytest.raises(Problem) as caught:
        await dispatch.call(desk.services, Caller(who, "rest"), "list_mailboxes", {})

    assert caught.value.code == "unauthenticated"


async def test_what_a_refused_call_wrote_is_undone(desk: Desk) -> None:
    inbound = await desk.receive()
    first = await desk.call("agent", "reply_email", message_id=inbound, body="Ten.")
    await desk.set(allowed=[])

    problem = await desk.refused("agent", "reply_email", message_id=inbound, body="Twelve.")

    assert (problem.code, await desk.status(first.message_id)) == (
        "recipient_not_allowed",
        "pending_approval",
    )


async def test_a_caller_who_goes_away_leaves_a_write_whole(desk: Desk) -> None:
    task = asyncio.ensure_future(desk.send())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    listed = await desk.call("agent", "list_pending")

    assert listed.count in {0, 1}
    if listed.count:
        assert len(await desk.kinds(listed.pending[0].message_id)) == 1


async def test_the_same_key_at_the_same_time_is_one_mail(desk: Desk) -> None:
    sent = await asyncio.gather(*(desk.send(idempotency_key="k") for _ in range(20)))

    assert len({one.message_id for one in sent}) == 1
    assert sum(one.repeated is None for one in sent) == 1


async def test_a_key_that_belongs_to_another_operation_is_a_mismatch(desk: Desk) -> None:
    inbound = await desk.receive()
    await desk.send(idempotency_key="k")

    problem = await desk.refused("agent", "reply_email", message_id=inbound, body="x", idempotency_key="k")

    assert problem.code == "idempotency_mismatch"


async def test_a_wait_tells_its_progress_and_ends_at_its_time(desk: Desk) -> None:
    sent = await desk.send()
    seen: list[tuple[float, float]] = []

    async def progress(done: float, total: float) -> None:
        seen.append((done, total))
        # Once the wait goes on: it sleeps by the account's clock, which nobody else moves.
        asyncio.get_running_loop().call_soon(desk.later, 10 * SECOND)

    given = {"message_id": sent.message_id, "timeout_seconds": 20}
    caller = Caller(desk.who["agent"], "mcp:stdio")
    view: Any = await dispatch.call(desk.services, caller, "wait_for_decision", given, progress)

    assert (view.decided, view.waited_seconds, seen) == (False, 20.0, [(0.0, 20.0), (10.0, 20.0)])


async def test_a_wait_ends_when_its_key_expires(desk: Desk) -> None:
    end = desk.at(2 * SECOND)
    key = await desk.call("operator", "create_key", name="short", role="viewer", expires_at=end)

    async def progress(done: float, total: float) -> None:
        asyncio.get_running_loop().call_soon(desk.later, 2 * SECOND)

    with pytest.raises(Problem) as raised:
        await dispatch.call(
            desk.services, Caller(key.key_id, "rest"), "wait_for_email", {"timeout_seconds": 60}, progress
        )

    assert raised.value.code == "unauthenticated"


async def test_arguments_are_checked_before_a_transaction_is_begun(desk: Desk) -> None:
    version = desk.services.store.version()

    await desk.refused("agent", "send_email", **MAIL, mailbx=BOX)

    assert desk.services.store.version() == version
