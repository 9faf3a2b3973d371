"""One value at a time: whether somebody is in it, and what is kept of it."""

from __future__ import annotations

import json
import zlib

import pytest

from multimail.adapters.store.eraser_text import Value, redacted_value, traced_value, without_files
from multimail.core.traces import Traces

JANE = Traces("jane@acme.example", ("Jané Quux",), ("+49 30 1234567",))


@pytest.mark.parametrize(
    "value",
    [
        "to jane@acme.example", b"to JANE@acme.example", zlib.compress(b"to jane@acme.example"),
        json.dumps({"name": "Jané Quux"}).encode(), "Jané Quux".encode("latin-1"),
    ],
)  # fmt: skip
def test_somebody_is_found_in_text_and_in_bytes(value: Value) -> None:
    assert traced_value(value, JANE)


@pytest.mark.parametrize("value", [None, 5, 1.5, "janet", b"\\u00e9 {", zlib.compress(b"nobody"), b""])
def test_nobody_is_found_where_nobody_is(value: Value) -> None:
    assert not traced_value(value, JANE)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("ask jane@acme.example", "ask [erased]"),
        ('["jane@acme.example","bob@acme.example"]', '["bob@acme.example"]'),
        ('[["to","jane@acme.example","J"],["cc","bob@acme.example",""]]', '[["cc","bob@acme.example",""]]'),
        ('{"pa":"jane@acme.example","n":1,"on":true}', '{"n":1,"on":true,"pa":"[erased]"}'),
        ('{"tel":49301234567,"jane@acme.example":null}', '{"[erased]":null,"tel":"[erased]"}'),
        ("{jane@acme.example}", "{[erased]}"),
        (b"jane@acme.example", None),
        (7, 7),
    ],
)
def test_what_is_kept_is_still_what_it_was(value: Value, kept: Value) -> None:
    assert redacted_value(value, JANE) == kept


def test_an_envelope_whose_files_are_gone_names_none() -> None:
    assert without_files('{"attachments":[["quux.txt","text/plain",4,"ab12"]],"class":null}') == (
        '{"attachments":[],"class":null}'
    )
    assert without_files('{"sender": "bob@example.org"}') == '{"sender": "bob@example.org"}'
