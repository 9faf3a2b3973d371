"""Delivery status notifications as RFC 3464 defines them: the fields of the report and the mail it returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from multimail.mime import body, bounce_texts, charset, headers, words
from multimail.mime.bounce_texts import STATUS
from multimail.mime.model import Attachment, Limits, ParsedMail

STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
RECIPIENTS: Final = 1000
STATUS_SIZE: Final = 256 * 1024
HEADER_SIZE: Final = 256 * 1024
_ACTIONS: Final = (
    ("fail", "failed"),
    ("delay", "delayed"),
    ("deliver", "delivered"),
    ("relay", "relayed"),
    ("expand", "expanded"),
    ("transient", "delayed"),
)
_BY_CLASS: Final = {"5": "failed", "4": "delayed", "2": "delivered"}
_ADDRESSED: Final = ("original-recipient", "final-recipient", "x-actual-recipient")


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient of a delivery status notification; `status` is an RFC 3463 code or `""`.

    `action` is a word of RFC 3464 section 2.3.3. `address` is empty where the report does not name it.
    """

    address: str
    action: str
    status: str
    diagnostic: str = ""

    @property
    def is_final(self) -> bool:
        """Whether nobody tries any more to deliver to this recipient."""
        return self.action == "failed"

    @property
    def is_permanent(self) -> bool:
        """Whether the mail failed for good: a failure is temporary until it is said to be permanent."""
        return self.action == "failed" and not self.status.startswith(("4", "2"))

    def reason(self, remarks: str = "") -> str:
        """The code in `bounce_texts.REASONS`; `remarks` is what the report says in words."""
        return bounce_texts.reason_of(self.action, self.status, self.diagnostic, remarks)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery status notification. `original_message_id` is `<...>` of the mail it is about, or `""`;
    `envelope_id` is what was given as ENVID when the mail was sent."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""
    envelope_id: str = ""
    reporting_mta: str = ""


def report_of(mail: ParsedMail) -> Bounce | None:
    """What the status part of a mail says, None for a mail without one."""
    report = mail.first_of(STATUS_TYPES)
    if report is None:
        return None
    groups = groups_of(report.content)
    message = groups[0] if groups else {}
    return Bounce(
        recipients=tuple(filter(None, (_recipient(group) for group in groups[:RECIPIENTS]))),
        original_message_id=returned_id(mail),
        envelope_id=message.get("original-envelope-id", ""),
        reporting_mta=_typed(message.get("reporting-mta", "")),
    )


def returned_id(mail: ParsedMail) -> str:
    """The Message-ID of the mail that comes back with this one, else of the one it says it answers."""
    for each in returned(mail):
        for name, value in returned_fields(each):
            if name.lower() == "message-id" and (found := headers.message_ids(value, 1)):
                return found[0]
    related = (*mail.in_reply_to, *mail.references)
    return related[-1] if related else ""


def returned(mail: ParsedMail) -> list[Attachment]:
    """The parts that hold a mail, or its header, that comes back."""
    return [each for each in mail.attachments if each.content_type in RETURNED_TYPES]


def returned_fields(part: Attachment) -> tuple[tuple[str, str], ...]:
    """The header fields of a mail that comes back, as they came, from its first 256 KiB."""
    head = part.content[:HEADER_SIZE]
    return tuple(headers.split(head, 0, len(head), Limits(), set())[0])


def groups_of(content: bytes) -> list[dict[str, str]]:
    """The field groups of a report by lower-case name: one about the message, then one per recipient."""
    text = body.lines(charset.decode(content[:STATUS_SIZE], "utf-8", set()))
    groups = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        fields: dict[str, str] = {}
        for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        if fields:
            groups.append(fields)
    return groups


def _recipient(group: dict[str, str]) -> BouncedRecipient | None:
    address = next(filter(None, (_typed(group.get(name, "")) for name in _ADDRESSED)), "")
    diagnostic = words.decoded(_typed(group.get("diagnostic-code", "")), set())[:1000]
    found = STATUS.search(group.get("status", "")) or STATUS.search(diagnostic)
    status = found.group() if found else ""
    said = group.get("action", "").strip().lower()
    action = next((word for start, word in _ACTIONS if said.startswith(start)), "")
    if not action and (address or "final-recipient" in group):
        action = _BY_CLASS.get(status[:1], "")
    return BouncedRecipient(address, action, status, diagnostic) if action else None


def _typed(value: str) -> str:
    """The value of `type; value` (RFC 3464 section 2.1.2), also where the type is missing."""
    _, semicolon, rest = value.partition(";")
    return (rest if semicolon else value).strip().strip("<>")
