"""Rows as values: a key is valid until it is not."""

from __future__ import annotations

from dataclasses import replace

from multimail.core.model import ROLE_SCOPES, Principal, PrincipalKind, Role
from multimail.ports.records import StoredPrincipal
from tests.support.mailroom import NOON

KEY = StoredPrincipal(
    Principal("key_1", PrincipalKind.AGENT, "one", Role.AGENT, ROLE_SCOPES[Role.AGENT]), "mm_abcd", NOON
)


def test_a_key_without_an_end_is_valid_until_it_is_revoked() -> None:
    assert KEY.valid_at(NOON * 2)
    assert not replace(KEY, revoked_at=NOON).valid_at(NOON)


def test_a_key_with_an_end_is_valid_before_it() -> None:
    ends = replace(KEY, expires_at=NOON + 1)

    assert (ends.valid_at(NOON), ends.valid_at(NOON + 1)) == (True, False)
