"""Whether a webhook request is this server's: both of its signatures, as a receiver checks them.

Standard Webhooks headers sign an id and a time with the body, under the bytes that stand in base64 after `whsec_`.
`X-MultiMail-Signature` is the bare hex HMAC-SHA256 of the body under the whole secret as it is shown.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from standardwebhooks import Webhook

from multimail.client.answers import Event
from multimail.client.errors import Details, InvalidSignature
from multimail.client.results import view_of

TOLERANCE: Final = 300
"""Seconds that the signed time may be away from now."""

_ID: Final = "webhook-id"
_TIME: Final = "webhook-timestamp"
_SIGNATURE: Final = "webhook-signature"
_HEX: Final = "x-multimail-signature"
_HEX_BEFORE: Final = "x-multimail-signature-previous"
_ADVICE: Final = "Check the raw body, before anything parses it, with the secret of this subscription."


class HeaderPairs(Protocol):
    """Headers as any framework has them: names of any case with their values."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


def verify_webhook(
    headers: HeaderPairs | Iterable[tuple[Any, Any]],
    body: bytes | str,
    secret: str | bytes | Sequence[str | bytes],
    tolerance: float = TOLERANCE,
    *,
    require_timestamp: bool = False,
    now: float | None = None,
) -> Any:
    """The event in a request that the server signed; `InvalidSignature` for any other.

    Where the Standard Webhooks headers are there they decide, and their time has to be within `tolerance` seconds of
    `now`. Without them `X-MultiMail-Signature` decides, which proves who signed but not when: with
    `require_timestamp` that is not enough. Several secrets may be given while one replaces the other.
    """
    given = _lowered(headers)
    raw = body.encode() if isinstance(body, str) else bytes(body)
    secrets = [secret] if isinstance(secret, str | bytes) else list(secret)
    if not secrets or not all(secrets):
        raise ValueError("no secret was given")
    if given.keys() >= {_ID, _TIME, _SIGNATURE}:
        _check_time(given[_TIME], tolerance, time.time() if now is None else now)
        is_ours = any(_is_standard(given, raw, one) for one in secrets)
    elif _HEX in given and not require_timestamp:
        found = [given[name] for name in (_HEX, _HEX_BEFORE) if name in given]
        is_ours = any(_is_bare(one, raw, key) for one in found for key in secrets)
    else:
        raise _invalid("The request carries no signature that is enough.")
    if not is_ours:
        raise _invalid("The signature does not belong to this body and secret.")
    return view_of(Event, json.loads(raw))


def _lowered(headers: HeaderPairs | Iterable[tuple[Any, Any]]) -> Mapping[str, str]:
    pairs = headers.items() if hasattr(headers, "items") else headers
    return {_text(name).lower(): _text(value).strip() for name, value in pairs}


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _check_time(text: str, tolerance: float, now: float) -> None:
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        raise _invalid("The signed time is no time.")
    if abs(int(text) - now) > tolerance:
        raise _invalid(f"The signed time is over {tolerance:g} seconds away.")


def _is_standard(given: Mapping[str, str], raw: bytes, secret: str | bytes) -> bool:
    """Any of the signatures, of which there are several while a secret is being replaced."""
    try:
        signer = Webhook(secret)
        moment = datetime.fromtimestamp(int(given[_TIME]), UTC)
        expected = signer.sign(given[_ID], moment, raw.decode())
    except (binascii.Error, UnicodeDecodeError, ValueError, OverflowError):
        # A secret that is not in base64, or a body that is no text: neither is a request of ours.
        return False
    found = [hmac.compare_digest(one.encode(), expected.encode()) for one in given[_SIGNATURE].split()]
    return any(found)


def _is_bare(given: str, raw: bytes, secret: str | bytes) -> bool:
    key = secret.encode() if isinstance(secret, str) else secret
    expected = hmac.new(key, raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.removeprefix("sha256=").encode(), expected.encode())


def _invalid(message: str) -> InvalidSignature:
    return InvalidSignature(message, Details(advice=_ADVICE))
