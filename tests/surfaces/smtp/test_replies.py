"""Replies on the wire."""

from __future__ import annotations

import re

import pytest

from multimail.core.errors import CODES, Problem
from multimail.surfaces.smtp import replies
from multimail.surfaces.smtp.receiver import ReceiverSettings


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_a_reply_whose_class_agrees_with_its_code(code: str) -> None:
    match = re.fullmatch(
        rb"([45])\d\d ([45])\.\d+\.\d+ .+\r\n", replies.wire(replies.problem_reply(Problem(code)))
    )
    assert match is not None
    assert match[1] == match[2]


def test_a_problem_cannot_add_a_line_to_its_reply() -> None:
    reply = replies.problem_reply(
        Problem("unknown_mailbox", "No <x\r\n250 OK> here.", advice="Look\tagain \x1b[2J")
    )
    assert reply == "550 5.1.1 No <x  250 OK> here. Look again  [2J"


def test_a_long_problem_fits_on_one_line() -> None:
    assert len(replies.wire(replies.problem_reply(Problem("invalid", "long " * 500)))) <= 512


@pytest.mark.parametrize(
    ("reply", "sent"),
    [
        ("250 OK", b"250 2.0.0 OK\r\n"),
        ("503 Error: nested MAIL command", b"503 5.5.1 Error: nested MAIL command\r\n"),
        ("550 5.1.1 Nobody", b"550 5.1.1 Nobody\r\n"),
        ("354 Go ahead", b"354 Go ahead\r\n"),
        ("220 mx.example ESMTP", b"220 mx.example ESMTP\r\n"),
        ("502 jürgen", b"502 5.5.1 j?rgen\r\n"),
    ],
)
def test_an_unclassified_reply_gets_its_enhanced_code(reply: str, sent: bytes) -> None:
    assert replies.wire(reply) == sent


def test_what_the_server_can_do_is_one_reply() -> None:
    sent = replies.capabilities(ReceiverSettings(hostname="mx.example", size_limit=99), auth=True).decode()
    assert sent.split("\r\n") == [
        "250-mx.example",
        "250-SIZE 99",
        "250-8BITMIME",
        "250-SMTPUTF8",
        "250-PIPELINING",
        "250-ENHANCEDSTATUSCODES",
        "250-AUTH LOGIN PLAIN",
        "250 HELP",
        "",
    ]


@pytest.mark.parametrize(
    ("reply", "final"), [(replies.IDLE, True), (replies.ENDLESS, True), (replies.TOO_LARGE, False)]
)
def test_some_replies_are_the_last_word(reply: str, *, final: bool) -> None:
    assert replies.is_final(reply) is final
