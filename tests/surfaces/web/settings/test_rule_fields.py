"""The form of a rule, its arguments, and a rule in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.approvals import CreateApprovalRule
from multimail.surfaces.web.settings.rule_fields import EMPTY, LABELS, arguments, section, sentence

NAMED = {"mbx_1": "desk@example.org", "tpl_1": "the template receipt", "key_1": "the key Shop"}


def test_every_field_has_a_label_and_begins_empty() -> None:
    assert [one.name for one in section({}, {}, {}).fields] == list(LABELS) == list(EMPTY)


def test_what_is_written_is_asked_for_and_nothing_else() -> None:
    written = EMPTY | {"name": " Ours ", "recipient_domains": "a.org, b.org", "max_recipients": "3"}

    assert arguments(written) == {
        "name": "Ours",
        "recipient_domains": ["a.org", "b.org"],
        "max_recipients": 3,
    }
    assert CreateApprovalRule.parse(arguments(written | {"reply_to_known_sender": "1"})).reply_to_known_sender


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"recipient_domains": ["a.org"]}, "Mail of any mailbox to a.org only goes without a person."),
        (
            {"mailbox_id": "mbx_1", "recipient_domains": ["a.org", "b.org", "c.org"], "max_recipients": 3},
            "Mail of desk@example.org to a.org, b.org or c.org only with at most 3 recipients goes without a person.",
        ),
        (
            {"mailbox": "mbx_1", "reply_to_known_sender": True, "accept_unauthenticated": True},
            (
                "Mail of desk@example.org that answers somebody who wrote before, even if only the address says so, "
                "goes without a person."
            ),
        ),
        (
            {"template": "tpl_1", "principal": "key_1", "message_class": "transactional"},
            (
                "Mail of any mailbox filled in from the template receipt written with the key Shop of the class "
                "transactional goes without a person."
            ),
        ),
    ],
)
def test_a_rule_is_a_sentence(rule: dict[str, Any], words: str) -> None:
    assert sentence(rule, NAMED) == words
