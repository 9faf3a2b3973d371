"""Whom suppression keeps mail from: which reason bars which class of mail. One table, asked at every way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from multimail.core.model import MessageClass

REASONS: Final = ("erasure", "hard_bounce", "complaint", "manual", "soft_bounce", "unsubscribe")
"""Why somebody is suppressed, gravest first."""
SENTENCES: Final[dict[str, str]] = {
    "erasure": "asked to be erased",
    "hard_bounce": "mail to this address came back for good",
    "complaint": "reported mail of this account as spam",
    "manual": "an operator suppressed this address",
    "soft_bounce": "mail to this address came back again and again",
    "unsubscribe": "unsubscribed",
    "suppressed": "the contact is tagged suppressed",
    "unsubscribed": "the contact is tagged unsubscribed",
    "no_consent": "has not agreed to commercial mail as the law there asks",
    "frequency_cap": "gets no more mail for now, by the mailbox's pace",
}
"""Each reason in words, as the answer to a send says it; tags of contacts, consent and pace are reasons as well."""
CLASSES: Final = (MessageClass.COMMERCIAL, None, MessageClass.TRANSACTIONAL, MessageClass.SYSTEM)
"""The classes of mail, strictest first; None is mail whose class nobody named."""
UNNAMED: Final = "unclassified"
"""How mail whose class nobody named is called where classes are listed."""

_ALL: Final = frozenset({None, *MessageClass})
_NOT_SYSTEM: Final = _ALL - {MessageClass.SYSTEM}
BARRED: Final[dict[str, frozenset[MessageClass | None]]] = {
    "erasure": _ALL,
    "hard_bounce": _ALL,
    "complaint": _NOT_SYSTEM,
    "manual": _NOT_SYSTEM,
    "soft_bounce": _NOT_SYSTEM,
    "unsubscribe": frozenset({None, MessageClass.COMMERCIAL}),
}
"""The classes of mail that a reason bars; None is mail whose class nobody named."""


def bars(reason: str, message_class: MessageClass | None) -> bool:
    """Whether a reason keeps mail of this class from somebody."""
    return message_class in BARRED[reason]


def barring(reasons: Iterable[str], message_class: MessageClass | None) -> str:
    """The gravest of the reasons that bars mail of this class, or ""."""
    given = set(reasons)
    return next((one for one in REASONS if one in given and bars(one, message_class)), "")


def in_words(reason: str) -> str:
    """A reason as a sentence has it; one that is not known here is said as it is."""
    return SENTENCES.get(reason, reason or "left out")


def class_name(message_class: MessageClass | None) -> str:
    """How a class is written in tables."""
    return message_class.value if message_class is not None else UNNAMED


def matrix() -> list[tuple[str, dict[str, bool]]]:
    """The whole table: each reason with the classes of mail and whether it bars them."""
    return [(reason, {class_name(one): bars(reason, one) for one in CLASSES}) for reason in REASONS]
