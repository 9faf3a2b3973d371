"""The tree of parts: boundaries as RFC 2046 means them, bounded in depth and number."""

from __future__ import annotations

from multimail.mime.model import Limits
from multimail.mime.structure import Part, build

HEAD = b"Content-Type: multipart/mixed; boundary=b\n\n"


def tree(raw: bytes, limits: Limits | None = None) -> tuple[Part, set[str]]:
    problems: set[str] = set()
    return build(raw, limits or Limits(), problems)[1], problems


def bodies(raw: bytes, part: Part) -> list[bytes]:
    return [raw[child.start : child.end] for child in part.children]


def test_the_line_end_before_a_boundary_belongs_to_the_boundary() -> None:
    raw = HEAD + b"preamble\n--b\n\none\n\n--b\r\n\r\ntwo\r\n--b--\n"
    root, problems = tree(raw)
    assert bodies(raw, root) == [b"one\n", b"two"]
    assert problems == set()


def test_a_boundary_that_begins_like_another_is_another() -> None:
    raw = HEAD + b"--b\n\none --b\n--bx\n--b-x\n--b--x\n--b--\n"
    root, problems = tree(raw)
    assert bodies(raw, root) == [b"one --b\n--bx\n--b-x\n--b--x"]
    assert problems == set()


def test_text_after_the_end_is_noted() -> None:
    raw = HEAD + b"--b\n\none\n--b-->\nhidden"
    root, problems = tree(raw)
    assert bodies(raw, root) == [b"one"]
    assert problems == {"epilogue"}


def test_a_missing_end_loses_nothing() -> None:
    raw = HEAD + b"--b\n\none\n--b\n\ntwo"
    root, problems = tree(raw)
    assert bodies(raw, root) == [b"one", b"two"]
    assert problems == {"unterminated"}


def test_an_undeclared_boundary_is_recognised_by_what_follows_it() -> None:
    raw = b"Content-Type: multipart/mixed\n\n--x1\nContent-Type: text/plain\n\none\n--x1--\n"
    root, problems = tree(raw)
    assert bodies(raw, root) == [b"one"]
    assert problems == {"missing_boundary"}


def test_a_multipart_without_parts_is_text() -> None:
    root, problems = tree(b"Content-Type: multipart/mixed; boundary=b\n\nonly text")
    assert (root.content_type, root.children) == ("text/plain", [])
    assert problems == {"missing_boundary"}


def test_parts_of_a_digest_are_messages() -> None:
    root, _ = tree(b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--")
    assert [child.content_type for child in root.children] == ["message/rfc822"]


def test_ten_thousand_nested_multiparts_end_at_the_limit() -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000))
    part, problems = tree(raw)
    depth = 0
    while part.children:
        (part,) = part.children
        depth += 1
    assert depth == Limits().depth
    assert part.content_type == "multipart/mixed"
    assert problems == {"too_deep", "unterminated"}


def test_parts_beyond_the_limit_stay_together() -> None:
    raw = HEAD + b"--b\n\nx\n" * 100_000 + b"--b--\n"
    root, problems = tree(raw, Limits(parts=3))
    assert len(root.children) == 4
    rest = root.children[3]
    assert (rest.content_type, rest.end) == ("application/octet-stream", len(raw))
    assert problems == {"too_many_parts"}
