"""Who seems to have written a mail: a delivery system, some robot, or a person. Claims only, never an identity."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from multimail.core.threading import is_forward_subject, is_reply_subject
from multimail.mime import auto_replies
from multimail.mime.model import ParsedMail


class Origin(IntEnum):
    """How likely it is that a delivery system wrote it, from not at all to certainly."""

    PERSON = 0
    ROBOT = 1
    DAEMON = 2


_DAEMON_LOCAL: Final = re.compile(
    r"(?:\S*mailer-?_?\.?daemon\S*|mail-?_?daemon|daemon|mdaemon|double-bounce"
    r"|microsoftexchange[0-9a-f]{20,40}|mailsystem|mail-?system|bounce-?(?:handler|notification)\S*)",
    re.IGNORECASE,
)
_DAEMON_NAME: Final = re.compile(
    r"\W*(?:(?:internet |e-?)?mail(?:er)?[ -]?(?:delivery|daemon)(?: (?:sub-?system|system|service|agent"
    r"|notification|failure|\S*daemon\S*))*|mailer-daemon.*|delivery subsystem|mail (?:administrator"
    r"|transfer agent)|microsoft exchange|delivery status .*|system administrator|mail system|mta"
    r"|mail daemon.*|邮件系统|メール配信.*|mailsystem.*|.*系统退信.*|.*postmaster.*"
    r"|.*mail delivery (?:sub)?system.*)\W*",
    re.IGNORECASE,
)
_ROBOT_LOCAL: Final = re.compile(
    r"(?:postmaster\S*|mail-?delivery\S*|mail-?_?(?:admin|master|server|agent|gateway|robot)\S*"
    r"|admin(?:istrator)?|system|no-?_?reply\S*|do-?_?not-?_?reply\S*|bounces?\S*|mta|smtp|exchange"
    r"|amavis\S*|antivirus|antispam|virusalert|quarantine|root|listserv|majordomo|\S*-(?:bounces|owner"
    r"|request)|owner-\S*|notification\S*|abuse|mail|security|gateway|mailgate\S*|symantec\S*)",
    re.IGNORECASE,
)
_UNMARKED: Final = re.compile(
    r"(?:postmaster\S*|mail-?_?(?:delivery|admin|master|server|agent|gateway|robot)\S*|no-?_?reply\S*"
    r"|do-?_?not-?_?reply\S*|bounces?\S*|mta|smtp|\S*-(?:bounces|owner))",
    re.IGNORECASE,
)
"""Robots that are believed without any mark of a machine; people write from the other addresses as well."""
_ROLE_NAME: Final = re.compile(r"system administrator|.*postmaster.*|mail administrator", re.IGNORECASE)
_GREETS: Final = re.compile(
    r"\W*(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|greetings|hallo|guten (?:tag|morgen"
    r"|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|hola|buen[oa]s|estimad[oa]s?|ciao"
    r"|buongiorno|gentile|olá|prezad[oa]s?|beste|hej|hei|cześć|dzień dobry|szanown\w+|здравствуйте|привет"
    r"|добрый|уважаем\w+)\b",
    re.IGNORECASE,
)
_SAYS_I: Final = re.compile(
    r"\bI(?:'ve|'d|'ll| have| had| saw| noticed| checked| found| think| will| can| just| tried| got| see"
    r"| hope| would| fixed| was wondering)\b"
    r"|\b(?:ich habe|ich sehe|ich hab|j'ai|je vois|he visto|ho visto|ho notato|eu vi|best regards"
    r"|kind regards|cheers,|viele grüße|mit freundlichen grüßen|cordialement|un saludo|saludos)\b",
)
_READ: Final = 3_000


def origin_of(mail: ParsedMail, envelope_sender: str | None) -> Origin:
    """What its header claims; a mail that answers or passes on another is a person's unless a daemon signed it."""
    author = mail.from_[0] if mail.from_ else mail.sender
    local = (
        author.address.rpartition("@")[0]
        if author and "@" in author.address
        else (author.address if author else "")
    )
    listed = bool(mail.list_id or mail.list_unsubscribe)
    name = " ".join(author.name.split())[:100] if author else ""
    if _DAEMON_LOCAL.fullmatch(local) or mail.header("x-failed-recipients"):
        return Origin.DAEMON
    sender = mail.return_path if envelope_sender is None else envelope_sender
    unsigned = sender == "" or auto_replies.says_automatic(mail)
    if not listed and _DAEMON_NAME.fullmatch(name) and (unsigned or not _ROLE_NAME.fullmatch(name)):
        return Origin.DAEMON
    if sender == "" and (not local or _ROBOT_LOCAL.fullmatch(local)):
        return Origin.DAEMON
    subject = mail.subject[:200]
    if is_reply_subject(subject) or is_forward_subject(subject) or listed:
        return Origin.PERSON
    if unsigned or not author:
        return Origin.ROBOT
    if _UNMARKED.fullmatch(local) and "?" not in subject and not _reads_personal(mail.text[:_READ]):
        return Origin.ROBOT
    return Origin.PERSON


def _reads_personal(text: str) -> bool:
    """Whether somebody says I or greets: people write from role addresses, too."""
    return bool(_GREETS.match(text) or _SAYS_I.search(text))
