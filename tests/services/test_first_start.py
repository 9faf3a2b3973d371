"""The first moment of an account, and how it gets its first operator."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.adapters.system import Ids
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Role
from multimail.services import first_start
from multimail.services.first_start import BUILT_IN_AGENT, CAPTURE_MAILBOX, READY_MAILBOX

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000_000
IDS = Ids()


async def prepared(folder: Path) -> Store:
    store = Store.open(folder / "multimail.db")
    await store.write(lambda tx: first_start.prepare(tx, IDS, NOW))
    return store


def holds(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.iterdir() if text.encode() in path.read_bytes()]


async def test_a_new_account_has_a_ready_mailbox_one_that_keeps_the_rest_and_an_agent(tmp_path: Path) -> None:
    store = await prepared(tmp_path)

    boxes = await store.read(lambda tx: {box.address: box.catches_all for box in tx.mailboxes.all()})
    principals = await store.read(lambda tx: [one.principal for one in tx.principals.all()])

    assert boxes == {READY_MAILBOX: False, CAPTURE_MAILBOX: True}
    assert [(one.id, one.scopes) for one in principals] == [(BUILT_IN_AGENT, ROLE_SCOPES[Role.AGENT])]
    await store.close()


async def test_an_account_is_set_up_once(tmp_path: Path) -> None:
    store = await prepared(tmp_path)

    again = await store.write(lambda tx: first_start.prepare(tx, IDS, NOW))

    assert not again
    assert len(await store.read(lambda tx: tx.mailboxes.all())) == 2
    await store.close()


async def test_the_first_operator_gets_a_key_that_is_kept_as_its_hash(tmp_path: Path) -> None:
    store = await prepared(tmp_path)

    who, key = await store.write(lambda tx: first_start.first_operator(tx, IDS, NOW))

    digest = hashlib.sha256(key.encode()).hexdigest()
    found = await store.read(lambda tx: tx.principals.by_key(digest))
    assert found is not None
    assert (found.principal.id, found.principal.role) == (who, Role.OPERATOR)
    await store.close()
    assert not holds(tmp_path, key)


async def test_there_is_no_second_first_operator(tmp_path: Path) -> None:
    store = await prepared(tmp_path)
    await store.write(lambda tx: first_start.first_operator(tx, IDS, NOW))

    with pytest.raises(Problem, match="already_exists"):
        await store.write(lambda tx: first_start.first_operator(tx, IDS, NOW))
    await store.close()


async def test_replacing_the_operators_makes_their_keys_worthless_and_touches_nobody_else(
    tmp_path: Path,
) -> None:
    store = await prepared(tmp_path)
    old, _ = await store.write(lambda tx: first_start.first_operator(tx, IDS, NOW))

    new, _ = await store.write(lambda tx: first_start.replace_operators(tx, IDS, NOW + 1))

    valid = await store.read(
        lambda tx: [one.principal.id for one in tx.principals.all() if one.valid_at(NOW + 2)]
    )
    assert valid == [BUILT_IN_AGENT, new]
    assert old != new
    await store.close()


async def test_the_operator_is_the_person_who_has_been_it_for_longest(tmp_path: Path) -> None:
    store = await prepared(tmp_path)
    assert await store.read(lambda tx: first_start.operator_person(tx, NOW)) is None
    who, _ = await store.write(lambda tx: first_start.first_operator(tx, IDS, NOW))

    assert await store.read(lambda tx: first_start.operator_person(tx, NOW)) == who
    await store.write(lambda tx: tx.principals.revoke(who, NOW))
    assert await store.read(lambda tx: first_start.operator_person(tx, NOW + 1)) is None
    await store.close()
