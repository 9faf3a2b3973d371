"""The form of a new key, as the arguments of the operation."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.administration import CreateKey
from multimail.core.errors import Problem
from multimail.core.model import Role
from multimail.surfaces.web.settings.key_fields import BESIDE, EMPTY, LABELS, arguments

NEW = EMPTY | {"name": " Ann "}


def test_every_field_of_the_form_is_known() -> None:
    assert set(EMPTY) == set(LABELS)
    assert {place for place in BESIDE.values() if place not in LABELS} == set()


def test_what_nobody_wrote_is_not_asked_for() -> None:
    assert arguments(NEW) == {"name": "Ann", "role": "agent", "self_approving": False, "elicitation": True}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_chosen(role: Role) -> None:
    assert CreateKey.parse(arguments(NEW | {"role": role.value})).role is role


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ({}, None),
        ({"limit_recipients": "0"}, {"max_recipients": 0}),
        ({"limit_domains": "a.org\nb.org"}, {"domains": ["a.org", "b.org"]}),
        ({"limit_mailboxes": "a@b.org"}, {"mailboxes": ["a@b.org"]}),
    ],
)
def test_a_limit_holds_what_was_written(written: dict[str, str], limit: Any) -> None:
    assert arguments(NEW | written).get("approval_limit") == limit


def test_only_these_needs_one_of_them() -> None:
    some = NEW | {"where": "some", "box_mbx_1": "1", "box_mbx_2": ""}

    assert arguments(some)["mailboxes"] == ["mbx_1"]
    assert "mailboxes" not in arguments(some | {"where": "all"})
    with pytest.raises(Problem):
        arguments(NEW | {"where": "some"})
