"""Files go out as downloads that no browser runs, under a name and a type that cannot break a header."""

from __future__ import annotations

from hashlib import sha256

import pytest
from starlette.requests import Request

from multimail.mime import params
from multimail.services.files import File
from multimail.surfaces.http.downloads import disposition, download, media_type


def asked(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


def file(name: str = "a.html", kind: str = "text/html", content: bytes = b"<script>") -> File:
    return File(name, kind, len(content), sha256(content).hexdigest(), content)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("my report (1).pdf", 'attachment; filename="my report (1).pdf"'),
        ("Grüße.txt", "attachment; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"),
        ("50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"),
        ('a"b.txt', 'attachment; filename="a_b.txt"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("a\r\nSet-Cookie: x.txt", 'attachment; filename="a__Set-Cookie_ x.txt"'),
        ("", 'attachment; filename="file"'),
        (" .. ", 'attachment; filename="file"'),
    ],
)
def test_a_name_is_given_so_that_old_and_new_clients_take_it_and_no_folder_is_left(
    name: str, header: str
) -> None:
    assert disposition(name) == header


def test_a_name_comes_back_whole_from_its_header() -> None:
    assert params.read(disposition("Übersicht – März.pdf"), set()).get("filename") == "Übersicht – März.pdf"


def test_a_very_long_name_is_cut_and_a_broken_one_is_still_text() -> None:
    assert len(disposition("x" * 5_000)) < 300
    assert disposition("\ud800.txt").isascii()


@pytest.mark.parametrize(
    ("claimed", "sent"),
    [
        ("text/html", "text/html"),
        ("Image/PNG", "image/png"),
        ("text/html; charset=utf-8", "application/octet-stream"),
        ("a/b\r\nX-Evil: 1", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_type_that_is_none_is_the_type_of_unknown_bytes(claimed: str, sent: str) -> None:
    assert media_type(claimed) == sent


def test_no_download_is_shown_or_run_by_a_browser() -> None:
    headers = download(asked(), file()).headers

    assert headers["content-disposition"].startswith("attachment;")
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["content-type"] == "text/html"
    assert headers["content-length"] == "8"


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_a_client_that_has_the_bytes_is_told_so(known: str) -> None:
    found = file()
    answer = download(asked(if_none_match=known.format(found.sha256)), found)

    assert (answer.status_code, answer.headers["etag"]) == (304, f'"{found.sha256}"')
    assert download(asked(if_none_match='"other"'), found).status_code == 200
