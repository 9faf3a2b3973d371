"""Sequences and who is in them. See `ports.sequences`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.sequences import Plan, Step
from multimail.core.times import Micros
from multimail.ports.sequences import Enrollment, StoredSequence

_COLUMNS: Final = "id, name, mailbox_id, plan, run_by, status, reason, principal_id, made_at, updated_at"
_PLACES: Final = (
    "id, sequence_id, contact_id, address_key, step, status, reason, due_at, lease, lease_by, lease_until,"
    " last_message, version, made_at, updated_at"
)
_CHANGEABLE: Final = frozenset(
    {
        "contact_id", "step", "status", "reason", "due_at", "lease", "lease_by", "lease_until", "last_message",
        "looked_at", "made_at",
    }
)  # fmt: skip


class Sequences:
    """See `ports.sequences.Sequences`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def insert(self, sequence: StoredSequence) -> None:
        self._tx.run(
            f"INSERT INTO sequences ({_COLUMNS}) VALUES (:id, :name, :mailbox, :plan, :run_by, :status, :reason,"
            " :principal, :now, :now)",
            id=sequence.id, name=sequence.name, mailbox=sequence.mailbox_id, plan=_written(sequence.plan),
            run_by=sequence.run_by, status=sequence.status, reason=sequence.reason,
            principal=sequence.principal_id, now=sequence.made_at,
        )  # fmt: skip

    def get(self, sequence_id: str) -> StoredSequence | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM sequences WHERE id = :id", id=sequence_id)
        return _sequence(row) if row else None

    def named(self, name: str, mailbox_ids: Sequence[str] | None) -> list[StoredSequence]:
        return [one for one in self.all(mailbox_ids) if one.name == name and one.status == "active"]

    def all(self, mailbox_ids: Sequence[str] | None) -> list[StoredSequence]:
        where = "" if mailbox_ids is None else f" WHERE mailbox_id IN {dialect.in_list('ids')}"
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM sequences{where} ORDER BY id DESC",
            ids=dialect.json_list(mailbox_ids or ()),
        )
        return [_sequence(row) for row in rows]

    def end(self, sequence_id: str, status: str, reason: str, now: Micros) -> None:
        self._tx.run(
            "UPDATE sequences SET status = :status, reason = :reason, updated_at = :now WHERE id = :id",
            status=status, reason=reason, now=now, id=sequence_id,
        )  # fmt: skip

    def counts(self, sequence_ids: Sequence[str]) -> dict[tuple[str, str], int]:
        rows = self._tx.all(
            "SELECT sequence_id, CASE reason WHEN '' THEN status ELSE reason END, count(*) FROM enrollments"
            f" WHERE sequence_id IN {dialect.in_list('ids')} GROUP BY 1, 2",
            ids=dialect.json_list(sequence_ids),
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def enroll(self, enrollment: Enrollment) -> None:
        self._tx.run(
            "INSERT INTO enrollments (id, sequence_id, contact_id, address_key, step, status, due_at, made_at,"
            " updated_at) VALUES (:id, :sequence, :contact, :key, :step, :status, :due, :now, :now)",
            id=enrollment.id, sequence=enrollment.sequence_id, contact=enrollment.contact_id,
            key=enrollment.address_key, step=enrollment.step, status=enrollment.status, due=enrollment.due_at,
            now=enrollment.made_at,
        )  # fmt: skip

    def enrollment(self, enrollment_id: str) -> Enrollment | None:
        row = self._tx.one(f"SELECT {_PLACES} FROM enrollments WHERE id = :id", id=enrollment_id)
        return Enrollment(*row) if row else None

    def enrolled(self, sequence_id: str, address_key: str) -> Enrollment | None:
        row = self._tx.one(
            f"SELECT {_PLACES} FROM enrollments WHERE sequence_id = :sequence AND address_key = :key",
            sequence=sequence_id, key=address_key,
        )  # fmt: skip
        return Enrollment(*row) if row else None

    def page(self, sequence_id: str, status: str | None, after: str, limit: int) -> list[Enrollment]:
        state = "" if status is None else " AND status = :status"
        rows = self._tx.all(
            f"SELECT {_PLACES} FROM enrollments WHERE sequence_id = :sequence AND id > :after{state}"
            " ORDER BY id LIMIT :limit",
            sequence=sequence_id, after=after, status=status, limit=limit,
        )  # fmt: skip
        return [Enrollment(*row) for row in rows]

    def of_somebody(self, address_key: str, mailbox_id: str) -> list[Enrollment]:
        columns = ", ".join(f"e.{name.strip()}" for name in _PLACES.split(","))
        rows = self._tx.all(
            f"SELECT {columns} FROM enrollments e JOIN sequences s ON s.id = e.sequence_id"
            " WHERE e.address_key = :key AND e.status = 'active' AND s.mailbox_id = :mailbox ORDER BY e.id",
            key=address_key, mailbox=mailbox_id,
        )  # fmt: skip
        return [Enrollment(*row) for row in rows]

    def stop_all(self, sequence_id: str, reason: str, now: Micros) -> list[str | None]:
        rows = self._tx.all(
            "UPDATE enrollments SET status = 'stopped', reason = :reason, lease_until = 0, version = version + 1,"
            " updated_at = :now WHERE sequence_id = :sequence AND status = 'active' RETURNING last_message",
            reason=reason, now=now, sequence=sequence_id,
        )  # fmt: skip
        return [row[0] for row in rows]

    def any_active(self) -> bool:
        return self._tx.value("SELECT 1 FROM enrollments WHERE status = 'active' LIMIT 1") is not None

    def due(self, sequence_id: str, now: Micros, limit: int) -> list[Enrollment]:
        rows = self._tx.all(
            f"SELECT {_PLACES} FROM enrollments WHERE sequence_id = :sequence AND status = 'active'"
            " AND due_at <= :now AND lease_until <= :now ORDER BY due_at, id LIMIT :limit",
            sequence=sequence_id, now=now, limit=limit,
        )  # fmt: skip
        return [Enrollment(*row) for row in rows]

    def to_run(self, now: Micros, limit: int) -> list[Enrollment]:
        columns = ", ".join(f"e.{name.strip()}" for name in _PLACES.split(","))
        rows = self._tx.all(
            f"SELECT {columns} FROM enrollments e WHERE e.status = 'active' AND e.looked_at = 0 LIMIT :limit",
            limit=limit,
        )
        rows += self._tx.all(
            f"SELECT {columns} FROM sequences s CROSS JOIN enrollments e INDEXED BY enrollments_due"
            " ON e.sequence_id = s.id WHERE s.run_by = 'server' AND s.status = 'active'"
            " AND e.status = 'active' AND e.due_at <= :now AND e.looked_at = 1 ORDER BY e.due_at, e.id LIMIT :limit",
            now=now, limit=limit,
        )  # fmt: skip
        return [Enrollment(*row) for row in rows]

    def change(self, enrollment: Enrollment, now: Micros, **changes: Any) -> Enrollment | None:
        unknown = changes.keys() - _CHANGEABLE
        if unknown:
            raise ValueError(f"not changeable: {sorted(unknown)}")
        assignments = "".join(f", {name} = :{name}" for name in changes)
        row = self._tx.one(
            f"UPDATE enrollments SET version = version + 1, updated_at = :now{assignments}"
            f" WHERE id = :id AND version = :version RETURNING {_PLACES}",
            now=now, id=enrollment.id, version=enrollment.version, **changes,
        )  # fmt: skip
        return Enrollment(*row) if row else None

    def next_due(self, after: Micros) -> Micros | None:
        due: Micros | None = self._tx.value(
            "SELECT min((SELECT e.due_at FROM enrollments e INDEXED BY enrollments_due WHERE e.sequence_id = s.id"
            " AND e.status = 'active' AND e.due_at > :after ORDER BY e.due_at LIMIT 1))"
            " FROM sequences s WHERE s.run_by = 'server' AND s.status = 'active'",
            after=after,
        )
        return due


def _written(plan: Plan) -> str:
    return dialect.json_dump(
        {
            "steps": [
                [one.wait, one.subject, one.body, one.template, list(one.tags), list(one.only_if), list(one.unless)]
                for one in plan.steps
            ],
            "stop_tags": list(plan.stop_tags),
            "done_tag": plan.done_tag,
            "class": plan.message_class,
            "topic": plan.topic,
            "same_thread": plan.same_thread,
        }
    )  # fmt: skip


def _plan(text: str) -> Plan:
    given = dialect.json_load(text)
    steps = tuple(
        Step(wait, subject, body, template, tuple(tags), tuple(only_if), tuple(unless))
        for wait, subject, body, template, tags, only_if, unless in given["steps"]
    )
    return Plan(
        steps, tuple(given["stop_tags"]), given["done_tag"], given["class"], given["topic"], given["same_thread"]
    )  # fmt: skip


def _sequence(row: sqlite3.Row) -> StoredSequence:
    values = list(row)
    values[3] = _plan(values[3])
    return StoredSequence(*values)
