"""Mailboxes with their rules, and the account's settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import json_array, json_object
from multimail.adapters.store.tx import Tx
from multimail.core.lifecycle import HELD
from multimail.core.model import Caps, Mailbox, Mode, NoticeKind, NoticeRules, Retention
from multimail.core.times import Micros

_NAMES: Final = (
    "id", "address", "display_name", "default_mode", "ceiling", "oversight_address", "trusted", "allowed",
    "auto_cc", "auto_bcc", "undo_seconds", "deliver", "two_person", "resend_unknown", "cap_per_hour",
    "cap_per_day", "metadata", "signature", "frozen_at", "catches_all", "created_at",
    "retention_days", "retention_messages", "notices", "notice_minutes", "notice_details",
)  # fmt: skip
_GROUPED: Final = ("cap_", "retention_", "notice")
_SELECT: Final = f"SELECT {', '.join(_NAMES)} FROM mailboxes"


class Mailboxes:
    """See `ports.accounts.Mailboxes`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, mailbox_id: str) -> Mailbox | None:
        """A mailbox that is not deleted."""
        return self._one("id = :key", mailbox_id)

    def by_address(self, address: str) -> Mailbox | None:
        """By normalised address."""
        return self._one("address = :key", address)

    def by_oversight(self, address: str) -> list[Mailbox]:
        """Mailboxes that this address watches over."""
        rows = self._tx.all(
            f"{_SELECT} WHERE oversight_address = :address AND deleted_at IS NULL ORDER BY id",
            address=address,
        )
        return [mailbox(row) for row in rows]

    def catch_all(self) -> Mailbox | None:
        """The mailbox that keeps what is addressed to nobody here."""
        row = self._tx.one(f"{_SELECT} WHERE catches_all = 1 AND deleted_at IS NULL LIMIT 1")
        return mailbox(row) if row else None

    def _one(self, where: str, key: str) -> Mailbox | None:
        row = self._tx.one(f"{_SELECT} WHERE {where} AND deleted_at IS NULL", key=key)
        return mailbox(row) if row else None

    def all(self, ids: Sequence[str] | None = None) -> list[Mailbox]:
        """All mailboxes, or those of the ids, oldest first."""
        where, params = "deleted_at IS NULL", {}
        if ids is not None:
            where += f" AND id IN {dialect.in_list('ids')}"
            params["ids"] = dialect.json_list(ids)
        rows = self._tx.all(f"{_SELECT} WHERE {where} ORDER BY created_at, id", **params)
        return [mailbox(row) for row in rows]

    def frozen(self, ids: Sequence[str] | None = None) -> list[str]:
        """Addresses of the mailboxes that are frozen by themselves, of all or of those ids."""
        where = "frozen_at IS NOT NULL AND deleted_at IS NULL"
        where += f" AND id IN {dialect.in_list('ids')}" if ids is not None else ""
        rows = self._tx.all(
            f"SELECT address FROM mailboxes WHERE {where} ORDER BY address", ids=dialect.json_list(ids or ())
        )
        return [str(row["address"]) for row in rows]

    def address_taken(self, address: str) -> bool:
        """Whether the address is, or ever was, a mailbox here: addresses are never given again."""
        return self._tx.value("SELECT 1 FROM mailboxes WHERE address = :address", address=address) is not None

    def insert(self, new: Mailbox) -> None:
        """Write a new mailbox."""
        values = ", ".join(f":{name}" for name in _NAMES)
        self._tx.run(f"INSERT INTO mailboxes ({', '.join(_NAMES)}) VALUES ({values})", **_row(new))

    def save(self, changed: Mailbox) -> None:
        """Write all settings of a mailbox."""
        assignments = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
        self._tx.run(f"UPDATE mailboxes SET {assignments} WHERE id = :id", **_row(changed))

    def delete(self, mailbox_id: str, at: Micros) -> None:
        """Close a mailbox; its rows stay for the record."""
        self._tx.run("UPDATE mailboxes SET deleted_at = :at WHERE id = :id", at=at, id=mailbox_id)

    def unread_and_pending(self, mailbox_id: str) -> tuple[int, int]:
        """Unread arrivals and held drafts; the server's own mail is nobody's to count."""
        held = dialect.json_list(sorted(HELD))
        row = self._tx.one(
            "SELECT (SELECT count(*) FROM messages WHERE status = 'unread' AND mailbox_id = :id)"
            # Left to itself, SQLite looks through all that is unread instead.
            " - (SELECT count(*) FROM messages INDEXED BY messages_system_unread"
            " WHERE class = 'system' AND status = 'unread' AND mailbox_id = :id)"
            " AS unread,"
            f" (SELECT count(*) FROM messages WHERE status IN {dialect.in_list('held')} AND mailbox_id = :id) AS held",
            id=mailbox_id, held=held,
        )  # fmt: skip
        return (row["unread"], row["held"]) if row else (0, 0)


@lru_cache(maxsize=64)
def mailbox(row: sqlite3.Row) -> Mailbox:
    """A row of `_NAMES` as a value. Every call of every tool reads one, and it is seldom another one than before."""
    (
        mailbox_id, address, display_name, default_mode, ceiling, oversight_address, trusted, allowed,
        auto_cc, auto_bcc, undo_seconds, deliver, two_person, resend_unknown, per_hour,
        per_day, metadata, signature, frozen_at, catches_all, created_at,
        days, messages, notices, notice_minutes, notice_details,
    ) = row  # fmt: skip
    return Mailbox(
        mailbox_id,
        address,
        display_name,
        Mode(default_mode),
        Mode(ceiling),
        oversight_address,
        tuple(json_array(trusted)),
        tuple(json_array(allowed)) if allowed is not None else None,
        tuple(json_array(auto_cc)),
        tuple(json_array(auto_bcc)),
        undo_seconds,
        deliver,
        bool(two_person),
        bool(resend_unknown),
        Caps(per_hour, per_day),
        Retention(days, messages),
        NoticeRules(NoticeKind(notices), notice_minutes, bool(notice_details)),
        json_object(metadata),
        signature,
        frozen_at,
        bool(catches_all),
        created_at,
    )


def _row(box: Mailbox) -> dict[str, Any]:
    values = {name: getattr(box, name) for name in _NAMES if not name.startswith(_GROUPED)}
    for name in ("trusted", "auto_cc", "auto_bcc"):
        values[name] = dialect.json_list(values[name])
    return values | {
        "allowed": dialect.json_list(box.allowed) if box.allowed is not None else None,
        "default_mode": box.default_mode.value,
        "ceiling": box.ceiling.value,
        "metadata": dialect.json_dump(box.metadata),
        "two_person": int(box.two_person),
        "resend_unknown": int(box.resend_unknown),
        "catches_all": int(box.catches_all),
        "cap_per_hour": box.caps.per_hour,
        "cap_per_day": box.caps.per_day,
        "retention_days": box.retention.days,
        "retention_messages": box.retention.messages,
        "notices": box.notices.kind.value,
        "notice_minutes": box.notices.minutes,
        "notice_details": int(box.notices.details),
    }


class Settings:
    """See `ports.accounts.Settings`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, name: str) -> Any:
        """The value, or None."""
        text = self._tx.value("SELECT value FROM settings WHERE name = :name", name=name)
        return dialect.json_load(text) if text is not None else None

    def set(self, name: str, value: Any) -> None:
        """Write a value; None removes it."""
        if value is None:
            self._tx.run("DELETE FROM settings WHERE name = :name", name=name)
            return
        self._tx.run(
            "INSERT INTO settings (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=name, value=dialect.json_dump(value),
        )  # fmt: skip
