"""The life of a message and of a delivery, as tables.

Everything about states and moves stands here and nowhere else; nothing here knows who moves or why it is
allowed. The store generates its triggers from these tables, so a bug in Python cannot make an illegal move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from multimail.core.errors import Problem


@dataclass(frozen=True, slots=True)
class Machine:
    """States with their meaning, the states a row may be born in, and the moves from each state (maybe none)."""

    name: str
    states: Mapping[str, str]
    births: frozenset[str]
    moves: Mapping[str, frozenset[str]]

    def step(self, old: str, new: str) -> str:
        """Return `new` when the table has the move, else raise `illegal_move`. Staying put is no move."""
        if new not in self.moves.get(old, ()):
            raise Problem("illegal_move", f"A {self.name} cannot go from {old} to {new}.")
        return new

    def final(self) -> frozenset[str]:
        """States that nothing leaves."""
        return frozenset(state for state in self.states if not self.moves[state])

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in self.states if state in self.births]
        lines += [
            f"    {old} --> {new}" for old in self.states for new in self.states if new in self.moves[old]
        ]
        return "\n".join(lines)


def _to(*states: str) -> frozenset[str]:
    return frozenset(states)


OUTBOUND: Final = Machine(
    name="outbound message",
    states={
        "draft": "being written, nothing is asked for yet",
        "pending_approval": "held: a person has to decide",
        "changes_requested": "a reviewer asked for another revision",
        "escalated": "handed on to another person to decide",
        "scheduled": "may leave, but not before its time",
        "queued": "may leave now; no delivery is under way",
        "sending": "a delivery is under way or will be tried again",
        "sent": "some recipient's next hop took it",
        "delivered": "every recipient's next hop took it, or it was stored here",
        "bounced": "a next hop returned it after taking it",
        "failed": "no recipient could be reached",
        "rejected": "a reviewer said no",
        "cancelled": "withdrawn before it left",
        "expired": "nobody decided in time",
        "superseded": "a newer draft took its place",
        "suppressed": "every recipient has opted out or is barred",
        "unknown": "a crash hid whether it left; not sent again by the machine",
    },
    births=_to("draft", "pending_approval", "scheduled", "queued", "suppressed"),
    moves={
        "draft": _to("pending_approval", "scheduled", "queued", "suppressed", "cancelled"),
        "pending_approval": _to(
            "changes_requested",
            "escalated",
            "scheduled",
            "queued",
            "rejected",
            "cancelled",
            "expired",
            "superseded",
            "suppressed",
        ),
        "changes_requested": _to(
            "pending_approval", "rejected", "cancelled", "expired", "superseded", "suppressed"
        ),
        "escalated": _to(
            "changes_requested",
            "pending_approval",
            "scheduled",
            "queued",
            "rejected",
            "cancelled",
            "expired",
            "superseded",
            "suppressed",
        ),
        "scheduled": _to("queued", "pending_approval", "cancelled", "suppressed", "superseded"),
        "queued": _to("sending", "scheduled", "pending_approval", "cancelled", "suppressed"),
        "sending": _to(
            "sent", "delivered", "failed", "unknown", "suppressed", "cancelled", "pending_approval"
        ),
        "sent": _to("delivered", "bounced", "unknown", "queued"),
        "delivered": _to("bounced", "queued"),
        "unknown": _to("queued", "sent", "delivered", "bounced", "failed"),
        "failed": _to("queued"),
        "bounced": _to(),
        "rejected": _to(),
        "cancelled": _to(),
        "expired": _to(),
        "superseded": _to(),
        "suppressed": _to(),
    },
)

INBOUND: Final = Machine(
    name="inbound message",
    states={
        "pending_inbound_approval": "held: no agent sees it until a person decides",
        "unread": "arrived, not read yet",
        "read": "read",
        "archived": "put away",
        "deleted": "in the bin",
        "spam": "marked as spam",
        "rejected": "a reviewer kept it from the agents",
    },
    births=_to("unread", "pending_inbound_approval", "spam"),
    moves={
        "pending_inbound_approval": _to("unread", "rejected"),
        "unread": _to("read", "archived", "deleted", "spam"),
        "read": _to("unread", "archived", "deleted", "spam"),
        "archived": _to("unread", "read", "deleted", "spam"),
        "deleted": _to("unread", "read", "archived"),
        "spam": _to("unread", "read", "deleted"),
        "rejected": _to(),
    },
)

DELIVERY: Final = Machine(
    name="delivery",
    states={
        "waiting": "its message may not leave yet",
        "queued": "may be tried from its time on",
        "claimed": "a sender holds the lease; nothing was said to the next hop that counts",
        "sending": "the content is being handed over; a crash now makes it unknown",
        "sent": "the next hop took it",
        "stored": "delivered to a mailbox of this server",
        "captured": "kept here; nothing left this machine",
        "bounced": "returned after it was taken",
        "failed": "refused for good",
        "suppressed": "the recipient opted out or is barred",
        "cancelled": "withdrawn before it left",
        "unknown": "a crash hid the outcome",
    },
    births=_to("waiting", "queued", "suppressed"),
    moves={
        "waiting": _to("queued", "cancelled", "suppressed"),
        "queued": _to("claimed", "waiting", "cancelled", "suppressed"),
        "claimed": _to(
            "sending", "queued", "stored", "captured", "failed", "cancelled", "suppressed", "waiting"
        ),
        "sending": _to("sent", "failed", "queued", "unknown"),
        "sent": _to("bounced"),
        "unknown": _to("queued", "sent", "failed", "bounced"),
        "failed": _to("queued"),
        "captured": _to("queued"),
        "stored": _to(),
        "bounced": _to(),
        "suppressed": _to(),
        "cancelled": _to(),
    },
)

HELD: Final = frozenset({"pending_approval", "changes_requested", "escalated"})
CANCELLABLE: Final = HELD | {"draft", "scheduled", "queued", "sending"}
"""States in which mail can be withdrawn, as long as no delivery of it is in `HANDED_OVER`."""
HANDED_OVER: Final = frozenset({"sending", "sent", "stored", "captured", "bounced", "unknown"})
"""States of a delivery whose recipient has the mail, or may have it."""
LEFT_OR_WILL: Final = HELD | {"scheduled", "queued", "sending", "sent", "delivered", "bounced", "unknown"}
HIDDEN_FROM_AGENTS: Final = frozenset({"pending_inbound_approval", "rejected"})
