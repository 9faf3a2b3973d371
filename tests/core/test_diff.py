"""Differences between revisions: complete, readable, and bounded."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from multimail.core.diff import CONTEXT, MAX_PAIRS, Content, Span, inline, unified, words

BODIES = st.lists(st.sampled_from(["a\n", "b b\n", "c, d\n", "\n", "e"])).map("".join)


def test_equal_revisions_have_no_difference() -> None:
    same = Content("Hello", "one\ntwo")

    assert unified(same, same) == ""
    assert words("one", "one") == (Span("same", "one"),)
    assert words("", "") == ()


def test_subject_and_body_changes_are_hunks_with_context() -> None:
    body = [f"line {number}" for number in range(30)]
    changed = [*body[:20], "new", *body[21:]]

    text = unified(
        Content("Hello", "\n".join(body)), Content("Hi", "\n".join(changed)), "revision 1", "revision 2"
    )

    assert text == (
        "--- revision 1\n+++ revision 2\n@@ -1,4 +1,4 @@\n-Subject: Hello\n+Subject: Hi\n \n line 0\n line 1\n"
        "@@ -20,7 +20,7 @@\n line 17\n line 18\n line 19\n-line 20\n+new\n line 21\n line 22\n line 23\n"
    )


def test_changes_close_together_share_a_hunk() -> None:
    text = unified(Content("s", "a\nb\nc\nd\ne"), Content("s", "A\nb\nc\nd\nE"))

    assert text.count("@@ -") == 1
    assert text.endswith("-a\n+A\n b\n c\n d\n-e\n+E\n")


def test_words_show_what_went_and_what_came() -> None:
    assert inline("We refund 50 euros.\nBye", "We refund 40 euros today.\nBye") == (
        "We refund [-50-]{+40+} euros{+ today+}.\nBye"
    )
    assert inline("", "new") == "{+new+}"
    assert inline("gone", "") == "[-gone-]"


def test_what_would_take_long_is_compared_as_one_block() -> None:
    size = int(MAX_PAIRS**0.5) + 10
    old = ["same", *(f"old {number}" for number in range(size)), "end"]
    new = ["same", *(f"new {number}" for number in range(size)), "end"]

    text = unified(Content("s", "\n".join(old)), Content("s", "\n".join(new)))

    assert text.count("\n-") == text.count("\n+") - 1 == size
    assert text.endswith(f"+new {size - 1}\n end\n")


def test_words_are_compared_until_the_budget_is_spent() -> None:
    size = int(MAX_PAIRS**0.5) // 2 - 10
    old, new = (" ".join(f"{name}{number}" for number in range(size)) for name in "ab")

    spans = words(f"{old}\n-\n{old} end\n", f"{new}\n-\n{new} end\n")

    assert spans[-2:] == (Span("removed", f"{old} end\n"), Span("added", f"{new} end\n"))
    assert len(spans) > 2 * size


@given(BODIES, BODIES)
def test_spans_rebuild_both_texts(old: str, new: str) -> None:
    spans = words(old, new)

    assert "".join(span.text for span in spans if span.op != "added") == old
    assert "".join(span.text for span in spans if span.op != "removed") == new
    assert all(one.op != other.op for one, other in itertools.pairwise(spans))


@given(BODIES, BODIES)
def test_hunks_hold_every_changed_line_and_little_else(old: str, new: str) -> None:
    lines = unified(Content("s", old), Content("s", new)).splitlines()[2:]
    body = [line for line in lines if not line.startswith("@@")]
    gone = [line[1:] for line in body if line.startswith("-")]
    come = [line[1:] for line in body if line.startswith("+")]

    assert len(new.splitlines()) - len(old.splitlines()) == len(come) - len(gone)
    assert sum(line.startswith(" ") for line in body) <= 2 * CONTEXT * (len(gone) + len(come))
    assert (lines == []) == (old.splitlines() == new.splitlines())
