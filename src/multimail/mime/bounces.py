"""What a returned mail means: `classify` tells bounces, hard or soft, from all other mail, in bytes as they came.

A report as RFC 3464 defines it is read as such; for what else delivery systems write there are tables of their
words, and `flufl.bounce` for the formats it knows. Nothing here acts, and nothing that is said here is proved:
whether a return is about mail that was sent, only the keyed envelope sender can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from multimail.core.threading import is_forward_subject, is_reply_subject
from multimail.mime import auto_replies, bounce_notices, bounce_reports, bounce_texts, complaints
from multimail.mime.bounce_origin import Origin, origin_of
from multimail.mime.bounce_reports import Bounce, BouncedRecipient
from multimail.mime.bounce_texts import Kind
from multimail.mime.complaints import Complaint
from multimail.mime.model import ParsedMail
from multimail.mime.parse import parse

KnownBy = Literal["", "dsn", "header", "text", "flufl"]
_REPORT: Final = "multipart/report"
_WORDS: Final = 20_000
_WORST_FIRST: Final = ("hard", "soft", "not_a_bounce")


@dataclass(frozen=True, slots=True)
class Classified:
    """What a mail is. `reason` is a code of `bounce_texts.REASONS`.

    `known_by` says how: `dsn` from the report itself (RFC 3464), `header` from X-Failed-Recipients, `flufl` from
    a format that library knows, `text` from its words, `""` where it is no return. `bounce` names the recipients
    and the mail they were sent. `automatic` says that no person wrote it, so that it is no reply. A bounce
    `is_final` unless somebody still tries to deliver the mail.
    """

    kind: Kind
    reason: str
    known_by: KnownBy = ""
    automatic: bool = False
    bounce: Bounce | None = None
    is_final: bool = False
    complaint: Complaint | None = None

    @property
    def is_bounce(self) -> bool:
        """Whether it says that a mail did not arrive, or not yet."""
        return self.kind != "not_a_bounce"


_MAIL: Final = Classified("not_a_bounce", "mail")


def classify(mail: bytes | ParsedMail, envelope_sender: str | None = None) -> Classified:
    """Whether a mail is a bounce, and whether it is to be held against the address. Total: never raises.

    `envelope_sender` is `""` for the null sender `<>` and None where it is not known; then Return-Path counts.
    A mail about several recipients is as bad as the worst of them. A delay is `soft`; an automatic answer, a
    receipt, a complaint and whatever a person writes are `not_a_bounce`.
    """
    parsed = mail if isinstance(mail, ParsedMail) else parse(bytes(mail).lstrip())
    complaint = complaints.detect(parsed)
    if complaint is not None:
        return Classified("not_a_bounce", "complaint", automatic=True, complaint=complaint)
    origin = origin_of(parsed, envelope_sender)
    report = _reported(parsed, origin)
    if report is not None:
        return report
    answer = auto_replies.answer_kind(parsed, envelope_sender)
    if answer and not bounce_notices.is_certain(parsed, origin):
        return Classified("not_a_bounce", answer, automatic=True)
    notice = bounce_notices.read(parsed, origin)
    if notice is not None:
        return _bounced(notice.reason, notice.known_by, notice.bounce, is_final=notice.is_final)
    return _other(parsed, envelope_sender, origin)


def detect(mail: ParsedMail, envelope_sender: str | None = None) -> Bounce | None:
    """What a bounce says about which recipients, None for any other mail."""
    return classify(mail, envelope_sender).bounce


def _reported(mail: ParsedMail, origin: Origin) -> Classified | None:
    """What a delivery status report says; None without one, or where a person passes one on."""
    report = bounce_reports.report_of(mail)
    if report is None or not report.recipients or _passed_on(mail, origin):
        return None
    worst = min(
        _reasons(report, bounce_notices.remarks(mail)),
        key=lambda reason: _WORST_FIRST.index(bounce_texts.kind_of(reason)),
    )
    is_final = any(one.is_final for one in report.recipients)
    return _bounced(worst, "dsn", report, is_final=is_final)


def _reasons(report: Bounce, remarks: str) -> list[str]:
    """What is said of the recipients, of so many as can be read in bounded time."""
    found = []
    left = _WORDS
    for one in report.recipients:
        if left > 0:
            found.append(one.reason(remarks))
        left -= len(one.diagnostic)
    return found


def _bounced(reason: str, known_by: KnownBy, bounce: Bounce, *, is_final: bool) -> Classified:
    kind = bounce_texts.kind_of(reason)
    return Classified(
        kind, reason, known_by, automatic=True, bounce=bounce, is_final=is_final and kind != "not_a_bounce"
    )


def _passed_on(mail: ParsedMail, origin: Origin) -> bool:
    """Whether a person shows somebody a report that came to them."""
    if origin is not Origin.PERSON:
        return False
    return mail.content_type != _REPORT or is_forward_subject(mail.subject) or is_reply_subject(mail.subject)


def _other(mail: ParsedMail, envelope_sender: str | None, origin: Origin) -> Classified:
    report = bounce_reports.report_of(mail)
    if report and _passed_on(mail, origin):
        return _MAIL
    damaged = Bounce(()) if report and origin is not Origin.PERSON else None
    automatic = auto_replies.is_automatic(mail, envelope_sender)
    kinds = {each.content_type for each in mail.attachments}
    if "message/disposition-notification" in kinds:
        return Classified("not_a_bounce", "read_receipt", automatic=True)
    if "text/calendar" in kinds and not automatic:
        return Classified("not_a_bounce", "calendar")
    if mail.content_type == _REPORT or origin is Origin.DAEMON:
        return Classified("not_a_bounce", "report", automatic=True, bounce=damaged)
    return (
        Classified("not_a_bounce", "mail", automatic=automatic, bounce=damaged)
        if automatic or damaged
        else _MAIL
    )


__all__ = ["Bounce", "BouncedRecipient", "Classified", "classify", "detect"]
