"""Calls as programs elsewhere make them over HTTP: their parameters, their result names, their status codes.

Each program below sends and decides with one key, which an operator marked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.desk import LAWFUL
from tests.support.office import AUDITOR, Office, bearer, eventually, office
from tests.support.program import LIMIT_S

BOX = "front@house.example"
OPEN: dict[str, Any] = {
    "default_mode": "monitored", "ceiling": "monitored", "oversight_address": AUDITOR, "undo_seconds": 0,
}  # fmt: skip


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(BOX, **OPEN)
        yield one


@pytest.fixture
def api(firm: Office) -> Iterator[httpx2.Client]:
    key = firm.key("agent", self_approving=True)
    with httpx2.Client(base_url=f"{firm.url}/v1", headers=bearer(key), timeout=LIMIT_S) as client:
        yield client


def sent(api: httpx2.Client, to: str, subject: str, **more: Any) -> dict[str, Any]:
    mail = {"from": BOX, "to": to, "subject": subject, "body": "As agreed.\n\nKind regards", **more}
    answer = api.post("/send_email", json=mail)
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


def test_a_send_is_answered_with_exactly_200_within_the_callers_patience(
    firm: Office, api: httpx2.Client
) -> None:
    desk = {"desk": "D-7", "site": "Lyon", "event_type": "desk_booking"}
    mail = {
        "from": BOX,
        "to": "ada@example.com",
        "subject": "Desk D-7",
        "body": "Hello,\n\nit is yours.",
        "metadata": desk,
    }
    answer = api.post("/send_email", json=mail, timeout=10)

    assert answer.status_code == 200
    assert answer.json()["metadata"] == desk
    assert answer.json()["message_id"] == answer.json()["id"]
    assert firm.left("ada@example.com")[0]["Subject"] == "Desk D-7"


def test_ones_own_mail_of_the_last_days_is_found_by_who_it_went_to(firm: Office, api: httpx2.Client) -> None:
    sent(api, "ada@example.com", "Renewal of your desk")
    sent(api, "bea@example.com", "Renewal of your locker")
    firm.left("ada@example.com")
    wanted = {
        "mailbox": BOX,
        "query": "from:ada@example.com OR to:ada@example.com",
        "since": (datetime.now(UTC).date() - timedelta(days=7)).isoformat(),
        "limit": 10,
    }
    found = api.post("/check_inbox", json=wanted).json()

    assert [mail["subject"] for mail in found["messages"]] == ["Renewal of your desk"]
    assert found["emails"] == found["messages"]
    later = wanted | {"since": (datetime.now(UTC).date() + timedelta(days=1)).isoformat()}
    assert api.post("/check_inbox", json=later).json()["messages"] == []


def test_a_mail_held_by_its_own_wish_is_found_by_metadata_and_approved_by_action(
    firm: Office, api: httpx2.Client
) -> None:
    held = sent(
        api,
        "ada@example.com",
        "New code",
        oversight_mode="gated_send",
        metadata={"event_type": "code_change", "site": "Lyon"},
    )
    assert held["status"] == "pending_approval"
    for named in (BOX, AUDITOR):
        waiting = api.get("/list_pending", params={"mailbox": named}).json()
        assert waiting["pending"] == waiting["messages"] == waiting["emails"]
        assert [one["message_id"] for one in waiting["pending"]] == [held["message_id"]]
    chosen = [one for one in waiting["pending"] if one.get("metadata", {}).get("event_type") == "code_change"]
    assert firm.has_left("ada@example.com") == 0
    decided = api.post("/decide_email", json={"message_id": chosen[0]["message_id"], "action": "approve"})

    assert decided.status_code == 200
    assert decided.json()["decision"] == decided.json()["action"] == "approve"
    assert len(firm.left("ada@example.com")) == 1
    history = firm.call("get_message_history", message_id=held["message_id"])
    assert "oversight.self_approved" in {one["event"] for one in history["events"]}


def test_who_opted_out_is_listed_whole_and_left_out_of_a_loop_that_counts_200(
    firm: Office, api: httpx2.Client
) -> None:
    members = ["ada@example.com", "bea@example.com", "cleo@example.com"]
    sent(api, "bea@example.com", "News of May")
    firm.left("bea@example.com")
    firm.arrive(BOX, "Re: News of May", "UNSUBSCRIBE\n", sender="bea@example.com")
    by_tag = {"mailbox": BOX, "tag": "unsubscribed"}
    eventually(lambda: api.post("/manage_contacts", json=by_tag).json()["contacts"], "the opt-out")
    out = {one["email"] for one in api.post("/manage_contacts", json=by_tag).json().get("contacts", [])}
    assert out == {"bea@example.com"}
    mails = [{"from": BOX, "to": one, "subject": "News of June", "body": "Much."} for one in members]
    codes = [api.post("/send_email", json=mail).status_code for mail in mails if mail["to"] not in out]

    assert codes == [200, 200]
    assert firm.left("ada@example.com")
    assert firm.left("cleo@example.com")
    assert firm.has_left("bea@example.com") == 1


def test_a_list_of_opt_outs_without_a_limit_is_longer_than_a_page(firm: Office, api: httpx2.Client) -> None:
    for number in range(25):
        firm.call("manage_contacts", action="upsert", email=f"m{number}@example.com", tags=["unsubscribed"])
    listed = api.post("/manage_contacts", json={"mailbox": BOX, "tag": "unsubscribed"}).json()

    assert len({one["email"] for one in listed["contacts"]}) == 25


def test_a_send_to_somebody_who_opted_out_goes_on_with_200_and_says_so(
    firm: Office, api: httpx2.Client
) -> None:
    firm.call("manage_contacts", action="upsert", email="bea@example.com", tags=["unsubscribed"])
    firm.call("update_mailbox", mailbox=BOX, metadata=LAWFUL)
    answer = sent(api, "bea@example.com", "News", metadata={"event_type": "news"}, message_class="commercial")

    assert answer["status"] == "suppressed"
    assert firm.has_left("bea@example.com") == 0


def test_a_scheduled_mail_tells_its_time_and_that_it_waits(firm: Office, api: httpx2.Client) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    held = sent(
        api,
        "ada@example.com",
        "Later",
        scheduled_at=tomorrow.isoformat(),
        oversight_mode="gated_send",
    )
    assert held["status"] == "pending_approval"
    assert datetime.fromisoformat(held["scheduled_at"]) == tomorrow
    sent(api, "bea@example.com", "Soon", oversight_mode="gated_send")
    listed = api.get("/list_pending").json()["messages"]

    assert [(one["to"], one["subject"]) for one in listed] == [
        ("ada@example.com", "Later"),
        ("bea@example.com", "Soon"),
    ]
    assert [one["scheduled_at"] for one in listed] == [held["scheduled_at"], None]
    assert {one["status"] for one in listed} == {"pending_approval"}


def test_a_scheduled_mail_is_withdrawn_even_after_its_approval(firm: Office, api: httpx2.Client) -> None:
    later = (datetime.now(UTC) + timedelta(hours=48)).isoformat()
    held = sent(api, "ada@example.com", "Offer", scheduled_at=later, oversight_mode="gated_send")
    one = {"message_id": held["message_id"]}
    approved = api.post("/decide_email", json={**one, "decision": "approve", "note": "fine"}).json()
    assert (approved["status"], approved["note"]) == ("scheduled", "fine")
    assert [row["status"] for row in api.get("/list_pending").json()["messages"]] == ["scheduled"]
    withdrawn = api.post("/cancel_message", json={**one, "reason": "They signed already."})
    unknown = api.post("/cancel_message", json={"message_id": "msg_00000000000000", "reason": "?"})

    assert (withdrawn.status_code, withdrawn.json()["cancelled"]) == (200, True)
    assert (unknown.status_code, unknown.json()["cancelled"]) == (404, False)
    assert firm.has_left("ada@example.com") == 0


def test_a_conversation_is_answered_later_by_its_thread(firm: Office, api: httpx2.Client) -> None:
    firm.arrive(BOX, "How does it work?", "Can you show me?\n", sender="ada@example.com")
    found = api.post("/check_inbox", json={"mailbox": BOX, "filter": "unread"}).json()["messages"]
    later = datetime.now(UTC) + timedelta(hours=48)
    reply = api.post(
        "/reply_email",
        json={
            "thread_id": found[0]["thread_id"], "from": BOX, "body": "Half an hour on Friday?",
            "scheduled_at": later.isoformat(), "oversight_mode": "gated_send",
        },
    )  # fmt: skip

    assert reply.status_code == 200
    assert reply.json()["thread_id"] == found[0]["thread_id"]
    assert datetime.fromisoformat(reply.json()["scheduled_at"]) == later
    assert reply.json()["message_id"].startswith("msg_")


def test_a_contact_is_put_without_v1_and_put_again(firm: Office) -> None:
    with httpx2.Client(base_url=firm.url, headers=bearer(firm.key("agent")), timeout=LIMIT_S) as http:
        person = {
            "email": "ada@example.com",
            "name": "Ada Lee",
            "upsert": True,
            "metadata": {"plan": "pro", "seen": 3},
        }
        first = http.post("/contacts", json=person)
        second = http.post(
            "/contacts", json={**person, "metadata": {"topics": ["export", "api"], "seen": None}}
        )
        again = http.post("/contacts", json={"email": "ada@example.com", "name": "Ada"})
        gone = http.delete("/contacts/ada@example.com")

    assert first.is_success
    assert first.json()["id"] == second.json()["id"]
    assert second.json()["metadata"] == {"plan": "pro", "topics": ["export", "api"]}
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    assert gone.is_success


@pytest.mark.parametrize("key", ["agent", "program"])
def test_a_key_that_no_operator_marked_sends_and_does_not_decide(firm: Office, key: str) -> None:
    plain = firm.key("agent", kind=key)
    held = firm.call(
        "send_email", key=plain, mailbox=BOX, to="ada@example.com", subject="Code", body="4711",
        oversight_mode="gated_send",
    )  # fmt: skip
    answer = firm.post("decide_email", key=plain, message_id=held["message_id"], decision="approve")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert firm.has_left("ada@example.com") == 0
