"""Digests: equal things have equal ones, and any difference shows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from multimail.core.digest import DIGEST_LENGTH, batch_digest, content_hash, digest_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
envelopes = st.dictionaries(st.text(), values, max_size=4)


@given(st.binary(), envelopes)
def test_a_digest_is_short_hexadecimal_and_does_not_depend_on_the_order_of_fields(
    raw: bytes, envelope: dict[str, Any]
) -> None:
    digest = digest_of(raw, envelope)

    assert len(digest) == DIGEST_LENGTH
    assert set(digest) <= set("0123456789abcdef")
    assert digest == digest_of(raw, dict(reversed(envelope.items())))


@given(st.binary(min_size=1), envelopes, st.data())
def test_any_changed_byte_changes_the_digest(raw: bytes, envelope: dict[str, Any], data: Any) -> None:
    place = data.draw(st.integers(0, len(raw) - 1))
    other = raw[:place] + bytes([raw[place] ^ (1 << data.draw(st.integers(0, 7)))]) + raw[place + 1 :]

    assert digest_of(other, envelope) != digest_of(raw, envelope)


@given(st.binary(), envelopes, st.text(), values)
def test_any_change_of_the_envelope_changes_the_digest(
    raw: bytes, envelope: dict[str, Any], name: str, value: Any
) -> None:
    changed = envelope | {name: [value, "and more"]}

    assert (digest_of(raw, changed) == digest_of(raw, envelope)) == (changed == envelope)


def test_bytes_do_not_pass_for_envelope() -> None:
    assert digest_of(b'{"a":1}', {}) != digest_of(b"", {"a": 1})


def test_a_fingerprint_is_that_of_the_content_and_not_of_its_order() -> None:
    one = content_hash({"subject": "Hi", "body": "Text"})

    assert one == content_hash({"body": "Text", "subject": "Hi"})
    assert one != content_hash({"body": "Text", "subject": "Hi!"})
    assert len(one) == 32


def test_the_digest_of_a_batch_covers_its_text_and_every_mail_in_its_place() -> None:
    mails = [("msg_1", "a"), ("msg_2", "b")]
    whole = batch_digest("Hi", "Body", mails)

    assert whole == batch_digest("Hi", "Body", list(mails))
    others = [
        batch_digest("Ho", "Body", mails), batch_digest("Hi", "body", mails), batch_digest("Hi", "Body", mails[:1]),
        batch_digest("Hi", "Body", mails[::-1]), batch_digest("Hi", "Body", [("msg_1", "a"), ("msg_2", "c")]),
    ]  # fmt: skip
    assert len({whole, *others}) == 6
    assert len(whole) == DIGEST_LENGTH
