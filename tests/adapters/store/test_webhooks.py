"""Webhooks in the file: kept whole, found while they are not deleted, and moved on only as they were read."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.core.times import HOUR
from multimail.ports.webhooks import Webhook
from tests.support.mailroom import NOON, Mailroom

HOOK = Webhook(
    id="wh_1", url="https://example.com/a", events=("message.*", "tags.changed"), mailbox_id=None, tags=("vip=1",),
    audience="agent", description="CRM", secret="whsec_bmV3", position=7, created_at=NOON, updated_at=NOON,
    old_secret="whsec_b2xk", old_until=NOON + HOUR,
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def test_a_webhook_is_kept_whole(room: Mailroom) -> None:
    box = room.mailbox()
    own = replace(HOOK, mailbox_id=box.id, state="paused", reason="why", failures=3, last_failure="500")

    room.tx.webhooks.insert(own)

    assert room.tx.webhooks.get("wh_1") == own


def test_all_come_the_oldest_first_and_deleted_ones_not_at_all(room: Mailroom) -> None:
    for number, hook in enumerate(("wh_b", "wh_a", "wh_c")):
        room.tx.webhooks.insert(replace(HOOK, id=hook, created_at=NOON + number))
    room.tx.webhooks.save(replace(HOOK, id="wh_a", deleted_at=NOON))

    assert [one.id for one in room.tx.webhooks.all()] == ["wh_b", "wh_c"]
    assert room.tx.webhooks.get("wh_a") is None


def test_only_active_ones_are_served(room: Mailroom) -> None:
    for state in ("active", "paused", "disabled"):
        room.tx.webhooks.insert(replace(HOOK, id=state, state=state))

    assert [one.id for one in room.tx.webhooks.active()] == ["active"]


def test_a_webhook_is_moved_on_from_where_it_was_read(room: Mailroom) -> None:
    room.tx.webhooks.insert(HOOK)

    assert room.tx.webhooks.advance(HOOK, 9)
    assert not room.tx.webhooks.advance(HOOK, 12)
    assert room.tx.webhooks.get("wh_1") == replace(HOOK, position=9)


@pytest.mark.parametrize(
    "changes", [{"updated_at": NOON + 1}, {"state": "paused"}, {"state": "disabled"}, {"deleted_at": NOON}]
)
def test_a_webhook_that_was_changed_since_is_not_moved_on(room: Mailroom, changes: dict[str, object]) -> None:
    room.tx.webhooks.insert(HOOK)
    room.tx.webhooks.save(replace(HOOK, **changes))  # type: ignore[arg-type]

    assert not room.tx.webhooks.advance(HOOK, 9)


@pytest.mark.parametrize("wrong", [{"state": "asleep"}, {"audience": "everybody"}])
def test_the_file_refuses_what_a_webhook_cannot_be(room: Mailroom, wrong: dict[str, str]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        room.tx.webhooks.insert(replace(HOOK, **wrong))  # type: ignore[arg-type]
