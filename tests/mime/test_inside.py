"""A mail from inside: paths of its parts, which of them is which attachment, and their bytes."""

from __future__ import annotations

from multimail.mime import inside, parse
from multimail.mime.inside import Inner

MAIL = b"""Subject: =?utf-8?q?Caf=C3=A9?=\r
Content-Type: multipart/mixed; boundary=m\r
\r
--m\r
Content-Type: multipart/related; boundary=r\r
\r
--r\r
Content-Type: text/html; charset=utf-8\r
\r
<img src="cid:logo@x">\r
--r\r
Content-Type: image/png\r
Content-ID: <logo@x>\r
Content-Transfer-Encoding: base64\r
\r
AAEC\r
--r--\r
--m\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename="../a.pdf"\r
\r
PDF\r
--m--\r
"""


def parts(one: Inner) -> list[tuple[str, str, str, int | None]]:
    here = [(one.path, one.content_type, one.filename, one.position)]
    return here + [found for child in one.children for found in parts(child)]


def test_every_part_has_its_path_type_and_place_among_the_attachments() -> None:
    mail = inside.inside(MAIL)

    assert parts(mail.root) == [
        ("", "multipart/mixed", "", None),
        ("1", "multipart/related", "", None),
        ("1.1", "text/html", "", None),
        ("1.2", "image/png", "attachment-1.png", 0),
        ("2", "application/pdf", "a.pdf", 1),
    ]
    assert [one.position for one in parse.parse(MAIL).attachments] == [0, 1]
    assert (mail.headers[0], mail.html.strip()) == (("Subject", "Café"), '<img src="cid:logo@x">')


def test_a_mail_of_one_part_is_its_own_first_part() -> None:
    raw = b"Content-Type: text/plain\r\n\r\nHello\r\n"

    assert parts(inside.inside(raw).root) == [("1", "text/plain", "", None)]
    assert inside.content(raw, "1") == ("text/plain", b"Hello\r\n")


def test_the_bytes_of_a_part_are_decoded() -> None:
    assert inside.content(MAIL, "1.2") == ("image/png", b"\x00\x01\x02")
    assert inside.pictures(MAIL) == [("logo@x", "1.2", "image/png")]


def test_a_path_that_leads_nowhere_finds_nothing() -> None:
    found = [
        inside.content(MAIL, path) for path in ("3", "1.3", "0", "1.", "", "x", "-1", "2.1", "1.²", "9999")
    ]

    assert found == [None] * len(found)
