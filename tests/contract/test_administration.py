"""A key's approval limit arrives as an object or as the text of one, and a mistake in it says where."""

from __future__ import annotations

import pytest

from multimail.contract.administration import CreateKey
from multimail.core.errors import Problem


@pytest.mark.parametrize(
    "given",
    [{"domains": ["a.example", "b.example"]}, '{"domains": "a.example, b.example"}'],
    ids=["object", "text"],
)
def test_a_limit_is_an_object(given: object) -> None:
    limit = CreateKey.parse({"name": "robot", "approval_limit": given}).approval_limit

    assert limit is not None
    assert (limit.domains, limit.max_recipients, limit.mailboxes) == (["a.example", "b.example"], None, None)


def test_no_limit_is_none() -> None:
    assert CreateKey.parse({"name": "robot", "approval_limit": None}).approval_limit is None


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"domain": []}, "unknown_field", "approval_limit.domain"),
        ({"max_recipients": "many"}, "invalid", "approval_limit.max_recipients"),
        ([], "invalid", "approval_limit"),
    ],
)
def test_a_mistake_says_where(given: object, code: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        CreateKey.parse({"name": "robot", "approval_limit": given})

    assert (caught.value.code, caught.value.field) == (code, field)
