"""An owner's decision against real services and a real database: what was shown is what is approved, or nothing is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp import Client

from multimail.config import Settings
from multimail.core.model import ROLE_SCOPES, Scope
from multimail.services.context import Services
from multimail.surfaces.mcp.server import Options, build
from multimail.wiring.account import opened
from tests.support.mcp_parts import PRINCIPALS

pytestmark = pytest.mark.anyio

OWNER = next(stored for stored in PRINCIPALS if stored.principal.name == "owner")
MAIL = {"to": ["ann@example.com"], "subject": "Monday", "body": "See you on **Monday**."}


@dataclass
class OwnersDoor:
    """The owner, on the account of a folder."""

    parts: Services
    surface: str = "mcp:stdio"

    def principal_id(self) -> str:
        return OWNER.principal.id

    async def services(self) -> Services:
        return self.parts

    async def scopes(self) -> frozenset[Scope]:
        return ROLE_SCOPES[OWNER.principal.role]


class Person:
    """Sits at the host, reads the question and gives one answer."""

    def __init__(self, **answer: str) -> None:
        self.answer = answer
        self.shown = ""

    async def __call__(self, context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        self.shown = params.message
        content: Any = dict(self.answer)
        return types.ElicitResult(action="accept" if content else "decline", content=content or None)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[OwnersDoor]:
    async with opened(Settings(data=tmp_path)) as services:
        await services.store.write(lambda tx: tx.principals.insert(OWNER, key_hash=None))
        yield OwnersDoor(services)


async def after(
    door: OwnersDoor, era: str, person: Person, **arguments: Any
) -> tuple[types.CallToolResult, str]:
    """Send a mail, decide on it; the decision's result and where the mail stands then."""
    async with Client(build(door, Options()), mode=era, elicitation_callback=person) as client:
        message_id = (await client.call_tool("send_email", MAIL)).structured_content["message_id"]
        decision = {"message_id": message_id, "decision": "approve", **arguments}
        result = await client.call_tool("decide_email", decision)
        outcome = await client.call_tool(
            "wait_for_decision", {"message_id": message_id, "timeout_seconds": 0}
        )
    return result, outcome.structured_content["status"]


async def test_the_person_sees_the_whole_mail_and_approves_it(door: OwnersDoor, era: str) -> None:
    person = Person(decision="approve")
    result, status = await after(door, era, person)

    assert result.structured_content["via"] == "host-asserted: mcp"
    assert status == "queued"
    assert {"To: ann@example.com", "Subject: Monday", "See you on **Monday**."} <= set(
        person.shown.splitlines()
    )


async def test_an_edit_is_shown_before_it_is_approved(door: OwnersDoor, era: str) -> None:
    person = Person(decision="approve")
    result, status = await after(door, era, person, revised_body="See you on Tuesday.")

    assert "See you on Tuesday." in person.shown
    assert "See you on **Monday**." not in person.shown
    assert "+See you on Tuesday." in result.structured_content["diff"]
    assert status == "queued"


async def test_the_person_rejects_what_the_tool_wanted_approved(door: OwnersDoor, era: str) -> None:
    result, status = await after(door, era, Person(decision="reject", note="wrong day"))

    assert (result.structured_content["decision"], result.structured_content["note"]) == (
        "reject",
        "wrong day",
    )
    assert status == "rejected"


async def test_without_an_answer_it_waits_on(door: OwnersDoor, era: str) -> None:
    result, status = await after(door, era, Person())

    assert result.is_error
    assert status == "pending_approval"
