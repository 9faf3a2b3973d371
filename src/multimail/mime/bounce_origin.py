"""Who seems to have written a mail: a delivery system, some robot, or a person. Claims only, never an identity."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from multimail.core.patterns import late
from multimail.core.threading import is_forward_subject, is_reply_subject
from multimail.mime import auto_replies
from multimail.mime.bounce_wording import FAILED_SUBJECT
from multimail.mime.model import ParsedMail


class Origin(IntEnum):
    """How likely it is that a delivery system wrote it, from not at all to certainly."""

    PERSON = 0
    ROBOT = 1
    MAIL_SYSTEM = 2
    DAEMON = 3


_DAEMON_LOCAL: Final = late(
    r"(?:\S*mailer-?_?\.?daemon\S*|mail-?_?daemon|daemon|mdaemon|double-bounce"
    r"|microsoftexchange[0-9a-f]{20,40}|mailsystem|mail-?system|bounce-?(?:handler|notification)\S*)",
    re.IGNORECASE,
)
_DAEMON_NAME: Final = late(
    r"\W*(?:(?:internet |e-?)?mail(?:er)?[ -]?(?:delivery|daemon)(?: (?:sub-?system|system|service|agent"
    r"|notification|failure|\S*daemon\S*))*|mailer-daemon.*|delivery subsystem|mail (?:administrator"
    r"|transfer agent)|microsoft exchange|delivery status .*|system administrator|mail system|mta"
    r"|mail daemon.*|邮件系统|メール配信.*|mailsystem.*|.*系统退信.*|.*postmaster.*"
    r"|.*mail delivery (?:sub)?system.*)\W*",
    re.IGNORECASE,
)
_MAIL_SYSTEM: Final = late(
    r"(?:post[_.]?master\S*|mail[-_]?(?:delivery|admin|master|server|agent|gate|gw|robot)\S*|mta|smtp"
    r"|\S*(?:smtp|mail_?service|anti_?virus|interscan|imss|mailgw|inetgw)\S*|\"?system ?administrator\"?)",
    re.IGNORECASE,
)
"""Addresses of mail systems. People write from some of them as well."""
_UNATTENDED: Final = late(
    r"(?:no-?_?reply\S*|do-?_?not-?_?reply\S*|bounces?\S*|\S*-(?:bounces|owner))", re.IGNORECASE
)
_ROBOT_LOCAL: Final = late(
    r"(?:admin(?:istrator)?|system|exchange|amavis\S*|antispam|virusalert|quarantine|root|listserv|majordomo"
    r"|\S*-request|owner-\S*|notification\S*|abuse|mail|security|gateway|symantec\S*)",
    re.IGNORECASE,
)
_SIGNS: Final = late(
    "mail|daemon|bounce|exchange|delivery|master|administrator|reply|owner|mta|smtp|virus|interscan|imss|inetgw"
    "|系统|メール|[\u0307\u0131\u017f]"
)
"""One of these is in every name of a machine, in lower case; a mail from the null sender is looked at in any case. The
last are letters that are taken for an i or an s where case is ignored."""
_ROLE_NAME: Final = late(r"system administrator|.*postmaster.*|mail administrator", re.IGNORECASE)
_GREETS: Final = late(
    r"\W*(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|greetings|hallo|guten (?:tag|morgen"
    r"|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|hola|buen[oa]s|estimad[oa]s?|ciao"
    r"|buongiorno|gentile|olá|prezad[oa]s?|beste|hej|hei|cześć|dzień dobry|szanown\w+|здравствуйте|привет"
    r"|добрый|уважаем\w+)\b",
    re.IGNORECASE,
)
_SAYS_I: Final = late(
    r"\bI(?:'ve|'d|'ll| have| had| saw| noticed| checked| found| think| will| can| just| tried| got| see"
    r"| hope| would| fixed| was wondering)\b"
    r"|\b(?:ich habe|ich sehe|ich hab|j'ai|je vois|he visto|ho visto|ho notato|eu vi|best regards"
    r"|kind regards|cheers,|viele grüße|mit freundlichen grüßen|cordialement|un saludo|saludos)\b",
)
_READ: Final = 3_000


def origin_of(mail: ParsedMail, envelope_sender: str | None) -> Origin:
    """What its header claims; a mail that answers or passes on another is a person's unless a daemon signed it."""
    local, name = _author(mail)
    sender = mail.return_path if envelope_sender is None else envelope_sender
    if sender != "" and local and not _is_marked(mail, f"{(sender or '').rpartition('@')[0]} {local} {name}"):
        return Origin.PERSON
    null = sender is not None and (
        not sender or _DAEMON_LOCAL.fullmatch(sender.rpartition("@")[0]) is not None
    )
    unsigned = null or auto_replies.says_automatic(mail)
    if mail.header("x-failed-recipients") or _is_daemon(mail, local, name, null=null, unsigned=unsigned):
        return Origin.DAEMON
    subject = mail.subject[:200]
    if is_reply_subject(subject) or is_forward_subject(subject):
        return Origin.PERSON
    if _MAIL_SYSTEM.fullmatch(local) and (unsigned or not _reads_personal(subject, mail.text[:_READ])):
        return Origin.MAIL_SYSTEM
    if mail.list_id or mail.list_unsubscribe:
        return Origin.PERSON
    if unsigned or not local:
        return Origin.ROBOT
    alone = _UNATTENDED.fullmatch(local) and not _reads_personal(subject, mail.text[:_READ])
    return Origin.ROBOT if alone else Origin.PERSON


def _author(mail: ParsedMail) -> tuple[str, str]:
    """Local part and display name, also of a From that names no usable address, as `Mail System <>`."""
    author = mail.from_[0] if mail.from_ else mail.sender
    if author is None:
        return "", " ".join(mail.header("from").partition("<")[0].split()).strip('"')[:100]
    local = author.address.rpartition("@")[0] or author.address
    return local, " ".join(author.name.split())[:100]


def _is_marked(mail: ParsedMail, names: str) -> bool:
    """Whether its names or its header may be those of a machine: one look that people's mail ends with."""
    if _SIGNS.search(names.lower()):
        return True
    return auto_replies.says_automatic(mail) or "x-failed-recipients" in mail.names


def _is_daemon(mail: ParsedMail, local: str, name: str, *, null: bool, unsigned: bool) -> bool:
    if _DAEMON_LOCAL.fullmatch(local):
        return True
    if null and (not local or any(one.fullmatch(local) for one in (_MAIL_SYSTEM, _UNATTENDED, _ROBOT_LOCAL))):
        return True
    if null and FAILED_SUBJECT.match(mail.subject[:200]):
        return True
    if mail.list_id or mail.list_unsubscribe or not _DAEMON_NAME.fullmatch(name):
        return False
    return unsigned or not _ROLE_NAME.fullmatch(name)


def _reads_personal(subject: str, text: str) -> bool:
    """Whether somebody asks, greets or says I: people write from role addresses, too."""
    return "?" in subject or bool(_GREETS.match(text) or _SAYS_I.search(text))
