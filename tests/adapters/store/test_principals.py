"""Principals by id and by the hash of their key; sessions, and sign-in links that work once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.core.model import ROLE_SCOPES, ApprovalLimit, Principal, PrincipalKind, Role
from multimail.ports.accounts import Session
from multimail.ports.records import StoredCall, StoredPrincipal
from tests.support.mailroom import NOON, Mailroom

ANN = StoredPrincipal(
    Principal(
        "key_1", PrincipalKind.PERSON, "Änn", Role.REVIEWER, ROLE_SCOPES[Role.REVIEWER], ("mbx_1", "mbx_2"),
        self_approving=True, elicitation=False,
    ),
    "mm_abcd", NOON, NOON + 100,
)  # fmt: skip
SESSION = Session("key_1", "csrf", None, NOON, NOON + 100)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    made = Mailroom(tmp_path)
    made.tx.principals.insert(ANN, key_hash="hash")
    return made


def test_a_principal_is_read_back_by_id_and_by_the_hash_of_its_key(room: Mailroom) -> None:
    assert room.tx.principals.get("key_1") == ANN
    assert room.tx.principals.by_key("hash") == ANN
    assert room.tx.principals.get("key_2") is None
    assert room.tx.principals.by_key("other") is None


@pytest.mark.parametrize("mailboxes", [None, (), ("mbx_1",)])
def test_all_mailboxes_and_none_are_told_apart(room: Mailroom, mailboxes: tuple[str, ...] | None) -> None:
    one = replace(ANN, principal=replace(ANN.principal, id="key_2", mailboxes=mailboxes))
    room.tx.principals.insert(one, key_hash=None)

    assert room.tx.principals.get("key_2") == one


@pytest.mark.parametrize(
    "limit",
    [ApprovalLimit(("@example.org",), 3, ("mbx_1",)), ApprovalLimit(domains=()), ApprovalLimit(None, 0)],
)
def test_a_limit_is_read_back_and_no_bound_is_not_an_empty_one(room: Mailroom, limit: ApprovalLimit) -> None:
    one = replace(ANN, principal=replace(ANN.principal, id="key_2", approval_limit=limit))
    room.tx.principals.insert(one, key_hash=None)

    assert room.tx.principals.get("key_2") == one


def test_one_key_is_one_principal(room: Mailroom) -> None:
    other = replace(ANN, principal=replace(ANN.principal, id="key_2"))

    with pytest.raises(sqlite3.IntegrityError):
        room.tx.principals.insert(other, key_hash="hash")


def test_the_first_revocation_counts_and_the_row_stays(room: Mailroom) -> None:
    room.tx.principals.revoke("key_1", NOON + 1)
    room.tx.principals.revoke("key_1", NOON + 2)

    found = room.tx.principals.get("key_1")
    assert found is not None
    assert (found.revoked_at, found.valid_at(NOON)) == (NOON + 1, False)
    assert room.tx.principals.all() == []
    assert [one.principal.id for one in room.tx.principals.all(include_revoked=True)] == ["key_1"]


def test_a_key_is_valid_until_it_is_over() -> None:
    assert (ANN.valid_at(NOON + 99), ANN.valid_at(NOON + 100)) == (True, False)


def test_passphrase_and_caps_are_kept_beside_it(room: Mailroom) -> None:
    keys = room.tx.principals
    assert (keys.passphrase_hash("key_1"), keys.caps("key_1"), keys.caps("key_9")) == (
        None,
        (None, None),
        (None, None),
    )

    keys.set_passphrase_hash("key_1", "scrypt")
    keys.set_caps("key_1", 0, 5)

    found = keys.get("key_1")
    assert found is not None
    assert found.has_passphrase
    assert (keys.passphrase_hash("key_1"), keys.caps("key_1")) == ("scrypt", (0, 5))


def test_its_last_call_is_the_newest_in_the_record(room: Mailroom) -> None:
    assert room.tx.principals.last_used("key_1") is None
    for at in (NOON, NOON + 7):
        room.tx.events.call(StoredCall(at, "key_1", "list_mailboxes", "cli", "ok"))

    assert room.tx.principals.last_used("key_1") == NOON + 7


def test_a_session_is_opened_confirmed_and_closed(room: Mailroom) -> None:
    sessions = room.tx.sessions
    sessions.open("s1", SESSION)
    sessions.confirm("s1", NOON + 5)

    assert sessions.get("s1") == replace(SESSION, confirmed_at=NOON + 5)
    sessions.close("s1")
    assert sessions.get("s1") is None


def test_all_sessions_of_a_principal_end_together(room: Mailroom) -> None:
    room.tx.principals.insert(replace(ANN, principal=replace(ANN.principal, id="key_2")), key_hash=None)
    room.tx.sessions.open("s1", SESSION)
    room.tx.sessions.open("s2", replace(SESSION, principal_id="key_2"))

    room.tx.sessions.close_all("key_1")

    assert (room.tx.sessions.get("s1"), room.tx.sessions.get("s2") is not None) == (None, True)


def test_a_link_works_once_and_in_its_time(room: Mailroom) -> None:
    room.tx.sessions.add_link("l1", "key_1", NOON, NOON + 10)
    room.tx.sessions.add_link("l2", "key_1", NOON, NOON + 10)
    use = room.tx.sessions.use_link

    assert (use("l1", NOON + 9), use("l1", NOON + 9)) == ("key_1", None)
    assert (use("l2", NOON + 10), use("l3", NOON)) == (None, None)


def test_what_is_over_is_forgotten(room: Mailroom) -> None:
    room.tx.sessions.open("s1", SESSION)
    room.tx.sessions.add_link("l1", "key_1", NOON, NOON + 10)

    assert [room.tx.sessions.prune(at) for at in (NOON + 9, NOON + 10, NOON + 100)] == [0, 1, 1]
