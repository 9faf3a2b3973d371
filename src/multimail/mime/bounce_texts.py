"""Why a mail came back: from a server's words and RFC 3463 codes to the reason they stand for.

Tables and look-ups only. What a reason means for an address (hard or soft) is decided here and nowhere else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from multimail.mime.bounce_phrases import ADDRESS, PHRASES

Kind = Literal["hard", "soft", "not_a_bounce"]

REASONS: Final[dict[str, tuple[Kind, str]]] = {
    "no_such_user": ("hard", "The address has no mailbox."),
    "no_such_domain": ("hard", "The domain is not there or takes no mail."),
    "mailbox_disabled": ("hard", "The mailbox is closed."),
    "bad_address": ("hard", "The address cannot be one."),
    "moved": ("hard", "The recipient has another address."),
    "undeliverable": ("hard", "The mail was refused for good and nobody says why."),
    "refused": ("soft", "The mail was refused in words that name no known reason."),
    "mailbox_full": ("soft", "The mailbox has no room."),
    "too_large": ("soft", "The mail is larger than what is taken."),
    "spam_block": ("soft", "The mail or its sender was taken for spam."),
    "content": ("soft", "Something in the mail is not taken: a virus, a kind of file, a form."),
    "policy": ("soft", "A rule of the other side forbids it."),
    "greylisted": ("soft", "A first attempt is always put off there."),
    "rate_limited": ("soft", "Too much mail in a short time."),
    "unreachable": ("soft", "The other side could not be reached."),
    "system": ("soft", "The other side is out of order."),
    "loop": ("soft", "The mail went in circles."),
    "expired": ("soft", "It was tried for days."),
    "delayed": ("soft", "It is still being tried."),
    "temporary": ("soft", "It failed for the time being and nobody says why."),
    "delivered": ("not_a_bounce", "A report that the mail arrived or was passed on."),
    "read_receipt": ("not_a_bounce", "A report about reading (RFC 8098)."),
    "complaint": ("not_a_bounce", "A recipient called the mail spam (RFC 5965)."),
    "out_of_office": ("not_a_bounce", "The recipient is away."),
    "auto_reply": ("not_a_bounce", "A machine answers for the recipient."),
    "challenge": ("not_a_bounce", "The sender is asked to prove something first."),
    "calendar": ("not_a_bounce", "An answer to an invitation."),
    "report": ("not_a_bounce", "A machine's report that returns no mail."),
    "mail": ("not_a_bounce", "Mail like any other."),
}
"""Every reason code, whether it is held against the address for good, for a time or not at all, and its meaning."""

STATUS: Final = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\.?\d)")
"""An enhanced status code (RFC 3463), but no version and no part of an IP address."""
REPLY: Final = re.compile(
    r"(?<![\w./+-])(?<!\w:)(4[2357]\d|5[0-7]\d)(?=$|[\s:,;<)\]]|-[\s\w])"
    r"(?![ \t]*(?:bytes|kb|mb|msgs?|messages|x)\b)",
    re.IGNORECASE,
)
"""An SMTP reply code of a refusal."""

_CODES: Final = {
    "1.0": "no_such_user", "1.1": "no_such_user", "1.2": "no_such_domain", "1.3": "bad_address", "1.4": "bad_address",
    "1.5": "delivered", "1.6": "moved", "1.7": "policy", "1.8": "policy", "1.9": "policy", "1.10": "no_such_domain",
    "2.1": "mailbox_disabled", "2.2": "mailbox_full", "2.3": "too_large", "2.4": "system",
    "3.0": "system", "3.1": "mailbox_full", "3.2": "system", "3.3": "content", "3.4": "too_large", "3.5": "system",
    "4.1": "unreachable", "4.2": "unreachable", "4.3": "unreachable", "4.4": "no_such_domain", "4.5": "rate_limited",
    "4.6": "loop", "4.7": "expired", "4.14": "loop", "4.300": "expired", "4.310": "no_such_domain",
    "4.312": "unreachable",
    "4.316": "unreachable", "4.317": "unreachable",
}  # fmt: skip
_SUBJECTS: Final = {
    "1": "no_such_user",
    "3": "system",
    "4": "unreachable",
    "5": "refused",
    "6": "content",
    "7": "policy",
}
WEAK: Final = frozenset({"refused", "policy", "system", "temporary", "unreachable", "expired", "content"})
"""Reasons that other words beside them may be more precise than."""
LONGEST: Final = 4_000


def kind_of(reason: str) -> Kind:
    """What a reason code means for the address."""
    return REASONS[reason][0]


def by_phrase(text: str) -> str:
    """The reason that the words give, `""` when they give none. Reads the first 4,000 characters."""
    return _told(" ".join(ADDRESS.sub("@", text[:LONGEST].replace("\u2019", "'")).split()))


@lru_cache(maxsize=64)
def _told(said: str) -> str:
    """A report about many recipients says the same of each, or has the same remarks."""
    return next((code for code, pattern in PHRASES if pattern.search(said)), "")


def by_status(status: str) -> str:
    """The reason that an enhanced status code gives, `""` for one that says nothing (`x.0.0`, none at all)."""
    match = STATUS.fullmatch(status)
    if match is None:
        return ""
    subject, detail = match[2], str(int(match[3]))
    return _CODES.get(f"{subject}.{detail}") or _SUBJECTS.get(subject, "")


_ABOUT_SENDER: Final = frozenset({"5.1.7", "5.1.8"})
_VAGUE: Final = frozenset({"5.1.0", "5.4.4"})
_OF_TRANSACTION: Final = frozenset({"500", "501", "502", "503", "504", "521", "552", "554"})
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_GATEWAY: Final = re.compile(r"\b5\.1\.0 - Unknown address error\b", re.IGNORECASE)
"""How one maker's gateways begin, whatever the other side said."""


def reason_of(action: str, status: str, diagnostic: str, remarks: str = "") -> str:
    """The reason code for one recipient. What the refusing server said counts more than the status the reporting
    server made of it, and both more than the words written for people (`remarks`)."""
    if action in {"delivered", "relayed", "expanded"}:
        return "delivered"
    if _GATEWAY.search(diagnostic):
        diagnostic, remarks = _GATEWAY.sub("", diagnostic), _GATEWAY.sub("", remarks)
        status = "" if status.startswith("5") else status
    phrase = by_phrase(diagnostic)
    said = STATUS.search(diagnostic)
    code = said.group() if said else status
    if action == "delayed" or _is_temporary(said.group() if said else "", status, diagnostic):
        return _soft(action, code, phrase or by_phrase(remarks))
    if code in _ABOUT_SENDER:
        return "policy"
    return _final(code, phrase, remarks) or _unexplained(diagnostic)


def _is_temporary(said: str, status: str, diagnostic: str) -> bool:
    reply = REPLY.search(diagnostic[:200])
    if reply and reply[1].startswith("4"):
        return True
    if said or reply:
        return said.startswith("4")
    vague = status == "4.0.0" and kind_of(by_phrase(diagnostic) or "mail") == "hard"
    return status.startswith("4") and not vague


def _soft(action: str, code: str, phrase: str) -> str:
    for reason in (phrase, by_status(code)):
        if reason and kind_of(reason) == "soft":
            return reason
    return "delayed" if action == "delayed" else "temporary"


def _final(code: str, phrase: str, remarks: str) -> str:
    if phrase and phrase not in WEAK:
        return phrase
    coded = by_status(code)
    if coded and coded not in WEAK and not (phrase and code in _VAGUE):
        return coded
    if code == "5.4.1" and phrase == "policy":
        return "no_such_user"  # Microsoft's edge denies access to whom the directory does not list
    told = by_phrase(remarks)
    if told and told not in WEAK and (not phrase or kind_of(told) != kind_of(phrase)):
        return told
    return phrase or coded or told


def _unexplained(diagnostic: str) -> str:
    """Of a refusal for good without a known reason. One that is put in words, or is of the transaction rather than
    of the address, may be about the sender or the mail."""
    reply = REPLY.search(diagnostic)
    if reply is None:
        return "undeliverable"
    return "refused" if reply[1] in _OF_TRANSACTION or _WORD.search(diagnostic) else "undeliverable"
