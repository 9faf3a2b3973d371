"""The question to the person at the host: the whole mail or none, and the same text in both rounds."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.registry import operation
from multimail.contract.reviews import DecideEmail
from multimail.core.times import HOUR
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.services.questions import MOST, Question, question
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def asked(desk: Desk, message_id: str, **more: Any) -> Question:
    request = DecideEmail.parse({"message_id": message_id, "decision": "approve"} | more)
    caller = Caller(desk.who["owner"], "mcp:stdio")
    row = operation("decide_email")
    return await desk.read(
        lambda tx: question(tx, dispatch.authorised(tx, desk.services, caller, row), request)
    )


async def test_the_person_sees_the_whole_mail_with_every_recipient_and_why_it_waits(desk: Desk) -> None:
    await desk.set(auto_bcc=["archive@example.com"])
    sent = await desk.send("owner", cc=["bob@example.org"], scheduled_at=desk.at(HOUR))

    question = await asked(desk, sent.message_id)

    assert question.text.splitlines() == [
        "From: agent@localhost", "To: ann@example.org", "Cc: bob@example.org",
        "Bcc: archive@example.com (automatic copy)", "Subject: Monday",
        "To be sent at: 2026-03-02T13:00:00+00:00", "", "See you on **Monday**.", "",
        "Held because: The mode is gated_send, and not trusted: ann@example.org, bob@example.org, archive@example.com.",
        f"Digest: {sent.digest}",
    ]  # fmt: skip
    assert (question.askable, question.why_not, question.digest) == (True, "", sent.digest)
    assert question.review_url.endswith(sent.message_id)
    assert await asked(desk, sent.message_id) == question


async def test_an_edit_is_shown_in_place_of_the_draft(desk: Desk) -> None:
    sent = await desk.send("owner")

    question = await asked(desk, sent.message_id, revised_body="On Tuesday.", revised_subject="Tuesday")

    assert "On Tuesday." in question.text
    assert "Subject: Tuesday" in question.text
    assert "**Monday**" not in question.text


async def test_what_acts_or_hides_is_made_visible(desk: Desk) -> None:
    sent = await desk.send("owner", body="pay \u202e001 to me\u200b")

    question = await asked(desk, sent.message_id)

    assert not {"\u202e", "\u200b"} & set(question.text)


async def test_a_mail_that_a_form_cannot_show_whole_is_not_asked_about(desk: Desk) -> None:
    long = await desk.send("owner", body="x" * MOST)
    filed = await desk.send("owner", subject="F", attachments=[{"filename": "a", "content_base64": "YQ=="}])

    reasons = [(await asked(desk, one.message_id)).why_not for one in (long, filed)]

    assert reasons == [
        "The mail is longer than 2000 characters.", "The mail has attachments, which a form cannot show.",
    ]  # fmt: skip
