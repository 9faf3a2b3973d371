"""Texts of replies and forwards: subjects with their prefix once, the forwarded block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import Address
from multimail.core.threading import is_forward_subject, is_reply_subject
from multimail.core.times import Micros, to_datetime

MAX_SUBJECT: Final = 900
_SPECIAL: Final = re.compile(r"([\\`*_\[\]~|])")


@dataclass(frozen=True, slots=True)
class Original:
    """What is answered or passed on. `body` is markdown; names and subject are untrusted text."""

    author: Address
    at: Micros
    subject: str
    body: str
    to: tuple[Address, ...] = ()


def reply_subject(subject: str) -> str:
    """`Re: ` in front, unless the subject looks like an answer already, in whatever language."""
    text = _one_line(subject)
    return text if is_reply_subject(text) else f"Re: {text}"


def forward_subject(subject: str) -> str:
    """`Fwd: ` in front, unless the subject looks forwarded already."""
    text = _one_line(subject)
    return text if is_forward_subject(text) else f"Fwd: {text}"


def forwarded_block(original: Original) -> str:
    """The original below the four lines that say where it comes from."""
    head = [
        "---------- Forwarded message ----------",
        f"From: {_person(original.author)}",
        f"Date: {to_datetime(original.at):%Y-%m-%d %H:%M} UTC",
        f"Subject: {_literal(_one_line(original.subject))}",
        *([f"To: {', '.join(map(_person, original.to))}"] if original.to else []),
    ]
    return "\n".join([*head, "", original.body.strip("\r\n")]) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MAX_SUBJECT]


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _person(address: Address) -> str:
    name = _literal(_one_line(address.name))
    return f"{name} <{address.address}>" if name else f"<{address.address}>"
