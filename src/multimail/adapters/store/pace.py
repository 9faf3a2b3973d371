"""Rules of pace, time zones of domains, and what was handed over to whom. See `ports.pace`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.pace import CAPPED, QUIET, Cap, Handed, PaceRule, Quiet
from multimail.core.times import Micros
from multimail.ports.pace import NewlyHanded, PastDelivery

_GOT: Final = "('sending', 'sent', 'stored', 'captured', 'bounced', 'unknown')"
_COLUMNS: Final = "id, mailbox_id, topic, rule"


class Pace:
    """See `ports.pace.Pace`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def rules(self, mailbox_id: str) -> list[PaceRule]:
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM pace_rules WHERE mailbox_id IN ('', :mailbox) ORDER BY mailbox_id, topic",
            mailbox=mailbox_id,
        )
        return [_rule(*row) for row in rows]

    def all(self) -> list[PaceRule]:
        return [
            _rule(*row)
            for row in self._tx.all(f"SELECT {_COLUMNS} FROM pace_rules ORDER BY mailbox_id, topic")
        ]

    def save(self, rule: PaceRule, principal_id: str, now: Micros) -> None:
        self._tx.run(
            "INSERT INTO pace_rules (id, mailbox_id, topic, rule, principal_id, made_at, updated_at)"
            " VALUES (:id, :mailbox, :topic, :rule, :principal, :now, :now) ON CONFLICT (mailbox_id, topic) DO UPDATE"
            " SET rule = excluded.rule, principal_id = excluded.principal_id, updated_at = excluded.updated_at",
            id=rule.id, mailbox=rule.mailbox_id, topic=rule.topic, rule=dialect.json_dump(_written(rule)),
            principal=principal_id, now=now,
        )  # fmt: skip

    def delete(self, rule_id: str) -> None:
        self._tx.run("DELETE FROM pace_rules WHERE id = :id", id=rule_id)

    def zones_of_domains(self, domains: Sequence[str] | None = None) -> dict[str, str]:
        where = "" if domains is None else f" WHERE domain IN {dialect.in_list('domains')}"
        rows = self._tx.all(
            f"SELECT domain, time_zone FROM domain_time_zones{where} ORDER BY domain",
            domains=dialect.json_list(domains or ()),
        )
        return {row[0]: row[1] for row in rows}

    def set_zone_of_domain(self, domain: str, zone: str | None, principal_id: str, now: Micros) -> None:
        self._tx.run("DELETE FROM domain_time_zones WHERE domain = :domain", domain=domain)
        if zone is not None:
            self._tx.run(
                "INSERT INTO domain_time_zones (domain, time_zone, principal_id, at)"
                " VALUES (:domain, :zone, :principal, :now)",
                domain=domain, zone=zone, principal=principal_id, now=now,
            )  # fmt: skip

    def handed(self, keys: Sequence[str], since: Micros, but: Sequence[str] = ()) -> dict[str, list[Handed]]:
        rows = self._tx.all(
            "SELECT p.address_key, p.at, p.mailbox_id, p.topic FROM pace_handed p"
            " LEFT JOIN deliveries d ON d.id = p.delivery_id"
            f" WHERE p.address_key IN {dialect.in_list('keys')} AND p.at > :since"
            f" AND p.delivery_id NOT IN {dialect.in_list('but')} AND (d.id IS NULL OR d.status IN {_GOT})",
            keys=dialect.json_list(keys), since=since, but=dialect.json_list(but),
        )  # fmt: skip
        found: dict[str, list[Handed]] = {}
        for key, *rest in rows:
            found.setdefault(key, []).append(Handed(*rest))
        return found

    def count(self, rows: Sequence[NewlyHanded]) -> None:
        self._tx.run(
            f"DELETE FROM pace_handed WHERE delivery_id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(one.delivery_id for one in rows),
        )
        self._tx.many(
            "INSERT INTO pace_handed (address_key, at, delivery_id, mailbox_id, topic)"
            " VALUES (:key, :at, :delivery, :mailbox, :topic)",
            [
                {
                    "key": one.key, "at": one.at, "delivery": one.delivery_id, "mailbox": one.mailbox_id,
                    "topic": one.topic,
                }
                for one in rows
            ],
        )  # fmt: skip

    def past(self, since: Micros) -> list[PastDelivery]:
        rows = self._tx.all(
            "SELECT d.id, d.address, m.mailbox_id,"
            f" coalesce({dialect.json_field('r.envelope', 'topic')}, ''), d.updated_at"
            " FROM messages m JOIN deliveries d ON d.message_id = m.id"
            " JOIN revisions r ON r.message_id = m.id AND r.number = m.revision"
            f" WHERE m.direction = 'outbound' AND m.updated_at > :since AND d.updated_at > :since"
            f" AND m.class <> 'system' AND d.status IN {_GOT}"
            " AND NOT EXISTS (SELECT 1 FROM pace_handed p WHERE p.delivery_id = d.id)",
            since=since, topic=dialect.json_path(["topic"]),
        )  # fmt: skip
        return [PastDelivery(*row) for row in rows]

    def wake(self, now: Micros, address: str | None = None) -> int:
        whose = "" if address is None else " AND lower(address) = :address"
        return self._tx.run(
            "UPDATE deliveries SET due_at = :now, updated_at = :now WHERE status = 'queued' AND due_at > :now"
            f" AND (instr(detail, :quiet) > 0 OR instr(detail, :capped) > 0){whose}",
            now=now, quiet=QUIET, capped=CAPPED, address=address,
        )  # fmt: skip

    def prune(self, before: Micros) -> int:
        return self._tx.run("DELETE FROM pace_handed WHERE at < :before", before=before)


def _written(rule: PaceRule) -> dict[str, Any]:
    """What a rule says, beside which mail it is about."""
    written: dict[str, Any] = {
        "caps": {cap.period: cap.most for cap in rule.caps},
        "cap_refuses": rule.cap_refuses,
        "quiet_refuses": rule.quiet_refuses,
        "transactional": rule.transactional,
    }
    if rule.quiet is not None:
        written["quiet"] = [rule.quiet.starts, rule.quiet.ends, sorted(rule.quiet.days)]
    return written


def _rule(rule_id: str, mailbox_id: str, topic: str, text: str) -> PaceRule:
    given = dialect.json_load(text)
    quiet = given.get("quiet")
    return PaceRule(
        id=rule_id,
        mailbox_id=mailbox_id,
        topic=topic,
        caps=tuple(Cap(period, most) for period, most in given["caps"].items()),
        quiet=Quiet(quiet[0], quiet[1], frozenset(quiet[2])) if quiet is not None else None,
        cap_refuses=given["cap_refuses"],
        quiet_refuses=given["quiet_refuses"],
        transactional=given["transactional"],
    )
