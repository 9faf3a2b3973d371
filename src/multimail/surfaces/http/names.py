"""The further names that answers carry on the RPC routes: views of the same values, chosen by the kind of view.

Programs written against other spellings find what they look for; nothing here computes anything. Two names change
their form: `to` is a text where there is one recipient (the list is `to_list`), and `thread` of what waits is an
object with its `messages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args

from multimail.contract.administration import MailboxList, MailboxView
from multimail.contract.contacts import ContactList, ContactView, InteractionRow
from multimail.contract.reading import (
    MessageList,
    MessageRow,
    MessageView,
    TagResult,
    ThreadView,
    WaitResult,
)
from multimail.contract.reviews import DecisionView, PendingItem, PendingList
from multimail.contract.sending import CancelResult, SendResult
from multimail.contract.shapes import View
from multimail.core.ids import prefix_of
from multimail.core.tags import split

Answer = dict[str, Any]
Naming = Callable[[Answer], None]

ON_ERROR: Final[Mapping[str, Mapping[str, Any]]] = {"cancel_message": {"cancelled": False}}
"""What a problem says besides, by operation: programs look at these names whatever came of the call."""
_DETAILS: Final = {"pending_approval": "pending_send_approval"}
_TARGETS: Final = {"msg": "message_id", "thread": "thread_id", "contact": "contact_id"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How answers of one kind of view get their names, and in which fields more such answers lie."""

    own: tuple[Naming, ...]
    inner: tuple[tuple[str, Plan], ...]


@cache
def plan(view: type[View]) -> Plan:
    """Read from the view's fields, once for each kind."""
    first = next(iter(view.model_fields), "")
    own = [_NAMINGS[kind] for kind in reversed(view.__mro__) if kind in _NAMINGS]
    if first.endswith("_id"):
        own.insert(0, _called(first))
    if "cursor" in view.model_fields:
        own.append(_with_cursor)
    inner = (
        (name, plan(inside))
        for name, field in view.model_fields.items()
        for inside in _views(field.annotation)
    )
    return Plan(tuple(own), tuple((name, below) for name, below in inner if below.own or below.inner))


def add(answer: Answer, how: Plan) -> Answer:
    """Add the names, in place and inside first; returns `answer`."""
    for field, below in how.inner:
        value = answer.get(field)
        if isinstance(value, dict):
            add(value, below)
        elif value:
            for one in value:
                add(one, below)
    for naming in how.own:
        naming(answer)
    return answer


def _views(annotation: Any) -> Iterator[type[View]]:
    """The views inside a list, an optional or itself."""
    if isinstance(annotation, type) and issubclass(annotation, View):
        yield annotation
    for part in get_args(annotation):
        yield from _views(part)


def _called(first: str) -> Naming:
    """What a view is about stands first in it: its id, where there is one, has the short name, and a message's the
    older one too."""

    def naming(answer: Answer) -> None:
        if first not in answer:
            return
        answer.setdefault("id", answer[first])
        if first == "message_id":
            answer["email_id"] = answer[first]

    return naming


def _with_cursor(answer: Answer) -> None:
    answer.setdefault("cursor", None)


def _recipients(answer: Answer) -> None:
    to = answer["to"]
    answer["to_list"] = to
    answer.setdefault("recipients", to)
    if len(to) == 1:
        answer["to"] = to[0]


def _scheduled(answer: Answer) -> None:
    answer["send_at"] = answer.setdefault("scheduled_at", None)


def _message(answer: Answer) -> None:
    _recipients(answer)
    _scheduled(answer)
    answer["from"] = answer["sender"]
    answer["unread"] = answer["status"] == "unread"
    answer["created_at"] = answer["timestamp"] = answer["received_at"]
    answer.setdefault("metadata", {})
    answer.setdefault("opened_at", None)


def _body(answer: Answer) -> None:
    answer["body_text"] = answer["markdown"] = answer["body_markdown"] = answer["body"]


def _waiting(answer: Answer) -> None:
    _recipients(answer)
    _scheduled(answer)
    _body(answer)
    answer["from"] = answer["sender"]
    answer["draft_body"] = answer["body"]
    answer["timestamp"] = answer["received_at"] = answer["created_at"]
    answer["status_detail"] = _DETAILS.get(answer["status"], answer["status"])
    answer.setdefault("original", None)
    earlier = answer.get("thread", [])
    answer["thread"] = {"thread_id": answer["thread_id"], "messages": earlier, "emails": earlier}


def _sent(answer: Answer) -> None:
    _recipients(answer)
    _scheduled(answer)
    answer["status_detail"] = _DETAILS.get(answer["status"], answer["status"])
    answer["effective_mode"] = answer["oversight_mode"]
    answer.setdefault("requested_mode", None)
    answer.setdefault("original_message_id", None)
    answer.setdefault("warnings", [])
    answer["message"] = answer.get("note") or "; ".join(answer["reasons"]) or answer["status"]


def _decided(answer: Answer) -> None:
    _scheduled(answer)
    answer["action"] = answer["decision"]
    answer["reason"] = answer["rejection_note"] = answer.setdefault("note", None)


def _cancelled(answer: Answer) -> None:
    answer.setdefault("reason", None)


def _tagged(answer: Answer) -> None:
    target = answer["id"] = answer["target"]
    kind = _TARGETS.get(prefix_of(target))
    if kind:
        answer[kind] = target
    if kind == "message_id":
        answer["email_id"] = target
    answer["tag_map"] = dict(map(split, answer["tags"]))


def _contact(answer: Answer) -> None:
    for field in ("last_contacted", "last_inbound", "latest_thread_id"):
        answer.setdefault(field, None)


def _interaction(answer: Answer) -> None:
    answer.setdefault("mailbox_deleted", False)
    answer["timestamp"] = answer["at"]


def _mailbox(answer: Answer) -> None:
    answer["email"] = answer["address"]


def _list(field: str, *others: str) -> Naming:
    def naming(answer: Answer) -> None:
        for other in others:
            answer[other] = answer[field]

    return naming


_NAMINGS: Final[Mapping[type, Naming]] = {
    MessageRow: _message,
    MessageView: _body,
    MessageList: _list("messages", "emails"),
    WaitResult: _list("messages", "emails"),
    ThreadView: _list("messages", "emails"),
    PendingItem: _waiting,
    PendingList: _list("pending", "messages", "emails"),
    SendResult: _sent,
    DecisionView: _decided,
    CancelResult: _cancelled,
    TagResult: _tagged,
    ContactView: _contact,
    ContactList: _list("contacts", "items", "results"),
    InteractionRow: _interaction,
    MailboxView: _mailbox,
    MailboxList: _list("mailboxes", "items"),
}
