"""The audit's questions: each along an index, and the same lines whichever it is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from multimail.adapters.store import audit
from multimail.ports.audit import Place, Wanted
from multimail.ports.records import Event, StoredCall
from tests.support.mailroom import NOON, Mailroom

KINDS = ("message.queued", "oversight.approved", "freeze.started")
BOXES = ("mbx_1", "mbx_2", "mbx_3")


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    """Three hundred events, many of them of one moment, and as many calls."""
    made, chance = Mailroom(tmp_path), random.Random(3)
    for number in range(300):
        at = NOON + number // 7
        who = chance.choice(("key_a", "key_b"))
        box = chance.choice((*BOXES, None))
        kind = KINDS[2] if number % 50 == 0 else chance.choice(KINDS[:2])
        made.tx.events.add(Event(kind, at, mailbox_id=box, message_id=f"msg_{number // 9}", principal_id=who))
        outcome = chance.choice(("ok", "ok", "forbidden"))
        made.tx.events.call(
            StoredCall(at, who, chance.choice(("freeze", "send_email")), "cli", outcome, "msg_1")
        )
    return made


QUESTIONS = {
    "everything": Wanted(),
    "a principal": Wanted(principal_id="key_a"),
    "a mailbox": Wanted(mailbox_ids=("mbx_2",)),
    "mailboxes": Wanted(mailbox_ids=("mbx_1", "mbx_3")),
    "no mailbox": Wanted(mailbox_ids=()),
    "a kind": Wanted(kinds=("freeze.started",)),
    "kinds": Wanted(kinds=("freeze.started", "oversight.approved")),
    "a mail": Wanted(message_id="msg_9"),
    "a mail in a mailbox": Wanted(message_id="msg_9", mailbox_ids=("mbx_1",)),
    "a time": Wanted(since=NOON + 5, until=NOON + 20),
    "all of it": Wanted(("oversight.approved",), ("mbx_1", "mbx_2"), "key_b", None, NOON + 3, NOON + 30),
}


def fits(event: Event, wanted: Wanted) -> bool:
    return (
        (wanted.kinds is None or event.kind in wanted.kinds)
        and (wanted.mailbox_ids is None or event.mailbox_id in wanted.mailbox_ids)
        and wanted.principal_id in {None, event.principal_id}
        and wanted.message_id in {None, event.message_id}
        and (wanted.since or 0) <= event.at < (wanted.until or NOON * 2)
    )


@pytest.mark.parametrize("rare", [0, 5, 2_000])
@pytest.mark.parametrize("wanted", QUESTIONS.values(), ids=QUESTIONS)
def test_pages_hold_every_event_that_fits_once_newest_first(
    room: Mailroom, wanted: Wanted, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_RARE", rare)
    found: list[Event] = []
    while page := room.tx.audit.events(wanted, Place(found[-1].at, found[-1].seq) if found else None, 4):
        found += page

    everything = sorted(room.tx.events.after(0, 1000), key=lambda one: (one.at, one.seq), reverse=True)
    assert found == [one for one in everything if fits(one, wanted)]


INDEXES = {
    "everything": (Wanted(), "events_by_time"),
    "a principal": (Wanted(principal_id="key_a"), "events_by_principal"),
    "a mailbox": (Wanted(mailbox_ids=("mbx_2",)), "events_by_mailbox"),
    "a rare kind": (Wanted(kinds=("freeze.started",), principal_id="key_a"), "events_by_kind"),
    "a mail": (Wanted(message_id="msg_9", mailbox_ids=("mbx_1",)), "events_by_message"),
}


@pytest.mark.parametrize(("wanted", "index"), INDEXES.values(), ids=INDEXES)
def test_each_question_is_answered_along_its_index(room: Mailroom, wanted: Wanted, index: str) -> None:
    statements: list[str] = []
    connection = room.tx._connection
    connection.set_trace_callback(statements.append)
    room.tx.audit.events(wanted, None, 10)
    connection.set_trace_callback(None)
    asked = next(one for one in statements if one.startswith("SELECT kind, at"))
    plan = [row["detail"] for row in room.tx.all(f"EXPLAIN QUERY PLAN {asked}")]

    assert index in plan[0]
    assert not [step for step in plan if "SCAN events" in step and index not in step]


def test_calls_are_found_by_operation_outcome_and_principal(room: Mailroom) -> None:
    every = room.tx.audit.calls(Wanted(), None, 1000)
    wanted = Wanted(kinds=("freeze", "send_email"), principal_id="key_a", outcome="forbidden")
    found = room.tx.audit.calls(wanted, None, 1000)

    assert len(every) == 300
    assert [(one.call.at, one.seq) for one in every] == sorted(
        ((one.call.at, one.seq) for one in every), reverse=True
    )
    assert found == [
        one for one in every if (one.call.principal_id, one.call.outcome) == ("key_a", "forbidden")
    ]
    assert room.tx.audit.calls(Wanted(message_id="msg_2"), None, 10) == []


def test_places_are_of_lines_that_there_are(room: Mailroom) -> None:
    newest = room.tx.audit.events(Wanted(), None, 1)[0]

    assert room.tx.audit.place_of_event(newest.seq) == Place(newest.at, newest.seq)
    assert (room.tx.audit.place_of_event(10_000), room.tx.audit.place_of_call(10_000)) == (None, None)
