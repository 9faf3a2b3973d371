"""When mail must not be answered by a machine (RFC 3834), and what is an echo of our own.

Facts in, decision out: whoever asks has parsed the headers and counted the mails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_IN_THREAD: Final = 5
"""Automatic answers in one thread within the hour that is counted; more is two machines talking."""
MAX_TO_SENDER: Final = 10
"""Automatic answers to one address within the day that is counted."""

_MACHINE_LOCAL: Final = re.compile(
    r"(?:mailer-daemon|postmaster|listserv|majordomo|no-?reply|do-?not-?reply|bounces?|owner-.*|.*-(?:request|bounces?|owner))"
    r"(?:[+=].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class InboundFacts:
    """What is known of an inbound mail. `sender` is the normalised From, `envelope_from` None when not known.

    `in_thread` and `to_sender` count the automatic answers already given: within the last hour in this
    thread, within the last day to this sender.
    """

    sender: str
    envelope_from: str | None = None
    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    has_list_headers: bool = False
    is_report: bool = False
    own_addresses: frozenset[str] = frozenset()
    own_message_id: bool = False
    in_thread: int = 0
    to_sender: int = 0


@dataclass(frozen=True, slots=True)
class AnswerDecision:
    """Whether a machine may answer, with the codes of every rule that says no."""

    allowed: bool
    reasons: tuple[str, ...] = ()


def _keyword(value: str) -> str:
    """The first word of a header with parameters and comments, as in `auto-replied; owner="x"`."""
    return re.split(r"[;(\s]", value.strip(), maxsplit=1)[0].lower()


def is_automatic(facts: InboundFacts) -> bool:
    """Whether the mail says of itself that no person wrote it (RFC 3834 section 5, and reports)."""
    return _keyword(facts.auto_submitted) not in ("", "no") or facts.is_report or facts.envelope_from == ""


def is_echo(facts: InboundFacts) -> bool:
    """Whether it is our own mail coming back: the same Message-ID from one of our own addresses."""
    return facts.own_message_id and facts.sender in facts.own_addresses


Rule = tuple[str, str, Callable[[InboundFacts], bool]]

RULES: Final[tuple[Rule, ...]] = (
    ("echo", "It is our own mail coming back.", is_echo),
    ("automatic", "It was sent by a machine (Auto-Submitted, or a delivery report).", is_automatic),
    (
        "bulk",
        "It went to many (list headers or Precedence).",
        lambda facts: facts.has_list_headers or _keyword(facts.precedence) in ("bulk", "junk", "list"),
    ),
    (
        "suppressed",
        "Its sender asked for no automatic answers (X-Auto-Response-Suppress).",
        lambda facts: bool(
            {"all", "autoreply", "oof"} & {word.strip().lower() for word in facts.suppress.split(",")}
        ),
    ),
    (
        "machine_address",
        "Its sender address belongs to a machine.",
        lambda facts: _MACHINE_LOCAL.fullmatch(facts.sender.rpartition("@")[0]) is not None,
    ),
    ("no_sender", "There is nobody to answer.", lambda facts: "@" not in facts.sender),
    (
        "own_address",
        "Its sender is one of our own mailboxes.",
        lambda facts: facts.sender in facts.own_addresses,
    ),
    (
        "thread_rate",
        "This thread had many automatic answers already.",
        lambda facts: facts.in_thread >= MAX_IN_THREAD,
    ),
    (
        "sender_rate",
        "This sender had many automatic answers already.",
        lambda facts: facts.to_sender >= MAX_TO_SENDER,
    ),
)
"""Code, sentence and test of each rule; the order is that of the reasons."""


def may_answer(facts: InboundFacts) -> AnswerDecision:
    """Whether an automatic mail may be sent in answer. Every rule is asked, so that the reasons are complete."""
    reasons = tuple(code for code, _, applies in RULES if applies(facts))
    return AnswerDecision(not reasons, reasons)
