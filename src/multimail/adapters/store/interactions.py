"""What happened with a contact: the log, the figures kept beside it, and what a reader sees of either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.search_sql import Where
from multimail.adapters.store.tx import Tx
from multimail.ports.reading import Interaction, Sight

_CONTACTED: Final = "('sent', 'replied')"


def answers(thread: str, contacted: str = "last_contacted") -> str:
    """Whether mail in the thread answers mail of ours to the contact: mail that left, or is leaving just now, since
    an answer can be quicker than the next hop's consent is written down."""
    return (
        f"EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = {thread} AND m.direction = 'outbound'"
        f" AND ({contacted} IS NOT NULL OR m.status = 'sending'))"
    )


_FIGURES: Final = f"""
    UPDATE contacts SET
        hidden = 0,
        interaction_count = interaction_count + 1,
        last_contacted = CASE WHEN :kind IN {_CONTACTED} THEN max(coalesce(last_contacted, 0), :at)
            ELSE last_contacted END,
        last_inbound = CASE :kind WHEN 'received' THEN max(coalesce(last_inbound, 0), :at) ELSE last_inbound END,
        latest_thread_id = CASE :kind WHEN 'read' THEN latest_thread_id ELSE coalesce(:thread, latest_thread_id) END,
        replied = CASE WHEN replied = 1 OR :kind <> 'received' THEN replied ELSE {answers(":thread")} END
    WHERE id = :contact
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """SQL for the figures of the contact `c`."""

    last_contacted: str
    last_inbound: str
    replied: str
    interaction_count: str
    latest_thread_id: str
    thread_count: str


def facts(sight: Sight, where: Where) -> Facts:
    """The figures as kept, or, for a reader of some mailboxes only, counted from those mailboxes' log."""
    seen = f"FROM interactions i WHERE i.contact_id = c.id{_seen(sight, where)}"
    threads = f"(SELECT count(DISTINCT i.thread_id) {seen})"
    if sight.mailbox_ids is None:
        return Facts(
            "c.last_contacted",
            "c.last_inbound",
            "c.replied",
            "c.interaction_count",
            "c.latest_thread_id",
            # Who was never met has no threads, which need not be looked for.
            f"iif(c.interaction_count = 0, 0, {threads})" if not sight.see_hidden else threads,
        )
    contacted = f"i.kind IN {_CONTACTED}"
    return Facts(
        last_contacted=f"(SELECT max(i.at) {seen} AND {contacted})",
        last_inbound=f"(SELECT max(i.at) {seen} AND i.kind = 'received')",
        replied=f"EXISTS (SELECT 1 {seen} AND i.kind = 'received' AND i.thread_id IN"
        f" (SELECT i.thread_id {seen} AND {contacted}))",
        interaction_count=f"(SELECT count(*) {seen})",
        latest_thread_id=f"(SELECT i.thread_id {seen} AND i.kind <> 'read' ORDER BY i.seq DESC LIMIT 1)",
        thread_count=threads,
    )


def append(tx: Tx, contact_id: str, interaction: Interaction) -> None:
    """Two statements: the line, and the figures unless it is hidden."""
    tx.run(
        "INSERT INTO interactions (contact_id, kind, message_id, thread_id, mailbox_id, hidden, at)"
        " VALUES (:contact, :kind, :message, :thread, :mailbox, :hidden, :at)",
        contact=contact_id, kind=interaction.kind, message=interaction.message_id, thread=interaction.thread_id,
        mailbox=interaction.mailbox_id, hidden=int(interaction.hidden), at=interaction.at,
    )  # fmt: skip
    if not interaction.hidden:
        _count(tx, contact_id, interaction)


def newest(tx: Tx, contact_id: str, limit: int, sight: Sight) -> list[Interaction]:
    where = Where()
    contact = where.bind(contact_id)
    rows = tx.all(
        "SELECT i.kind, i.at, i.mailbox_id, i.message_id, i.thread_id, i.hidden, b.deleted_at IS NOT NULL"
        " FROM interactions i LEFT JOIN mailboxes b ON b.id = i.mailbox_id"
        f" WHERE i.contact_id = {contact}{_seen(sight, where)} ORDER BY i.seq DESC LIMIT {where.bind(limit)}",
        **where.params,
    )
    return [
        Interaction(row[0], row[1], row[2], row[3], row[4], hidden=bool(row[5]), mailbox_deleted=bool(row[6]))
        for row in rows
    ]


def reveal(tx: Tx, message_id: str) -> None:
    """What was hidden with the message counts from now on, under the time it happened."""
    rows = tx.all(
        "UPDATE interactions SET hidden = 0 WHERE message_id = :message AND hidden = 1"
        " RETURNING contact_id, kind, at, mailbox_id, message_id, thread_id",
        message=message_id,
    )
    for row in rows:
        _count(tx, row[0], Interaction(*tuple(row)[1:]))


def _count(tx: Tx, contact_id: str, interaction: Interaction) -> None:
    tx.run(
        _FIGURES, kind=interaction.kind, at=interaction.at, thread=interaction.thread_id, contact=contact_id
    )


def _seen(sight: Sight, where: Where) -> str:
    """Conditions on the log `i`, to be appended to others."""
    hidden = "" if sight.see_hidden else " AND i.hidden = 0"
    if sight.mailbox_ids is None:
        return hidden
    ids = where.bind(dialect.json_list(sight.mailbox_ids)).removeprefix(":")
    return f"{hidden} AND i.mailbox_id IN {dialect.in_list(ids)}"
