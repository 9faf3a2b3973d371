"""Filters of contacts: dotted or nested metadata, recency, and everything a search has beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.contract.contacts import SearchContacts
from multimail.core.errors import Problem
from multimail.core.model import Role
from multimail.core.times import DAY
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from multimail.services.contact_filters import contact_search
from multimail.services.context import Call, Caller
from tests.support.mailroom import NOON, Mailroom


def resolved(folder: Path, role: Role = Role.AGENT, **arguments: Any) -> ContactSearch:
    room = Mailroom(folder)
    who = room.principal(role)
    request = SearchContacts.parse(arguments)
    assert isinstance(request, SearchContacts)
    return contact_search(Call(who, Caller(who.id, "cli"), NOON, room.services), request)


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({}, {}),
        ({"filters": {"metadata.plan": "pro"}}, {"metadata": (("plan", "pro"),)}),
        ({"filter": {"metadata.a.b": 2}}, {"metadata": (("a.b", 2),)}),
        ({"filters": {"metadata": {"plan": "pro", "n": None}}}, {"metadata": (("plan", "pro"), ("n", None))}),
        (
            {"filters": {"last_contacted_before": "2026-03-02"}},
            {"last_contacted_before": NOON - DAY // 2, "order": "contacted"},
        ),
        (
            {"filters": {"last_inbound_after": "2026-03-02T12:00:00Z"}},
            {"last_inbound_after": NOON, "order": "-inbound"},
        ),
        (
            {"filters": {"last_inbound_after": "2026-03-02T12:00:00Z", "domain": "x.example"}},
            {"last_inbound_after": NOON, "domain": "x.example"},
        ),
        ({"filters": {"replied": True}}, {"replied": True}),
        ({"filters": {"domain": "ACME.example"}}, {"domain": "acme.example"}),
        ({"domain": "@bücher.example"}, {"domain": "xn--bcher-kva.example"}),
        ({"email": "Ann@X.example"}, {"email": "ann@x.example"}),
        ({"query": " ann "}, {"query": "ann"}),
        ({"tag": "vip", "filters": {"tags": "plan=pro"}}, {"tags": ("vip", "plan=pro")}),
        ({"exclude_tags": ["Suppressed"]}, {"exclude_tags": ("suppressed",)}),
    ],
)
def test_a_filter_means(tmp_path: Path, arguments: dict[str, Any], fields: dict[str, Any]) -> None:
    assert resolved(tmp_path, **arguments) == ContactSearch(sight=Sight(None, see_hidden=False), **fields)


def test_reviewers_see_what_is_hidden_from_agents(tmp_path: Path) -> None:
    assert resolved(tmp_path, Role.OPERATOR).sight == Sight(None, see_hidden=True)


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"filters": {"last_contacted": "2026-01-01"}}, "unknown_field", "filters.last_contacted"),
        ({"filters": {"metdata.plan": "pro"}}, "unknown_field", "filters.metdata.plan"),
        ({"filters": {"last_contacted_before": "soon"}}, "invalid_time", "filters.last_contacted_before"),
        ({"filters": {"metadata.plan": ["pro"]}}, "invalid", "filters.metadata.plan"),
        ({"filters": {"metadata.": "x"}}, "invalid", "filters.metadata."),
        ({"filters": {"metadata": "x"}}, "invalid", "filters.metadata.metadata"),
        ({"filters": {'metadata.a"b': "x"}}, "invalid", 'filters.metadata.a"b'),
        ({"filters": {"metadata.a": "\ud800"}}, "invalid", "filters.metadata.a"),
        ({"filters": {f"metadata.k{n}": n for n in range(21)}}, "invalid", "filters"),
        ({"filters": {"domain": "a.example"}, "domain": "b.example"}, "contradiction", "domain"),
        ({"tags": [""]}, "invalid", "tags"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, arguments: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Problem) as caught:
        resolved(tmp_path, **arguments)

    assert (caught.value.code, caught.value.field) == (code, field)
