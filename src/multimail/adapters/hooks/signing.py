"""The headers of a webhook: what it is, and signatures over exactly the bytes that are posted."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from standardwebhooks import Webhook

from multimail.core.times import SECOND, to_datetime
from multimail.ports.webhooks import Post

USER_AGENT: Final = "MultiMail-Webhooks/1"


def headers(post: Post) -> dict[str, str]:
    """All headers but the host.

    `X-MultiMail-Signature` is the bare hex of HMAC-SHA256 over the body, keyed with the newest secret as it is shown.
    The Standard Webhooks headers sign id and time too, once with each secret that is valid, so that a receiver
    verifies with whichever it has. While an old secret is valid, `X-MultiMail-Signature-Previous` is its plain form.
    """
    newest, *older = post.secrets
    found = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "identity",
        "X-MultiMail-Event": post.event,
        "X-MultiMail-Delivery": post.delivery_id,
        "X-MultiMail-Signature": plain(newest, post.body),
        "X-MultiMail-Signature-256": f"sha256={plain(newest, post.body)}",
        "webhook-id": post.event_id,
        "webhook-timestamp": str(post.at // SECOND),
        "webhook-signature": " ".join(_standard(secret, post) for secret in post.secrets),
    }
    if older:
        found["X-MultiMail-Signature-Previous"] = plain(older[0], post.body)
    return found


def plain(secret: str, body: bytes) -> str:
    """Bare lower-case hex of the whole secret's HMAC over the body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _standard(secret: str, post: Post) -> str:
    moment = to_datetime(post.at - post.at % SECOND)
    return str(Webhook(secret).sign(post.event_id, moment, post.body.decode()))
