"""The receiving process's side of the channel: what it asks the resident, and what it remembers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.services.inbound_wire import arrival
from multimail.surfaces.smtp.process import Elsewhere
from tests.surfaces.smtp.receiving import until

pytestmark = pytest.mark.anyio

FACTS = SessionFacts("127.0.0.1", "peer", "ann@example.org", smtputf8=False, authenticated=False, accepted=0)
MAIL = Envelope(
    "ann@example.org",
    ("bob@example.com",),
    b"Subject: Hello\r\n\r\nText",
    "127.0.0.1",
    "peer",
    smtputf8=False,
)


class Resident:
    """Answers every question with the next of its answers, if it has one."""

    def __init__(self, *answers: tuple[str, str, str] | None) -> None:
        self.intake = Elsewhere()
        self.intake.channel = self  # type: ignore[assignment]
        self.answers = list(answers)
        self.asked: list[Any] = []

    def send(self, value: Any) -> None:
        self.asked.append(value)
        if self.answers:
            asyncio.get_running_loop().call_soon(self.intake.answered, value[1], self.answers.pop(0))


async def test_a_recipient_that_was_taken_is_not_asked_for_again_at_once() -> None:
    resident = Resident(None)
    assert [await resident.intake.recipient("bob@example.com", FACTS) for _ in range(3)] == [None] * 3
    assert resident.asked == [("recipient", 1, "bob@example.com")]


async def test_a_recipient_that_was_refused_is_asked_for_again() -> None:
    resident = Resident(("not_found", "Nobody here.", "Ask."), None)
    problem = await resident.intake.recipient("bob@example.com", FACTS)
    assert problem is not None
    assert (problem.code, problem.message, problem.advice) == ("not_found", "Nobody here.", "Ask.")
    assert await resident.intake.recipient("bob@example.com", FACTS) is None


async def test_a_mail_is_handed_over_read() -> None:
    resident = Resident(None)
    await resident.intake.accept(MAIL)
    ((what, number, envelope, found),) = resident.asked
    assert (what, number, Envelope(*envelope)) == ("mail", 1, MAIL)
    assert arrival(MAIL, found).subject == "Hello"


async def test_the_residents_problem_is_raised_for_the_peer() -> None:
    resident = Resident(("storage_full", "No room.", ""))
    with pytest.raises(Problem) as found:
        await resident.intake.accept(MAIL)
    assert (found.value.code, found.value.message) == ("storage_full", "No room.")


async def test_a_peer_that_goes_away_leaves_the_answer_to_nobody() -> None:
    resident = Resident()
    asking = asyncio.ensure_future(resident.intake.accept(MAIL))
    await until(lambda: resident.asked)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    resident.intake.answered(1, None)
