"""From what a relay said, or failed to say, to what becomes of a delivery; pure, no connection in sight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from multimail.ports.transport import Outcome, OutcomeKind

TEXT_LIMIT: Final = 300

_ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
# RFC 4954 section 6 and RFC 3207: sign-in or encryption is missing. That is how this server is set up,
# not a word about the recipient, and stops being true when somebody corrects the setting.
_SETUP_CODES: Final = frozenset({530, 534, 535, 538})
# RFC 5321 section 4.5.3.1.10: 552 to RCPT may mean "too many recipients" and is then temporary. The
# enhanced codes of a full mailbox and of a size limit say that it does not.
_PERMANENT_552: Final = frozenset({"5.2.2", "5.2.3", "5.3.4"})


class Stage(Enum):
    """Where in the conversation something happened; the value is how people read it."""

    CONNECT = "connecting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    RSET = "RSET"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "the message's text"
    REPLY = "the end of the message"
    QUIT = "QUIT"

    @property
    def failpoint(self) -> str:
        """The place right before this stage, as core.failpoints lists it."""
        return f"smtp_out.before_{self.name.lower()}"


_BEFORE_MAIL: Final = frozenset({Stage.CONNECT, Stage.EHLO, Stage.STARTTLS, Stage.AUTH, Stage.RSET})


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome that is not yet tied to a delivery."""

    kind: OutcomeKind
    smtp_code: int | None = None
    enhanced: str = ""
    text: str = ""
    of_hop: bool = field(default=False, compare=False)

    def of(self, delivery_id: str) -> Outcome:
        """This verdict, for this delivery."""
        return Outcome(delivery_id, self.kind, self.smtp_code, self.enhanced, self.text, self.of_hop)


class Stopped(Exception):
    """The conversation is over; the verdict holds for every delivery that has none of its own yet."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.text)


def one_line(text: str) -> str:
    """Printable, one line, bounded: a relay's words may hold anything, undecodable bytes included."""
    words = "".join(char if char.isprintable() else " " for char in text[: 4 * TEXT_LIMIT]).split()
    line = " ".join(words)
    return line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…"


def of_reply(stage: Stage, code: int, message: str) -> Verdict:
    """What a refusal means, or an acceptance of the whole message. Not for a positive reply on the way."""
    enhanced, words = _take_enhanced(code, message)
    kind = _kind(stage, code, enhanced)
    if kind == "sent":
        return Verdict(kind, code, enhanced, one_line(words))
    of_hop = stage in _BEFORE_MAIL or code in _SETUP_CODES
    said = one_line(f"{_lead(stage, code)}: {words}" if words else _lead(stage, code))
    return Verdict(kind, code, enhanced, said, of_hop)


def lost(stage: Stage, reason: str, *, dot_written: bool = False) -> Verdict:
    """No reply came. Only a final dot that may have arrived makes the outcome unknown."""
    if dot_written:
        return Verdict("unknown", text=one_line(f"Whether the relay took the mail is not known: {reason}."))
    text = one_line(f"Nothing was sent: {reason.rstrip('.')} (at {stage.value}).")
    return Verdict("retry", text=text, of_hop=stage in _BEFORE_MAIL)


def _kind(stage: Stage, code: int, enhanced: str) -> OutcomeKind:
    if stage is Stage.REPLY and 200 <= code <= 299:
        return "sent"
    if not 400 <= code <= 599:
        return "unknown" if stage is Stage.REPLY else "retry"
    if code <= 499 or stage in _BEFORE_MAIL or code in _SETUP_CODES:
        return "retry"
    if code == 552 and stage is Stage.RCPT and enhanced not in _PERMANENT_552:
        return "retry"
    return "failed"


def _lead(stage: Stage, code: int) -> str:
    if stage is Stage.AUTH or code in _SETUP_CODES:
        return "The relay refused this server's sign-in; check the relay setting"
    if stage in _BEFORE_MAIL:
        return f"The relay refused this server at {stage.value}"
    return f"Refused at {stage.value}"


def _take_enhanced(code: int, message: str) -> tuple[str, str]:
    """RFC 2034: each line of a reply starts with the code, whose class agrees with the reply's."""
    lines = message.splitlines()
    found = [match for line in lines if (match := _ENHANCED.match(line))]
    if not found or found[0][1][0] != str(code)[0]:
        return "", message
    return found[0][1], "\n".join(_ENHANCED.sub("", line, count=1) for line in lines)
