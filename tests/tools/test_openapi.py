"""The description of the API as a file is the one that is served."""

from __future__ import annotations

import json

from multimail.surfaces.http.openapi import as_bytes
from tools.openapi import openapi_json


def test_the_file_says_what_the_server_says_but_for_its_address() -> None:
    served, written = json.loads(as_bytes("http://127.0.0.1:8025")), json.loads(openapi_json())

    assert (served.pop("servers"), written.pop("servers")) == (
        [{"url": "http://127.0.0.1:8025"}],
        [{"url": "/"}],
    )
    assert written == served


def test_a_change_of_one_value_changes_one_line() -> None:
    lines = openapi_json().splitlines()

    assert max(map(len, lines)) < 2_000
    assert openapi_json().endswith("}\n")
