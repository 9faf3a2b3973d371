"""Returned mail that is no report: understood by its words, by X-Failed-Recipients and by `flufl.bounce`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise
from typing import Final, Literal

from multimail.mime import bounce_reports, bounce_texts, bounce_wording
from multimail.mime.auto_replies import names_answer
from multimail.mime.bounce_origin import Origin
from multimail.mime.bounce_phrases import ADDRESS
from multimail.mime.bounce_reports import Bounce, BouncedRecipient
from multimail.mime.bounce_texts import REPLY, STATUS
from multimail.mime.model import ParsedMail

READ: Final = 20_000
_SAID_WITHIN: Final = 6_000
_SUBJECT: Final = 300
_TOLD_APART: Final = 20
_SAID_OF_ONE: Final = 600
_MAIL: Final = re.compile(
    r"\b(?:e-?mails?|mails?|messages?|mail-?box\w*|nachricht|courriel|mensaje|correo|messaggio|mensagem|bericht"
    r"|meddelande|besked|wiadomo\w+|письм\w+|сообщени\w+)\b|邮件|郵件|メール|메일",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A return: why, how that is known, and about whom."""

    reason: str
    known_by: Literal["header", "text", "flufl"]
    bounce: Bounce
    is_final: bool


def remarks(mail: ParsedMail) -> str:
    """What the delivery system says in words, without the mail that it returns."""
    text = mail.text[:READ]
    if not text.strip():
        text = "\n".join(
            each.content[:READ].decode("utf-8", "replace")
            for each in mail.attachments[:3]
            if each.content_type in {"text/plain", "text/html"}
        )
    return bounce_wording.own_words(text)


def says_failed(mail: ParsedMail) -> bool:
    """Whether its subject or its words say that a mail did not arrive, or not yet."""
    subject = mail.subject[:_SUBJECT]
    return bool(
        bounce_wording.FAILED_SUBJECT.match(subject)
        or bounce_wording.DELAY_SUBJECT.match(subject)
        or bounce_wording.FAILED_TEXT.search(remarks(mail)[:_SAID_WITHIN])
    )


def is_certain(mail: ParsedMail, origin: Origin) -> bool:
    """Whether it is a return even though it is marked as an answer, as delivery systems mark theirs, too."""
    subject = mail.subject[:_SUBJECT]
    if origin is Origin.DAEMON:
        named = bounce_wording.FAILED_SUBJECT.match(subject) or bounce_wording.DELAY_SUBJECT.match(subject)
        return bool(named) or (not names_answer(subject) and says_failed(mail))
    said = remarks(mail)
    return (
        origin is not Origin.PERSON
        and (_has_code(said) or bool(bounce_reports.returned(mail)))
        and _is_return(mail, said, origin)
    )


def read(mail: ParsedMail, origin: Origin) -> Notice | None:
    """The return that a mail is, None for any other mail. People's mail is none, whatever it says."""
    if origin is Origin.PERSON or bounce_wording.NO_RETURN_SUBJECT.match(mail.subject[:_SUBJECT]):
        return None
    said = remarks(mail)
    if not _is_return(mail, said, origin):
        return None
    failed = mail.header("x-failed-recipients")
    addresses = [one.strip(" <>") for one in failed.split(",") if "@" in one]
    known_by: Literal["header", "text", "flufl"] = "header" if addresses else "text"
    if not addresses:
        addresses = _known_to_flufl(mail, said)
        known_by = "flufl" if addresses else "text"
    reason, action, status = _worst(mail, said, addresses)
    recipients = tuple(
        BouncedRecipient(one, action, status) for one in addresses[: bounce_reports.RECIPIENTS]
    )
    bounce = Bounce(recipients, bounce_reports.returned_id(mail))
    return Notice(reason, known_by, bounce, is_final=action == "failed")


def _is_return(mail: ParsedMail, said: str, origin: Origin) -> bool:
    if origin is Origin.DAEMON:
        return _is_daemons_return(mail, said)
    if origin is Origin.MAIL_SYSTEM and bounce_wording.PLAIN_SUBJECT.match(mail.subject[:_SUBJECT]):
        shown = _is_shown(mail, said) or _names_somebody(mail, said)
        return shown or bounce_texts.by_phrase(said) not in bounce_texts.WEAK | {""}
    if not _is_plainly_return(mail, said):
        return False
    return _is_shown(mail, said) or (origin is Origin.MAIL_SYSTEM and _names_somebody(mail, said))


def _is_daemons_return(mail: ParsedMail, said: str) -> bool:
    subject = mail.subject[:_SUBJECT]
    if bounce_wording.ARRIVED_SUBJECT.match(subject) and not _has_code(said):
        return True
    return says_failed(mail) or _has_code(said) or bool(bounce_reports.returned(mail))


def _is_plainly_return(mail: ParsedMail, said: str) -> bool:
    """Of a robot's mail, which may be about parcels: subject and words have to agree, and to speak of mail."""
    subject = mail.subject[:_SUBJECT]
    if not (bounce_wording.FAILED_SUBJECT.match(subject) or bounce_wording.DELAY_SUBJECT.match(subject)):
        return False
    failed = bounce_wording.FAILED_TEXT.search(said[:_SAID_WITHIN]) or bounce_texts.by_phrase(said)
    return bool(failed and _MAIL.search(subject + "\n" + said))


def _is_shown(mail: ParsedMail, said: str) -> bool:
    """Whether it gives the server's answer or the mail itself."""
    return _has_code(said) or bool(bounce_reports.returned(mail))


def _names_somebody(mail: ParsedMail, said: str) -> bool:
    """Whether it names an address that is neither its author's nor its reader's."""
    own = {one.address.lower() for one in (*mail.from_, *mail.to, *mail.cc, *mail.reply_to)}
    found = (one.group().lower().rstrip(".") for one in ADDRESS.finditer(said[:_SAID_WITHIN]))
    return any(one not in own for one in found)


def _has_code(said: str) -> bool:
    text = said[:_SAID_WITHIN]
    return bool(STATUS.search(text) or REPLY.search(text))


def _why(mail: ParsedMail, said: str) -> tuple[str, str, str]:
    """Reason, action and status, as a report would give them."""
    subject = mail.subject[:_SUBJECT]
    found = STATUS.search(said)
    status = found.group() if found else ""
    if bounce_wording.ARRIVED_SUBJECT.match(subject) or (
        not found and not REPLY.search(said) and bounce_wording.ARRIVED_TEXT.search(said[:_SAID_WITHIN])
    ):
        return "delivered", "delivered", status
    late = bounce_wording.DELAY_SUBJECT.match(subject) or (
        not status.startswith("5") and bounce_wording.DELAY_TEXT.search(said[:_SAID_WITHIN])
    )
    action = "delayed" if late else "failed"
    return bounce_texts.reason_of(action, status, _heart(said), f"{subject}\n{said}"), action, status


def _worst(mail: ParsedMail, said: str, addresses: list[str]) -> tuple[str, str, str]:
    """What it says as a whole, or of the one recipient among several that it is worst about."""
    whole = _why(mail, said)
    places = sorted({said.find(one) for one in addresses[:_TOLD_APART]} - {-1})
    if len(places) < 2 or whole[1] != "failed" or bounce_texts.kind_of(whole[0]) != "soft":
        return whole
    parts = (said[begin : min(end, begin + _SAID_OF_ONE)] for begin, end in pairwise([*places, len(said)]))
    each = (_why(mail, part) for part in parts if _has_code(part) or bounce_texts.by_phrase(part))
    return next((one for one in each if bounce_texts.kind_of(one[0]) == "hard"), whole)


def _heart(said: str) -> str:
    """The lines around the first code: where the refusing server is quoted."""
    found = STATUS.search(said) or REPLY.search(said)
    if found is None:
        return said
    begin = said.rfind("\n", 0, max(0, said.rfind("\n", 0, found.start()))) + 1
    end = found.end()
    for _ in range(4):
        end = said.find("\n", end + 1)
        if end < 0:
            return said[begin:]
    return said[begin:end]


def _known_to_flufl(mail: ParsedMail, said: str) -> list[str]:
    """The addresses that `flufl.bounce` finds. It is given a flat mail, since it bounds neither depth nor size."""
    # A hundred patterns of its own, for what few mails are and no other table knows.
    from flufl.bounce import _scan, all_failures  # noqa: PLC0415

    # It logs what it cannot read with a stack; nobody can do anything about foreign mail.
    _scan.log.disabled = True
    message: Message = Message()
    author = mail.from_[0].address if mail.from_ else ""
    message["from"] = author if author.isascii() and "@" in author else "unknown@invalid"
    message["subject"] = " ".join(mail.subject.split())[:_SUBJECT].encode("ascii", "replace").decode()
    message.set_payload(said[:READ].encode("utf-8", "replace").decode("ascii", "replace"))
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - what others wrote about untrusted text is not relied on
        return []
    return _clean(permanent or temporary)


def _clean(found: Iterable[bytes | str]) -> list[str]:
    texts = (one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in found)
    return sorted({one.strip(" <>") for one in texts if "@" in one})
