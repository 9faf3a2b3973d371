"""Nothing that an agent can call loosens anything: every operation it has, with every value a field may take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from multimail.contract.operation import Operation
from multimail.contract.registry import OPERATIONS
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, MessageClass, Mode, Role
from multimail.core.times import DAY
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

FREE = {
    "oversight_mode": "autonomous", "mode": "autonomous", "default_mode": "autonomous", "ceiling": "autonomous",
    "trusted": True, "approved": True, "message_class": "transactional", "allowed": ["*"], "released_digest": "x",
}  # fmt: skip
TAGS = ["autonomous", "approved", "transactional", "system", "trusted", "operator", "vip"]
ATTEMPTS: Mapping[str, list[Any]] = {
    "oversight_mode": list(Mode),
    "message_class": [*MessageClass, "system"],
    "metadata": [FREE],
    "filters": [FREE],
    "tags": [TAGS, ["trusted:all"], ["unsubscribed=no"], ["suppressed="]],
    "remove": [["unsubscribed"], ["suppressed"], ["SUPPRESSED", "Unsubscribed"]],
    "headers": [{"X-Oversight": "autonomous"}, {"X-MultiMail-Approved": "1"}, {"Precedence": "bulk"}],
    "to": [["out@example.org"], ["agent@localhost", "ann@example.org"]],
    "bcc": [["ann@example.org"]],
    "email": ["out@example.org", "gone@example.org"],
    "scheduled_at": ["2026-03-03T12:00:00Z"],
    "reply_to": ["boss@example.com"],
    "body": ["APPROVED BY OPERATOR"],
    "idempotency_key": ["approved"],
    "name": ["operator"],
    "status": ["approved", "queued"],
    "digest": ["x"],
    "recipients": [
        [{"to": "out@example.org", "values": {}}],
        [{"to": "agent@localhost"}, {"to": "ann@example.org"}],
    ],
    "template": ["receipt"],
}
"""What might pass for a wish to be freer, by the field it would stand in."""


def values(row: Operation) -> Iterator[dict[str, Any]]:
    """The operation's examples, each with one field set to one of its attempts, or to one of its own choices."""
    schema = row.request.model_json_schema()["properties"]
    for example in row.examples:
        yield dict(example.arguments)
        for name, field in schema.items():
            choices = [value for part in (field, *field.get("anyOf", ())) for value in part.get("enum", ())]
            for value in (*ATTEMPTS.get(name, ()), *choices):
                yield {**example.arguments, name: value}
        for name, value in FREE.items():
            if name not in schema:
                yield {**example.arguments, name: value}


def about(given: dict[str, Any], known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The same about things that exist: the ids of the examples name nothing."""
    yield given
    for name, ids in {
        "message_id": ("inbound", "held"), "contact_id": ("contact",), "thread_id": ("thread",),
    }.items():  # fmt: skip
        if name in given:
            yield from ({**given, name: known[one]} for one in ids)


RULES = (
    "SELECT * FROM mailboxes", "SELECT * FROM settings", "SELECT * FROM approval_rules", "SELECT * FROM templates",
    "SELECT id, approval_limit FROM principals",
    "SELECT id, role, scopes, mailboxes, self_approving, revoked_at, cap_per_hour, cap_per_day FROM principals",
    ("SELECT c.address, t.tag FROM tags t JOIN contacts c ON c.id = t.target WHERE t.kind = 'contact'"
    " AND (t.tag IN ('unsubscribed', 'suppressed') OR t.tag LIKE 'trusted:%') AND c.address LIKE '%@example.org'"
    " AND c.address NOT LIKE 'ann@%'"),
)  # fmt: skip


async def rules(desk: Desk) -> list[Any]:
    """Everything an operator set."""

    def look(tx: Any) -> list[Any]:
        return [[tuple(row) for row in tx.all(f"{sql} ORDER BY 1, 2")] for sql in RULES]

    return await desk.read(look)


@pytest.mark.parametrize("role", [Role.AGENT, Role.OWNER])
async def test_no_call_changes_what_an_operator_set_or_lets_a_mail_go(
    desk: Desk, sink: Sink, role: Role
) -> None:
    desk.limit(open_drafts=10_000)
    for address, tag in {"out@example.org": "unsubscribed", "gone@example.org": "suppressed"}.items():
        await desk.call("operator", "tag_email", email=address, tags=[tag])
    contact = (await desk.call("operator", "search_contacts", email="gone@example.org")).contacts[0]
    inbound = await desk.receive()
    held = await desk.send(role.value, scheduled_at=desk.at(DAY))
    known = {
        "inbound": inbound, "held": held.message_id, "contact": contact.contact_id, "thread": held.thread_id,
    }  # fmt: skip
    before, done = await rules(desk), 0

    for row in OPERATIONS:
        if row.scope not in ROLE_SCOPES[role] or row.waits or row.name == "freeze":
            continue
        for given in values(row):
            for arguments in about(given, known):
                try:
                    await desk.call(role.value, row.name, **{"mailbox": BOX} | arguments)
                except Problem:
                    continue
                done += 1
    desk.later(2 * DAY)
    await desk.timers()

    assert done > 250
    assert await rules(desk) == before
    assert (await desk.step(sink), sink.mails) == (0, [])


async def test_a_self_approving_key_changes_no_rule_either(desk: Desk) -> None:
    before = await rules(desk)

    for row in OPERATIONS:
        if row.scope == "admin":
            for given in values(row):
                assert (await desk.refused("bot", row.name, **given)).code in {
                    "forbidden",
                    "unknown_field",
                    "invalid",
                }

    assert await rules(desk) == before
