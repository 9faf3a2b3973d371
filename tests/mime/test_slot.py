"""The slot for a recipient's own token: found whatever the text around it, and filled with nothing else touched."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.own_link import LENGTH, SLOT
from multimail.mime.compose import Attachment, compose
from multimail.mime.encode import text_part
from multimail.mime.slot import fill, has_slot
from tests.mime.test_compose import MAIL, read, text_of

TOKEN = "t" * LENGTH
LINK = f"https://here.example/u/{SLOT}"
FILLED = f"https://here.example/u/{TOKEN}"


@given(st.text(max_size=300), st.text(max_size=300), st.text("日本語 abc=\n", max_size=300))
def test_a_slot_in_the_text_is_filled_in_both_bodies_whatever_stands_around_it(
    before: str, after: str, dense: str
) -> None:
    for text in (before + SLOT + after, dense + LINK + dense):
        raw = b"From: a@b.org\r\n" + text_part("plain", text)

        filled = fill(raw, TOKEN)

        assert b"base64" not in raw
        assert len(filled) == len(raw)
        assert not has_slot(filled)
        assert max(map(len, filled.split(b"\r\n"))) <= 998
        shown = [message_from_bytes(one, policy=policy.default).get_content() for one in (raw, filled)]
        assert shown[1] == shown[0].replace(SLOT, TOKEN)


@pytest.mark.parametrize("body", ["Bye.", "Ende. Grüße an alle", "おわり" * 40, "x" * 990 + "é"])
def test_the_copy_of_a_recipient_differs_in_the_token_alone(body: str) -> None:
    raw = compose(
        replace(MAIL, body=f"{body}\n\n<{LINK}>\n\n{body}", unsubscribe_link=LINK, footer=f"<{LINK}>")
    )

    copy = read(fill(raw, TOKEN))

    assert text_of(copy) == text_of(read(raw)).replace(SLOT, TOKEN)
    assert text_of(copy).count(FILLED) == 2
    assert text_of(copy, "html").count(f'href="{FILLED}"') == 2
    assert copy["List-Unsubscribe"] == f"<{FILLED}>"


def test_lines_of_an_encoded_text_with_a_slot_stay_within_their_limit() -> None:
    raw = compose(replace(MAIL, body=f"é{'x' * 70}{SLOT}{'y' * 70} {SLOT}{SLOT}\n{SLOT}"))

    text = raw.partition(b"quoted-printable\r\n\r\n")[2].partition(b"\r\n--=_")[0]
    assert max(map(len, text.split(b"\r\n"))) <= 76


def test_files_stay_what_they_are() -> None:
    mail = replace(MAIL, attachments=(Attachment("own.txt", "text/plain", SLOT.encode()),))

    assert not has_slot(compose(mail))


@pytest.mark.parametrize("token", ["", "t" * (LENGTH + 1)])
def test_a_token_of_another_length_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="as long as"):
        fill(b"", token)
