"""Contacts as programs and hosts elsewhere use them, over the client and over MCP: one server, people of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

import multimail
from tests.support.doors import answer, door
from tests.support.office import Office, bearer, office
from tests.support.program import LIMIT_S


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("firm")) as one:
        yield one


@pytest.fixture
def client(firm: Office) -> Iterator[multimail.Client]:
    with multimail.Client(api_key=firm.key("agent"), base_url=firm.url) as one:
        yield one


def test_a_contact_is_an_object_and_a_mapping(client: multimail.Client) -> None:
    data = {"plan": "pro", "seen": "2026-04-17", "tickets": 2, "topics": ["export", "api"]}
    contact = client.contacts.upsert(email="ada@object.example", name="Ada Lee", metadata=data)
    again = client.contacts.get(email="ada@object.example")

    assert contact.id == contact["id"] == contact["contact_id"]
    assert contact.id.startswith("contact_")
    assert (again.name.split()[0], again.metadata.get("tickets", 0) > 1) == ("Ada", True)
    assert json.loads(json.dumps(again))["metadata"] == data


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"metadata.plan": "pro", "last_contacted_before": "2026-03-20"}, ["ada@lab.example"]),
        ({"metadata.tickets": "2"}, ["ada@lab.example"]),
        ({"metadata.tickets": 2}, ["ada@lab.example"]),
        ({"metadata.topics": "api"}, []),
        ({"metadata.plan": "free"}, []),
    ],
)
def test_contacts_are_searched_by_domain_and_data_and_come_as_items(
    client: multimail.Client, filters: dict[str, Any], found: list[str]
) -> None:
    data = {"plan": "pro", "tickets": 2, "topics": ["api"]}
    client.contacts.upsert(email="ada@lab.example", metadata=data)
    client.contacts.upsert(email="bea@elsewhere.example", metadata=data)
    results = client.contacts.search(domain="lab.example", filters=filters, limit=50)

    assert [(one.email, one.metadata.get("plan")) for one in results.items] == [(one, "pro") for one in found]


def test_a_list_of_contacts_is_a_list_and_a_mapping(client: multimail.Client) -> None:
    client.contacts.upsert(email="ada@list.example")
    contacts = client.manage_contacts(query="ada@list.example")

    assert isinstance(contacts, list)
    assert contacts[0]["email"] == contacts["contacts"][0]["email"] == contacts.items[0].email
    assert not client.manage_contacts(query="nobody@list.example")


def test_data_of_a_contact_merges_and_none_clears(client: multimail.Client) -> None:
    client.contacts.upsert(email="ada@merge.example", metadata={"plan": "pro", "stage": "new", "due": "soon"})
    client.contacts.update(email="ada@merge.example", metadata={"stage": "called", "due": None})
    assert client.contacts.get(email="ada@merge.example").metadata == {"plan": "pro", "stage": "called"}
    client.contacts.delete(email="ada@merge.example")

    with pytest.raises(multimail.errors.NotFound):
        client.contacts.get(email="ada@merge.example")


def test_over_http_data_is_asked_for_in_dotted_form_and_text_equals_a_number(firm: Office) -> None:
    with httpx2.Client(base_url=firm.url, headers=bearer(firm.key("agent")), timeout=LIMIT_S) as http:
        person = {"email": "ada@dots.example", "upsert": True, "metadata": {"plan": "pro", "open_tickets": 2}}
        assert http.post("/contacts", json=person).is_success
        wanted = {"domain": "dots.example", "metadata.plan": "pro", "metadata.open_tickets": "2"}
        found = [http.get(path, params=wanted).json() for path in ("/contacts", "/v1/search_contacts")]
        other = http.get("/contacts", params=wanted | {"metadata.open_tickets": "3"}).json()

    assert [[one["email"] for one in page["contacts"]] for page in (*found, other)] == [
        ["ada@dots.example"],
        ["ada@dots.example"],
        [],
    ]


FILTERS = [
    {"metadata.plan": "pro", "last_contacted_before": "2026-03-20"},
    {"metadata": {"plan": "pro"}, "last_contacted_before": "2026-03-20"},
    {"metadata.seats": "4"},
    {"metadata.topics": "pro"},
]


@pytest.mark.anyio
async def test_over_mcp_contacts_are_found_by_a_domain_as_query_and_filters_in_every_form(
    firm: Office,
) -> None:
    known = {"ada@hall.example": ("pro", 4), "bea@hall.example": ("free", 1), "cleo@else.example": ("pro", 4)}
    async with door(firm.folder / "data", MULTIMAIL_KEY=firm.key("agent")) as host:
        for email, (plan, seats) in known.items():
            data = {"plan": plan, "seats": seats, "topics": ["pro", "4"]}
            put = {"action": "upsert", "email": email, "metadata": data}
            answer(await host.call_tool("manage_contacts", put))
        asked = [{"query": "hall.example", "filters": one, "limit": 25} for one in FILTERS]
        found = [answer(await host.call_tool("manage_contacts", one))["contacts"] for one in asked]

    ada = ["ada@hall.example"]
    assert [[one["email"] for one in people] for people in found] == [ada, ada, ada, []]
    assert {"name", "metadata", "interaction_count", "thread_count"} <= found[0][0].keys()
