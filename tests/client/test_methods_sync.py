"""Every operation is a method with all its arguments; and what programs elsewhere do with them works here."""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from multimail import Client, MultiMailClient, MultimailClient
from multimail.client.methods_sync import SyncMethods
from multimail.contract.operation import REST, Operation
from multimail.contract.registry import OPERATIONS
from tests.support.office import Office, eventually

OFFERED = [row for row in OPERATIONS if REST in row.surfaces]
every_row = pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.name)


class Listening(SyncMethods):
    """Methods whose calls go nowhere."""

    def _call(self, route: Any, given: dict[str, Any]) -> Any:
        return route.name, {name: value for name, value in given.items() if value is not None}


@every_row
def test_an_operation_is_a_method_with_all_its_arguments_by_name(row: Operation) -> None:
    signature = inspect.signature(getattr(SyncMethods, row.name))
    names = [name for name, one in signature.parameters.items() if one.kind is not one.VAR_KEYWORD]

    assert set(names) == {"self", *row.request.model_fields}
    assert names[1 : len(row.positional) + 1] == list(row.positional)
    assert row.description in " ".join((getattr(SyncMethods, row.name).__doc__ or "").split())


@every_row
def test_every_name_an_operation_understands_reaches_it(row: Operation) -> None:
    needed = {name: "x" for name, field in row.request.model_fields.items() if field.is_required()}
    also = {alias: "y" for aliases in row.request.ALIASES.values() for alias in aliases}

    assert getattr(Listening(), row.name)(**needed, **also) == (row.name, needed | also)


@every_row
def test_every_example_can_be_called(row: Operation) -> None:
    for example in row.examples:
        assert getattr(Listening(), row.name)(**example.arguments) == (row.name, example.arguments)


# --- as programs elsewhere call them ---------------------------------------------------------------


def test_a_sequence_goes_on_where_the_tags_of_the_contact_say(client: Client, firm: Office, box: str) -> None:
    lead = "lead@drip.example"
    client.contacts.upsert(lead)

    def step(steps: int) -> str:
        contacts = client.manage_contacts(query=lead, mailbox=box)
        assert contacts
        done = [tag for tag in contacts[0].get("tags", []) if tag.startswith("step_")]
        if len(done) >= steps:
            client.tag_email(contact_id=contacts[0]["id"], tags=["complete"])
            return "complete"
        result = client.send_email(
            mailbox=box, to=lead, subject=f"Step {len(done)}", body="…", tags=[f"step_{len(done)}", "drip"]
        )
        return str(result["message_id"])

    assert [step(2)[:4] for _ in range(3)] == ["msg_", "msg_", "comp"]
    assert client.manage_contacts(query=lead)[0]["tags"] == ["complete", "drip", "step_0", "step_1"]
    assert len(firm.left(lead, 2)) == 2
    assert not client.manage_contacts(query="nobody@drip.example", mailbox=box)


def test_drafts_wait_with_their_tag_and_are_decided_by_it(client: Client, firm: Office, box: str) -> None:
    queued = [
        client.send_email(
            mailbox=box, to=f"{name}@back.example", subject="Come back", body="We miss you.",
            tags=["win_back", "days_9"], oversight_mode="gated_send",
        )["message_id"]
        for name in ("ann", "bob")
    ]  # fmt: skip
    pending = client.list_pending(mailbox=box, tag="win_back")

    assert [(msg["id"], msg["to"], msg["subject"]) for msg in pending["messages"]] == [
        (queued[0], "ann@back.example", "Come back"), (queued[1], "bob@back.example", "Come back"),
    ]  # fmt: skip
    client.decide_email(message_id=pending["messages"][0]["id"], decision="approve")
    client.decide_email(message_id=pending["messages"][1]["id"], decision="reject")
    assert len(firm.left("ann@back.example")) == 1
    assert client.list_pending(mailbox=box, tag="win_back")["messages"] == []


def test_answers_to_a_campaign_are_found_read_and_tagged(client: Client, firm: Office, box: str) -> None:
    client.send_email(mailbox=box, to="cy@lead.example", subject="Try it", body="Here.", tags=["campaign"])
    asked = firm.left("cy@lead.example")[0]["Message-ID"]
    firm.arrive(
        box,
        "Re: Try it",
        "What is the pricing, and may we have a demo?",
        sender="cy@lead.example",
        In_Reply_To=asked,
    )
    wanted: Any = {"tags": ["campaign"], "unread": True}

    inbox = eventually(lambda: client.check_inbox(mailbox=box, filter=wanted)["emails"], "an answer")
    mail = client.read_email(mailbox=box, message_id=inbox[0]["id"])
    client.tag_email(message_id=mail["id"], tags=["mql", "signals_2"])

    assert len([word for word in ("pricing", "demo") if re.search(rf"\b{word}\b", mail["body"].lower())]) == 2
    assert (mail["from"], mail["thread_id"]) == ("cy@lead.example", inbox[0]["thread_id"])
    assert client.read_email(mail["id"]).tags == ["campaign", "mql", "signals_2"]
    assert not client.check_inbox(mailbox=box, filter=wanted)["emails"]


def test_an_announcement_carries_its_own_headers(client: Client, firm: Office, box: str) -> None:
    result = client.send_email(
        mailbox=box, to="sub@news.example", subject="News", body="Unsubscribe: https://news.example/out",
        headers={
            "List-Unsubscribe": "<mailto:out@news.example>, <https://news.example/out>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "X-Campaign-ID": "q2",
        },
        tags=["announcement", "q2"],
    )  # fmt: skip
    mail = firm.left("sub@news.example")[0]

    assert result["message_id"]
    assert mail.get_all("List-Unsubscribe") == ["<mailto:out@news.example>, <https://news.example/out>"]
    assert mail["X-Campaign-ID"] == "q2"


def test_a_webhooks_mail_is_answered_reviewed_and_edited(firm: Office, box: str) -> None:
    client = MultimailClient(api_key=firm.key("agent", self_approving=True), base_url=firm.url)
    firm.arrive(box, "Billing", "Why was I charged twice?", sender="kim@help.example")
    arrived = eventually(lambda: client.check_inbox(mailbox_id=box, filter="unread")["messages"], "a mail")[0]

    thread = client.get_thread(thread_id=arrived["thread_id"])
    client.reply_email(message_id=arrived["message_id"], body="Draft.", oversight_mode="gated_send")
    item = client.list_pending(mailbox_id=box)["messages"][0]
    decided = client.decide_email(message_id=item["message_id"], decision="approve", revised_body="Better.")

    assert [(mail["direction"], mail["body_text"].strip()) for mail in thread["messages"]] == [
        ("inbound", "Why was I charged twice?")
    ]
    assert (item["from"], item["subject"], item["draft_body"].strip()) == (box, "Re: Billing", "Draft.")
    assert "+Better." in (decided.diff or "")
    assert "Better." in firm.left("kim@help.example")[0].as_string()
    client.tag_email(message_id=arrived["message_id"], tags=["auto-replied", "resolved"])


def test_a_draft_is_rejected_with_a_note_for_its_author(client: Client, box: str) -> None:
    sent = client.send_email(mailbox=box, to="no@help.example", body="Hm.", oversight_mode="gated_send")
    client.decide_email(message_id=sent.id, decision="reject", rejection_note="Too short.")

    outcome = client.wait_for_decision(sent.id, timeout_seconds=5)

    assert outcome.decided
    assert outcome.decision is not None
    assert (outcome.decision.note, outcome.decision["action"]) == ("Too short.", "reject")


def test_a_mail_for_a_recipients_morning_waits_for_time_and_approval(firm: Office, box: str) -> None:
    morning = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    with MultiMailClient(api_key=firm.key("agent", self_approving=True), base_url=firm.url) as client:
        result = client.send_email(
            from_address=box, to="far@morning.example", subject="Proposal", body="Three questions.",
            scheduled_at=morning.isoformat(), oversight_mode="gated_send",
        )  # fmt: skip
        item = client.list_pending(from_=box).items[0]
        cancelled = client.cancel_message(message_id=result["message_id"], reason="Closed")

    assert result["status"] == item["status"] == "pending_approval"
    assert (
        datetime.fromisoformat(result["scheduled_at"])
        == datetime.fromisoformat(str(item.scheduled_at))
        == morning
    )
    assert cancelled["cancelled"] is True


def test_a_mail_is_written_from_what_is_known_of_a_contact(client: Client, firm: Office, box: str) -> None:
    client.contacts.upsert(
        email="vera@known.example",
        name="Vera Vance",
        metadata={"open_tickets": 2, "likes": ["a", "b"], "plan": "pro"},
    )
    contact = client.contacts.get(email="vera@known.example")
    meta = contact.metadata
    assert meta.get("open_tickets", 0) > 0

    client.send_email(
        from_mailbox=box, to=contact.email, subject="Your open items", oversight_mode="monitored",
        body=f"Hi {contact.name.split()[0]}, {meta['open_tickets']} items; {', '.join(meta['likes'])}.",
    )  # fmt: skip

    assert "Hi Vera, 2 items; a, b." in firm.left("vera@known.example")[0].as_string()


def test_any_answer_is_json(client: Client, operator: Client, box: str) -> None:
    client.send_email(mailbox=box, to="json@x.example", body="x", oversight_mode="gated_send")

    for answer in (
        client.list_pending(),
        client.check_inbox(),
        operator.list_keys(),
        operator.list_mailboxes(),
    ):
        assert json.loads(json.dumps(answer)) == answer
        assert json.loads(json.dumps(answer))["count"] == len(answer.items)
