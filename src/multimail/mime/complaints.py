"""Complaints: feedback reports of mailbox providers (ARF, RFC 5965), read without believing any of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from multimail.mime import bounce_reports, mailboxes
from multimail.mime.model import ParsedMail

FEEDBACK_TYPES: Final = frozenset({"message/feedback-report"})
_PLAIN: Final = re.compile(
    r"complaint about message from (?:\d{1,3}(?:\.\d{1,3}){3}\b|[0-9a-f]{0,4}:[0-9a-f:]+)", re.IGNORECASE
)
"""How one large provider's complaints begin, which hold no report but only the mail."""
_SENDERS: Final = ("return-path", "x-original-mail-from", "sender")
_MOST_FIELDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Complaint:
    """A feedback report. `feedback_type` is `abuse`, `fraud`, `not-spam`, `opt-out` or another word.

    `senders` are the addresses it gives as the envelope sender of the mail complained about, and `links` the
    List-Unsubscribe values in that mail's header: who made them can tell them from forged ones, nobody else can.
    """

    feedback_type: str
    original_message_id: str = ""
    senders: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    user_agent: str = ""

    @property
    def is_against(self) -> bool:
        """Whether the recipient does not want the mail; `not-spam` takes such a report back (RFC 6430)."""
        return self.feedback_type != "not-spam"


def detect(mail: ParsedMail) -> Complaint | None:
    """What a feedback report says, None for any other mail. Authentication failures are no complaints (RFC 6591)."""
    report = mail.first_of(FEEDBACK_TYPES)
    if report is None:
        plain = _PLAIN.match(mail.subject) and bounce_reports.returned(mail)
        return _complaint(mail, {"feedback-type": "abuse"}) if plain else None
    groups = bounce_reports.groups_of(report.content)
    fields = groups[0] if groups else {}
    if fields.get("feedback-type", "").lower() in {"auth-failure", "dmarc"}:
        return None
    return _complaint(mail, fields)


def _complaint(mail: ParsedMail, fields: dict[str, str]) -> Complaint:
    header = [
        (name.lower(), value)
        for part in bounce_reports.returned(mail)
        for name, value in bounce_reports.returned_fields(part)[:_MOST_FIELDS]
    ]
    named = [fields.get("original-mail-from", ""), *(value for name, value in header if name in _SENDERS)]
    return Complaint(
        feedback_type=fields.get("feedback-type", "").lower() or "abuse",
        original_message_id=bounce_reports.returned_id(mail),
        senders=tuple(dict.fromkeys(one for value in named for one in _addresses(value))),
        links=tuple(value for name, value in header if name == "list-unsubscribe"),
        user_agent=fields.get("user-agent", "")[:200],
    )


def _addresses(value: str) -> list[str]:
    return [one.address for one in mailboxes.read(value, set(), 10, "")] if value else []
