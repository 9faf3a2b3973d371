"""The values: what roles hold, who counts as an agent, which mailboxes a principal may use."""

from __future__ import annotations

import pytest

from multimail.core.model import (
    ROLE_SCOPES,
    Draft,
    Mailbox,
    MessageClass,
    Mode,
    Principal,
    PrincipalKind,
    Purpose,
    Recipient,
    RecipientKind,
    Role,
    Scope,
)


def principal(role: Role, *extra: Scope, mailboxes: tuple[str, ...] | None = None) -> Principal:
    scopes = ROLE_SCOPES[role] | set(extra)
    return Principal("key_1", PrincipalKind.AGENT, "one", role, scopes, mailboxes)


def test_roles_are_the_scope_sets_that_were_decided() -> None:
    read, tag, send, contacts, oversight = (
        Scope.READ, Scope.TAG, Scope.SEND, Scope.CONTACTS, Scope.OVERSIGHT,
    )  # fmt: skip

    assert {
        Role.VIEWER: {read},
        Role.AGENT: {read, tag, send, contacts},
        Role.REVIEWER: {read, oversight},
        Role.OPERATOR: set(Scope),
        Role.OWNER: {read, tag, send, contacts, oversight},
    } == ROLE_SCOPES


@pytest.mark.parametrize(
    ("who", "is_agent"),
    [
        (principal(Role.VIEWER), True),
        (principal(Role.AGENT), True),
        (principal(Role.AGENT, Scope.OVERSIGHT), False),
        (principal(Role.REVIEWER), False),
        (principal(Role.OPERATOR), False),
        (principal(Role.OWNER), True),
    ],
    ids=lambda value: f"{value.role}-{len(value.scopes)}" if isinstance(value, Principal) else str(value),
)
def test_held_arrivals_are_hidden_from_all_who_do_not_oversee_by_themselves(
    who: Principal, is_agent: bool
) -> None:
    assert who.is_agent is is_agent


def test_no_list_of_mailboxes_is_all_of_them_and_an_empty_one_is_none() -> None:
    assert principal(Role.AGENT).may_use("mbx_1")
    assert not principal(Role.AGENT, mailboxes=()).may_use("mbx_1")
    assert principal(Role.AGENT, mailboxes=("mbx_1",)).may_use("mbx_1")
    assert not principal(Role.AGENT, mailboxes=("mbx_1",)).may_use("mbx_2")


def test_only_hidden_recipients_are_not_seen_by_the_others() -> None:
    seen = {kind: Recipient("ann@example.org", kind).visible for kind in RecipientKind}

    assert seen == {RecipientKind.TO: True, RecipientKind.CC: True, RecipientKind.BCC: False}


def test_a_mailbox_of_which_nothing_is_said_holds_what_leaves() -> None:
    box = Mailbox("mbx_1", "desk@here.example")

    assert (box.default_mode, box.ceiling) == (Mode.GATED_SEND, Mode.GATED_SEND)
    assert (box.trusted, box.allowed, box.two_person, box.resend_unknown) == ((), None, False, False)


def test_what_a_draft_is_for_is_its_class_topic_and_region() -> None:
    draft = Draft(
        "send_email", "mbx_1", "a@example.org", "", (), "News", "Hello",
        message_class=MessageClass.COMMERCIAL, topic="newsletter", region="EU",
    )  # fmt: skip

    assert draft.purpose == Purpose(MessageClass.COMMERCIAL, "newsletter", "EU")
