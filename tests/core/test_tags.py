"""Tags: every way of writing them means the same, and reserved ones are known in any case."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.tags import MAX_NAME, clean_tags, is_reserved, is_trust, read_tags, split, written


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        (["vip", "plan=pro"], {"vip": "", "plan": "pro"}),
        (["vip, plan=pro"], {"vip": "", "plan": "pro"}),
        ({"vip": None, "plan": "pro"}, {"vip": "", "plan": "pro"}),
        ({"vip": True, "seats": 3}, {"vip": "", "seats": "3"}),
        (['{"vip": "", "plan": "pro"}'], {"vip": "", "plan": "pro"}),
        (["  vip  ", "vip"], {"vip": ""}),
        (["link=a=b"], {"link": "a=b"}),
        ([], {}),
        (["MQL"], {"MQL": ""}),
        (["UnSubscribed", "Trusted:Billing"], {"unsubscribed": "", "trusted:billing": ""}),
        (["cafe\u0301"], {"caf\u00e9": ""}),
    ],
)
def test_a_list_an_object_and_text_with_commas_mean_the_same(given: Any, tags: dict[str, str]) -> None:
    assert read_tags(given) == tags


@pytest.mark.parametrize(
    "given",
    [
        [""],
        ["a,,b"],
        ["=value"],
        ["x" * (MAX_NAME + 1)],
        ["two\nlines"],
        ["zero\u200bwidth"],
        ["right\u202eleft"],
        ["\ud800"],
        ["{broken"],
        {"k": ["list"]},
        {"k": "v" * 300},
        {"a,b": ""},
        [f"t{n}" for n in range(51)],
    ],
)
def test_what_is_no_tag_is_refused_with_its_field(given: Any) -> None:
    with pytest.raises(Problem) as caught:
        read_tags(given, field="remove")

    assert (caught.value.code, caught.value.field) == ("invalid", "remove")


def test_reserved_tags_are_those_that_stop_mail_or_let_it_go() -> None:
    assert [is_reserved(tag) for tag in ("unsubscribed", "suppressed", "trusted:x", "vip", "trusted")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert [is_trust(tag) for tag in ("unsubscribed", "trusted:x")] == [False, True]


def test_a_written_tag_is_read_back() -> None:
    assert [split(written(*pair)) for pair in (("a", ""), ("a", "b"), ("a", "b=c"))] == [
        ("a", ""), ("a", "b"), ("a", "b=c"),
    ]  # fmt: skip


def test_a_mail_brings_any_tag_but_trust() -> None:
    assert clean_tags(["drip, plan=pro", "suppressed"]) == ("drip", "plan=pro", "suppressed")
    with pytest.raises(Problem, match="operator"):
        clean_tags(["TRUSTED:all"])
