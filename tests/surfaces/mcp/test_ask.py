"""An owner's decision through the host: only the person's own answer counts, and without one nothing happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from multimail.contract.reviews import DecideEmail
from multimail.surfaces.mcp.ask import can_ask, choices_for, decided, form_for, proposal, wanted
from tests.support.mcp_parts import DIGEST, MESSAGE, REVIEW_URL
from tests.surfaces.mcp.conftest import TestDoor

pytestmark = pytest.mark.anyio

Answer = Callable[[Any, types.ElicitRequestParams], Awaitable[types.ElicitResult]]
ARGUMENTS = {"message_id": MESSAGE, "decision": "approve"}


def answering(action: str, **content: str) -> Answer:
    async def answer(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        assert isinstance(params, types.ElicitRequestFormParams)
        assert "See you on Monday." in params.message
        return types.ElicitResult(action=action, content=dict(content) or None)  # type: ignore[arg-type]

    return answer


async def decide(door: TestDoor, era: str, answer: Answer | None, **arguments: Any) -> types.CallToolResult:
    door.name = "owner" if door.name == "agent" else door.name
    info = types.Implementation(name="desk host", version="1")
    async with door.client(era, elicitation_callback=answer, client_info=info) as connected:
        with anyio.fail_after(5):
            return await connected.call_tool("decide_email", {**ARGUMENTS, **arguments})


def text_of(result: types.CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, types.TextContent)
    return block.text


def nothing_happened(door: TestDoor, result: types.CallToolResult) -> bool:
    lines = text_of(result).splitlines()
    assert lines[0].startswith("confirmation_required: ")
    assert f"review_url: {REVIEW_URL}" in lines
    return bool(result.is_error) and door.memory.decisions == []


async def test_what_the_person_accepts_is_done_and_recorded_as_the_hosts_word(
    door: TestDoor, era: str
) -> None:
    result = await decide(door, era, answering("accept", decision="approve", note="fine"))

    assert result.structured_content["via"] == "elicitation:desk host"
    ((call, request),) = door.memory.decisions
    assert (request.decision, request.note, request.digest) == ("approve", "fine", DIGEST)
    assert call.caller.asserted is not None
    assert call.caller.asserted.digest == DIGEST


async def test_the_persons_decision_counts_and_not_the_tools(door: TestDoor, era: str) -> None:
    answer = answering("accept", decision="reject")
    await decide(door, era, answer, note="looks good", confirm_placeholders=True)

    ((_, request),) = door.memory.decisions
    assert (request.decision, request.note, request.confirm_placeholders) == ("reject", "", False)


@pytest.mark.parametrize(
    "answer",
    [
        answering("decline"),
        answering("cancel"),
        answering("accept"),
        answering("accept", decision="leave it waiting"),
        answering("accept", decision="Approve!"),
        answering("decline", decision="approve"),
    ],
)
async def test_without_a_clear_answer_the_mail_stays_as_it_is(
    door: TestDoor, era: str, answer: Answer
) -> None:
    assert nothing_happened(door, await decide(door, era, answer))


async def test_a_host_that_cannot_ask_gets_the_link(door: TestDoor, era: str) -> None:
    assert nothing_happened(door, await decide(door, era, None))


async def test_a_key_without_elicitation_gets_the_link(door: TestDoor, era: str) -> None:
    door.name = "mute"

    assert nothing_happened(door, await decide(door, era, answering("accept", decision="approve")))


async def test_a_mail_that_a_form_cannot_show_gets_the_link(door: TestDoor, era: str) -> None:
    answer = answering("accept", decision="approve")
    too_long = await decide(door, era, answer, message_id="msg_00000000000099")
    edited = await decide(door, era, answer, note="x" * 4000)

    assert nothing_happened(door, too_long)
    assert "It is too long." in text_of(too_long)
    assert nothing_happened(door, edited)


async def test_a_hanging_host_does_not_hang_the_call(door: TestDoor) -> None:
    cancelled = anyio.Event()

    async def hang(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.set()
        raise AssertionError

    assert nothing_happened(door, await decide(door, "legacy", hang))
    assert cancelled.is_set()


async def test_a_host_whose_question_fails_leaves_the_mail_waiting(door: TestDoor) -> None:
    async def fail(context: Any, params: types.ElicitRequestParams) -> types.ErrorData:
        return types.ErrorData(code=-32603, message="no window")

    assert nothing_happened(door, await decide(door, "legacy", fail))  # type: ignore[arg-type]


async def test_the_person_is_told_what_would_be_carried_out_with_it(door: TestDoor, era: str) -> None:
    seen: list[str] = []

    async def look(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        seen.append(params.message)
        return types.ElicitResult(action="decline")

    await decide(door, era, look, late_ok=True, note="hurry")

    assert seen[0].splitlines()[:3] == [
        "desk host proposes: approve. Nothing leaves unless you approve it here.", "note: hurry", "late_ok: True",
    ]  # fmt: skip


async def test_a_draft_that_changed_meanwhile_is_refused(door: TestDoor, era: str) -> None:
    async def edit(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        door.memory.digest = "e" * 64
        return types.ElicitResult(action="accept", content={"decision": "approve"})

    result = await decide(door, era, edit)

    assert text_of(result).startswith("changed: ")
    assert door.memory.decisions == []


async def test_a_program_with_oversight_decides_without_a_question(door: TestDoor, era: str) -> None:
    door.name = "reviewer"
    result = await decide(door, era, None, digest=DIGEST)

    assert result.structured_content["via"] == "mcp:test"


async def first_round(connected: Client) -> types.InputRequiredResult:
    session = connected.session
    asked = await session.call_tool("decide_email", ARGUMENTS, allow_input_required=True)
    assert isinstance(asked, types.InputRequiredResult)
    return asked


YES: types.InputResponses = {"decision": types.ElicitResult(action="accept", content={"decision": "approve"})}


async def test_an_answer_to_another_question_is_refused(door: TestDoor) -> None:
    door.name = "owner"
    async with door.client("auto", elicitation_callback=answering("decline")) as connected:
        state = (await first_round(connected)).request_state
        assert state is not None
        for arguments, sealed in ((ARGUMENTS | {"late_ok": True}, state), (ARGUMENTS, state[:-4] + "AAAA")):
            with pytest.raises(MCPError, match="Invalid or expired"):
                await connected.session.call_tool(
                    "decide_email",
                    arguments,
                    input_responses=YES,
                    request_state=sealed,
                    allow_input_required=True,
                )

    assert door.memory.decisions == []


async def test_an_answer_to_no_question_is_answered_with_the_question(door: TestDoor) -> None:
    door.name = "owner"
    async with door.client("auto", elicitation_callback=answering("decline")) as connected:
        result = await connected.session.call_tool(
            "decide_email", ARGUMENTS, input_responses=YES, allow_input_required=True
        )

    assert isinstance(result, types.InputRequiredResult)
    assert door.memory.decisions == []


@pytest.mark.parametrize(
    ("told", "able"),
    [(None, False), ({}, True), ({"form": {}}, True), ({"form": {}, "url": {}}, True), ({"url": {}}, False)],
)
def test_only_forms_will_do(told: dict[str, Any] | None, able: bool) -> None:
    capabilities = types.ClientCapabilities.model_validate({} if told is None else {"elicitation": told})

    assert can_ask(capabilities) is able


def test_a_client_that_says_nothing_cannot_ask() -> None:
    assert not can_ask(None)


def test_the_form_offers_the_proposal_and_presets_nothing() -> None:
    request = DecideEmail.parse({"id": MESSAGE, "action": "request_changes", "reason": "shorter"})
    field = form_for(request)["properties"]["decision"]

    assert field["enum"] == ["approve", "reject", "request_changes", "leave it waiting"]
    assert "default" not in field
    assert decided(request, "request_changes", "") == {
        "message_id": MESSAGE, "decision": "request_changes", "note": "shorter",
    }  # fmt: skip


def test_an_edit_without_approval_is_neither_shown_nor_done() -> None:
    edit = {"revised_body": "Better.", "note": "see edit"}
    rejecting = proposal({"message_id": MESSAGE, "decision": "reject", **edit})
    approving = proposal({"message_id": MESSAGE, "decision": "approve", **edit})

    assert "revised_body" not in decided(rejecting, "reject", "") | decided(rejecting, "approve", "")
    assert decided(approving, "approve", "")["revised_body"] == "Better."
    assert decided(approving, "reject", "") == {"message_id": MESSAGE, "decision": "reject"}


def test_two_words_for_one_decision_are_one_choice() -> None:
    request = DecideEmail.parse({"message_id": MESSAGE, "decision": "approved"})

    assert wanted(request) == "approve"
    assert choices_for(request) == ("approve", "reject")
