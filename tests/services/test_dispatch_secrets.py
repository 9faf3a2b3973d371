"""What shows a secret shows it once: a call that is repeated makes nothing and shows nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio
ONCE = "form-1"


async def test_a_key_is_made_once_and_its_repeat_does_not_hold_it(desk: Desk) -> None:
    wanted: dict[str, Any] = {"name": "Ann", "role": "reviewer", "idempotency_key": ONCE}
    first = await desk.call("operator", "create_key", **wanted)
    second = await desk.call("operator", "create_key", **wanted)

    assert (second.key_id, second.key, first.key[:3]) == (first.key_id, "", "mm_")
    names = [one.name for one in (await desk.call("operator", "list_keys")).keys]
    assert names.count("Ann") == 1


async def test_a_webhook_and_its_new_secret_are_made_once(desk: Desk) -> None:
    made = {"url": "https://example.com/hooks", "idempotency_key": ONCE}
    first = await desk.call("operator", "create_webhook", **made)
    assert (await desk.call("operator", "create_webhook", **made)).secret == ""
    turned = {"webhook_id": first.webhook_id, "idempotency_key": "form-2"}
    new = await desk.call("operator", "rotate_webhook_secret", **turned)

    assert (await desk.call("operator", "rotate_webhook_secret", **turned)).secret == ""
    stored = await desk.read(lambda tx: tx.webhooks.get(first.webhook_id))
    assert stored is not None
    assert (stored.secret, stored.old_secret) == (new.secret, first.secret)


async def test_no_secret_is_kept_for_the_repeat(desk: Desk) -> None:
    made = await desk.call("operator", "create_key", name="Ann", idempotency_key=ONCE)
    remembered = await desk.read(lambda tx: tx.idempotency.get(desk.who["operator"], ONCE, 0))

    assert remembered is not None
    assert made.key not in str(remembered.answer)


async def test_a_form_that_made_something_makes_nothing_else(desk: Desk) -> None:
    await desk.call("operator", "create_key", name="Ann", idempotency_key=ONCE)
    problem = await desk.refused("operator", "create_key", name="Bob", idempotency_key=ONCE)

    assert problem.code == "idempotency_mismatch"
