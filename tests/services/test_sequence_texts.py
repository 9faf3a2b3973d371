"""The text of a step for one contact."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.sequences import Step
from multimail.services.sequence_texts import as_far_as_known, values_of
from tests.services.test_sequence_steps import claimed
from tests.services.test_sequences import enrolled, planned
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def known(desk: Desk, **metadata: Any) -> dict[str, str]:
    await desk.call(
        "operator", "manage_contacts", action="upsert", email="ann@example.org", metadata=metadata
    )
    contact = await desk.read(lambda tx: tx.contacts.by_address("ann@example.org"))
    assert contact is not None
    return values_of(contact)


async def test_slots_are_filled_with_words_and_numbers_and_never_with_anothers_name(desk: Desk) -> None:
    values = await known(desk, plan="pro", seats=3, vip=True, tools=["a"], email="x@evil.example", name="Eve")

    assert values == {"plan": "pro", "seats": "3", "name": "ann", "email": "ann@example.org"}


def test_a_text_is_filled_or_left_as_it_is() -> None:
    step = Step(0, "Hello {{name}}", "Your {{plan}}.")

    assert as_far_as_known(step, {"name": "Ann", "plan": "pro"}).body == "Your pro."
    assert as_far_as_known(step, {"name": "Ann"}).subject == "Hello {{name}}"


async def test_a_step_from_a_template_names_it_with_its_values(desk: Desk) -> None:
    made = await desk.call(
        "operator", "create_template", name="hello", subject="Hello {{name}}", body="{{plan}}"
    )
    await known(desk, plan="pro", seats=3)
    await planned(desk, steps=[{"template": "hello"}])
    await enrolled(desk)

    (step,) = await claimed(desk)

    assert (step.template, step.values) == (made.template_id, {"name": "ann", "plan": "pro"})
    assert step.body is None
