"""The rows of resource routes fit the operations that they stand for."""

from __future__ import annotations

from string import Formatter

import pytest

from multimail.contract.operation import REST
from multimail.contract.registry import operation
from multimail.contract.resource import Resource
from multimail.contract.resources import CONTACTS, RESOURCES, UNVERSIONED

every_row = pytest.mark.parametrize("row", RESOURCES, ids=lambda row: f"{row.method} {row.path}")


def fields(row: Resource) -> set[str]:
    return set(operation(row.operation).request.model_fields)


def parameters(row: Resource) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(row.path) if name]


def test_no_route_is_there_twice() -> None:
    assert len({(row.method, row.path) for row in RESOURCES}) == len(RESOURCES)


@every_row
def test_a_row_stands_for_an_operation_that_is_offered_over_http(row: Resource) -> None:
    assert REST in operation(row.operation).surfaces
    assert row.path.startswith(("/v1/", "/contacts"))
    assert row.summary.endswith(".")


@every_row
def test_what_a_row_fixes_and_places_are_fields_of_its_operation(row: Resource) -> None:
    assert set(row.fixed) <= fields(row)
    for name in parameters(row):
        known = row.parameters.get(name)
        if known is not None:
            assert {known.field, known.otherwise} <= fields(row)
        elif row.chosen is None or not row.chosen.by:
            assert name in fields(row)


@every_row
def test_a_status_is_one_of_success(row: Resource) -> None:
    assert row.status in {200, 201, 202}
    assert (row.status == 200) or row.method == "POST"
    assert not row.may_exist or row.may_exist in fields(row)


@every_row
def test_what_a_row_picks_from_its_answer_is_there(row: Resource) -> None:
    known = operation(row.operation).view.model_fields.keys()

    assert {extra.of for extra in row.include.values()} <= known
    assert row.chosen is None or row.chosen.of in known


def test_contacts_are_known_with_and_without_a_version() -> None:
    assert [row.path for row in CONTACTS] == [f"/v1{row.path}" for row in UNVERSIONED]


def test_only_what_comes_in_a_body_may_change_something() -> None:
    reads = [row for row in RESOURCES if row.method == "GET"]

    assert not any(row.takes_body for row in reads)
    assert all(row.takes_body for row in RESOURCES if row.method in {"POST", "PUT", "PATCH"})
