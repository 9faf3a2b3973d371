"""Whom a call about one person means."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_a_person_is_named_by_address_in_any_spelling_or_by_contact(desk: Desk) -> None:
    first = await desk.call("operator", "record_consent", email="Ann <ANN@Example.ORG>", topic="a")
    second = await desk.call("operator", "record_consent", contact_id=first.contact_id, topic="b")
    third = await desk.call("operator", "list_consents", email="ann@example.org")

    assert (first.contact_id, [one.email for one in third.consents]) == (
        second.contact_id,
        ["ann@example.org"] * 2,
    )


async def test_an_address_and_a_contact_that_differ_are_a_contradiction(desk: Desk) -> None:
    made = await desk.call("operator", "record_consent", email="ann@example.org")

    problem = await desk.refused(
        "operator", "withdraw_consent", contact_id=made.contact_id, email="bob@example.org"
    )

    assert (problem.code, problem.field) == ("contradiction", "email")


async def test_who_is_known_from_held_mail_only_is_not_there_for_agents(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    await desk.receive("Hi", From="ann@example.org")
    found = await desk.call("operator", "search_contacts", email="ann@example.org")
    contact_id = found.contacts[0].contact_id

    assert (await desk.refused("agent", "list_consents", contact_id=contact_id)).code == "not_found"
    assert (await desk.call("operator", "list_consents", contact_id=contact_id)).count == 0
