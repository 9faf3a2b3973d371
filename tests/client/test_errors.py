"""Every code of the server has its exception, which knows code, status, field and advice."""

from __future__ import annotations

import pickle

import pytest

from multimail.client import errors
from multimail.client.errors import BY_STATUS, Details, Forbidden, MultimailError, class_for
from multimail.core.errors import CODES


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_server_has_a_class_of_its_own_kind(code: str) -> None:
    assert CODES[code].http in BY_STATUS


def test_a_server_that_goes_by_another_name_forbids() -> None:
    assert class_for(421) is Forbidden


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid", "Invalid"), ("too_large", "Invalid"), ("unauthenticated", "Unauthenticated"),
        ("self_approval", "Forbidden"), ("unknown_mailbox", "NotFound"), ("already_exists", "Conflict"),
        ("frozen", "Frozen"), ("cap_reached", "RateLimited"), ("busy", "Unavailable"), ("timeout", "Timeout"),
        ("storage_full", "Unavailable"), ("internal", "ServerFault"),
    ],
)  # fmt: skip
def test_a_code_raises_what_a_program_can_do_something_about(code: str, kind: str) -> None:
    assert class_for(CODES[code].http) is getattr(errors, kind)


@pytest.mark.parametrize(("status", "kind"), [(418, errors.Invalid), (599, errors.ServerFault)])
def test_a_status_that_no_table_has_counts_by_its_hundred(status: int, kind: type[MultimailError]) -> None:
    assert class_for(status) is kind


def test_it_says_what_was_wrong_where_and_what_would_be_right() -> None:
    error = errors.Invalid(
        "'x' has no @.", Details(code="invalid_address", status=422, field="to", advice="Add it.")
    )

    assert str(error) == "invalid_address: 'x' has no @. [to] Add it."
    assert (error.code, error.status, error.field, error.advice) == ("invalid_address", 422, "to", "Add it.")
    assert (error.message, error.retry_after, error.problem) == ("'x' has no @.", None, {})


def test_timeouts_and_broken_connections_are_pythons_own_too() -> None:
    assert issubclass(errors.Timeout, TimeoutError)
    assert issubclass(errors.ConnectionFailed, ConnectionError)
    assert issubclass(errors.InvalidSignature, ValueError)


def test_the_code_of_what_no_server_said_is_that_of_its_kind() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MultimailError)
    ]

    assert len(kinds) > 10
    assert [kind for kind in kinds if kind("").code not in CODES] == []


def test_an_exception_reaches_another_process_whole() -> None:
    error = errors.RateLimited("Slow.", Details(code="rate_limited", status=429, retry_after=3.0, retry=True))

    again = pickle.loads(pickle.dumps(error))

    assert (type(again), vars(again), str(again)) == (type(error), vars(error), str(error))
