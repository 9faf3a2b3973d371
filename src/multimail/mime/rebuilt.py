"""A mail put together anew from what is kept of it, where the bytes as they came had to go."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

NOTE: Final = "Rebuilt: what it held of somebody who was erased is gone, and its files with it."


def rebuilt(headers: Iterable[tuple[str, str]], text: str) -> bytes:
    """A plain text with these headers, and one that says what it is; empty ones are left out."""
    mail = EmailMessage(policy=SMTP)
    for name, value in headers:
        line = " ".join(_sound(value).split())
        if line:
            mail[name] = line
    mail["Comments"] = NOTE
    mail.set_content(_sound(text) or "\n")
    return mail.as_bytes()


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
