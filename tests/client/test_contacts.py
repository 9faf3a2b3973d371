"""Contacts by their short names, against a server."""

from __future__ import annotations

import pytest

from multimail import Client, errors
from tests.support.office import Office, eventually


def test_a_contact_is_made_once_and_then_changed(client: Client) -> None:
    first = client.contacts.upsert(
        email="elena@made.example",
        name="Elena Vance",
        metadata={"plan": "pro", "open": 2, "likes": ["a", "b"]},
    )
    again = client.contacts.upsert("elena@made.example", metadata={"open": 3}, tags="vip")

    assert first.id == again.id == first["contact_id"]
    assert first.id.startswith("contact_")
    assert again.name == "Elena Vance"
    assert again.metadata == {"plan": "pro", "open": 3, "likes": ["a", "b"]}
    assert again.tags == ["vip"]


def test_a_contact_is_got_by_address_or_id(client: Client) -> None:
    made = client.contacts.upsert(email="ida@got.example")

    found = [
        client.contacts.get(email="ida@got.example"), client.contacts.get("ida@got.example"),
        client.contacts.get(made.id), client.contacts.get(contact_id=made.id),
    ]  # fmt: skip

    assert {one.id for one in found} == {made.id}
    assert found[0].name == "ida"


def test_a_contact_that_is_not_there_raises(client: Client) -> None:
    for call in (
        client.contacts.get,
        client.contacts.delete,
        client.contacts.update,
        client.contacts.interactions,
    ):
        with pytest.raises(errors.NotFound) as caught:
            call("nobody@nowhere.example")
        assert (caught.value.code, caught.value.field) == ("not_found", "email")


def test_a_search_is_a_list_with_its_mapping(client: Client) -> None:
    for name, plan in (("a", "pro"), ("b", "free"), ("c", "pro")):
        client.contacts.upsert(email=f"{name}@found.example", metadata={"plan": plan, "seats": 2})

    results = client.contacts.search(
        domain="found.example",
        filters={"last_contacted_before": "2026-03-20", "metadata.plan": "pro"},
        limit=50,
    )

    assert [contact.email for contact in results.items] == ["a@found.example", "c@found.example"]
    assert [contact.metadata.get("seats") for contact in results.items] == [2, 2]
    assert results["contacts"] == results == list(results)
    assert client.contacts.search("found.example", filters={"metadata.seats": "2"}, limit=1).cursor
    assert not client.contacts.search(domain="empty.example")


def test_null_clears_a_field_of_the_data(client: Client) -> None:
    client.contacts.upsert(email="null@data.example", metadata={"a": 1, "b": 2})

    after = client.contacts.update(email="null@data.example", name="Nell", metadata={"a": None})

    assert (after.metadata, after.name) == ({"b": 2}, "Nell")


def test_what_was_sent_stands_in_the_log_of_the_contact(client: Client, firm: Office, box: str) -> None:
    client.contacts.upsert("log@written.example")
    sent = client.send_email(mailbox=box, to="log@written.example", body="Hello")

    log = eventually(lambda: client.contacts.interactions("log@written.example"), "a log")

    assert (log[0].message_id, log[0].kind, log[0].mailbox_deleted) == (sent.message_id, "sent", False)


def test_a_deleted_contact_is_gone_with_its_data(client: Client) -> None:
    client.contacts.upsert(email="gone@data.example", metadata={"a": 1})

    assert client.contacts.delete(email="gone@data.example")["deleted"] is True
    assert not client.contacts.search(email="gone@data.example")
    assert client.contacts.upsert(email="gone@data.example").metadata == {}
