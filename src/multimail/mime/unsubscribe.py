"""Whether a mail asks to receive no more: the rule behind the `unsubscribed` tag of a contact."""

from __future__ import annotations

import re
from typing import Final

from multimail.mime.quoting import MARKS, SIGNATURE, own_text

REPLY_PREFIX: Final = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|antw|sv|tr|rv)\s*(?:\[\d+\])?:)*\s*", re.IGNORECASE)
LEAVE: Final = r"(?:un-?\s?subscribe|opt[\s-]?out)"
WANTS: Final = re.compile(
    rf"(?:(?:hi|hello|hey|dear|hallo)\b[^,.!\n]{{0,40}}[,.!]\s*)?"
    rf"(?:please\s+|pls\s+|kindly\s+|just\s+|can you\s+|could you\s+|would you\s+)*"
    rf"(?:(?:i|we)(?:'d| would)?\s+(?:like|want|wish|need|choose)\s+to\s+(?:be\s+)?)?"
    rf"(?:{LEAVE}d?(?:\s+(?:me|us|my|this|from|now|please|immediately|at once)\b[^\n]{{0,80}}|[\s.!]*$)"
    rf"|(?:remove|delete|take)\s+(?:me|us|my\s+(?:e-?mail|address|name)|this\s+address)\b[^\n]{{0,80}}"
    rf"|remove(?:d)?[\s.!]*$"
    rf"|(?:stop|cease)(?:[\s.!]*$|\s+(?:all\s+)?(?:send|e-?mail|mail|contact|writ|messag|spam)\w*\b[^\n]{{0,80}})"
    rf"|(?:do not|don'?t)\s+(?:e-?mail|contact|mail|write(?:\s+to)?|message)\s+(?:me|us)\b[^\n]{{0,80}})",
    re.IGNORECASE,
)
REMOVED_FROM: Final = re.compile(
    r"\b(?:off|from|list|mailing|newsletter|database|contacts?)\b", re.IGNORECASE
)
LINES_READ: Final = 4
LINE_READ: Final = 200
READ: Final = 20_000


def says_unsubscribe(subject: str, text: str) -> bool:
    """Whether a mail asks to receive no more: in its subject, or in the first lines its author wrote.

    Quoted history and signatures do not count, so a footer that offers to unsubscribe is no request. Short
    synonyms (STOP, remove me) count only as a sentence of their own.
    """
    if _wants(REPLY_PREFIX.sub("", subject[:LINE_READ], count=1)):
        return True
    read = 0
    for raw in own_text(text[:READ]).split("\n"):
        line = MARKS.sub("", raw).strip().strip("\"'“”")
        if not line:
            continue
        if SIGNATURE.match(raw) or read == LINES_READ:
            return False
        read += 1
        if len(line) <= LINE_READ and _wants(line):
            return True
    return False


def _wants(line: str) -> bool:
    found = WANTS.match(line.strip())
    if found is None:
        return False
    said = found.group().lower()
    if "remove" in said or "delete" in said or "take" in said:
        bare = re.fullmatch(
            r"\W*(?:please\s+)?(?:remove|delete)(?:d|\s+(?:me|us))?(?:\s+please)?\W*", line, re.IGNORECASE
        )
        return bare is not None or REMOVED_FROM.search(said) is not None
    return not line.rstrip().endswith("?") or "unsubscribe me" in said
