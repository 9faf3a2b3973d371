"""What commercial mail says at its end: who sends it, from which postal address, and how to hear no more.

Only what its author did not write is added. Quoted and forwarded text is somebody else's: nothing in it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_WORDS: Final = (
    r"un-?subscri|opt(?:ing)?[\s-]?out|e?mail[\s-]?preferences|abmeld|abbestell|austragen|d[ée]s(?:abonn|inscri|uscri)"
    r"|dar(?:se)? de baja|cancelar\s+(?:la\s+|tu\s+|su\s+)?suscripci[oó]n|anular\s+la\s+suscripci[oó]n|cancel(?:ar|e)"
    r"\s+(?:a\s+|sua\s+)*(?:inscri|assinatura)|disiscri|annulla\w*\s+l.iscrizione|uitschrij|afmeld|avregistrer|afmeld"
    r"|avprenumerer|wypisz|odhl[aá]sit|отписа|配信停止|退订|수신거부"
)
_OPT_OUT: Final = re.compile(_WORDS, re.IGNORECASE)
_LINK: Final = re.compile(
    r"\[([^\[\]\n]{0,300})\]\(<?((?:https?://|mailto:)[^\s<>()]{1,2000})|((?:https?://|mailto:)[^\s<>()\[\]]{1,2000})",
    re.IGNORECASE,
)
_HOW: Final = re.compile(
    r"\b(?:repl(?:y|ies)|respond|answer|write|send|e-?mail|mail|click|antwort\w*|schreib\w*|r[ée]pond\w*|[ée]criv\w*"
    r"|respond\w*|escrib\w*|rispond\w*|scriv\w*|antwoord\w*|schrijf\w*|svar\w*)\b",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"^-{2,}[^\n]{0,60}(?:forward|original|weitergeleitet|transf)[^\n]{0,60}$", re.IGNORECASE | re.MULTILINE
)
_TOKEN: Final = re.compile(r"\w+")
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_LISTED: Final = re.compile(r"<\s*((?:https?|mailto):[^<>\s]{1,2000})\s*>", re.IGNORECASE)
_READ: Final = 60_000
_FOOT: Final = 15
"""Lines in which a mail's end says such things."""
_ENOUGH: Final = 0.7


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a name, the postal address as it is printed, and the address that takes UNSUBSCRIBE by mail."""

    name: str
    postal: str
    address: str


def legal(text: str, sender: Sender, link: str = "", headers: Iterable[tuple[str, str]] = ()) -> str:
    """Markdown of what `text` (a body with its signature) lacks: nothing if it is complete.

    `link` is the recipient's own; a List-Unsubscribe among the caller's `headers` takes its place, so that the mail
    names one way out and not two that disagree.
    """
    own = _own(text)
    foot = _foot(own)
    paragraphs = []
    if not names_postal(foot, sender.postal):
        paragraphs.append(_identity(sender))
    if not offers_way_out(own, foot):
        paragraphs.append(_way_out(sender, _listed(headers) or link))
    return "\n\n".join(paragraphs)


def names_postal(foot: str, postal: str) -> bool:
    """Whether a text's end gives this postal address, in whatever lines and punctuation: its numbers, and most of
    its words."""
    wanted = _TOKEN.findall(postal.casefold())
    there = frozenset(_TOKEN.findall(foot.casefold()))
    numbers = [one for one in wanted if any(map(str.isdecimal, one))]
    found = sum(one in there for one in wanted)
    return bool(wanted) and there.issuperset(numbers) and found >= _ENOUGH * len(wanted)


def offers_way_out(own: str, foot: str) -> bool:
    """Whether a text offers to unsubscribe: by a link that is called so, or at its end in words that say how."""
    for found in _LINK.finditer(own):
        if _OPT_OUT.search(found[1] or "") or _OPT_OUT.search(found[2] or found[3]):
            return True
    return any(_OPT_OUT.search(line) and _HOW.search(line) for line in foot.split("\n"))


def _own(text: str) -> str:
    ends = text[-_READ:]
    forwarded = _FORWARDED.search(ends)
    written = ends[: forwarded.start()] if forwarded else ends
    return "\n".join(line for line in written.split("\n") if not line.lstrip().startswith(">"))


def _foot(own: str) -> str:
    lines = [line for line in own.split("\n") if line.strip()]
    return "\n".join(lines[-_FOOT:])


def _identity(sender: Sender) -> str:
    lines = [line.strip() for line in sender.postal.splitlines() if line.strip()]
    if sender.name.strip() and sender.name.casefold().strip() not in sender.postal.casefold():
        lines.insert(0, sender.name.strip())
    return "\n".join(map(_plain, lines))


def _way_out(sender: Sender, link: str) -> str:
    if link:
        return f"[Unsubscribe]({link.replace('(', '%28').replace(')', '%29')})"
    return f"To unsubscribe, write the word UNSUBSCRIBE to {_plain(sender.address)}."


def _listed(headers: Iterable[tuple[str, str]]) -> str:
    """The way that a caller's own List-Unsubscribe offers, a web page first (RFC 2369)."""
    for name, value in headers:
        if name.lower() == "list-unsubscribe":
            ways: list[str] = _LISTED.findall(value)
            return next((one for one in ways if one.lower().startswith("http")), next(iter(ways), ""))
    return ""


def _plain(text: str) -> str:
    """Markdown that says exactly this."""
    return _PUNCTUATION.sub(r"\\\1", text)
