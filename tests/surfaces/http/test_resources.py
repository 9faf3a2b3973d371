"""Resource routes: canonical names, the status codes of HTTP, links, and paths that hold any address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.rest import Front, problem

pytestmark = pytest.mark.anyio

MAIL: dict[str, Any] = {"to": "ann@example.org", "subject": "Hi", "body": "Hello"}
ODD = "a%2Fb%2Bc%25d@example.org"


async def send(api: Front, desk: Desk, **more: Any) -> str:
    answer = await api.ask("POST", "/v1/messages", json={"mailbox": desk.box, **MAIL, **more})
    return str(answer.json()["message_id"])


async def test_a_mail_is_accepted_with_202_and_says_where_it_is(api: Front, desk: Desk) -> None:
    answer = await api.ask("POST", "/v1/messages", json={"mailbox": desk.box, **MAIL})

    sent = answer.json()
    assert (answer.status_code, sent["status"], sent["to"]) == (202, "pending_approval", ["ann@example.org"])
    assert answer.headers["location"] == f"/v1/messages/{sent['message_id']}"
    assert not {"id", "email_id", "send_at", "status_detail"} & sent.keys()


async def test_a_mail_is_looked_at_changed_decided_on_and_withdrawn(api: Front, desk: Desk) -> None:
    first, second = await send(api, desk), await send(api, desk, subject="Another")

    edited = await api.ask("PATCH", f"/v1/messages/{first}", json={"subject": "Better"})
    shown = await api.ask("GET", f"/v1/messages/{first}")
    waiting = await api.ask("GET", f"/v1/reviews/{first}", "reviewer")
    decided = await api.ask(
        "POST", f"/v1/reviews/{first}/decision", "reviewer",
        json={"decision": "approve", "digest": waiting.json()["digest"]},
    )  # fmt: skip
    cancelled = await api.ask("POST", f"/v1/messages/{second}/cancel")
    gone = await api.ask("GET", f"/v1/reviews/{second}", "reviewer")
    history = await api.ask("GET", f"/v1/messages/{first}/history")
    outcome = await api.ask("GET", f"/v1/messages/{first}/decision?timeout_seconds=0")

    assert (edited.status_code, shown.json()["subject"]) == (200, "Better")
    assert (decided.status_code, decided.json()["decision"]) == (200, "approve")
    assert (cancelled.json()["cancelled"], problem(gone)["code"]) == (True, "not_found")
    assert len(history.json()["revisions"]) == 2
    assert outcome.json()["decided"] is True


async def test_an_arrived_mail_is_answered_forwarded_marked_and_tagged(api: Front, desk: Desk) -> None:
    mail = await desk.receive()
    path = f"/v1/messages/{mail}"

    shown = await api.ask("GET", path)
    reply = await api.ask("POST", f"{path}/reply", json={"body": "Ten."})
    forward = await api.ask("POST", f"{path}/forward", json={"to": "bob@example.org", "body": "FYI"})
    marked = await api.ask("POST", f"{path}/mark", json={"mark": "archived"})
    tagged = await api.ask("POST", f"{path}/tags", json={"tags": ["a", "b/c"]})
    fewer = await api.ask("DELETE", f"{path}/tags/b%2Fc")
    replaced = await api.ask("PUT", f"{path}/tags", json={"tags": ["z"]})
    left = await api.ask("GET", f"{path}/tags")

    assert (shown.json()["status"], shown.json()["body"]) == ("unread", "How much is it?")
    assert (reply.status_code, forward.status_code) == (202, 202)
    assert marked.json()["status"] == "archived"
    assert [one.json()["tags"] for one in (tagged, fewer, replaced, left)] == [
        ["a", "b/c"],
        ["a"],
        ["z"],
        ["z"],
    ]


async def test_a_thread_has_texts_when_they_are_asked_for(api: Front, desk: Desk) -> None:
    mail = await api.call("read_email", id=await desk.receive())
    path = f"/v1/threads/{mail['thread_id']}"

    short, long = await api.ask("GET", path), await api.ask("GET", f"{path}?include=bodies")
    odd = await api.ask("GET", f"{path}?include=bodies,smells")
    reply = await api.ask("POST", f"{path}/reply", json={"body": "Ten."})

    assert "body" not in short.json()["messages"][0]
    assert long.json()["messages"][0]["body"] == "How much is it?"
    assert (problem(odd)["code"], problem(odd)["field"]) == ("invalid", "include")
    assert (reply.status_code, reply.json()["original_message_id"]) == (202, mail["message_id"])


async def test_the_next_page_is_linked_until_there_is_none(api: Front, desk: Desk) -> None:
    for number in range(3):
        await desk.receive(Subject=f"Nr {number}")
    path, seen = "/v1/messages?limit=2&direction=inbound", []

    while path:
        answer = await api.ask("GET", path)
        seen += [one["subject"] for one in answer.json()["messages"]]
        path = answer.links.get("next", {}).get("url", "")

    assert seen == ["Nr 2", "Nr 1", "Nr 0"]


async def test_mailboxes_are_created_found_changed_frozen_and_closed(api: Front) -> None:
    made = await api.ask("POST", "/v1/mailboxes", "operator", json={"address": "desk@localhost"})
    path = "/v1/mailboxes/Desk@localhost"
    found = await api.ask("GET", path, "operator")
    changed = await api.ask("PATCH", path, "operator", json={"display_name": "Desk"})
    frozen = await api.ask("POST", f"{path}/freeze", "reviewer", json={"reason": "looking"})
    free = await api.ask("POST", f"{path}/unfreeze", "operator")
    sent = await api.ask("POST", f"{path}/send", json=MAIL)
    mails = await api.ask("GET", f"{path}/messages")
    closed = await api.ask("DELETE", path, "operator")
    missing = await api.ask("GET", "/v1/mailboxes/nobody@localhost")

    box = made.json()["mailbox"]["mailbox_id"]
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/mailboxes/{box}")
    assert (found.json()["mailbox_id"], changed.json()["changed"]) == (box, ["display_name"])
    assert (frozen.json()["frozen"], free.json()["frozen"]) == (True, False)
    assert (sent.status_code, mails.status_code, closed.json()["deleted"]) == (202, 200, True)
    assert problem(missing)["code"] == "not_found"


@pytest.mark.parametrize("root", ["/contacts", "/v1/contacts"])
async def test_a_contact_is_created_once_and_found_by_any_name(api: Front, root: str) -> None:
    new = {"email": "a/b+c%d@example.org", "name": "Ann", "metadata": {"plan": "pro", "seats": 2}}
    made = await api.ask("POST", root, json=new)
    again = await api.ask("POST", root, json=new)
    upserted = await api.ask("POST", root, json={**new, "upsert": True, "metadata": {"seats": 3}})
    contact = made.json()
    await api.ask("POST", root, json={"email": "bob@example.org"})
    by_address = await api.ask("GET", f"{root}/{ODD}")
    by_id = await api.ask("GET", f"{root}/{contact['contact_id']}")
    by_none = await api.ask("GET", f"{root}/contact_00000000000000")

    assert (made.status_code, made.headers["location"]) == (201, f"/v1/contacts/{contact['contact_id']}")
    assert contact["contact"]["id"] == contact["id"] == contact["contact_id"]
    assert (problem(again)["status"], problem(again)["code"]) == (409, "already_exists")
    assert (upserted.status_code, upserted.json()["metadata"]) == (200, {"plan": "pro", "seats": 3})
    assert by_address.json() == by_id.json() != contact
    assert problem(by_none)["code"] == "not_found"


async def test_a_contact_is_changed_and_erased(api: Front) -> None:
    await api.ask("POST", "/contacts", json={"email": "a/b+c%d@example.org", "metadata": {"plan": "pro"}})

    changed = await api.ask("PATCH", f"/contacts/{ODD}", json={"name": "Bo", "metadata": {"plan": None}})
    erased = await api.ask("DELETE", f"/contacts/{ODD}")
    gone = await api.ask("GET", f"/contacts/{ODD}")

    assert (changed.json()["name"], changed.json()["metadata"]) == ("Bo", {})
    assert (erased.status_code, erased.json()["deleted"]) == (200, True)
    assert problem(gone)["code"] == "not_found"


async def test_contacts_are_searched_by_conditions_in_the_query(api: Front) -> None:
    for name, seats in (("ann", 2), ("bob", 3)):
        await api.ask(
            "POST", "/contacts", json={"email": f"{name}@example.org", "metadata": {"seats": seats}}
        )

    found = await api.ask("GET", "/v1/contacts?metadata.seats=2&domain=example.org", "viewer")

    assert [one["email"] for one in found.json()["contacts"]] == ["ann@example.org"]


async def test_what_happened_with_a_contact_is_told(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    found = await api.ask("GET", "/contacts/ann@example.org/interactions", "viewer")

    assert found.json()["email"] == "ann@example.org"
    assert [one["message_id"] for one in found.json()["interactions"]] == [mail]


async def test_keys_are_made_listed_and_revoked(api: Front) -> None:
    made = await api.ask("POST", "/v1/keys", "operator", json={"name": "bo", "role": "viewer"})
    key_id = made.json()["key_id"]

    revoked = await api.ask("DELETE", f"/v1/keys/{key_id}", "operator")
    listed = await api.ask("GET", "/v1/keys", "operator")
    refused = await api.ask("POST", "/v1/messages", key_id, json=MAIL)

    assert (made.status_code, made.json()["key"][:3]) == (201, "mm_")
    assert "revoked_at" in revoked.json()
    assert key_id not in [one["key_id"] for one in listed.json()["keys"]]
    assert (refused.status_code, "www-authenticate" in refused.headers) == (401, True)


async def test_what_the_path_says_is_not_said_otherwise(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    answer = await api.ask("POST", f"/v1/messages/{mail}/cancel", json={"id": "msg_00000000000000"})
    action = await api.ask("PATCH", "/contacts/ann@example.org", json={"action": "delete"})

    assert [(problem(one)["code"], problem(one)["field"]) for one in (answer, action)] == [
        ("contradiction", "message_id"), ("contradiction", "action"),
    ]  # fmt: skip
    assert problem(answer)["cancelled"] is False


async def test_a_repeated_send_with_the_same_key_is_the_first_one(api: Front, desk: Desk) -> None:
    key: dict[str, Any] = {"headers": {"Idempotency-Key": "booking-7"}}
    first = await api.ask("POST", "/v1/messages", json={"mailbox": desk.box, **MAIL}, **key)
    again = await api.ask("POST", "/v1/messages", json={"mailbox": desk.box, **MAIL}, **key)
    other = await api.ask("POST", "/v1/messages", json={"mailbox": desk.box, **MAIL, "body": "?"}, **key)

    assert again.json()["message_id"] == first.json()["message_id"]
    assert (again.status_code, again.json()["repeated"]) == (202, True)
    assert problem(other)["code"] == "idempotency_mismatch"
