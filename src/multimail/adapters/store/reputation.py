"""What is counted about mail that left, breakers with their rules, and warm-up: rows in, rows out."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.reputation import COUNTED, Counts, State, WarmUp
from multimail.core.times import Micros
from multimail.ports.reputation import Breaker, Campaign, CampaignTotal, Subject

_NAMES: Final = ", ".join(COUNTED)
_VALUES: Final = ", ".join(f":{name}" for name in COUNTED)
_GROWN: Final = ", ".join(f"{name} = {name} + excluded.{name}" for name in COUNTED)
_SUMS: Final = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in COUNTED)
_BOXES: Final = f"(:every = 1 OR mailbox_id IN {dialect.in_list('boxes')})"
_BREAKER: Final = "kind, subject, state, reason, since, principal_id, from_hour, base"


class Reputation:
    """See `ports.reputation.Reputation`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, subject: Subject, hour: int, counts: Mapping[str, int]) -> int:
        sent: int = self._tx.value(
            f"INSERT INTO reputation_counts (kind, subject, hour, {_NAMES})"
            f" VALUES (:kind, :subject, :hour, {_VALUES})"
            f" ON CONFLICT (kind, subject, hour) DO UPDATE SET {_GROWN} RETURNING sent",
            kind=subject.kind, subject=subject.name, hour=hour, **_all(counts),
        )  # fmt: skip
        return sent

    def add_total(self, campaign: Campaign, mailbox_id: str, counts: Mapping[str, int], now: Micros) -> None:
        self._tx.run(
            f"INSERT INTO campaign_totals (tag, variant, mailbox_id, first_at, last_at, {_NAMES})"
            f" VALUES (:tag, :variant, :mailbox_id, :now, :now, {_VALUES}) ON CONFLICT (tag, variant, mailbox_id)"
            f" DO UPDATE SET last_at = max(last_at, excluded.last_at), {_GROWN}",
            tag=campaign.tag, variant=campaign.variant, mailbox_id=mailbox_id, now=now, **_all(counts),
        )  # fmt: skip

    def counts(self, subject: Subject, from_hour: int) -> Counts:
        row = self._tx.one(
            f"SELECT {_SUMS} FROM reputation_counts WHERE kind = :kind AND subject = :subject AND hour >= :hour",
            kind=subject.kind, subject=subject.name, hour=from_hour,
        )  # fmt: skip
        return Counts(*row) if row else Counts()

    def sent_by_hour(self, subject: Subject, from_hour: int, before_hour: int) -> list[int]:
        rows = self._tx.all(
            "SELECT sent FROM reputation_counts WHERE kind = :kind AND subject = :subject"
            " AND hour >= :hour AND hour < :before",
            kind=subject.kind, subject=subject.name, hour=from_hour, before=before_hour,
        )  # fmt: skip
        return [row[0] for row in rows]

    def by_hour(self, subject: Subject, from_hour: int) -> list[tuple[int, Counts]]:
        rows = self._tx.all(
            f"SELECT hour, {_NAMES} FROM reputation_counts WHERE kind = :kind AND subject = :subject"
            " AND hour >= :hour ORDER BY hour",
            kind=subject.kind, subject=subject.name, hour=from_hour,
        )  # fmt: skip
        return [(row[0], Counts(*tuple(row)[1:])) for row in rows]

    def busiest(self, kind: str, from_hour: int, limit: int) -> list[tuple[str, Counts]]:
        """Those to or from whom most was sent since, of this kind."""
        rows = self._tx.all(
            f"SELECT subject, {_SUMS} FROM reputation_counts WHERE kind = :kind AND hour >= :hour"
            " GROUP BY subject ORDER BY sum(sent) DESC, subject LIMIT :limit",
            kind=kind, hour=from_hour, limit=limit,
        )  # fmt: skip
        return [(row[0], Counts(*tuple(row)[1:])) for row in rows]

    def totals(self, tag: str, mailbox_ids: Sequence[str] | None) -> list[CampaignTotal]:
        rows = self._tx.all(
            f"SELECT variant, min(first_at), max(last_at), {_SUMS} FROM campaign_totals"
            f" WHERE tag = :tag AND {_BOXES} GROUP BY variant ORDER BY variant",
            tag=tag, **_boxes(mailbox_ids),
        )  # fmt: skip
        return [
            CampaignTotal(Campaign(tag, row[0]), Counts(*tuple(row)[3:]), first_at=row[1], last_at=row[2])
            for row in rows
        ]

    def campaigns(self, mailbox_ids: Sequence[str] | None, limit: int) -> list[str]:
        """The tags that something was counted of last."""
        rows = self._tx.all(
            f"SELECT tag FROM campaign_totals WHERE {_BOXES} GROUP BY tag ORDER BY max(last_at) DESC, tag LIMIT :limit",
            limit=limit, **_boxes(mailbox_ids),
        )  # fmt: skip
        return [row[0] for row in rows]

    def left_from(self, tag: str) -> list[str]:
        """The mailboxes that mail of the campaign left."""
        rows = self._tx.all("SELECT DISTINCT mailbox_id FROM campaign_totals WHERE tag = :tag", tag=tag)
        return [row[0] for row in rows]

    def join(self, message_id: str, tags: Sequence[str], variant: str) -> None:
        self._tx.many(
            "INSERT INTO campaign_mails (message_id, tag, variant) VALUES (:message_id, :tag, :variant)"
            " ON CONFLICT (message_id, tag) DO NOTHING",
            [{"message_id": message_id, "tag": tag, "variant": variant} for tag in tags],
        )

    def campaigns_of(self, message_id: str) -> list[Campaign]:
        rows = self._tx.all("SELECT tag, variant FROM campaign_mails WHERE message_id = :id", id=message_id)
        return [Campaign(row[0], row[1]) for row in rows]

    def first(self, delivery_id: str, kind: str, now: Micros) -> bool:
        done = self._tx.run(
            "INSERT INTO delivery_outcomes (delivery_id, kind, at) VALUES (:id, :kind, :now)"
            " ON CONFLICT (delivery_id, kind) DO NOTHING",
            id=delivery_id, kind=kind, now=now,
        )  # fmt: skip
        return done == 1

    def delivery(self, delivery_id: str) -> tuple[str, str] | None:
        row = self._tx.one("SELECT message_id, address FROM deliveries WHERE id = :id", id=delivery_id)
        return (row[0], row[1]) if row else None

    def breaker(self, subject: Subject) -> Breaker | None:
        row = self._tx.one(
            f"SELECT {_BREAKER} FROM breakers WHERE kind = :kind AND subject = :subject",
            kind=subject.kind, subject=subject.name,
        )  # fmt: skip
        return _breaker(row) if row else None

    def breakers(self, states: Sequence[State]) -> list[Breaker]:
        """Those in one of these states, none of which is normal."""
        rows = self._tx.all(
            f"SELECT {_BREAKER} FROM breakers WHERE state <> 'normal'"
            f" AND state IN {dialect.in_list('states')} ORDER BY kind, subject",
            states=dialect.json_list(states),
        )
        return [_breaker(row) for row in rows]

    def save_breaker(self, breaker: Breaker, *, tell: bool = False) -> None:
        self._tx.run(
            f"INSERT INTO breakers ({_BREAKER}, told_at)"
            " VALUES (:kind, :subject, :state, :reason, :since, :by, :hour, :base, :told)"
            " ON CONFLICT (kind, subject) DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            " since = excluded.since, principal_id = excluded.principal_id, from_hour = excluded.from_hour,"
            " base = excluded.base, told_at = excluded.told_at",
            kind=breaker.subject.kind, subject=breaker.subject.name, state=breaker.state.value,
            reason=breaker.reason, since=breaker.since, by=breaker.principal_id, hour=breaker.from_hour,
            base=dialect.json_dump(asdict(breaker.base)), told=None if tell else breaker.since,
        )  # fmt: skip

    def untold(self) -> list[Breaker]:
        """Those that tripped and that nobody was told of yet."""
        rows = self._tx.all(
            f"SELECT {_BREAKER} FROM breakers WHERE state <> 'normal' AND told_at IS NULL ORDER BY kind, subject"
        )
        return [_breaker(row) for row in rows]

    def told(self, subject: Subject, now: Micros) -> None:
        self._tx.run(
            "UPDATE breakers SET told_at = :now WHERE kind = :kind AND subject = :subject",
            now=now, kind=subject.kind, subject=subject.name,
        )  # fmt: skip

    def rules(self, subject: Subject | None) -> dict[str, Any]:
        text = self._tx.value(
            "SELECT rules FROM breaker_rules WHERE kind = :kind AND subject = :subject", **_whose(subject)
        )
        return dict(dialect.json_load(text)) if text else {}

    def set_rules(self, subject: Subject | None, rules: Mapping[str, Any]) -> None:
        """Without rules the general ones hold again."""
        if not rules:
            self._tx.run(
                "DELETE FROM breaker_rules WHERE kind = :kind AND subject = :subject", **_whose(subject)
            )
            return
        self._tx.run(
            "INSERT INTO breaker_rules (kind, subject, rules) VALUES (:kind, :subject, :rules)"
            " ON CONFLICT (kind, subject) DO UPDATE SET rules = excluded.rules",
            **_whose(subject), rules=dialect.json_dump(dict(rules)),
        )  # fmt: skip

    def prune(self, before_hour: int) -> int:
        return self._tx.run("DELETE FROM reputation_counts WHERE hour < :hour", hour=before_hour)


class WarmUps:
    """See `ports.reputation.WarmUps`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def of(self, mailbox_id: str) -> WarmUp | None:
        row = self._tx.one(
            "SELECT started_at, first, target, days FROM warm_ups WHERE mailbox_id = :id", id=mailbox_id
        )
        return WarmUp(*row) if row else None

    def put(self, mailbox_id: str, plan: WarmUp | None) -> None:
        if plan is None:
            self._tx.run("DELETE FROM warm_ups WHERE mailbox_id = :id", id=mailbox_id)
            return
        self._tx.run(
            "INSERT INTO warm_ups (mailbox_id, started_at, first, target, days)"
            " VALUES (:id, :started_at, :first, :target, :days) ON CONFLICT (mailbox_id) DO UPDATE"
            " SET started_at = excluded.started_at, first = excluded.first, target = excluded.target,"
            " days = excluded.days",
            id=mailbox_id, **asdict(plan),
        )  # fmt: skip

    def used(self, mailbox_id: str, day: int) -> int:
        found = self._tx.value(
            "SELECT used FROM warm_ups WHERE mailbox_id = :id AND day = :day", id=mailbox_id, day=day
        )
        return int(found or 0)

    def use(self, mailbox_id: str, day: int, count: int) -> None:
        """Count what leaves on a day."""
        self._tx.run(
            "UPDATE warm_ups SET used = CASE day WHEN :day THEN used ELSE 0 END + :count, day = :day"
            " WHERE mailbox_id = :id",
            id=mailbox_id, day=day, count=count,
        )  # fmt: skip


def _all(counts: Mapping[str, int]) -> dict[str, int]:
    unknown = counts.keys() - set(COUNTED)
    if unknown:
        raise ValueError(f"not counted: {sorted(unknown)}")
    return {name: counts.get(name, 0) for name in COUNTED}


def _boxes(mailbox_ids: Sequence[str] | None) -> dict[str, Any]:
    return {"every": int(mailbox_ids is None), "boxes": dialect.json_list(mailbox_ids or ())}


def _breaker(row: sqlite3.Row) -> Breaker:
    base = Counts(**dialect.json_load(row["base"]))
    subject = Subject(row["kind"], row["subject"])
    return Breaker(
        subject, State(row["state"]), row["reason"], row["since"], row["principal_id"], row["from_hour"], base
    )  # fmt: skip


def _whose(subject: Subject | None) -> dict[str, str]:
    return {"kind": subject.kind if subject else "", "subject": subject.name if subject else ""}
