"""The SDK's generated files are the registry's rows: routes, arguments and methods as a program wants them."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS
from tools import sdk

OFFERED = [row.name for row in OPERATIONS if REST in row.surfaces]


@pytest.mark.parametrize("page", sdk.PAGES.values(), ids=sdk.PAGES)
def test_a_page_is_python_that_says_where_it_comes_from(page: Callable[[], str]) -> None:
    text = page()

    assert sdk.NOTICE in text
    assert ast.get_docstring(ast.parse(text))


def test_a_route_says_what_may_be_done_twice_and_what_takes_a_key() -> None:
    lines = sdk.routes().splitlines()

    assert 'GET_THREAD: Final = Route("get_thread", answers.ThreadView, repeatable=True)' in lines
    assert 'EDIT_PENDING: Final = Route("edit_pending", answers.SendResult)' in lines
    assert (
        'MANAGE_CONTACTS: Final = Route("manage_contacts", answers.ContactList, looks=("search", "get"))'
        in lines
    )
    assert sum(": Final = Route(" in line for line in lines) == len(OFFERED)


@pytest.mark.parametrize("page", [sdk.methods_sync, sdk.methods_async])
def test_a_method_stands_for_each_operation_in_their_order(page: Callable[[], str]) -> None:
    [methods] = [node for node in ast.parse(page()).body if isinstance(node, ast.ClassDef)]
    names = [node.name for node in methods.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert names == ["_call", *OFFERED]


def test_what_must_be_given_has_no_default_and_no_other_name() -> None:
    text = sdk.methods_sync()

    assert "\n        to: str | Sequence[str],\n" in text
    assert "\n        message_id: str | None = None,\n" in text


def test_names_that_are_words_of_python_are_accepted_too() -> None:
    names = sdk.arguments().split('"SendEmailNames"')[1].split(")\n")[0]

    assert '"from": str | None' in names
    assert '"class": Literal["transactional", "commercial"] | None' in names
