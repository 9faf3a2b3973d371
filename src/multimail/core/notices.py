"""What events are called outside: canonical names, the other names subscribers may use, and which name fits which.

An event of the log becomes a notice when it is told to somebody. Reading the names and matching them is all that
happens here; who may see what is decided where the rows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.core.events import KINDS
from multimail.core.lifecycle import INBOUND, OUTBOUND
from multimail.core.text import nearest

EVERYTHING: Final = "*"
STATUS_CHANGED: Final = "message.status_changed"
TEST: Final = "webhook.test"
"""What a webhook is sent when somebody tries it out; nobody else sees it and nobody subscribes to it."""

_RENAMED: Final = {"message.pending_approval": "oversight.pending"}
_INTERNAL: Final = (
    "key.", "session.", "passkey.", "passphrase.", "webhook.", "rule.", "template.", "pace.", "breakers.", "warming.",
)  # fmt: skip
RESERVED: Final[dict[str, str]] = {
    "message.opened": "A recipient opened the mail.",
}
"""Names that can be subscribed to before anything happens under them."""

NOTICES: Final[dict[str, str]] = {
    _RENAMED.get(kind, kind): meaning for kind, meaning in KINDS.items() if not kind.startswith(_INTERNAL)
} | RESERVED
"""Every name that can be subscribed to, with its meaning."""

_TYPES: Final = {"oversight.pending": "approval.required"}
ALIASES: Final[dict[str, str]] = {
    "approval.required": "oversight.pending",
    "message.pending_approval": "oversight.pending",
    "message.rejected": "oversight.rejected",
    "message.approved": "oversight.approved",
    "email.received": "message.received",
    "email.sent": "message.sent",
    "email.delivered": "message.delivered",
    "email.bounced": "message.bounced",
    "inbound": "message.received",
    "delivery": "message.delivered",
    "bounce": "message.bounced",
    "complaint": "message.complained",
    "open": "message.opened",
    "all": EVERYTHING,
}
"""Other names of the same, accepted wherever a name is; what is sent carries the canonical one."""

_STATES: Final = {"oversight.pending": "pending_approval", "message.released": "queued"} | {
    f"{room}.{state}": state
    for room in ("message", "oversight")
    for state in (*OUTBOUND.states, *INBOUND.states)
    if f"{room}.{state}" in NOTICES
}
_CHANGES: Final = frozenset(_STATES) | {"oversight.approved", "message.marked", "message.received"}
_ID: Final = "evt_"


def name_of(kind: str) -> str | None:
    """The name under which a kind of event is told; None when it is nobody's business outside."""
    name = _RENAMED.get(kind, kind)
    return name if name in NOTICES else None


def type_of(name: str) -> str:
    """The value of `type` in what is sent: an older name where programs look for it, else the name."""
    return _TYPES.get(name, name)


def status_after(name: str, data: Mapping[str, Any]) -> str | None:
    """The state that mail came into with this event; None where the event does not say."""
    if name == "message.marked":
        return str(data.get("new", "")) or None
    return _STATES.get(name)


def event_id(seq: int) -> str:
    """The id of an event: the same for every subscriber and every try."""
    return f"{_ID}{seq:014d}"


def seq_of(text: str) -> int | None:
    """The place in the log that an event's id names; None for what is no such id."""
    digits = text.removeprefix(_ID)
    return (
        int(digits)
        if len(digits) == 14 and digits.isascii() and digits.isdecimal() and digits != text
        else None
    )


def patterns(given: Iterable[str], *, field: str = "events") -> tuple[str, ...]:
    """Canonical names and patterns, each once, in the order given; `invalid` for what nothing is called.

    A pattern is `*`, the beginning of names with `.*` behind it, or `message.status_changed` for every event
    with which mail changes its state.
    """
    found = [_pattern(one.strip().casefold(), field) for one in given]
    return tuple(dict.fromkeys(found))


def matches(chosen: Iterable[str], name: str) -> bool:
    """Whether one of the canonical patterns covers the canonical name."""
    return any(_covers(pattern, name) for pattern in chosen)


def _covers(pattern: str, name: str) -> bool:
    if pattern == STATUS_CHANGED:
        return name in _CHANGES
    return pattern in (name, EVERYTHING) or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


def _pattern(given: str, field: str) -> str:
    pattern = ALIASES.get(given, given)
    if pattern in (EVERYTHING, STATUS_CHANGED) or any(_covers(pattern, name) for name in NOTICES):
        return pattern
    near = nearest(given, (*NOTICES, *ALIASES, STATUS_CHANGED))
    raise Problem(
        "invalid",
        f"{given[:60]!a} is no event.",
        field=field,
        advice=f"Did you mean {' or '.join(near)}?"
        if near
        else "Use * for all, or a beginning such as message.*",
    )
