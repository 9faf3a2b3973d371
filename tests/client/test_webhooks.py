"""A webhook request is believed when the server signed it with this secret, and not otherwise."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from starlette.datastructures import Headers

from multimail.adapters.hooks.signing import headers
from multimail.client.errors import InvalidSignature
from multimail.client.webhooks import verify_webhook
from multimail.core.times import SECOND
from multimail.ports.webhooks import Post

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes of key").decode()
OLD = "whsec_" + base64.b64encode(b"the key of another month").decode()
AT = 1_900_000_000
BODY = json.dumps(
    {"event": "message.received", "message_id": "msg_1", "message": {"to": "ä@x.example"}}
).encode()


def signed(*secrets: str, body: bytes = BODY) -> dict[str, str]:
    """The headers as the server sends them."""
    post = Post(
        delivery_id="whd_1", event_id="evt_1", event="message.received", url="http://x.example", body=body,
        secrets=secrets or (SECRET,), at=AT * SECOND,
    )  # fmt: skip
    return headers(post)


def bare(secret: str | bytes = SECRET, body: bytes = BODY) -> dict[str, str]:
    key = secret.encode() if isinstance(secret, str) else secret
    return {"X-MultiMail-Signature": hmac.new(key, body, hashlib.sha256).hexdigest()}


def verified(given: Any, body: bytes | str = BODY, secret: Any = SECRET, now: float = AT, **more: Any) -> Any:
    return verify_webhook(given, body, secret, now=now, **more)


def test_what_the_server_signs_is_its_event() -> None:
    event = verified(signed())

    assert (event["message_id"], event.message_id, event.event) == ("msg_1", "msg_1", "message.received")
    assert event == json.loads(BODY)


@pytest.mark.parametrize(
    "form", [dict, Headers, lambda given: list(given.items())], ids=["dict", "framework", "pairs"]
)
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_headers_may_come_in_any_form_and_case(form: Any, case: Any) -> None:
    assert verified(form({case(name): value for name, value in signed().items()}))
    assert verified(form({case(name): value for name, value in bare().items()}))


def test_headers_may_come_as_bytes_and_the_body_as_text() -> None:
    raw = [(name.encode(), value.encode()) for name, value in signed().items()]

    assert verified(raw, BODY.decode())


@pytest.mark.parametrize("headers", [signed(), bare()], ids=["standard", "bare"])
@pytest.mark.parametrize(
    ("body", "secret"), [(BODY + b" ", SECRET), (BODY, OLD), (b"", SECRET), (BODY, SECRET.lower())]
)
def test_another_body_or_secret_is_refused(headers: dict[str, str], body: bytes, secret: str) -> None:
    with pytest.raises(InvalidSignature, match="does not belong"):
        verified(headers, body, secret)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_what_is_signed_beside_the_body_cannot_be_changed(name: str) -> None:
    given = signed() | {name: "1900000001"}

    with pytest.raises(InvalidSignature):
        verified(given)


@pytest.mark.parametrize("now", [AT - 301, AT + 301])
def test_what_was_signed_long_ago_or_will_be_is_refused(now: float) -> None:
    with pytest.raises(InvalidSignature, match="over 300 seconds"):
        verified(signed(), now=now)

    assert verified(signed(), now=now, tolerance=302)


@pytest.mark.parametrize("time", ["", "soon", "1e9", "-1", "9" * 40, "١٢٣"])
def test_a_signed_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(InvalidSignature):
        verified(signed() | {"webhook-timestamp": time})


def test_a_right_plain_signature_does_not_make_up_for_a_wrong_timed_one() -> None:
    given = signed() | {"webhook-signature": "v1,AAAA"}

    with pytest.raises(InvalidSignature):
        verified(given)


def test_without_a_signature_nothing_is_believed() -> None:
    with pytest.raises(InvalidSignature, match="no signature"):
        verified({"Content-Type": "application/json"})
    with pytest.raises(InvalidSignature, match="no signature"):
        verified(bare(), require_timestamp=True)


def test_while_a_secret_is_replaced_the_old_and_the_new_one_serve() -> None:
    both = signed(SECRET, OLD)
    plain = {name: value for name, value in both.items() if name.startswith("X-")}

    for secret in (SECRET, OLD, [OLD], ["whsec_AAAA", SECRET]):
        assert verified(both, secret=secret)
        assert verified(plain, secret=secret)


def test_a_secret_of_any_form_serves_the_plain_signature() -> None:
    assert verified(bare(b"your_webhook_secret"), secret=b"your_webhook_secret")
    with pytest.raises(InvalidSignature):
        verified(signed(), secret="whsec_not base64!")


@pytest.mark.parametrize("secret", ["", b"", [], [""]])
def test_no_secret_is_a_mistake_of_the_program(secret: Any) -> None:
    with pytest.raises(ValueError, match="no secret"):
        verified(bare(""), secret=secret)


@pytest.mark.parametrize("signature", ["", "ä", "v1", "v1,", "v2,AAAA v1", "00"])
def test_a_damaged_signature_is_refused(signature: str) -> None:
    with pytest.raises(InvalidSignature):
        verified({"X-MultiMail-Signature": signature})
    with pytest.raises(InvalidSignature):
        verified(signed() | {"webhook-signature": signature})
