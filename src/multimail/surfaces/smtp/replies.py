"""SMTP replies: the sentences the receiver says, problems as replies, enhanced status codes (RFC 2034)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from multimail.core.errors import Problem
from multimail.surfaces.smtp.receiver import ReceiverSettings

SENDER_OK: Final = "250 2.1.0 Sender ok"
RECIPIENT_OK: Final = "250 2.1.5 Recipient ok"
GO_AHEAD: Final = "354 End data with <CR><LF>.<CR><LF>"
ACCEPTED: Final = "250 2.0.0 Accepted and stored"
UNEXPECTED: Final = "451 4.3.0 A fault on this side; please try again later"
TOO_LARGE: Final = "552 5.3.4 The message is larger than this server takes"
ENDLESS: Final = "552 5.3.4 The message does not end, goodbye"
TOO_MANY_RECIPIENTS: Final = "452 4.5.3 Too many recipients; send the rest in another transaction"
TOO_MANY_FAULTS: Final = "421 4.7.0 Too many errors, goodbye"
TOO_MANY_CONNECTIONS: Final = "421 4.3.2 Too many connections, try again later"
IDLE: Final = "421 4.4.2 Idle for too long, goodbye"
SHUTTING_DOWN: Final = "421 4.3.2 Shutting down, try again later"
NEED_RECIPIENT: Final = "503 5.5.1 No recipient was accepted: RCPT first"
NO_ARGUMENT: Final = "501 5.5.4 DATA takes no argument"
NEED_NAME: Final = "501 5.5.4 Give your host name"
BAD_RECIPIENT: Final = "553 5.1.3 Not a usable recipient address"
NEED_SMTPUTF8: Final = "553 5.6.7 An address beyond ASCII needs SMTPUTF8 on MAIL"
CANNOT_VERIFY: Final = "252 2.5.0 Addresses are not verified here; offer the mail with RCPT"
NOT_OFFERED: Final = "502 5.5.1 Not offered here"
HELP: Final = "214 2.0.0 Commands: EHLO HELO MAIL RCPT DATA RSET NOOP VRFY QUIT; this server never relays"

# A reply that its author did not classify gets the class its basic code implies.
_IMPLIED: Final = {
    "214": "2.0.0",
    "221": "2.0.0",
    "250": "2.0.0",
    "252": "2.5.0",
    "421": "4.3.2",
    "451": "4.3.0",
    "454": "4.7.0",
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "504": "5.5.4",
    "538": "5.7.11",
    "552": "5.3.4",
    "553": "5.1.3",
    "554": "5.0.0",
    "555": "5.5.4",
}
_CLASSIFIED: Final = re.compile(r"[245]\d\d [245]\.\d{1,3}\.\d{1,3}(?: |$)")
_LONGEST_TEXT: Final = 400


@lru_cache(maxsize=256)
def wire(reply: str) -> bytes:
    """The bytes of a one-line reply, with an enhanced status code where one belongs."""
    implied = _IMPLIED.get(reply[:3])
    if implied and not _CLASSIFIED.match(reply):
        reply = f"{reply[:3]} {implied}{reply[3:]}"
    return reply.encode("ascii", "replace") + b"\r\n"


def problem_reply(problem: Problem) -> str:
    """The reply that the table gives a problem, with its public sentence on one printable line."""
    text = f"{problem.message} {problem.advice}".strip()
    line = "".join(char if char.isprintable() else " " for char in text)
    return f"{problem.row.smtp} {line[:_LONGEST_TEXT]}"


def is_final(reply: str) -> bool:
    """Whether the connection is closed after this reply."""
    return reply == ENDLESS or reply.startswith("421")


@lru_cache(maxsize=16)
def capabilities(settings: ReceiverSettings, *, auth: bool) -> bytes:
    """The reply to EHLO: what this server can do (RFC 5321 section 4.1.1.1)."""
    lines = [
        settings.hostname,
        f"SIZE {settings.size_limit}",
        "8BITMIME",
        "SMTPUTF8",
        "PIPELINING",
        "ENHANCEDSTATUSCODES",
        *(["AUTH LOGIN PLAIN"] if auth else []),
        "HELP",
    ]
    marks = ["-"] * (len(lines) - 1) + [" "]
    return "".join(f"250{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)).encode(
        "ascii", "replace"
    )
