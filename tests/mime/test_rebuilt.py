"""A rebuilt mail says that it is one and holds what is left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import parse
from multimail.mime.rebuilt import NOTE, rebuilt


def test_what_is_left_is_read_again() -> None:
    raw = rebuilt(
        [("From", "bob@example.org"), ("To", ""), ("Subject", "Grüße an\r\n[erased]")], "Für [erased]."
    )

    mail = parse.parse(raw)

    assert (mail.subject, mail.text.strip()) == ("Grüße an [erased]", "Für [erased].")
    assert dict(mail.headers)["Comments"] == NOTE
    assert "To" not in dict(mail.headers)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_put_together(subject: str, text: str) -> None:
    assert NOTE.encode()[:20] in rebuilt([("Subject", subject)], text)
