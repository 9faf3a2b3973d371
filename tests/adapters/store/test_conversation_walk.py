"""A list of conversations is read along an index and sorts nothing, so that it takes no longer with more mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.adapters.store.conversation_walk import Walk
from multimail.adapters.store.tx import Tx
from multimail.core.query import parse_query
from multimail.ports.conversations import ConversationSearch
from multimail.ports.reading import MailSearch
from tests.support.mailroom import NOON, Letter, Mailroom


class Told(Tx):
    """Remembers the plan of every statement that reads mail in order."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection)
        self.plans: list[str] = []

    def all(self, sql: str, **params: Any) -> list[Any]:
        if "ORDER BY 1" in sql:
            self.plans += [row[3] for row in super().all(f"EXPLAIN QUERY PLAN {sql}", **params)]
        return super().all(sql, **params)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    room = Mailroom(tmp_path)
    for name in ("one", "two"):
        box = room.mailbox(name)
        for number in range(5):
            room.receive(box, Letter(subject=str(number)))
    return Told(room.tx)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"statuses": ("unread",)}, "messages_by_status"),
        ({"statuses": ("read", "unread", "archived")}, "messages_by_status"),
        ({"statuses": ("read", "unread"), "captured": True}, "messages_captured"),
    ],
)
def test_a_folder_is_read_along_its_index(told: Told, asked: dict[str, Any], index: str) -> None:
    captured = bool(asked.pop("captured", False))

    Walk(told, ConversationSearch(MailSearch(see_held=True, **asked), captured=captured)).newest()

    assert any(index in step for step in told.plans)
    assert not [step for step in told.plans if "TEMP B-TREE" in step or step == "SCAN m"]


def test_the_index_by_state_answers_without_looking_at_the_mail(told: Told) -> None:
    Walk(told, ConversationSearch(MailSearch(see_held=True, statuses=("unread",)))).newest()

    assert all("COVERING INDEX" in step for step in told.plans if "messages_by_status" in step)


def test_words_are_read_along_the_index_of_words(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multimail.adapters.store.conversation_walk._FEW", 1)
    monkeypatch.setattr("multimail.adapters.store.few.RARE", 0)
    query = parse_query("how is:unread", NOON)

    Walk(told, ConversationSearch(MailSearch(see_held=True, statuses=("unread",), query=query))).newest()

    assert any("VIRTUAL TABLE" in step for step in told.plans)
    assert not [step for step in told.plans if "TEMP B-TREE" in step]


def test_conditions_in_a_large_folder_are_tried_mailbox_by_mailbox(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("multimail.adapters.store.conversation_walk._FEW", 1)
    monkeypatch.setattr("multimail.adapters.store.few.RARE", 0)
    query = parse_query("from:ann", NOON)

    Walk(
        told, ConversationSearch(MailSearch(see_held=True, statuses=("read", "unread"), query=query))
    ).newest()

    assert any("messages_by_mailbox" in step for step in told.plans)
    assert not [step for step in told.plans if "TEMP B-TREE" in step]
