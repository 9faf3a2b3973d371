"""Content-Type and Content-Disposition are understood although parameters are broken in many ways."""

from __future__ import annotations

import pytest

from multimail.mime.params import media_type, read


@pytest.mark.parametrize(
    ("raw", "name", "value"),
    [
        ('text/plain; charset="utf-8"; format=flowed', "charset", "utf-8"),
        ("text/plain;charset=utf-8", "charset", "utf-8"),
        ('application/pdf name="a b.pdf"', "name", "a b.pdf"),
        ("application/pdf; name=Invoice_(3).pdf", "name", "Invoice_(3).pdf"),
        ("attachment; filename=my report.pdf; size=3", "filename", "my report.pdf"),
        ('x/y; name="a.pdf"; name="b.pdf"', "name", "a.pdf"),
        (r'x/y; name="a\"b\\c.pdf"', "name", 'a"b\\c.pdf'),
        ('text/html; charset="UTF-8', "charset", "UTF-8"),
        ("x/y; filename==?utf-8?Q?=C3=BC.pdf?=", "filename", "ü.pdf"),
        ("x/y; name=管理.doc", "name", "管理.doc"),
        ("x/y; filename*=utf-8''%e2%82%ac%20rates.pdf", "filename", "€ rates.pdf"),
        (
            "x/y; filename*0*=iso-8859-1'en'%A3; filename*1=\" note\"; filename*2=.txt",
            "filename",
            "£ note.txt",
        ),
        ("x/y; filename*1=b; filename*0=a", "filename", "ab"),
        ("x/y; filename=plain.txt; filename*=utf-8''r%C3%A9al.txt", "filename", "réal.txt"),
        ("x/y; filename*=nonsense%41", "filename", "nonsenseA"),
    ],
)
def test_a_parameter_is_read_as_a_mail_program_reads_it(raw: str, name: str, value: str) -> None:
    assert read(raw, set()).params[name] == value


def test_the_value_is_lower_case_and_an_empty_parameter_counts_as_absent() -> None:
    found = read('Attachment; filename=""; name=x', set())
    assert found.value == "attachment"
    assert found.get("filename", "name") == "x"
    assert found.get("size") == ""


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("text/plain>", "text/plain"),
        ("<html>", "text/html"),
        ("text", "text/plain"),
        ("", ""),
        ("a/b/c", ""),
        (";", ""),
    ],
)
def test_a_broken_media_type_is_mended_or_given_up(value: str, clean: str) -> None:
    problems: set[str] = set()
    assert media_type(value, problems) == clean
    assert problems == {"bad_content_type"}
