"""Questions about messages: what waits, what is due, what was sent, what is the same, what a reply answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.core.lifecycle import HELD
from multimail.core.model import Mailbox
from multimail.ports.records import StoredMessage
from tests.support.mailroom import NOON, Letter, Mailroom

KEY = "key_1"


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def send(room: Mailroom, box: Mailbox, status: str = "", **more: Any) -> StoredMessage:
    return room.send(box, Letter(status=status, more={"principal_id": KEY} | more))


def moved(room: Mailroom, message: StoredMessage, *statuses: str) -> StoredMessage:
    for status in statuses:
        message = room.tx.messages.move(message, status, room.clock.now())
    return message


def test_the_newest_of_a_thread_is_never_by_a_stranger_nor_what_nobody_reads(
    room: Mailroom, box: Mailbox
) -> None:
    first = room.receive(box, Letter())
    for more in ({"new_sender": True}, {"held_from_agents": True}, {"message_class": "system"}):
        room.receive(box, Letter(thread=first.thread_id, more=more))
    for status in ("spam", "deleted", "pending_inbound_approval", "rejected"):
        room.receive(box, Letter(thread=first.thread_id, status=status))

    found = room.tx.messages.newest_of_thread(first.thread_id)

    assert found is not None
    assert found.id == first.id


def test_the_newest_of_ones_own_is_one_that_left_or_still_may(room: Mailroom, box: Mailbox) -> None:
    first = send(room, box, "sent")
    thread = first.thread_id
    for status in ("rejected", "cancelled", "expired", "superseded", "suppressed"):
        moved(room, room.send(box, Letter(thread=thread)), status)
    room.send(box, Letter(thread=thread, status="failed"))

    mine = room.tx.messages.newest_of_thread(thread, "outbound")

    assert mine is not None
    assert mine.id == first.id
    assert room.tx.messages.newest_of_thread(thread, "inbound") is None
    assert room.tx.messages.newest_of_thread("thread_nothing") is None


def test_answers_that_wait_are_held_ones_and_the_last_one_is_any(room: Mailroom, box: Mailbox) -> None:
    waiting = send(room, box, answers="msg_1")
    gone = moved(room, send(room, box, answers="msg_1"), "rejected")
    send(room, box, answers="msg_2")

    assert [one.id for one in room.tx.messages.waiting_answers("msg_1")] == [waiting.id]
    last = room.tx.messages.last_answer("msg_1")
    assert last is not None
    assert last.id == gone.id
    assert room.tx.messages.last_answer("msg_3") is None


@pytest.mark.parametrize(
    ("statuses", "age", "is_twin"),
    [
        ((), 1_000, True), (("escalated",), 1_000, True), (("changes_requested",), 1_000, True),
        (("queued",), 0, True), (("queued",), 1_000, False), (("queued", "sending", "delivered"), 0, True),
        (("queued", "sending", "failed"), 0, False), (("rejected",), 0, False), (("cancelled",), 0, False),
        (("expired",), 0, False), (("superseded",), 0, False), (("suppressed",), 0, False),
    ],
)  # fmt: skip
def test_a_twin_waits_or_was_accepted_lately_and_did_not_end_badly(
    room: Mailroom, box: Mailbox, statuses: tuple[str, ...], age: int, is_twin: bool
) -> None:
    message = moved(room, send(room, box, content_hash="h"), *statuses)

    twin = room.tx.messages.recent_twin(KEY, "h", message.created_at + age)

    assert (twin is not None) is is_twin


def test_a_twin_is_by_the_same_principal_and_of_the_same_content(room: Mailroom, box: Mailbox) -> None:
    send(room, box, content_hash="h")
    send(room, box)

    assert room.tx.messages.recent_twin("key_2", "h", 0) is None
    assert room.tx.messages.recent_twin(KEY, "other", 0) is None
    assert room.tx.messages.recent_twin(KEY, "", 0) is None


def test_open_drafts_are_what_is_held_of_a_principal(room: Mailroom, box: Mailbox) -> None:
    for status in HELD - {"pending_approval"}:
        moved(room, send(room, box), status)
    send(room, box)
    send(room, box, "scheduled")
    send(room, box, principal_id="key_2")

    assert room.tx.messages.open_drafts(KEY) == 3


def test_all_held_mails_of_a_batch_are_one_open_draft_and_none_to_the_batch_itself(
    room: Mailroom, box: Mailbox
) -> None:
    for batch in ("batch_1", "batch_1", "batch_2", None):
        send(room, box, batch_id=batch)
    send(room, box, "scheduled", batch_id="batch_3")
    send(room, box, principal_id="key_2", batch_id="batch_4")

    assert room.tx.messages.open_drafts(KEY) == 3
    assert room.tx.messages.open_drafts(KEY, "batch_1") == 2
    assert room.tx.messages.open_drafts(KEY, "batch_3") == 3


def test_what_was_sent_since_is_counted_by_mailbox_by_principal_or_all(room: Mailroom, box: Mailbox) -> None:
    other = room.mailbox("other")
    first = send(room, box)
    send(room, box, "sent", principal_id="key_2")
    send(room, other, "scheduled")
    send(room, box, message_class="system")
    room.receive(box, Letter())
    for status in ("rejected", "cancelled", "expired", "superseded", "suppressed"):
        moved(room, send(room, box), status)
    count = room.tx.messages.sent_since

    assert (count(0), count(0, mailbox_id=box.id), count(0, principal_id=KEY)) == (3, 2, 2)
    assert count(first.created_at + 1) == 2


def test_messages_of_a_mailbox_or_of_all_by_state_oldest_first(room: Mailroom, box: Mailbox) -> None:
    other = room.mailbox("other")
    ids = [send(room, one).id for one in (box, other, box)]
    send(room, box, "scheduled")

    assert [one.id for one in room.tx.messages.of_mailbox(None, ["pending_approval"])] == ids
    assert [one.id for one in room.tx.messages.of_mailbox(box.id, ["pending_approval"])] == [ids[0], ids[2]]


def test_what_waits_comes_in_pages_and_only_of_the_mailboxes_asked_for(room: Mailroom, box: Mailbox) -> None:
    other = room.mailbox("other")
    mine = [send(room, box) for _ in range(3)]
    send(room, other)
    ask = room.tx.messages.pending

    first = ask([box.id], ["pending_approval"], 0, 2)
    second = ask([box.id], ["pending_approval"], first[-1].seq, 2)

    assert [one.id for one in (*first, *second)] == [one.id for one in mine]
    assert len(ask(None, ["pending_approval"], 0, 10)) == 4
    assert ask([], ["pending_approval"], 0, 10) == []


def test_what_is_due_is_found_in_order_of_time_and_in_bounded_numbers(room: Mailroom, box: Mailbox) -> None:
    late = send(room, box, "scheduled", scheduled_at=NOON + 2)
    early = send(room, box, "scheduled", scheduled_at=NOON + 1)
    send(room, box, "scheduled", scheduled_at=NOON + 9)
    over = send(room, box, expires_at=NOON + 2)
    moved(room, send(room, box, expires_at=NOON + 1), "rejected")

    assert [one.id for one in room.tx.messages.due_schedules(NOON + 2, 10)] == [early.id, late.id]
    assert [one.id for one in room.tx.messages.due_schedules(NOON + 2, 1)] == [early.id]
    assert [one.id for one in room.tx.messages.expired(NOON + 2, 10)] == [over.id]


def test_the_next_timer_is_the_earliest_schedule_or_expiry(room: Mailroom, box: Mailbox) -> None:
    assert room.tx.messages.next_timer() is None
    held = send(room, box, expires_at=NOON + 5)
    assert room.tx.messages.next_timer() == NOON + 5
    send(room, box, "scheduled", scheduled_at=NOON + 3)
    assert room.tx.messages.next_timer() == NOON + 3

    moved(room, held, "rejected")

    assert room.tx.messages.next_timer() == NOON + 3
