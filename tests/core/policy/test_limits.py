"""What a program's limit leaves to it: every recipient counts, and what was handed on stays a person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.model import ApprovalLimit
from multimail.core.policy.limits import breaches

WITHIN = ["ann@example.org", "bob@Example.ORG"]


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (ApprovalLimit(), []),
        (ApprovalLimit(("@example.org",), 2, ("mbx_1",)), []),
        (ApprovalLimit(domains=("@example.com",)), ["domains"]),
        (ApprovalLimit(domains=()), ["domains"]),
        (ApprovalLimit(max_recipients=1), ["max_recipients"]),
        (ApprovalLimit(mailboxes=("mbx_2",)), ["mailboxes"]),
        (ApprovalLimit((), 0, ()), ["mailboxes", "domains", "max_recipients"]),
    ],
)
def test_each_bound_is_named(limit: ApprovalLimit, names: list[str]) -> None:
    assert [one.limit for one in breaches(limit, "mbx_1", WITHIN, handed_on=False)] == names


def test_what_was_handed_on_is_outside_every_limit() -> None:
    assert [one.limit for one in breaches(ApprovalLimit(), "mbx_1", WITHIN, handed_on=True)] == ["handed_on"]


def test_a_domain_does_not_cover_its_subdomains_nor_names_that_end_like_it() -> None:
    limit = ApprovalLimit(domains=("@example.org",))

    for address in ("ann@mail.example.org", "ann@notexample.org", "ann@example.org.evil.net", ""):
        assert breaches(limit, "mbx_1", [address], handed_on=False), address


def test_reasons_name_domains_and_no_address() -> None:
    limit = ApprovalLimit(domains=("@example.org",), max_recipients=1)
    people = [f"p{number}@d{number}.example" for number in range(5)]

    said = " ".join(one.reason for one in breaches(limit, "mbx_1", people, handed_on=False))

    assert "d0.example, d1.example, d2.example and 2 more" in said
    assert "5 recipients" in said
    assert "@" not in said


@given(st.lists(st.sampled_from(["a@x.org", "b@x.org", "c@y.org", "d@z.org"])), st.integers(0, 4))
def test_one_recipient_more_never_brings_a_mail_inside(people: list[str], most: int) -> None:
    limit = ApprovalLimit(domains=("@x.org", "@y.org"), max_recipients=most)
    before = {one.limit for one in breaches(limit, "mbx_1", people, handed_on=False)}

    after = {one.limit for one in breaches(limit, "mbx_1", [*people, "e@z.org"], handed_on=False)}

    assert before <= after
    assert "domains" in after
