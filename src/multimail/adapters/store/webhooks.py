"""Webhooks: the subscriptions, and the place in the log up to which each was served."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.ports.webhooks import Webhook

_NAMES: Final = (
    "id", "url", "events", "mailbox_id", "tags", "audience", "description", "secret", "position", "created_at",
    "updated_at", "old_secret", "old_until", "state", "reason", "delivered", "failed", "failures",
    "last_delivered_at", "last_failed_at", "last_failure", "deleted_at",
)  # fmt: skip
_LISTS: Final = ("events", "tags")
_SELECT: Final = f"SELECT {', '.join(_NAMES)} FROM webhooks WHERE deleted_at IS NULL"


class Webhooks:
    """See `ports.webhooks.Webhooks`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def insert(self, webhook: Webhook) -> None:
        values = ", ".join(f":{name}" for name in _NAMES)
        self._tx.run(f"INSERT INTO webhooks ({', '.join(_NAMES)}) VALUES ({values})", **_row(webhook))

    def get(self, webhook_id: str) -> Webhook | None:
        row = self._tx.one(f"{_SELECT} AND id = :id", id=webhook_id)
        return _webhook(row) if row else None

    def all(self) -> list[Webhook]:
        return [_webhook(row) for row in self._tx.all(f"{_SELECT} ORDER BY created_at, id")]

    def active(self) -> list[Webhook]:
        return [
            _webhook(row) for row in self._tx.all(f"{_SELECT} AND state = 'active' ORDER BY created_at, id")
        ]

    def save(self, webhook: Webhook) -> None:
        kept = {"id", "created_at"}
        assignments = ", ".join(f"{name} = :{name}" for name in _NAMES if name not in kept)
        self._tx.run(f"UPDATE webhooks SET {assignments} WHERE id = :id", **_row(webhook))

    def advance(self, webhook: Webhook, position: int) -> bool:
        found = self._tx.run(
            "UPDATE webhooks SET position = :to WHERE id = :id AND position = :position AND updated_at = :updated_at"
            " AND state = 'active' AND deleted_at IS NULL",
            to=position, id=webhook.id, position=webhook.position, updated_at=webhook.updated_at,
        )  # fmt: skip
        return found == 1


def _row(webhook: Webhook) -> dict[str, Any]:
    values = {name: getattr(webhook, name) for name in _NAMES}
    return values | {name: dialect.json_list(values[name]) for name in _LISTS}


def _webhook(row: sqlite3.Row) -> Webhook:
    values = dict(row)
    return Webhook(**values | {name: tuple(dialect.json_load(values[name])) for name in _LISTS})
