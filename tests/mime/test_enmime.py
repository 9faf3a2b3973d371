"""Eighty-five real and broken mails give exactly what the reviewed table says."""

from __future__ import annotations

import hashlib
import json

import pytest

from multimail.mime.parse import attachment, parse
from tests.mime.enmime_table import TABLE, names, raw, row

EXPECTED = json.loads(TABLE.read_text(encoding="utf-8"))


def test_the_table_has_a_row_for_every_mail() -> None:
    assert sorted(EXPECTED) == names()
    assert len(EXPECTED) == 85


@pytest.mark.parametrize("name", names())
def test_a_mail_parses_to_its_row(name: str) -> None:
    assert row(parse(raw(name))) == EXPECTED[name]


@pytest.mark.parametrize("name", names())
def test_each_attachment_is_found_again_by_its_position(name: str) -> None:
    mail = raw(name)
    parsed = parse(mail)
    for each in parsed.attachments:
        assert attachment(mail, each.position) == each
        assert hashlib.sha256(each.content).hexdigest() == each.sha256
    assert attachment(mail, len(parsed.attachments)) is None
    assert attachment(mail, -1) is None
