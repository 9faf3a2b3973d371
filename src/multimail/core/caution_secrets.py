"""Findings that look like secrets: keys of known shapes, passwords that are named as such, accounts and cards.

Few false alarms matter more here than a catch of everything: a reviewer who sees three wrong ones a day reads none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from multimail.core.caution import Caution, caution
from multimail.core.patterns import late

# What only a key looks like: a mark of its issuer, and more characters than chance puts behind it.
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, late(rf"(?<![A-Za-z0-9_/+-])(?:{pattern})"))
    for name, pattern in (
        ("key of Amazon Web Services", r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])"),
        ("token of GitHub", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}"),
        ("token of GitLab", r"glpat-[\w-]{20,100}"),
        ("token of Slack", r"xox[abeoprs]-[0-9A-Za-z-]{16,250}"),
        ("key of Stripe", r"[rs]k_(?:live|test)_[0-9A-Za-z]{16,250}|whsec_[0-9A-Za-z+/=]{24,250}"),
        ("key of a model's maker", r"sk-(?:ant-|proj-|svcacct-|or-)?(?=[\w-]{0,200}\d)[\w-]{24,250}"),
        ("key of Google", r"AIza[\w-]{35}|ya29\.[\w-]{20,250}|GOCSPX-[\w-]{24,40}"),
        ("key of SendGrid", r"SG\.[\w-]{16,32}\.[\w-]{32,64}"),
        ("token of npm or PyPI", r"npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,250}"),
        ("token of Hugging Face", r"hf_[A-Za-z0-9]{30,60}"),
        ("token of a Telegram bot", r"\d{8,10}:AA[\w-]{32,34}(?![\w-])"),
        ("key of this server", r"mm_[a-z]{2,12}_[\w-]{20,100}"),
        ("signed token (JWT)", r"eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,4000}"),
    )
)
_PRIVATE_KEY: Final = late(r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----")
_IN_ADDRESS: Final = late(
    r"\b[a-z][a-z0-9+.-]{1,20}://([^\s/:@]{1,64}):([^\s/@]{3,128})@[\w.\[-]", re.IGNORECASE
)
_NAMED: Final = late(
    r"\b(pass(?:word|wd|phrase|code|wort)|pwd?|kennwort|contraseña|mot de passe|secret(?:[ _-]key)?|client[ _-]secret"
    r"|api[ _-]?key|access[ _-]?(?:key|token)|auth[ _-]?token|private[ _-]key)\b"
    r"[\"'*_`]{0,3}[ \t]{0,4}(?:[:=]|=>|\b(?:is|lautet|ist|est|es)\b:?)"
    r"[ \t\"'*_`]{0,8}\n?[ \t\"'*_`]{0,8}([^\s\"'`<>]{6,200})",
    re.IGNORECASE,
)
_SENT_ALONG: Final = late(
    r"\bauthorization:[ \t]{0,4}(?:bearer|basic|token)[ \t]{1,4}([\w.~+/=-]{12,4000})", re.IGNORECASE
)
_MASKED: Final = late(r"[*•x.#_-]{4,}|[$%]?[{\[(<].*[}\])>]|https?:.*|.*@[\w-]+\.\w+|\W+", re.IGNORECASE)
_CARD: Final = late(
    r"(?<![\d.,/-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3[47]\d{2}([ -])\d{6}\2\d{5}|\d{15,16})(?![\d-])"
)
_CARD_WORD: Final = late(r"\b(?:card|karte|kreditkarte|carte|tarjeta|visa|mastercard|amex)\b", re.IGNORECASE)
_NEAR: Final = 80
_IBAN: Final = late(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])")


def secrets(text: str) -> Iterator[Caution]:
    """Findings in a text as it is read, see `caution_links.clean`. What was found is never written out in full."""
    found = [f"{name}: {_veiled(value)}" for name, value in _keys(text)]
    if found:
        yield caution("secret_like", 60, "Who gets the mail gets this, too.", found)
    paid = [f"{name}: {_veiled(value)}" for name, value in _accounts(text)]
    if paid:
        yield caution("payment_details", 15, "Check that it is the right one.", paid)


def _veiled(value: str) -> str:
    """Enough to find it again."""
    return f"{value[:4]}…" if len(value) < 12 else f"{value[:4]}…{value[-2:]}"


def _keys(text: str) -> Iterator[tuple[str, str]]:
    for name, pattern in _SHAPES:
        yield from ((name, one[0]) for one in pattern.finditer(text))
    yield from (("private key", "-----BEGIN") for _ in _PRIVATE_KEY.finditer(text))
    yield from (
        ("password in an address", one[2])
        for one in _IN_ADDRESS.finditer(text)
        if not _MASKED.fullmatch(one[2])
    )
    for one in _NAMED.finditer(text):
        value = one[2].rstrip(".,;:!?)*_")
        if _is_password(value) or (one[1].lower().startswith("p") and value.isdecimal()):
            yield one[1].lower(), value
    yield from (
        ("authorization", one[1]) for one in _SENT_ALONG.finditer(text) if not _MASKED.fullmatch(one[1])
    )


def _is_password(value: str) -> bool:
    """What nobody writes as a word: a digit or sign among letters, and not a form to be filled in."""
    if len(value) < 6 or _MASKED.fullmatch(value):
        return False
    letters = any(char.isalpha() for char in value)
    others = any(char.isdigit() for char in value) or any(char in "!#$%&+=?@^~" for char in value[:-1])
    return letters and others


def _accounts(text: str) -> Iterator[tuple[str, str]]:
    for one in _IBAN.finditer(text):
        if value := _iban(one[0]):
            yield "IBAN", value
    for one in _CARD.finditer(text):
        digits = re.sub(r"\D", "", one[0])
        spoken_of = one[0] != digits or _CARD_WORD.search(
            text, max(0, one.start() - _NEAR), one.end() + _NEAR
        )
        if spoken_of and _is_card(digits):
            yield "card", digits


def _iban(text: str) -> str:
    """The account number that a text begins with (ISO 13616: the remainder by 97 is 1); a word may stand behind it."""
    parts = text.split(" ")
    for end in range(len(parts), 0, -1):
        value = "".join(parts[:end])
        moved = value[4:] + value[:4]
        if 15 <= len(value) <= 34 and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1:
            return value
    return ""


def _is_card(digits: str) -> bool:
    """A number range of an issuer, and the check digit of ISO/IEC 7812."""
    if not re.match(r"4|5[1-5]|2[2-7]|6(?:011|5)|3[47]", digits) or (len(digits) == 15) != (digits[0] == "3"):
        return False
    doubled = (int(char) * 2 if place % 2 else int(char) for place, char in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
