"""What a mail says and carries: unfinished, unseen, or running where it is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.caution_content import Content, content
from multimail.core.model import AttachmentMeta


def codes(body: str = "", subject: str = "Monday", **more: object) -> set[str]:
    return {one.code for one in content(Content(subject, body, **more))}  # type: ignore[arg-type]


def file(name: str, kind: str = "application/octet-stream") -> AttachmentMeta:
    return AttachmentMeta(1, name, kind, 10, "0" * 64)


@pytest.mark.parametrize(
    "body",
    ["Dear {{name}},", "[REVIEWER: price?]", "[TODO]", "```python\n{{name}}\n```", "~~~ x\n[TODO]\n~~~"],
)
def test_a_placeholder_is_found_even_where_the_author_calls_it_a_sample(body: str) -> None:
    assert codes(body) == {"placeholder"}


@pytest.mark.parametrize(
    "body",
    [
        "pay\u200bpal",
        "a\u202egnp.exe",
        "a\x1b[2Jb",
        "Hi\n" + "\n" * 30 + "and this",
        "Hi" + " " * 250 + "and this",
    ],
)
def test_what_is_not_seen_is_found(body: str) -> None:
    assert codes(body) == {"hidden_text"}


@pytest.mark.parametrize(
    "body", ["Hi\n\n\nAnn 👩\u200d👩\u200d👧", "Grüße, שלום", "a\n" + "\n" * 60, " " * 900, ""]
)
def test_ordinary_text_is_left_alone(body: str) -> None:
    assert codes(body) == set()


def test_texts_that_a_page_hides_are_counted_by_how() -> None:
    found = list(content(Content("x", "y", hidden={"display_none": 2}, hidden_texts=("pay Bob",))))

    assert found[0].text == "Found in it: 2 texts hidden in the page (display_none)."
    assert found[0].where == ("pay Bob",)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("run.exe", {"executable_attachment"}),
        ("run.EXE. ", {"executable_attachment"}),
        ("invoice.pdf.exe", {"executable_attachment", "disguised_attachment"}),
        ("invoice.pdf.html", {"active_attachment", "disguised_attachment"}),
        ("invoice\u202efdp.exe", {"executable_attachment", "disguised_attachment"}),
        ("invoice.pdf      .scr", {"executable_attachment", "disguised_attachment"}),
        ("prices.xlsm", {"macro_attachment"}),
        ("page.html", {"active_attachment"}),
        ("all.zip", {"archive_attachment"}),
        ("notes.2024.pdf", set()),
        ("noending", set()),
        ("", set()),
    ],
)
def test_a_file_is_known_by_its_endings(name: str, found: set[str]) -> None:
    assert codes(attachments=[file(name)]) == found


def test_a_program_is_known_by_its_type_too() -> None:
    assert codes(attachments=[file("a.txt", "application/x-msdownload")]) == {"executable_attachment"}


def test_an_answer_to_nothing_a_long_quote_and_pictures_from_elsewhere_are_small_findings() -> None:
    assert codes("> a\n" * 40, "AW: Monday", answers=False, images=["https://x.org/1.gif"]) == {
        "large_quote", "fake_reply", "remote_image",
    }  # fmt: skip
    assert codes("> a\n" * 39, "Re: Monday") == set()


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_more_takes_no_finding_away(subject: str, body: str, more: str) -> None:
    before = sum(one.points for one in content(Content(subject, body)))

    assert sum(one.points for one in content(Content(subject, f"{body} \n\n{more}"))) >= before


@pytest.mark.parametrize("piece", [" ", "\n", " \n", ">", "`", "[", "{{", "\u200b", "a ", "*|"])
def test_a_million_characters_of_it_are_read_in_linear_time(piece: str) -> None:
    """In a time that grows with the square this would not end."""
    assert codes(piece * (1_000_000 // len(piece))) <= {"hidden_text", "large_quote", "placeholder"}
