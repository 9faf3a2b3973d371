"""What a reply adds itself: its text without quoted history, and a preview of one line.

Conservative: where it is not plain that a line is quoted, it counts as new.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 100_000
WROTE: Final = re.compile(
    r"(?:on|am|le|el|il|op|em|den|dnia|w dniu)\b.{4,300}?"
    r"(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał\(?a?\)?).{0,160}?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
SEPARATOR: Final = re.compile(
    r"[-_*\s]{2,}(?:original message|original appointment|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original)[-_*\s]*$",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"_{10,}\s*$")
FROM_LINE: Final = re.compile(r"\*{0,2}(?:from|von|de|da|van|från|fra|od):\*{0,2}\s+\S", re.IGNORECASE)
BLOCK_LINE: Final = re.compile(
    r"\*{0,2}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|oggetto"
    r"|verzonden|aan|onderwerp|skickat|till|ämne|assunto|wysłano|do|temat):\*{0,2}\s",
    re.IGNORECASE,
)
# What a line must begin with to be worth the patterns above; nearly all lines end here.
CUE: Final = re.compile(
    r"\s*(?:>|[-_*][-_*\s]*(?:[oumfvd]|$)"
    r"|(?:on|am|le|el|il|op|em|den|dnia|w dniu|from|von|de|da|van|från|fra|od)\b)",
    re.IGNORECASE,
)
OPENS: Final = re.compile(r"\s*(?:on|am|le|el|il|op|em|den|dnia|w dniu)\b", re.IGNORECASE)
QUOTED: Final = re.compile(r"[ \t]{0,3}>")
SIGNATURE: Final = re.compile(r"--[ \u00a0]?$")
MARKS: Final = "*_#`~>|"
IMAGE: Final = re.compile(r"\[image:[^\]\n]*\]")


def new_text(text: str) -> str:
    """The part of a reply that its author wrote; all of `text` when nothing else would be left."""
    return own_text(text) or text.strip()


def own_text(text: str) -> str:
    """As `new_text`, but `""` for a mail that is nothing but history. Reads the first 100,000 characters."""
    kept: list[str] = []
    lines = text[:LONGEST].split("\n")
    for number, line in enumerate(lines):
        if CUE.match(line) is None:
            kept.append(line)
            continue
        if _history_starts(lines, number):
            break
        if QUOTED.match(line):
            continue
        attribution = _attribution(lines, number)
        if attribution and _quote_follows(lines, number + attribution):
            lines[number + 1 : number + attribution] = [">"] * (attribution - 1)
            continue
        kept.append(line)
    return "\n".join(kept).strip()


def preview(text: str, limit: int = 200) -> str:
    """The new text of a mail as one line of at most `limit` characters, without markdown's marks."""
    return one_line(new_text(text[: limit * 10]), limit)


def one_line(text: str, limit: int = 200) -> str:
    """As `preview`, of a text that is known to be new."""
    line = _joined(text[: limit * 3 // 2]) if "[image:" not in text else ""
    if len(line) <= limit:
        line = _joined(text[: limit * 3])
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut).rstrip() + "…"


def _joined(text: str) -> str:
    return " ".join(unmarked(text, " ").split())


def unmarked(text: str, instead: str) -> str:
    """The text with `instead` for each of markdown's marks and images."""
    if "[image:" in text:
        text = IMAGE.sub(instead, text)
    for mark in MARKS:
        text = text.replace(mark, instead)
    return text


def _history_starts(lines: list[str], number: int) -> bool:
    """Whether everything from this line on is the mail that is being answered."""
    line = lines[number].strip()
    if SEPARATOR.match(line):
        return True
    if RULE.match(line):
        following = next((each for each in lines[number + 1 : number + 4] if each.strip()), "")
        return FROM_LINE.match(following.strip()) is not None
    if FROM_LINE.match(line):
        block = [each.strip() for each in lines[number + 1 : number + 5]]
        return sum(1 for each in block if BLOCK_LINE.match(each)) >= 2
    attribution = _attribution(lines, number)
    if not attribution:
        return False
    rest = [each for each in lines[number + attribution : number + attribution + 400] if each.strip()]
    return bool(rest) and all(QUOTED.match(each) for each in rest)


def _attribution(lines: list[str], number: int) -> int:
    """How many lines from here are "On … wrote:", wrapped over three at most; 0 when this is none."""
    if OPENS.match(lines[number]) is None:
        return 0
    for count in (1, 2, 3):
        candidate = " ".join(lines[number : number + count]).strip()
        if len(candidate) > 500 or not candidate:
            return 0
        if WROTE.match(candidate):
            return count
        if candidate.endswith(":"):
            return 0
    return 0


def _quote_follows(lines: list[str], number: int) -> bool:
    following = next((each for each in lines[number : number + 3] if each.strip()), "")
    return QUOTED.match(following) is not None
