"""What `check_inbox` and `wait_for_email` ask for, in all the ways it may be written, as one resolved search."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from multimail.contract.inbox_filter import InboxFilter
from multimail.contract.reading import CheckInbox, WaitForEmail
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD, INBOUND, OUTBOUND
from multimail.core.query import AllOf, Query, parse_query
from multimail.core.tags import read_tags, written
from multimail.core.text import nearest
from multimail.core.times import from_datetime
from multimail.ports.reading import MailSearch
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call

STATES: Final = INBOUND.states.keys() | OUTBOUND.states.keys()
_WAITING: Final = HELD | {"pending_inbound_approval"}
GROUPS: Final[dict[str, frozenset[str]]] = {
    "pending": _WAITING,
    "held": _WAITING,
    "pending_send_approval": frozenset({"pending_approval"}),
    "pending_scan": frozenset({"draft"}),
    "approved": frozenset({"scheduled", "queued", "sending"}),
    "approved_and_sent": frozenset({"sent", "delivered"}),
    "send_failed": frozenset({"failed"}),
    "spam_flagged": frozenset({"spam"}),
    "spam_quarantined": frozenset({"spam"}),
}
"""Names of states that other mail services use, and names of several at once."""

WORDS: Final[dict[str, dict[str, Any]]] = {
    "all": {},
    "inbox": {"direction": "inbound"},
    "inbound": {"direction": "inbound"},
    "received": {"direction": "inbound"},
    "outbound": {"direction": "outbound"},
    "sent": {"status": ["sent", "delivered", "bounced"]},
    "has_replies": {"has_replies": True},
    "replied": {"has_replies": True},
    "unanswered": {"has_replies": False},
    "has_attachments": {"has_attachments": True},
}
"""What a filter that is one word means, beside the names of states."""


def mail_search(tx: Tx, call: Call, request: CheckInbox | WaitForEmail) -> MailSearch:
    """The search of a request, for what this principal may see. `filter` and the fields beside it add up."""
    chosen = read_filter(request.filter)
    beside = _beside(request)
    for name in chosen.model_fields_set & beside.keys():
        if name not in _ADDING and getattr(chosen, name) != beside[name]:
            raise Problem("contradiction", f"filter and {name} ask for different things.", field=name)
    asked = {name: beside.get(name, getattr(chosen, name)) for name in InboxFilter.model_fields}
    statuses, excluded = _states(asked["status"], asked["unread"])
    since_id = asked["since_id"]
    return MailSearch(
        mailbox_ids=access.mailbox_ids(tx, call.principal, request.mailbox),
        see_held=not call.principal.is_agent,
        query=_query(call, chosen.query, request.query),
        statuses=statuses,
        exclude_statuses=excluded,
        direction=asked["direction"],
        tags=_tags([*request.tags, *chosen.tags], "tags"),
        exclude_tags=_tags([*getattr(request, "exclude_tags", ()), *chosen.exclude_tags], "exclude_tags"),
        has_replies=asked["has_replies"],
        has_attachments=asked["has_attachments"],
        since=from_datetime(asked["since"]) if asked["since"] else None,
        until=from_datetime(asked["until"]) if asked["until"] else None,
        thread_id=_thread(tx, call, asked["thread_id"]),
        sender_contains=asked["sender"].strip(),
        to_contains=asked["to"].strip(),
        subject_contains=asked["subject_contains"].strip(),
        after=_visible(tx, call, since_id) if since_id else None,
    )


_ADDING: Final = frozenset({"tags", "exclude_tags", "query"})


def _beside(request: CheckInbox | WaitForEmail) -> dict[str, Any]:
    """The fields of the request itself that say something, under their names in a filter."""
    given = {name: getattr(request, name) for name in InboxFilter.model_fields if hasattr(request, name)}
    found = {name: value for name, value in given.items() if value not in (None, "", [])}
    if "status" in found:
        found["status"] = [found["status"]]
    return found


def read_filter(given: str | dict[str, Any] | None) -> InboxFilter:
    """A word, a state, several states with commas, a query, or an object (also as JSON text)."""
    if given is None:
        return InboxFilter()
    if isinstance(given, dict):
        return _parsed(given)
    text = given.strip()
    if text.startswith("{"):
        return _parsed(_json(text))
    if ":" in text:
        return InboxFilter(query=text)
    word = text.lower().replace("-", "_").replace(" ", "_")
    if word in WORDS or not word:
        return InboxFilter(**WORDS.get(word, {}))
    states_of(text, "filter")
    return InboxFilter(status=[text])


def states_of(text: str, field: str = "status") -> frozenset[str]:
    """The states that a text names, separated by commas."""
    return frozenset().union(*(_named(part, field) for part in text.split(",")))


def _named(name: str, field: str) -> frozenset[str]:
    word = name.strip().lower().replace("-", "_").replace(" ", "_")
    if word in GROUPS:
        return GROUPS[word]
    if word in STATES:
        return frozenset({word})
    known = [*STATES, *GROUPS, *(WORDS if field == "filter" else ())]
    near = nearest(word, known) or ("unread", "read", "sent", "scheduled", "pending_approval")
    advice = f"Known: {', '.join(near)}."
    if field == "filter":
        advice += ' Or an object such as {"tags": ["vip"], "unread": true}.'
    raise Problem("invalid", f"There is no state {name.strip()[:40]!a}.", field=field, advice=advice)


def _parsed(given: dict[str, Any]) -> InboxFilter:
    return InboxFilter.parse_within(given, "filter")


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Problem(
            "invalid", "The filter is no JSON object.", field="filter", advice='Like {"unread": true}.'
        )
    return found


def _states(names: Iterable[str], unread: bool | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The states to find and those to leave out."""
    wanted = frozenset().union(*(states_of(name) for name in names))
    if unread is False:
        return tuple(sorted(wanted)), ("unread",)
    if unread:
        if wanted and "unread" not in wanted:
            raise Problem("contradiction", "unread and status ask for different things.", field="status")
        return ("unread",), ()
    return tuple(sorted(wanted)), ()


def _query(call: Call, *texts: str) -> Query | None:
    parts = tuple(parse_query(text, call.now) for text in texts if text.strip())
    return None if not parts else parts[0] if len(parts) == 1 else AllOf(parts)


def _tags(given: list[str], field: str) -> tuple[str, ...]:
    return tuple(written(name, value) for name, value in read_tags(given, field=field).items())


def _thread(tx: Tx, call: Call, thread_id: str | None) -> str | None:
    """A merged conversation is found under the id of the one it became part of."""
    return access.thread(tx, call.principal, thread_id).thread_id if thread_id else None


START: Final = "msg_00000000000000"
"""The id before all others: what came after it is everything."""


def _visible(tx: Tx, call: Call, since_id: str) -> str:
    if since_id != START and not access.sees(call.principal, tx.messages.get(since_id)):
        raise Problem(
            "not_found",
            "There is no such message that this key may see.",
            field="since_id",
            advice="Use the id of a message from an earlier answer.",
        )
    return since_id
