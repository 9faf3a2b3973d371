"""A filter may be written in many ways; what cannot be understood is refused with what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.contract.reading import CheckInbox
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Principal, Role
from multimail.core.query import AllOf, Term
from multimail.core.times import DAY
from multimail.ports.reading import MailSearch
from multimail.services.context import Call, Caller
from multimail.services.searching import GROUPS, STATES, mail_search
from tests.support.mailroom import NOON, Letter, Mailroom

HELD = GROUPS["held"]


class Desk:
    """An agent with one mailbox, who searches."""

    def __init__(self, folder: Path) -> None:
        self.room = Mailroom(folder)
        self.box: Mailbox = self.room.mailbox()
        self.who: Principal = self.room.principal(Role.AGENT, self.box)

    def search(self, who: Principal | None = None, **arguments: Any) -> MailSearch:
        who = who or self.who
        call = Call(who, Caller(who.id, "cli"), NOON, self.room.services)
        request = CheckInbox.parse(arguments)
        assert isinstance(request, CheckInbox)
        return mail_search(self.room.tx, call, request)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({}, {}),
        ({"filter": ""}, {}),
        ({"filter": "all"}, {}),
        ({"filter": "unread"}, {"statuses": ("unread",)}),
        ({"filter": " UNREAD "}, {"statuses": ("unread",)}),
        ({"filter": "sent"}, {"statuses": ("bounced", "delivered", "sent")}),
        ({"status": "sent"}, {"statuses": ("sent",)}),
        ({"filter": "read, archived"}, {"statuses": ("archived", "read")}),
        ({"filter": "inbound"}, {"direction": "inbound"}),
        ({"filter": "has replies"}, {"has_replies": True}),
        ({"filter": "pending_send_approval"}, {"statuses": ("pending_approval",)}),
        ({"status": "pending"}, {"statuses": tuple(sorted(HELD))}),
        ({"status": "send_failed"}, {"statuses": ("failed",)}),
        ({"filter": {"unread": True}}, {"statuses": ("unread",)}),
        ({"filter": '{"unread": true}'}, {"statuses": ("unread",)}),
        ({"unread": False}, {"exclude_statuses": ("unread",)}),
        ({"filter": {"status": ["spam", "deleted"]}}, {"statuses": ("deleted", "spam")}),
        ({"filter": {"status": "spam,deleted"}}, {"statuses": ("deleted", "spam")}),
        ({"filter": {"tags": ["drip"], "has_replies": True}}, {"tags": ("drip",), "has_replies": True}),
        ({"filter": {"tag": "drip"}, "tags": "vip,plan=pro"}, {"tags": ("vip", "plan=pro", "drip")}),
        ({"filter": {"exclude_tags": ["a"]}, "exclude_tags": ["b"]}, {"exclude_tags": ("b", "a")}),
        ({"filter": {"from": "ann"}}, {"sender_contains": "ann"}),
        ({"sender": "ann"}, {"sender_contains": "ann"}),
        ({"filters": {"to": "bob", "subject": "late"}}, {"to_contains": "bob", "subject_contains": "late"}),
        ({"filter": {"has_attachments": False}}, {"has_attachments": False}),
        ({"since": "2026-03-02"}, {"since": NOON - DAY // 2}),
        ({"date_after": "2026-03-02T13:00:00+01:00"}, {"since": NOON}),
        ({"filter": {"date_before": "2026-03-02T12:00:00Z"}}, {"until": NOON}),
        ({"query": "late"}, {"query": Term("text", "late")}),
        ({"filter": "subject:late"}, {"query": Term("subject", "late")}),
        ({"filter": {"query": "a"}, "query": "b"}, {"query": AllOf((Term("text", "a"), Term("text", "b")))}),
        ({"filter": {"direction": "inbound"}, "direction": "inbound"}, {"direction": "inbound"}),
    ],
)
def test_a_filter_means(desk: Desk, arguments: dict[str, Any], fields: dict[str, Any]) -> None:
    assert desk.search(**arguments) == MailSearch((desk.box.id,), **fields)


@pytest.mark.parametrize(
    ("arguments", "code", "field", "hint"),
    [
        ({"filter": "unraed"}, "invalid", "filter", "unread"),
        ({"status": "x' OR 1=1"}, "invalid", "status", "Known:"),
        ({"filter": {"unraed": True}}, "unknown_field", "filter.unraed", "unread"),
        ({"filter": {"limit": 5}}, "unknown_field", "filter.limit", "Known fields"),
        ({"filter": "{"}, "invalid", "filter", "unread"),
        ({"filter": 5}, "invalid", "filter", "unread"),
        ({"filter": "[1]" + "{" * 9}, "invalid", "filter", "Known:"),
        ({"filter": {"since": "soon"}}, "invalid_time", "filter.since", "2027"),
        ({"filter": {"tags": [""]}}, "invalid", "tags", "printable"),
        ({"filter": {"direction": "up"}}, "invalid", "filter.direction", "direction"),
        ({"filter": {"direction": "inbound"}, "direction": "outbound"}, "contradiction", "direction", ""),
        ({"filter": "unread", "status": "read"}, "contradiction", "status", ""),
        ({"unread": True, "status": "read"}, "contradiction", "status", ""),
        ({"query": "wat:x"}, "invalid_query", "query", "Known"),
        ({"filter": {"query": "(("}}, "invalid_query", "query", ""),
        ({"mailbox": "nobody@here.example"}, "unknown_mailbox", "mailbox", "list_mailboxes"),
        ({"since_id": "msg_nowhere"}, "not_found", "since_id", "earlier"),
        ({"thread_id": "thread_nowhere"}, "not_found", "thread_id", "check_inbox"),
        ({"filter": {"subject": "\ud800"}}, "invalid", "filter.subject_contains", ""),
    ],
)
def test_what_cannot_be_meant_is_refused(
    desk: Desk, arguments: dict[str, Any], code: str, field: str, hint: str
) -> None:
    with pytest.raises(Problem) as caught:
        desk.search(**arguments)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert hint in caught.value.advice + caught.value.message


def test_every_state_is_a_filter_word_and_a_status(desk: Desk) -> None:
    for state in STATES - {"sent"}:
        assert desk.search(filter=state) == desk.search(status=state)
        assert desk.search(status=state).statuses == (state,)


def test_a_search_covers_the_callers_mailboxes_and_sees_held_mail_by_scope(desk: Desk) -> None:
    operator, other = desk.room.principal(Role.OPERATOR), desk.room.mailbox("other")

    assert desk.search(mailbox=desk.box.address).mailbox_ids == (desk.box.id,)
    assert desk.search(operator) == MailSearch(None, see_held=True)
    assert desk.search(operator, mailbox=other.id).mailbox_ids == (other.id,)
    with pytest.raises(Problem, match="no such mailbox"):
        desk.search(mailbox=other.id)


def test_a_message_of_others_or_held_is_no_place_to_go_on_from(desk: Desk) -> None:
    other = desk.room.mailbox("other")
    foreign = desk.room.receive(other, Letter())
    held = desk.room.receive(desk.box, Letter(status="pending_inbound_approval"))
    messages = []
    for since_id in (foreign.id, held.id, "msg_" + foreign.id[4:][::-1]):
        with pytest.raises(Problem) as caught:
            desk.search(since_id=since_id)
        messages.append(caught.value.message.replace(since_id, ""))

    assert len(set(messages)) == 1
    assert desk.search(desk.room.principal(Role.OPERATOR), since_id=held.id).after == held.id


def test_a_merged_thread_is_searched_under_its_new_id(desk: Desk) -> None:
    old, new = desk.room.receive(desk.box, Letter()), desk.room.receive(desk.box, Letter())
    desk.room.tx.threads.merge(new.thread_id, [old.thread_id])

    assert desk.search(thread_id=old.thread_id).thread_id == new.thread_id
