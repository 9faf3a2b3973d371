"""Findings about links: where they really lead, and whether what is read on them says so."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from multimail.core import caution_domains
from multimail.core.caution import Caution, caution
from multimail.core.caution_domains import host_in_ascii, is_disguised, readable, same_owner

LONGEST: Final = 4_096
COMPARED: Final = 500
"""So many hosts of a mail are compared with known ones; a mail with more says so, and weighs more for it."""
_SHOWN: Final = 200
# What browsers leave out of an address before they read it.
_DROPPED: Final = dict.fromkeys([*range(0x21), 0x7F])
# One letter each that would become up to eighteen, and stand in no address or key.
_WORDS: Final = re.compile("[\ufdf0-\ufdfd\u3300-\u33ff]")
_FULL_STOPS: Final = str.maketrans("\u3002\uff0e\uff61", "...")
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]{0,40}):", re.IGNORECASE)
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_SHOWN_URL: Final = re.compile(
    r"(?:https?|ftp):/{1,3}[^\s<>\"'`|]{1,2000}|\bwww\.[^\s<>\"'`|/]{1,253}", re.IGNORECASE
)
_BARE: Final = re.compile(r"\bhttps?:[/\\]{1,3}[^\s<>\"'`|()\[\]]{1,2000}", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"\[([^\[\]\n]{1,500})\]\([ \t]{0,3}<?([^\s<>()]{1,2000})")
_TRAILING: Final = ".,;:!?)]}*_~"
_SHOWN_ADDRESS: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")
_SHOWN_NAME: Final = re.compile(r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}(?![\w@-])")
# What follows the last dot of names that are read as addresses of the web; others may be files, versions or code.
_SUFFIXES: Final = frozenset(
    """academy agency ai app art asia at au bank be bio biz blog br ca cc ch cloud club cn co com company cz de dev dk
    edu email es eu fi finance fm fr fun gg global gov gr group health help hk hu ie il in info ink int io it jp kr
    land law legal life link live ltd lu me media mil mobi money mx name net network news nl no nz one online org page
    pay pl plus press pro pt ro ru sale se services sg shop si site sk solutions space store studio support team tech
    to today tools top tr tv tw ua uk us ventures vip wiki work works world ws xxx xyz za zone рф""".split()
)
_WEB: Final = frozenset({"http", "https"})
_PLAIN: Final = frozenset({"http", "https", "mailto", "tel", "cid", "sms", ""})
_SHORTENERS: Final = frozenset(
    """bit.ly buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at t.co t.ly tiny.cc
    tinyurl.com v.gd""".split()
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is read, and where it leads. A bare address is read as itself."""

    text: str
    target: str

    @property
    def shown(self) -> str:
        """For a person: what is read, and the true target."""
        text = " ".join(self.text.split())[:_SHOWN]
        return f"{text} → {self.target[:_SHOWN]}" if text != self.target else text[:_SHOWN]


@lru_cache(maxsize=2048)
def scheme_of(target: str) -> str:
    """The scheme in lower case, "" where there is none; as a browser reads it. Total."""
    found = _SCHEME.match(target[:LONGEST].translate(_DROPPED))
    return found[1].lower() if found else ""


@lru_cache(maxsize=2048)
def host_of(target: str) -> str:
    """The host that a browser would go to, or the domain that mail would go to; "" for none. Total.

    As the URL standard has it, `\\` is `/`, what stands before the last `@` is a user, escapes are undone.
    """
    text = target[:LONGEST].translate(_DROPPED)
    scheme = scheme_of(target)
    rest = text[len(scheme) + 1 :] if scheme else text
    if scheme == "mailto":
        return host_in_ascii(unquote(rest.partition("?")[0]).rpartition("@")[2])
    if scheme not in _WEB and not (scheme == "" and rest[:2] in {"//", "\\\\"}):
        return ""
    authority = re.split(r"[/?#]", rest.replace("\\", "/").lstrip("/"), maxsplit=1)[0]
    host = unquote(authority.rpartition("@")[2])
    if host.startswith("["):
        return host.partition("]")[0] + "]" if "]" in host else ""
    return host_in_ascii(host.partition(":")[0])


def clean(text: str) -> str:
    """Text as it is read: without what is not seen, and in plain forms of letters that have several."""
    plain = _UNSEEN.sub("", text)
    return plain if plain.isascii() else unicodedata.normalize("NFKC", _WORDS.sub("\ufffd", plain))


def shown_hosts(text: str) -> Iterator[str]:
    """The hosts that a text names, as far as readers take them for such."""
    read = clean(text[:LONGEST]).translate(_FULL_STOPS)
    urls = [found[0] for found in _SHOWN_URL.finditer(read)]
    yield from (host_of(one if "://" in one else f"http://{one}") for one in urls)
    rest = _SHOWN_URL.sub(" ", read)
    yield from (host_in_ascii(found[0].rpartition("@")[2]) for found in _SHOWN_ADDRESS.finditer(rest))
    for found in _SHOWN_NAME.finditer(_SHOWN_ADDRESS.sub(" ", rest)):
        host = host_in_ascii(found[0].strip("."))
        if readable(host).rpartition(".")[2] in _SUFFIXES:
            yield host


def written(source: str) -> Iterator[Link]:
    """Links as they are written in a draft, whether or not they become any: what is code to one program, or too long
    to be laid out, is read all the same."""
    yield from (Link(found[1], found[2]) for found in _WRITTEN.finditer(source))


def bare(text: str) -> Iterator[str]:
    """The addresses of the web that stand in a text."""
    yield from (found[0].rstrip(_TRAILING) for found in _BARE.finditer(text))


def is_mismatch(link: Link) -> bool:
    """Whether the text of a link names a host, or an address, that the link does not lead to."""
    target = host_of(link.target)
    if not target and scheme_of(link.target) in _PLAIN:
        return False
    if scheme_of(link.target) == "mailto" and (shown := _SHOWN_ADDRESS.search(clean(link.text[:LONGEST]))):
        aim = unquote(link.target.translate(_DROPPED)[len("mailto:") :].partition("?")[0])
        return shown[0].lower() != aim.lower()
    return any(host and not same_owner(host, target) for host in shown_hosts(link.text))


def oddity(target: str) -> str:
    """What is unusual about where a link leads; "" for most."""
    scheme, host = scheme_of(target), host_of(target)
    if scheme not in _PLAIN:
        return f"It is no address of the web but {scheme}."
    if scheme not in _WEB:
        return ""
    if _is_number(host):
        return "It leads to a number instead of a name."
    authority = re.split(
        r"[/?#]", target.translate(_DROPPED).replace("\\", "/").partition(":")[2].lstrip("/"), maxsplit=1
    )[0]
    if "@" in authority:
        return "What stands before an @ in it is not where it leads."
    if host in _SHORTENERS:
        return "A short link does not say where it leads."
    return "It names no host." if not host else ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.replace(".", "").isdigit() or re.fullmatch(r"0x[0-9a-f]{1,16}", host) is not None
    return True


def links(found: Sequence[Link], known: Iterable[str]) -> Iterator[Caution]:
    """Findings about all links of a mail. `known` are domains that a reader trusts by name."""
    wrong: dict[tuple[str, str], str] = {}
    for one in found:
        if is_mismatch(one):
            wrong.setdefault((clean(one.text).strip(), host_of(one.target)), one.shown)
    if wrong:
        yield caution("link_mismatch", 60, "What is read is not where it leads.", wrong.values())
    reference = frozenset(map(caution_domains.registrable, known)) | caution_domains.WELL_KNOWN
    hosts = [host for host in dict.fromkeys(host_of(one.target) for one in found) if host]
    alike = {host: like for host in hosts[:COMPARED] if (like := _lookalike(host, reference))}
    if alike:
        names = ", ".join(dict.fromkeys(alike.values()))
        places = (f"{readable(host)} ({host})" if readable(host) != host else host for host in alike)
        yield caution("lookalike_link", 50, f"Looks like {names}, and is not.", places)
    odd = {one.target: why for one in found if (why := oddity(one.target))}
    if odd:
        text = " ".join(dict.fromkeys(odd.values()))
        yield caution("odd_link", 20, text, (target[:_SHOWN] for target in odd))
    if len(hosts) > COMPARED:
        yield caution(
            "odd_link", 50, f"It leads to {len(hosts)} places, more than are compared with known ones."
        )


def _lookalike(host: str, known: frozenset[str]) -> str:
    if like := caution_domains.resembles(host, known):
        return like
    return caution_domains.skeleton(host) if is_disguised(host) else ""
