"""Fences around text of mails, so that a model can tell what came from outside from what the server says.

A fence is hygiene and no boundary: what protects is that nothing leaves without the server's own rules.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args

from multimail.contract.fields import is_mail_text
from multimail.contract.shapes import View

UNTRUSTED: Final = "untrusted mail content"
_AUTHORS: Final = ("submitted_by", "author", "decided_by", "sender")
_NOT_FOR_LABELS: Final = re.compile(r"[^\w .@+-]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which fields of an answer are text of mails, and in which fields more such answers lie."""

    texts: tuple[str, ...]
    inner: tuple[tuple[str, Plan], ...]


@cache
def plan(view: type[View]) -> Plan:
    """Read from the marks in the contract, once for each view."""
    texts = tuple(name for name, field in view.model_fields.items() if is_mail_text(field))
    inner = (
        (name, plan(inside))
        for name, field in view.model_fields.items()
        for inside in _views(field.annotation)
    )
    return Plan(texts, tuple((name, below) for name, below in inner if below.texts or below.inner))


def new_nonce() -> str:
    """Fresh for each answer, so that no mail can contain the end of its own fence."""
    return secrets.token_hex(6)


def fence(answer: dict[str, Any], marks: Plan, nonce: str) -> dict[str, Any]:
    """Put every text of a mail in `answer` between fences, in place; returns `answer`."""
    trust = _trust(answer)
    for name in marks.texts:
        if text := answer.get(name):
            several = isinstance(text, list)
            answer[name] = (
                [fenced(one, trust, nonce) for one in text] if several else fenced(text, trust, nonce)
            )
    for name, below in marks.inner:
        for item in _items(answer.get(name)):
            fence(item, below, nonce)
    return answer


def fenced(text: str, trust: str, nonce: str) -> str:
    """One text between its fences; on lines of their own where the text has lines."""
    apart = "\n" if "\n" in text else " "
    return f'[mail {nonce} trust="{trust}"]{apart}{text}{apart}[/mail {nonce}]'


def _trust(item: dict[str, Any]) -> str:
    """Whatever does not say that it was written here is untrusted."""
    if item.get("direction", "outbound") == "outbound":
        for key in _AUTHORS:
            if name := item.get(key):
                return f"draft by {_NOT_FOR_LABELS.sub('', str(name))[:80]}"
    return UNTRUSTED


def _items(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from value


def _views(annotation: Any) -> Iterator[type[View]]:
    """The views inside a list, an optional or itself."""
    if isinstance(annotation, type) and issubclass(annotation, View):
        yield annotation
    for part in get_args(annotation):
        yield from _views(part)
