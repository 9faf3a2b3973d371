"""The headers of a webhook, checked as receivers check them: by hand, and with the Standard Webhooks library."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import replace

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from multimail.adapters.hooks.signing import headers
from multimail.core.times import SECOND
from multimail.ports.webhooks import Post

OLD, NEW = "whsec_b2xkIHNlY3JldCBvZiBhIHdlYmhvb2s=", "whsec_bmV3IHNlY3JldCBvZiBhIHdlYmhvb2s="
BODY = '{"event":"message.received","subject":"Grüße"}'.encode()


def post(*secrets: str) -> Post:
    now = round(time.time() * SECOND)
    return Post("https://example.com", BODY, "message.received", "evt_00000000000001", "whd_1", secrets, now)


def by_hand(secret: str) -> str:
    return hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()


def test_the_plain_signature_is_bare_hex_over_the_body_keyed_with_the_secret_as_it_is_shown() -> None:
    sent = headers(post(NEW))

    assert sent["X-MultiMail-Signature"] == by_hand(NEW)
    assert sent["X-MultiMail-Signature-256"] == f"sha256={by_hand(NEW)}"
    assert "X-MultiMail-Signature-Previous" not in sent


def test_the_headers_say_what_is_posted() -> None:
    sent = headers(post(NEW))

    assert sent["X-MultiMail-Event"] == "message.received"
    assert sent["X-MultiMail-Delivery"] == "whd_1"
    assert sent["webhook-id"] == "evt_00000000000001"
    assert sent["User-Agent"].startswith("MultiMail")


def test_the_standard_library_verifies_them() -> None:
    assert Webhook(NEW).verify(BODY, headers(post(NEW)))["subject"] == "Grüße"


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_secrets_overlap_either_verifies(secret: str) -> None:
    sent = headers(post(NEW, OLD))

    assert Webhook(secret).verify(BODY, sent)
    assert by_hand(secret) in {sent["X-MultiMail-Signature"], sent["X-MultiMail-Signature-Previous"]}


def test_an_old_secret_verifies_nothing_once_it_is_over() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(BODY, headers(post(NEW)))


@pytest.mark.parametrize("wrong", [{"body": b"{}"}, {"event_id": "evt_00000000000002"}])
def test_another_body_or_id_has_another_signature(wrong: dict[str, object]) -> None:
    other = headers(replace(post(NEW), **wrong))  # type: ignore[arg-type]

    assert other["webhook-signature"] != headers(post(NEW))["webhook-signature"]
