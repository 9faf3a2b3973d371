"""Of mail that was deleted for good only the record is left: nothing in a table, in the file, or at any door."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.core.times import MINUTE, SECOND
from multimail.services import purging
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
MARK = "quetzalcoatlus"
OTHERWISE = {"tag_email", "unfreeze", "search_audit"}
"""These are about a mail only among other things; the record outlives the mail."""


async def empty(desk: Desk, **arguments: Any) -> Any:
    return await desk.call("operator", "empty_mailbox", **({"mailbox": desk.box} | arguments))


def tables(desk: Desk) -> dict[str, list[str]]:
    """Every value there is, by table."""
    with closing(sqlite3.connect(desk.path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: [str(value) for row in connection.execute(f"SELECT * FROM {name}") for value in row]
            for name in names
            if name not in {"search", "contact_letters"}  # indexes without a text of their own
        }


def holding(desk: Desk, text: str) -> set[str]:
    return {name for name, values in tables(desk).items() if any(text in value for value in values)}


async def everything_said(desk: Desk) -> None:
    """One mail of each kind, with the mark in each place that holds text of a mail."""
    file = {"filename": f"{MARK}.txt", "content_base64": base64.b64encode(MARK.encode()).decode()}
    arrived = await desk.receive(f"{MARK} in the text", Subject=f"{MARK} in the subject")
    await desk.call("agent", "read_email", message_id=arrived)
    said: dict[str, Any] = {"subject": MARK, "body": MARK, "metadata": {"x": MARK}, "attachments": [file]}
    replied = await desk.call("agent", "reply_email", message_id=arrived, body=MARK, tags=["y"])
    await desk.call("reviewer", "list_pending")
    await desk.decide(replied.message_id, note=MARK, revised_body=f"{MARK} changed")
    sent = await desk.send(**said, tags=[f"x={MARK}"], idempotency_key=desk.at(0))
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body=f"{MARK} again")
    await desk.call("reviewer", "list_pending")
    await desk.decide(sent.message_id)
    no = await desk.send(subject="No", body=MARK)
    await desk.decide(no.message_id, "reject", note=MARK)
    batch = await desk.call(
        "agent", "send_batch", mailbox=desk.box, subject="B", body=f"{{{{name}}}} {MARK}",
        recipients=[{"to": f"{MARK}@example.org", "values": {"name": MARK}}], idempotency_key=f"many {desk.at(0)}",
    )  # fmt: skip
    await desk.call("agent", "cancel_message", message_id=batch.results[0].message_id)
    await desk.step()


async def test_nothing_of_a_mail_is_left_in_any_table_nor_in_the_file(desk: Desk) -> None:
    hook = await desk.call("operator", "create_webhook", url="https://example.com/hook")
    await everything_said(desk)
    await desk.sql(
        "INSERT INTO webhook_deliveries (id, webhook_id, event_seq, event, status, due_at, body, created_at)"
        " SELECT 'd' || seq, :hook, seq, kind, 'delivered', 0, :body, 0 FROM events WHERE message_id IS NOT NULL",
        hook=hook.webhook_id, body=MARK.encode(),
    )  # fmt: skip
    before = holding(desk, MARK)

    answer = await empty(desk, everything=True, mailbox=None)
    await desk.call("operator", "manage_contacts", action="delete", email="ann@example.org")
    await purging.step(desk.services)

    assert before >= {"messages", "revisions", "attachments", "decisions", "tags", "idempotency", "batches"}
    assert before >= {"batch_mails", "webhook_deliveries", "threads", "search_data"}
    assert (answer.deleted, answer.kept) == (5, 0)
    assert holding(desk, MARK) == set()
    await desk.services.store.close()
    assert MARK.encode() not in desk.path.read_bytes()
    await desk.reopen()


async def test_the_record_outlives_the_mail(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id, note="Fine")
    await desk.step()

    await empty(desk)

    assert "oversight.approved" in await desk.kinds(sent.message_id)
    (decided,) = await desk.decisions(sent.message_id)
    assert (decided.decision, decided.digest, decided.note, decided.diff) == ("approve", sent.digest, "", "")
    (emptied,) = [one for one in await desk.events() if one.kind == "mailbox.emptied"]
    assert (emptied.principal_id, emptied.data) == (
        desk.who["operator"],
        {"deleted": 1, "kept": 0, "reason": "asked"},
    )


async def test_deleted_ids_are_not_found_anywhere(desk: Desk) -> None:
    arrived = await desk.receive()
    sent = await desk.send()
    await desk.decide(sent.message_id)
    await desk.step()
    thread = (await desk.message(sent.message_id)).thread_id

    await desk.call("operator", "delete_messages", message_ids=[arrived, sent.message_id])

    codes = {}
    for row in OPERATIONS:
        if "message_id" not in row.request.model_fields or row.name in OTHERWISE:
            continue
        for message_id in (arrived, sent.message_id):
            given = dict(row.examples[0].arguments) | {"message_id": message_id}
            given.pop("thread_id", None)
            codes[row.name] = (await desk.refused("operator", row.name, **given)).code
    assert set(codes.values()) == {"not_found"}, codes
    assert len(codes) > 10
    assert (await desk.refused("operator", "get_thread", thread_id=thread)).code == "not_found"


async def test_a_conversation_without_mail_is_over_and_an_answer_begins_a_new_one(desk: Desk) -> None:
    first = await desk.receive(Message_ID="<a@x.org>")
    answer = await desk.receive(Message_ID="<b@x.org>", In_Reply_To="<a@x.org>")
    old = (await desk.message(answer)).thread_id
    await desk.call("operator", "delete_messages", message_ids=[first])
    still = await desk.receive(Message_ID="<c@x.org>", In_Reply_To="<a@x.org>", Subject="Re: A question")
    assert (await desk.message(still)).thread_id == old

    await empty(desk)
    later = await desk.receive(Message_ID="<d@x.org>", In_Reply_To="<c@x.org>", Subject="Re: A question")

    fresh = await desk.message(later)
    assert fresh.thread_id != old
    assert (await desk.call("agent", "get_thread", thread_id=fresh.thread_id)).messages[0].message_id == later
    assert (await desk.call("agent", "reply_email", message_id=later, body="Yes.")).status


async def test_merged_conversations_end_together(desk: Desk) -> None:
    await desk.receive(Message_ID="<a@x.org>", Subject="One")
    await desk.receive(Message_ID="<b@x.org>", Subject="Two")
    await desk.receive(Message_ID="<c@x.org>", References="<a@x.org> <b@x.org>", Subject="Re: One")

    assert (await empty(desk)).deleted == 3
    assert [name for name in ("threads", "message_ids", "thread_participants") if tables(desk)[name]] == []


async def test_the_same_mail_that_comes_again_is_new_mail(desk: Desk) -> None:
    await desk.receive(Message_ID="<same@x.org>")
    await empty(desk)

    again = await desk.receive(Message_ID="<same@x.org>")

    assert await desk.status(again) == "unread"


async def test_a_repeated_call_for_mail_that_is_gone_sends_nothing_again(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(idempotency_key="once")
    await desk.step(sink)
    await empty(desk)

    again = await desk.send(idempotency_key="once")

    assert (again.message_id, again.repeated, again.subject) == (sent.message_id, True, "")
    await desk.step(sink)
    assert len(sink.mails) == 1


async def test_contacts_stay_and_name_no_mail_that_is_gone(desk: Desk) -> None:
    await desk.receive()
    await empty(desk)

    found = await desk.call("operator", "search_contacts", query="ann", include_interactions=True)

    (ann,) = found.contacts
    assert (ann.latest_thread_id, ann.interaction_count) == (None, 1)
    assert [(one.kind, one.message_id, one.thread_id) for one in ann.interactions] == [
        ("received", None, None)
    ]


async def test_search_finds_only_what_is_left(desk: Desk) -> None:
    gone = await desk.receive("An unusual word: zymurgy, 東京都 and naïveté.")
    left = await desk.receive("zymurgy again")

    await desk.call("operator", "delete_messages", message_ids=[gone])

    for query, expected in {"zymurgy": [left], "東京": [], "naivete": []}.items():
        found = await desk.call("agent", "check_inbox", query=query)
        assert [one.message_id for one in found.messages] == expected


async def test_deleting_again_and_again_leaves_a_sound_file(desk: Desk) -> None:
    for _ in range(3):
        await everything_said(desk)
        await empty(desk)
        await purging.step(desk.services)
        desk.later(15 * MINUTE + SECOND)

    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_a_conversation_without_mail_is_in_no_list(desk: Desk) -> None:
    gone, left = await desk.receive(), await desk.receive(Subject="Another")
    await desk.call("operator", "delete_messages", message_ids=[gone])

    listed = await desk.call("operator", "list_conversations", folder="all", counts=True)

    assert [one.latest_message_id for one in listed.conversations] == [left]
    assert (await desk.call("operator", "get_mailbox", mailbox=desk.box)).messages == 1
    assert (await desk.call("agent", "get_mailbox", mailbox=desk.box)).messages is None
