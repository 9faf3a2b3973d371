"""Replies and forwards: prefixes once, the original quoted whole and shown as what it is."""

from __future__ import annotations

import pytest

from multimail.core.addresses import Address
from multimail.mime.answers import Original, forward_subject, forwarded_block, reply_subject
from multimail.mime.markdown import to_html, to_text

ORIGINAL = Original(
    author=Address("anna_b@example.org", "Anna *Berg*"),
    at=1_767_261_840_000_000,
    subject="Late\n [invoice]",
    body="Where is it?\n\n> old\nAnna\n",
    to=(Address("desk@example.org"), Address("c@example.org", "C")),
)


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("Invoice", "Re: Invoice", "Fwd: Invoice"),
        ("RE: Invoice", "RE: Invoice", "Fwd: RE: Invoice"),
        ("AW: Invoice", "AW: Invoice", "Fwd: AW: Invoice"),
        ("Fwd: Invoice", "Re: Fwd: Invoice", "Fwd: Invoice"),
        ("two\r\n lines", "Re: two lines", "Fwd: two lines"),
        ("", "Re: ", "Fwd: "),
    ],
)
def test_a_prefix_stands_once(subject: str, reply: str, forward: str) -> None:
    assert reply_subject(subject) == reply
    assert forward_subject(subject) == forward


def test_a_forward_says_where_it_comes_from() -> None:
    assert to_text(forwarded_block(ORIGINAL)) == (
        "---------- Forwarded message ----------\n"
        "From: Anna *Berg* <anna_b@example.org>\n"
        "Date: 2026-01-01 10:04 UTC\n"
        "Subject: Late [invoice]\n"
        "To: <desk@example.org>, C <c@example.org>\n"
        "\nWhere is it?\n\n> old\nAnna\n"
    )


def test_names_and_subject_of_a_forward_are_no_markup() -> None:
    hostile = Original(Address("a@b.org", "[x](https://evil.example)"), 0, "**paid** <b>", "body")

    html = to_html(forwarded_block(hostile))

    assert "evil.example)" in html
    assert 'href="https://evil' not in html
    assert "**paid** &lt;b&gt;" in html
    assert "To:" not in html
