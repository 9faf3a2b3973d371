"""The header block ends where a competent reader says it does; ids and dates are read tolerantly."""

from __future__ import annotations

import pytest

from multimail.mime.headers import date, message_ids, split
from multimail.mime.model import Limits


def fields_of(raw: bytes, limits: Limits | None = None) -> tuple[list[tuple[str, str]], bytes, set[str]]:
    problems: set[str] = set()
    fields, body = split(raw, 0, len(raw), limits or Limits(), problems)
    return fields, raw[body:], problems


def test_folded_fields_are_unfolded_and_the_body_follows_the_empty_line() -> None:
    raw = b"Subject: one\r\n two\r\nTo:\r\n\ta@b\r\n\r\nbody\r\n"
    assert fields_of(raw) == ([("Subject", "one two"), ("To", "a@b")], b"body\r\n", set())


def test_a_block_without_fields_is_all_body() -> None:
    assert fields_of(b"\r\nbody") == ([], b"body", set())
    assert fields_of(b"// no mail") == ([], b"// no mail", {"bad_header"})


def test_without_an_empty_line_the_body_begins_at_the_first_line_that_is_no_field() -> None:
    raw = b"Subject: a\nThis is text: really\n\nmore"
    assert fields_of(raw) == ([("Subject", "a")], b"This is text: really\n\nmore", {"bad_header"})


def test_a_parameter_without_its_indentation_continues_its_field() -> None:
    fields, body, problems = fields_of(b'Content-Type: a/b;\nname="c"\nTo: x\n\n')
    assert fields == [("Content-Type", 'a/b; name="c"'), ("To", "x")]
    assert (body, problems) == (b"", {"bad_header"})


def test_an_indented_first_field_is_a_field() -> None:
    fields, _, problems = fields_of(b" From: a@b\nTo: c@d\n\n")
    assert fields == [("From", "a@b"), ("To", "c@d")]
    assert problems == {"bad_header"}


def test_the_envelope_line_of_a_mail_folder_is_skipped() -> None:
    assert fields_of(b"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\ny") == (
        [("Subject", "x")],
        b"y",
        set(),
    )


def test_too_many_fields_are_left_out_but_the_body_is_found() -> None:
    raw = b"".join(b"X-%d: v\n" % number for number in range(100_000)) + b"\nbody"
    fields, body, problems = fields_of(raw)
    assert len(fields) == Limits().header_count
    assert (body, problems) == (b"body", {"too_many_headers"})


def test_one_endless_line_is_kept_up_to_the_limit() -> None:
    fields, body, problems = fields_of(b"Subject: " + b"a" * 1_000_000 + b"\n\nbody")
    assert fields == [("Subject", "a" * (Limits().header_size - len("Subject: ")))]
    assert (body, problems) == (b"body", {"too_many_headers"})


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b>", ("<a@b>",)),
        ("a@b", ("<a@b>",)),
        ('"your mail of Monday" <a@b> (x)', ("<a@b>",)),
        ("<a@b><c@d> <a@b>", ("<a@b>", "<c@d>")),
        ("<a@ b>", ("<a@b>",)),
        ("<" + "x" * 1000 + "@y>", ()),
        ("nothing", ()),
    ],
)
def test_message_ids_are_normalised(value: str, ids: tuple[str, ...]) -> None:
    assert message_ids(value, 50) == ids


def test_of_many_ids_the_root_and_the_last_remain() -> None:
    value = " ".join(f"<{number}@x>" for number in range(100))
    assert message_ids(value, 4) == ("<0@x>", "<97@x>", "<98@x>", "<99@x>")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Thu, 18 Oct 2012 22:48:39 -0700", 1350625719),
        ("18 Oct 2012 22:48:39", 1350600519),
        ("Thu, 18 Oct 2012 22:48:39 GMT (UTC)", 1350600519),
        ("Thu, 99 Oct 2012", None),
        ("tomorrow", None),
        ("Thu, 18 Oct 20120000 22:48:39 -0700", None),
    ],
)
def test_dates_are_read_or_given_up(value: str, seconds: int | None) -> None:
    assert date(value) == (None if seconds is None else seconds * 1_000_000)
