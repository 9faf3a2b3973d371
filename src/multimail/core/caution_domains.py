"""Domain names that can be taken for others: letters of other scripts, digits for letters, one letter off.

Comparing is in both directions: `resembles` asks about a few domains that are given, `neighbours` names every domain
that one could be taken for, so that a store can look up which of them are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Final

from multimail.core.addresses import normalise

LONGEST: Final = 253
_SHORTEST: Final = 5
"""Names before the suffix that are shorter have honest neighbours: hp, ibm, dhl."""
_MOST_SPELLINGS: Final = 64
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789-"
# Second levels under which anybody can have a name, as far as mail often meets them.
_SHARED: Final = frozenset(
    """ac.uk co.at co.il co.in co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.cn com.hk com.mx com.pl
    com.sg com.tr com.tw gob.mx gov.au gov.br gov.in gov.uk ne.jp net.au net.br nhs.uk or.jp org.au org.br org.nz org.uk
    sch.uk appspot.com azurewebsites.net blogspot.com cloudfront.net firebaseapp.com github.io gitlab.io herokuapp.com
    myshopify.com netlify.app ngrok.io pages.dev r2.dev vercel.app web.app wixsite.com workers.dev""".split()
)
WELL_KNOWN: Final = frozenset(
    """adobe.com airbnb.com alibaba.com amazon.com americanexpress.com anthropic.com apple.com atlassian.com
    bankofamerica.com barclays.co.uk booking.com cloudflare.com coinbase.com deutschebank.de docusign.com docusign.net
    dropbox.com facebook.com fedex.com github.com gitlab.com gmail.com google.com icloud.com instagram.com
    linkedin.com mastercard.com microsoft.com microsoftonline.com netflix.com office.com openai.com outlook.com
    paypal.com postbank.de salesforce.com santander.com slack.com sparkasse.de spotify.com stripe.com twitter.com
    uber.com walmart.com wellsfargo.com whatsapp.com wikipedia.org yahoo.com youtube.com zoom.us""".split()
)
# Letters of other scripts and their marks, by what they look like. Case is folded before.
_LOOKS: Final = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕԁԛԝһӏґѵьпг", "abekmhopctyxijsdqwhlrvbnr", strict=True)),
        **dict(zip("αβγδεηικνορτυχω", "abydenikvoptuxw", strict=True)),
        **dict(zip("ıłøđħŧɑɡɩʟɴʀʏ", "ilodhtagilnry", strict=True)),
        **dict(zip("օսոհզցքյգ", "ounhqgpjg", strict=True)),
    }
)
_ODD_LATIN: Final = frozenset("ıɑɡɩʟɴʀʏ")
_DIGITS: Final = (
    ("0", "o"),
    ("1", "l"),
    ("1", "i"),
    ("3", "e"),
    ("5", "s"),
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
)
_DOMAIN: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,20}")


def registrable(host: str) -> str:
    """The part of a host that somebody registered: two labels, or three under shared second levels."""
    labels = host.strip(".").split(".")
    kept = 3 if ".".join(labels[-2:]) in _SHARED else 2
    return ".".join(labels[-kept:])


def same_owner(one: str, other: str) -> bool:
    """Whether two hosts are the same, or parts of one registered domain."""
    return one == other or registrable(one) == registrable(other)


@lru_cache(maxsize=4096)
def readable(host: str) -> str:
    """The host as a person sees it: international labels in their own script. Total."""
    return ".".join(map(_readable_label, host.lower()[:LONGEST].split(".")))


def _readable_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


@lru_cache(maxsize=4096)
def skeleton(host: str) -> str:
    """What a host looks like in plain letters; of most hosts that is the host itself."""
    seen = readable(host)
    if seen.isascii():
        return seen
    apart = unicodedata.normalize("NFKD", seen.lower().translate(_LOOKS))
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_LOOKS)


def is_disguised(host: str) -> bool:
    """Whether letters that look like plain ones, and are not, stand in it, or scripts are mixed within one label."""
    seen = readable(host)
    if seen.isascii():
        return False
    labels = seen.split(".")
    foreign = [one for one in labels if not one.isascii()]
    # A name that is of its own script to its end is a name in that script.
    plain_end = labels[-1].isascii()
    return any(
        _is_mixed(one) or (plain_end and skeleton(one).isascii() and not _is_latin(one)) for one in foreign
    )


def _is_latin(label: str) -> bool:
    """Latin with accents and strokes is how words are spelled; small capitals and the like only pass for others."""
    return all(char.isascii() or (char not in _ODD_LATIN and _script(char) == "LATIN") for char in label)


def _is_mixed(label: str) -> bool:
    scripts = {_script(char) for char in label if char.isalpha()}
    # Japanese is written with several, and Chinese and Korean with Latin words.
    return len(scripts) > 1 and not scripts <= {
        "LATIN",
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "KATAKANA-HIRAGANA",
        "HANGUL",
        "BOPOMOFO",
    }


def _script(char: str) -> str:
    return unicodedata.name(char, "NONE").partition(" ")[0]


def resembles(host: str, known: Iterable[str]) -> str:
    """The first of the known domains that the host can be taken for without belonging to it; "" for none.

    The known ones are registrable domains.
    """
    own = registrable(host)
    references = frozenset(known)
    if own in references:
        return ""
    looks = frozenset(_spellings(skeleton(own)))
    front = skeleton(host).removesuffix(own).strip(".")
    for one in sorted(references):
        if one in looks or _is_one_off(own, one) or (front and _poses_as(front, one)):
            return one
    return ""


def _poses_as(front: str, known: str) -> bool:
    """Whether a whole known domain stands in front of another one: example.com.else.org, example-com.else.org."""
    return f".{known}." in f".{front}." or known.replace(".", "-") in front.split(".")


def _is_one_off(one: str, other: str) -> bool:
    """Whether one letter was left out, changed, put in or swapped with the next."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if min(_name_length(one), _name_length(other)) < _SHORTEST or _is_abroad(one, other):
        return False
    pairs = enumerate(zip(one, other, strict=False))
    head = next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))
    a, b = one[head:], other[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _is_abroad(one: str, other: str) -> bool:
    """Whether only the country differs: example.de, example.dk. Many have their name in several."""
    (name, _, country), (another, _, abroad) = one.rpartition("."), other.rpartition(".")
    return name == another and len(country) == len(abroad) == 2


def _name_length(domain: str) -> int:
    return len(domain.partition(".")[0])


def neighbours(domain: str) -> Iterator[str]:
    """Every domain that this one can be taken for, itself left out: looks alike, or is one letter off."""
    whole = domain.lower()[:LONGEST]
    spellings = dict.fromkeys(_spellings(skeleton(whole)))
    yield from (one for one in spellings if one != whole)
    if _DOMAIN.fullmatch(whole) and _name_length(whole) >= _SHORTEST:
        name, _, country = whole.rpartition(".")
        # What `_is_abroad` says of hundreds, which are one letter off, told by how they begin and end.
        here = f"{name}." if len(country) == 2 else "."
        yield from (
            one
            for one in _one_off(whole)
            if one not in spellings
            and not (one.startswith(here) and len(one) == len(whole) and "." not in one[-2:])
        )


def _spellings(text: str) -> Iterator[str]:
    """With each digit, and each pair of letters, read as the letter that it looks like, or not."""
    ways: list[tuple[str, ...]] = []
    at = 0
    while at < len(text):
        found = [(piece, letter) for piece, letter in _DIGITS if text.startswith(piece, at)]
        piece = found[0][0] if found else text[at]
        ways.append((piece, *(letter for _, letter in found)))
        at += len(piece)
    made = product(*ways)
    yield from ("".join(parts) for parts, _ in zip(made, range(_MOST_SPELLINGS), strict=False))
    # With many of them not all ways fit: that each is a letter is the likeliest.
    yield "".join(parts[-1] for parts in ways)
    yield "".join(parts[min(1, len(parts) - 1)] for parts in ways)


def _one_off(domain: str) -> Iterator[str]:
    """One letter left out, changed, put in or swapped with the next."""
    for at in range(len(domain)):
        head, tail = domain[:at], domain[at + 1 :]
        yield head + tail
        if tail:
            yield head + tail[0] + domain[at] + tail[1:]
        if domain[at] != ".":
            yield from (head + letter + tail for letter in _LETTERS if letter != domain[at])
        yield from (head + letter + domain[at:] for letter in _LETTERS)
    yield from (domain + letter for letter in _LETTERS)


def host_in_ascii(host: str) -> str:
    """The host in its one form, or as it is where it is none. Total."""
    text = unicodedata.normalize("NFKC", host).strip().strip(".").lower()
    if text.isascii():
        return text
    # What is no host has no such form, and its domain is only lowered.
    return normalise(f"x@{text}").rpartition("@")[2]
