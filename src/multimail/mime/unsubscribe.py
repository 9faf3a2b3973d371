"""Whether a mail asks to receive no more: the rule behind the `unsubscribed` tag of a contact.

When in doubt it is a request: a wrong tag holds back mail and a person can remove it; a missed request is
mail nobody wanted.
"""

from __future__ import annotations

import re
from typing import Final

from multimail.core.patterns import late
from multimail.mime import unsubscribe_words
from multimail.mime.openings import opening, openings
from multimail.mime.quoting import SIGNATURE, own_text, unmarked

REPLY_PREFIX: Final = late(r"(?:\s*(?:re|fwd?|aw|wg|antw|sv|tr|rv)\s*(?:\[\d+\])?:)*\s*", re.IGNORECASE)
POLITE: Final = late(
    r"(?:(?:hi|hello|hey|dear|hallo)\b[^,.!?]{0,40}[,.!]\s*)?"
    r"(?:(?:please|pls|kindly|just|(?:can|could|would|will) you)[\s,]+)*",
    re.IGNORECASE,
)
SHOUTED: Final = late(r"UN-?SUBSCRIBE\b")
ALONE: Final = late(
    r"(?:un-?subscribed?|opt[\s-]?out|stop(?:\s*all)?|quit|remove(?:d|\s+(?:me|us))?|delete me|no more e?-?mails?"
    r"|abmelden|abbestellen|austragen|désinscription|désabonner|désinscrire|baja|dar de baja"
    r"|cancelar (?:la )?suscripción|cancellami|disiscrivimi|uitschrijven|afmelden)"
    r"(?:\s+(?:please|pls|now|immediately|thanks?|thank you))?[\s.!,]*",
    re.IGNORECASE,
)
ASKS: Final = (
    late(r"(?:un-?subscribe|opt[\s-]?out)\s+(?:me|us|my|this|from|of)\b", re.IGNORECASE),
    late(r"opt\s+(?:me|us)\s+out\b", re.IGNORECASE),
    late(
        r"(?:i|we)(?:'d| would| do)?\s+(?:like|want|wish|need|choose|ask)\s+to\s+(?:be\s+)?"
        r"(?:un-?subscribed?|opt(?:ed)?[\s-]?out|(?:removed|taken|deleted)\s+(?:from|off))\b",
        re.IGNORECASE,
    ),
    late(
        r"(?:remove|delete|take|drop)\s+(?:me|us|my\s+\S+|this\s+\S+)(?:\s+\w+){0,3}?\s+(?:off|from)\b"
        r".{0,60}\b(?:list|lists|mailing|mailings|newsletter|database|e?-?mails?)\b",
        re.IGNORECASE,
    ),
    late(
        r"(?:stop|cease|quit)\s+(?:all\s+)?(?:sending|e-?mailing|mailing|contacting|messaging|spamming|writing)\s+"
        r"(?:to\s+)?(?:me|us)\b",
        re.IGNORECASE,
    ),
    late(
        r"(?:do not|don'?t|never)\s+(?:e-?mail|contact|mail|message|write(?:\s+to)?)\s+(?:me|us)\b",
        re.IGNORECASE,
    ),
)
COURTESIES: Final = openings("can cou dea hal hel hey hi jus kin ple pls wil wou")
REQUESTS: Final = openings(
    "abb abm afm aus baj can cea dar del dis do don dro i nev no opt qui rem sto tak uit un uns we"
)
"""How all of the above begins, after `POLITE` or without it."""
ENGLISH: Final = COURTESIES | REQUESTS
OTHERS: Final = unsubscribe_words.COURTESIES | unsubscribe_words.REQUESTS
EITHER: Final = ENGLISH | OTHERS
LINES_READ: Final = 4
LINE_READ: Final = 200
READ: Final = 20_000


def says_unsubscribe(subject: str, text: str) -> bool:
    """Whether a mail asks to receive no more: in its subject, or in the first lines its author wrote.

    Quoted history and signatures do not count, so a footer that offers to unsubscribe is no request. Words
    such as STOP count only as a line of their own.
    """
    return asks_to_stop(subject, own_text(text[:READ]))


def asks_to_stop(subject: str, own: str) -> bool:
    """As `says_unsubscribe`, of text without quoted history."""
    subject = subject[:LINE_READ]
    prefix = REPLY_PREFIX.match(subject)
    if _asks(subject[prefix.end() :] if prefix else subject):
        return True
    read = 0
    for raw in own.split("\n"):
        line = unmarked(raw, "").strip()
        if not line:
            continue
        if read == LINES_READ or (raw.startswith("--") and SIGNATURE.match(raw)):
            return False
        read += 1
        if len(line) <= LINE_READ and _asks(line):
            return True
    return False


def _asks(line: str) -> bool:
    begins = opening(line)
    if begins not in EITHER:
        return False
    bare = line.strip().strip("\"'“”«»()[]").replace("’", "'")
    if begins in ENGLISH and _asks_in_english(bare):
        return True
    return begins in OTHERS and unsubscribe_words.asks(bare)


def _asks_in_english(bare: str) -> bool:
    if SHOUTED.match(bare):
        return True
    polite = POLITE.match(bare)
    request = bare[polite.end() :] if polite else bare
    return opening(request) in REQUESTS and (
        ALONE.fullmatch(request) is not None or any(pattern.match(request) for pattern in ASKS)
    )
