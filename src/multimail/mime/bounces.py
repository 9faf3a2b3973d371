"""Mail written by machines: delivery status notifications (RFC 3464) and automatic mail (RFC 3834)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from multimail.mime import body, charset, headers, words
from multimail.mime.model import Attachment, Limits, ParsedMail

STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
ROBOTS: Final = re.compile(
    r"(?i)(mailer-daemon|postmaster|no-?reply|do-?not-?reply|auto-?reply|bounces?)([+=-].*)?@"
)
MACHINE_HEADERS: Final = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "feedback-id",
    "x-autoreply",
    "x-autorespond",
)
RECIPIENTS: Final = 1000
STATUS_SIZE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient of a delivery status notification; `status` is an RFC 3463 code or `""`."""

    address: str
    action: str
    status: str
    diagnostic: str = ""

    @property
    def is_permanent(self) -> bool:
        """Whether the mail failed for good: a failure is temporary until it is said to be permanent."""
        return self.action == "failed" and not self.status.startswith(("4", "2"))


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery status notification. `original_message_id` is `<...>` of the mail it is about, or `""`;
    `envelope_id` is what was given as ENVID when the mail was sent."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""
    envelope_id: str = ""
    reporting_mta: str = ""


def detect(mail: ParsedMail) -> Bounce | None:
    """What a delivery status notification says, None for any other mail."""
    report = next((each for each in mail.attachments if each.content_type in STATUS_TYPES), None)
    if report is None:
        return _without_report(mail)
    groups = _groups(report.content)
    message = groups[0] if groups else {}
    recipients = tuple(filter(None, (_recipient(group) for group in groups[:RECIPIENTS])))
    return Bounce(
        recipients=recipients,
        original_message_id=_returned_id(mail),
        envelope_id=message.get("original-envelope-id", ""),
        reporting_mta=_typed(message.get("reporting-mta", "")),
    )


def is_automatic(mail: ParsedMail, envelope_sender: str | None) -> bool:
    """Whether no person wrote this mail, so that nothing may answer it by itself (RFC 3834 section 2).

    `envelope_sender` is `""` for the null sender `<>` and None where it is not known.
    """
    if envelope_sender is None:
        envelope_sender = mail.return_path
    said = mail.auto_submitted.partition(";")[0].strip()
    suppress = mail.header("x-auto-response-suppress").strip().lower()
    return (
        (bool(said) and said != "no")
        or envelope_sender == ""
        or mail.precedence in BULK
        or (bool(suppress) and suppress != "none")
        or any(mail.header(name) for name in MACHINE_HEADERS)
        or bool(ROBOTS.match(envelope_sender or ""))
        or any(ROBOTS.match(author.address) for author in mail.from_)
        or any(each.content_type in STATUS_TYPES for each in mail.attachments)
    )


def _groups(content: bytes) -> list[dict[str, str]]:
    """The field groups of a report: one about the message, then one per recipient."""
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
    address = _typed(group.get("original-recipient", "")) or _typed(group.get("final-recipient", ""))
    action = group.get("action", "").lower().partition(" ")[0]
    if not address or not action:
        return None
    diagnostic = words.decoded(_typed(group.get("diagnostic-code", "")), set())[:1000]
    found = STATUS.search(group.get("status", "")) or STATUS.search(diagnostic)
    return BouncedRecipient(address, action, found.group() if found else "", diagnostic)


def _typed(value: str) -> str:
    """The value of `type; value` (RFC 3464 section 2.1.2), also where the type is missing."""
    _, semicolon, rest = value.partition(";")
    return (rest if semicolon else value).strip().strip("<>")


def _returned_id(mail: ParsedMail) -> str:
    for each in mail.attachments:
        if each.content_type in RETURNED_TYPES and (found := _id_within(each)):
            return found
    related = (*mail.in_reply_to, *mail.references)
    return related[-1] if related else ""


def _id_within(returned: Attachment) -> str:
    fields, _ = headers.split(returned.content, 0, len(returned.content), Limits(), set())
    for name, value in fields:
        if name.lower() == "message-id":
            return next(iter(headers.message_ids(value, 1)), "")
    return ""


def _without_report(mail: ParsedMail) -> Bounce | None:
    """Exim's older notices name the failed addresses in a header instead of a report."""
    failed = mail.header("x-failed-recipients")
    if not failed or not any(ROBOTS.match(author.address) for author in mail.from_):
        return None
    found = STATUS.search(mail.text[:20000])
    addresses = [address.strip() for address in failed.split(",") if "@" in address]
    status = found.group() if found else ""
    listed = tuple(BouncedRecipient(each, "failed", status) for each in addresses[:RECIPIENTS])
    return Bounce(listed, _returned_id(mail)) if listed else None
