"""Everything that is kept about one address, for the person who asks what it is. Reads, and in no hurry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import json_object
from multimail.adapters.store.tx import Tx

_EVENT: Final = "seq, at, kind, mailbox_id, message_id, thread_id, contact_id, principal_id, data"
_CALL: Final = "seq, at, principal_id, operation, surface, outcome, target"


_BY_KEY: Final = {
    "suppressions": "SELECT reason, mailbox_id, topic, source, evidence, made_at AS at, made_by, expires_at, lifted_at,"
    " lifted_by, lifted_why FROM suppressions WHERE address_key = :key ORDER BY seq",
    "unsubscribe_requests": "SELECT requested_at AS at, mailbox_id, topic, way, message_id, honoured_at"
    " FROM unsubscribe_requests WHERE address_key = :key ORDER BY seq",
    "sequences": "SELECT id, sequence_id, step, status, reason, due_at, last_message, made_at, updated_at"
    " FROM enrollments WHERE address_key = :key ORDER BY id",
}


class PersonalData:
    """See `ports.consent.PersonalData`. Mail keeps addresses as they were written, so every spelling is looked for."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def mails(self, address: str) -> list[str]:
        rows = self._tx.all(
            "SELECT m.id FROM messages m WHERE m.seq IN ("
            "SELECT r.message_seq FROM recipients r WHERE lower(r.address) = :address"
            " UNION SELECT s.seq FROM messages s WHERE lower(s.sender) = :address) ORDER BY m.seq",
            address=address,
        )
        return [row[0] for row in rows]

    def deliveries(self, message_id: str, address: str) -> list[dict[str, Any]]:
        rows = self._tx.all(
            "SELECT id, status, attempts, detail, smtp_code, updated_at FROM deliveries"
            " WHERE message_id = :id AND lower(address) = :address ORDER BY updated_at, id",
            id=message_id, address=address,
        )  # fmt: skip
        return [dict(row) for row in rows]

    def records(self, key: bytes) -> dict[str, list[dict[str, Any]]]:
        found = {name: self._tx.all(sql, key=key.hex()) for name, sql in _BY_KEY.items()}
        return {name: [_told(dict(row)) for row in rows] for name, rows in found.items()}

    def events(self, contact_id: str, message_ids: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._tx.all(
            f"SELECT {_EVENT} FROM events WHERE contact_id = :contact OR seq IN ("
            f"SELECT e.seq FROM events e WHERE e.message_id IN {dialect.in_list('ids')}) ORDER BY seq",
            contact=contact_id, ids=dialect.json_list(message_ids),
        )  # fmt: skip
        return [dict(row) | {"data": json_object(row["data"])} for row in rows]

    def calls(self, targets: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._tx.all(
            f"SELECT {_CALL} FROM calls WHERE target IN {dialect.in_list('targets')} ORDER BY seq",
            targets=dialect.json_list(targets),
        )
        return [dict(row) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """What is set of a row, without the key: that is ours."""
    shown = {name: json_object(value) if name == "evidence" else value for name, value in row.items()}
    return {
        name: value for name, value in shown.items() if name != "address_key" and value not in (None, "", {})
    }
