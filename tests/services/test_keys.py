"""Keys: shown once, kept hashed, worthless from the moment they are revoked or over."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from multimail.core.times import HOUR
from multimail.ports.accounts import Session
from multimail.services.credentials import principal_of_key
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def create(desk: Desk, **given: Any) -> Any:
    return await desk.call("operator", "create_key", **({"name": "new"} | given))


async def test_a_key_is_shown_once_and_kept_as_its_hash_only(desk: Desk) -> None:
    made = await create(desk)

    listed = await desk.call("operator", "list_keys")
    digest = hashlib.sha256(made.key.encode()).hexdigest()
    found = await desk.read(lambda tx: tx.principals.by_key(digest))
    await desk.services.store.close()

    assert found is not None
    assert found.principal.id == made.key_id
    assert made.key not in listed.model_dump_json()
    assert made.key.encode() not in b"".join(one.read_bytes() for one in desk.path.parent.glob("mail.db*"))


async def test_the_key_is_the_principal(desk: Desk) -> None:
    made = await create(desk)

    assert principal_of_key(desk.services, made.key) == made.key_id


@pytest.mark.parametrize(
    ("role", "kind", "scopes"),
    [
        ("viewer", "program", ["read"]),
        ("agent", "agent", ["contacts", "read", "send", "tag"]),
        ("reviewer", "person", ["oversight", "read"]),
        ("owner", "person", ["contacts", "oversight", "read", "send", "tag"]),
        ("operator", "person", ["admin", "contacts", "oversight", "read", "send", "tag"]),
    ],
)
async def test_a_role_is_a_kind_and_a_set_of_scopes(
    desk: Desk, role: str, kind: str, scopes: list[str]
) -> None:
    made = await create(desk, role=role)

    assert (made.kind, made.scopes, made.self_approving) == (kind, scopes, False)


async def test_self_approving_adds_oversight_and_is_for_agents_and_operators(desk: Desk) -> None:
    assert "oversight" in (await create(desk, self_approving=True)).scopes
    for role in ("viewer", "reviewer", "owner"):
        problem = await desk.refused("operator", "create_key", name="x", role=role, self_approving=True)
        assert (problem.code, problem.field) == ("invalid_setting", "self_approving")


async def test_a_revoked_key_is_refused_at_its_next_call_and_stays_in_the_record(desk: Desk) -> None:
    made = await create(desk)
    session = Session(made.key_id, "csrf", None, desk.clock.now(), desk.clock.now() + HOUR)
    await desk.write(lambda tx: tx.sessions.open("hash", session))
    await desk.call(made.key_id, "list_mailboxes")

    first = await desk.call("operator", "revoke_key", key_id=made.key_id)
    again = await desk.call("operator", "revoke_key", id=made.key_id)

    assert (await desk.refused(made.key_id, "list_mailboxes")).code == "unauthenticated"
    assert first.revoked_at == again.revoked_at
    assert await desk.read(lambda tx: tx.sessions.get("hash")) is None
    listed = await desk.call("operator", "list_keys")
    with_old = await desk.call("operator", "list_keys", include_revoked=True)
    assert made.key_id not in {one.key_id for one in listed.keys}
    assert made.key_id in {one.key_id for one in with_old.keys}


async def test_a_key_that_is_over_is_refused_at_its_next_call(desk: Desk) -> None:
    made = await create(desk, expires_at=desk.at(HOUR))
    await desk.call(made.key_id, "list_mailboxes")
    desk.later(HOUR)

    assert (await desk.refused(made.key_id, "list_mailboxes")).code == "unauthenticated"


async def test_a_key_cannot_be_made_that_is_over_already(desk: Desk) -> None:
    problem = await desk.refused("operator", "create_key", name="x", expires_at=desk.at(0))

    assert (problem.code, problem.field) == ("invalid_time", "expires_at")


async def test_the_last_operators_key_stays_and_an_expired_one_does_not_count(desk: Desk) -> None:
    second = await create(desk, role="operator", expires_at=desk.at(HOUR))
    desk.later(HOUR)

    problem = await desk.refused("operator", "revoke_key", key_id=desk.who["operator"])
    gone = await desk.call("operator", "revoke_key", key_id=second.key_id)

    assert (problem.code, gone.revoked_at is not None) == ("conflict", True)


async def test_one_of_two_operators_can_go(desk: Desk) -> None:
    second = await create(desk, role="operator")

    await desk.call(second.key_id, "revoke_key", key_id=desk.who["operator"])

    assert (await desk.refused("operator", "list_keys")).code == "unauthenticated"


async def test_unknown_keys_and_mailboxes_are_named(desk: Desk) -> None:
    unknown = await desk.refused("operator", "revoke_key", key_id="key_00000000000000")
    nowhere = await desk.refused("operator", "create_key", name="x", mailboxes=["nobody@localhost"])

    assert (unknown.code, unknown.field) == ("not_found", "key_id")
    assert nowhere.code == "unknown_mailbox"


async def test_mailboxes_and_caps_of_a_key_are_shown(desk: Desk) -> None:
    made = await create(desk, mailboxes=[BOX, BOX.upper()], cap_per_hour=1, cap_per_day=2)

    assert (len(made.mailboxes), made.cap_per_hour, made.cap_per_day) == (1, 1, 2)
    [listed] = [one for one in (await desk.call("operator", "list_keys")).keys if one.key_id == made.key_id]
    assert listed.model_dump() == made.model_dump(exclude={"key"})


async def test_keys_show_when_they_were_last_used(desk: Desk) -> None:
    made = await create(desk)
    desk.later(HOUR)
    await desk.call(made.key_id, "send_email", to=["ann@example.org"], body="x")

    [listed] = [one for one in (await desk.call("operator", "list_keys")).keys if one.key_id == made.key_id]

    assert listed.last_used_at.hour == 13


@pytest.mark.parametrize("who", ["agent", "viewer", "reviewer", "owner", "bot"])
async def test_keys_are_an_operators(desk: Desk, who: str) -> None:
    for operation, given in {
        "create_key": {"name": "x", "role": "operator"}, "list_keys": {}, "revoke_key": {"key_id": desk.who["agent"]},
    }.items():  # fmt: skip
        assert (await desk.refused(who, operation, **given)).code == "forbidden"


@pytest.mark.parametrize("name", ["a\x00b", "two\nlines", "bell\x07", "  ", "\x9bm"])
async def test_a_name_is_one_line_of_plain_text(desk: Desk, name: str) -> None:
    problem = await desk.refused("operator", "create_key", name=name, role="agent")

    assert (problem.code, problem.field) == ("invalid", "name")
