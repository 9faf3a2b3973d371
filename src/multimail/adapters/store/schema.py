"""The product's schema: where its migrations are, and which guards the database holds.

The guards come from `core.lifecycle`: what the tables refuse, the database refuses as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from multimail.adapters.store.migrate import Schema
from multimail.adapters.store.triggers import Gate, Lifecycle, WriteOnce
from multimail.core.lifecycle import DELIVERY, INBOUND, OUTBOUND

_CLEARED: Final = "NEW.released_digest = NEW.digest OR NEW.approved_digest = NEW.digest"

PRODUCT: Final = Schema(
    Path(__file__).with_name("migrations"),
    (
        Lifecycle("messages", "status", OUTBOUND.births, OUTBOUND.moves, "NEW.direction = 'outbound'", "outbound"),
        Lifecycle("messages", "status", INBOUND.births, INBOUND.moves, "NEW.direction = 'inbound'", "inbound"),
        Lifecycle("deliveries", "status", DELIVERY.births, DELIVERY.moves),
        Gate(
            "messages", "status", frozenset({"scheduled", "queued", "sending"}),
            _CLEARED, "cleared", when="NEW.direction <> 'inbound'",
        ),
        Gate(
            "deliveries", "status", frozenset({"queued", "claimed", "sending"}),
            "EXISTS (SELECT 1 FROM messages m WHERE m.id = NEW.message_id"
            " AND (m.released_digest = m.digest OR m.approved_digest = m.digest))",
            "cleared",
        ),
        WriteOnce(
            "messages",
            ("id", "direction", "mailbox_id", "sender", "header_id", "operation", "principal_id", "created_at"),
        ),
        WriteOnce("messages", ("batch_id",)),
        WriteOnce("approval_rules", ("id", "name", "mailbox_id", "conditions", "created_by", "created_at")),
        WriteOnce("templates", ("id", "name", "subject", "body", "created_by", "created_at")),
        WriteOnce("batches", ("id", "principal_id", "mailbox_id", "subject", "body", "template_id", "created_at")),
        WriteOnce("revisions", ("message_id", "number", "digest", "author", "body", "subject", "envelope")),
        # What came or will leave may have to be erased one day; it is never replaced.
        WriteOnce("revisions", ("raw",), unless="NEW.raw IS NULL"),
        WriteOnce("deliveries", ("message_id", "address")),
        # The record. What people wrote in a decision (its note and diff) may have to be erased one day; who decided
        # what about which digest stays.
        WriteOnce("decisions", ("message_id", "revision", "digest", "principal_id", "decision", "via", "host", "at")),
        WriteOnce("events", ("seq", "at", "kind", "message_id", "principal_id", "data")),
    ),
)  # fmt: skip
