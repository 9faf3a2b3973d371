"""Examples that are called by the server: real webhooks, real handlers, mail in and mail out over SMTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.support.office import AUDITOR, Handler, Office, office
from tests.support.program import LIMIT_S

BOX = "help@company.example"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(
            BOX,
            default_mode="monitored",
            ceiling="monitored",
            oversight_address=AUDITOR,
            undo_seconds=0,
        )
        yield one


@contextmanager
def subscribed(firm: Office, name: str, *events: str, key: str, **more: str) -> Iterator[Handler]:
    """An example that receives these events, with the secret where it looks for it."""
    secrets = firm.folder / "secrets.txt"
    with firm.handler(name, key=key, WEBHOOK_SECRETS=str(secrets), **more) as handler:
        hook = firm.call("create_webhook", url=f"{handler.url}/", events=list(events))
        secrets.write_text(hook["secret"], "utf-8")
        yield handler


def test_a_mail_gets_a_draft_that_a_person_completes_and_the_mail_is_marked_when_it_left(
    firm: Office,
) -> None:
    events = ("message.received", "message.delivered")
    with subscribed(firm, "auto_reply", *events, key=firm.key("agent")) as handler:
        asked = firm.arrive(BOX, "Where is it?", "Order 7 did not come.\n")
        handler.until("Where is it? pending_approval")
        item = firm.call("list_pending", mailbox=BOX)["pending"][0]
        assert item["placeholders"]
        refused = firm.post("decide_email", message_id=item["message_id"], decision="approve")
        body = item["body"].replace(item["placeholders"][0], "it leaves today.")
        firm.call("decide_email", message_id=item["message_id"], decision="approve", revised_body=body)
        handler.until("Re: Where is it? delivered")
        original = firm.call("check_inbox", mailbox=BOX, direction="inbound")["messages"][0]

    assert refused.json()["code"] == "placeholders_unresolved"
    mail = firm.left("ann@example.com")[0]
    assert mail["In-Reply-To"] == asked
    assert "About “Where is it?”: it leaves today." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert original["tags"] == ["answered"]


@pytest.mark.parametrize("name", ["auto_reply", "auto_approval"])
def test_what_the_server_did_not_sign_changes_nothing(firm: Office, name: str) -> None:
    with subscribed(firm, name, "message.opened", key=firm.key("reviewer")) as handler:
        forged = {"event": "oversight.pending", "message_id": "msg_00000000000000"}
        answers = [
            httpx2.post(f"{handler.url}/", json=forged, timeout=LIMIT_S),
            httpx2.post(f"{handler.url}/", json=forged, headers={"X-MultiMail-Signature": "0" * 64}, timeout=LIMIT_S),
        ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_mail_to_partners_is_approved_and_anything_else_is_a_persons(firm: Office) -> None:
    agent, reviewer = firm.key("agent"), firm.key("reviewer", kind="program")
    held = {"mailbox": BOX, "body": "As agreed.", "oversight_mode": "gated_send"}
    with subscribed(
        firm, "auto_approval", "oversight.pending", key=reviewer, DOMAINS="partner.example"
    ) as handler:
        firm.call("send_email", key=agent, to="pat@partner.example", subject="Plain", **held)
        handler.until("Plain approve")
        firm.call(
            "send_email",
            key=agent,
            to="pat@partner.example",
            bcc="eve@else.example",
            subject="Copied",
            **held,
        )
        handler.until("Copied escalate")
    status = {one["subject"]: one["status"] for one in firm.call("list_pending")["pending"]}

    assert firm.left("pat@partner.example")[0]["Subject"] == "Plain"
    assert status == {"Copied": "escalated"}
    assert firm.has_left("eve@else.example") == 0


def test_a_program_that_approves_too_much_is_stopped_by_the_limit_of_its_key(firm: Office) -> None:
    limit = {"domains": ["partner.example"], "max_recipients": 2}
    key = firm.key("reviewer", kind="program", approval_limit=limit)
    careless = "partner.example else.example company.example"
    with subscribed(firm, "auto_approval", "oversight.pending", key=key, DOMAINS=careless) as handler:
        for domain in ("else.example", "partner.example"):
            firm.call(
                "send_email", key=firm.key("agent"), mailbox=BOX, to=f"pat@{domain}", subject=f"At {domain}",
                body="As agreed.", oversight_mode="gated_send",
            )  # fmt: skip
        handler.until("At else.example escalated")
        handler.until("At partner.example approve")

    assert [one["status"] for one in firm.call("list_pending")["pending"]] == ["escalated"]
    assert len(firm.left("pat@partner.example")) == 1
    assert firm.has_left("pat@else.example") == 0


def test_a_scheduled_mail_is_decided_on_long_before_its_time(firm: Office) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    with subscribed(
        firm,
        "auto_approval",
        "approval.required",
        key=firm.key("reviewer"),
        DOMAINS="partner.example",
    ) as handler:
        firm.call(
            "send_email", key=firm.key("agent"), mailbox=BOX, to="pat@partner.example", subject="Later", body="x",
            scheduled_at=later, oversight_mode="gated_send",
        )  # fmt: skip
        handler.until("Later approve")

    assert [one["status"] for one in firm.call("list_pending")["pending"]] == ["scheduled"]
    assert firm.has_left("pat@partner.example") == 0
