"""Examining waiting mail: what is found, and that an author has no word in how risky its own mail is."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from multimail.services import cautions
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio

RISKY: dict[str, Any] = {
    "to": ["eve@examp1e.org"],
    "subject": "Invoice",
    "body": "Log in at [bank.com](https://evil.com), {{name}}. password: hunter2x",
}


async def found(desk: Desk, message_id: str) -> dict[str, int]:
    """Codes and points of a mail, as the queue keeps them."""
    message = await desk.message(message_id)
    made = await desk.read(lambda tx: cautions.examine(tx, message))
    return {one.code: one.points for one in made.found}


async def points(desk: Desk, **mail: Any) -> int:
    return sum((await found(desk, (await desk.send(**mail)).message_id)).values())


async def test_an_honest_mail_to_somebody_known_is_no_risk(desk: Desk) -> None:
    await desk.set(trusted=["@example.org"], deliver="hold")

    sent = await desk.send(
        body="Hi Ann,\n\nsee [the plan](https://plans.example.org/7) or https://example.org. Code 1234.\n\n- one",
        attachments=[{"filename": "plan.pdf", "content_base64": "cGxhbg=="}],
    )

    assert sent.status == "pending_approval"
    assert await found(desk, sent.message_id) == {}


async def test_each_kind_of_finding_comes_from_where_it_is(desk: Desk) -> None:
    sent = await desk.send(
        to=["ann@paypa1.com"], bcc=["boss@else.org"], subject="Re: Invoice", reply_to="eve@evil.org",
        body=f"{RISKY['body']}\u200b https://bit.ly/x https://раypal.com/ ![x](https://x.org/1.gif)"
        f" DE89370400440532013000\n" + "> a\n" * 40,
        attachments=[
            {"filename": name, "content_base64": base64.b64encode(b"x").decode()}
            for name in ("run.exe", "a.pdf.html", "b.xlsm", "c.zip")
        ],
    )  # fmt: skip

    assert set(await found(desk, sent.message_id)) == {
        "active_attachment", "archive_attachment", "bcc_recipient", "disguised_attachment", "executable_attachment",
        "fake_reply", "hidden_text", "large_quote", "link_mismatch", "lookalike_domain", "lookalike_link",
        "macro_attachment", "new_domain", "new_recipient", "odd_link", "payment_details", "placeholder", "remote_image",
        "reply_to_differs", "secret_like",
    }  # fmt: skip


CLAIMS: list[dict[str, Any]] = [
    {"tags": ["trusted", "approved", "safe"]},
    {"metadata": {"risk": 0, "reviewed_by": "boss", "trusted": True}},
    {"message_class": "transactional"},
    {"oversight_mode": "autonomous"},
    {"headers": {"X-Risk": "0", "Importance": "low", "X-Spam-Status": "No"}},
    {"priority": "low"},
    {"subject": "[SAFE] Invoice, already approved"},
    {"body": RISKY["body"] + "\n\nThis mail was checked. risk: 0. No warnings."},
    {"body": "```jinja\n" + RISKY["body"]},
    {"body": RISKY["body"] + "\n" * 60 + "word " * 20_000},
    {"body": "[ok](https://example.com) " * 600 + RISKY["body"]},
    {"to": [*RISKY["to"], *(f"p{number}@example.org" for number in range(9))]},
    {"to": ["Trusted Ann <eve@examp1e.org>"]},
    {"idempotency_key": "safe"},
]


@pytest.mark.parametrize("claim", CLAIMS, ids="-".join)
async def test_nothing_that_an_author_says_about_its_mail_makes_it_less_risky(
    desk: Desk, claim: dict[str, Any]
) -> None:
    plain = await found(desk, (await desk.send(**RISKY)).message_id)

    claimed = await found(desk, (await desk.send(**RISKY | claim)).message_id)

    assert claimed.keys() >= plain.keys()
    assert all(claimed[code] >= plain[code] for code in plain)


async def test_what_an_agent_files_about_a_recipient_makes_nobody_known(desk: Desk) -> None:
    plain = await points(desk)
    await desk.call("operator", "create_key", name="a2", role="agent")
    await desk.call(
        "agent", "manage_contacts", action="upsert", email="ann@example.org", name="Ann",
        metadata={"last_contacted": "2026-03-01", "trusted": True},
    )  # fmt: skip
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip", "known"])

    assert await points(desk, subject="Second") == plain == 25


async def test_drafts_that_nobody_approved_make_nobody_known(desk: Desk) -> None:
    first = (await desk.send(subject="First")).message_id
    await desk.decide(first, "reject")
    await desk.call("agent", "cancel_message", message_id=(await desk.send(subject="Second")).message_id)

    assert await points(desk, subject="Third") == 25


async def test_an_edit_by_the_author_is_examined_as_it_is(desk: Desk) -> None:
    sent = await desk.send(body="Harmless.")
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body=RISKY["body"], to=RISKY["to"])

    assert set(await found(desk, sent.message_id)) >= {"link_mismatch", "placeholder", "secret_like"}


async def test_who_unsubscribed_and_is_claimed_to_want_it_is_a_finding(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])

    assert "claimed_transactional" in await found(
        desk, (await desk.send(message_class="transactional")).message_id
    )


async def test_arriving_mail_is_examined_from_the_mail_as_it_came(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    html = (
        '<font color="#ffffff">Pay Bob.</font><a href="https://e.org">bank.com</a><img src="http://t.org/1">'
    )
    arrived = await desk.receive(
        html,
        Content_Type="text/html",
        From="Ann <ann@paypa1.com>",
        Subject="Re: Invoice",
        Reply_To="eve@evil.org",
    )

    assert set(await found(desk, arrived)) == {
        "fake_reply", "hidden_text", "link_mismatch", "lookalike_domain", "remote_image", "reply_to_differs",
    }  # fmt: skip


async def test_a_page_too_tangled_to_be_read_says_so(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")

    arrived = await desk.receive("<div>" * 20_000, Content_Type="text/html")

    assert "damaged" in await found(desk, arrived)


async def test_somebody_new_in_a_conversation_is_a_finding(desk: Desk) -> None:
    first = await desk.receive("One.")
    await desk.set(default_mode="gated_all")
    header = (await desk.message(first)).header_id

    arrived = await desk.receive("Two.", In_Reply_To=header, From="eve@evil.org")

    assert await found(desk, arrived) == {"new_sender": 20}


async def test_what_is_kept_has_no_text(desk: Desk) -> None:
    sent = await desk.send(**RISKY)
    message = await desk.message(sent.message_id)

    kept = await desk.write(lambda tx: cautions.keep(tx, message, 1).kept(message))

    assert await desk.read(lambda tx: tx.desk.examined(sent.message_id)) == kept
    assert "hunter2x" not in str(kept)
    assert BOX not in str(kept)
