"""Examining mail that waits: gathering what the findings of `core.caution` rest on, and keeping what they come to.

Everything is asked of one mailbox alone, and only what left it or what a person approved makes anybody known there:
what an author says, tags or files about the recipients of its own mail is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from multimail.core import caution, caution_content, caution_links, caution_people, caution_secrets
from multimail.core.addresses import domain_of
from multimail.core.caution import Caution
from multimail.core.caution_content import Content
from multimail.core.caution_links import Link
from multimail.core.caution_people import Person
from multimail.core.likeness import sketch
from multimail.core.times import Micros
from multimail.mime import anchors, hidden
from multimail.mime.markdown import to_html
from multimail.mime.parse import parse
from multimail.ports.desk import Examined
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import cautions_people
from multimail.services.convert import shown

_SKETCHED: Final = 100_000
"""So many characters of a text are sketched; likeness beyond is for the eye."""
_RULES: Final = {"claimed_transactional": 30, "mode_capped": 5}
"""Rules of the policy whose hit is a finding, too."""
_HIDDEN_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a mail as it is now, heaviest first."""

    found: tuple[Caution, ...]
    people: Mapping[str, Person]
    sketch: bytes

    @property
    def risk(self) -> int:
        """0 to 100."""
        return caution.risk(self.found)

    def kept(self, message: StoredMessage) -> Examined:
        """For the queue: codes and figures, no text."""
        codes = tuple(dict.fromkeys(one.code for one in self.found))
        return Examined(message.id, message.revision, self.risk, codes, self.sketch)


@dataclass(frozen=True, slots=True)
class _Said:
    """A mail's text and what is on its page."""

    body: str
    envelope: Mapping[str, Any]
    page: anchors.Page
    source: str = ""
    hidden_texts: tuple[str, ...] = ()


def examine(tx: Tx, message: StoredMessage) -> Examination:
    """Look at a mail as it is now, under what is known now."""
    said = _said(tx, message)
    everybody = cautions_people.gather(tx, message) if message.direction == "outbound" else {}
    known = cautions_people.known_names(tx, message, everybody)
    answers = message.answers is not None or bool(message.in_reply_to or message.header_refs)
    outbound = message.direction == "outbound"
    content = Content(
        message.subject,
        said.body,
        tx.messages.attachments(message.id) if message.has_attachments else (),
        {} if outbound else {kind: n for kind, n in message.hidden_text.items() if kind not in _COUNTED_HERE},
        said.hidden_texts,
        said.page.images,
        answers or message.operation == "forward_email",
    )
    read = caution_links.clean(f"{message.subject}\n{said.body}")
    found = (
        *caution_people.people(tuple(everybody.values())),
        *caution_people.reply_to(message.sender, _reply_to(message, said.envelope)),
        *caution_content.content(content),
        *caution_links.links(_links(said, read), known),
        *(caution_secrets.secrets(read) if outbound else ()),
        *_of_arrival(tx, message, said),
        *_of_rules(message),
    )
    return Examination(
        caution.ordered(found), everybody, sketch(f"{message.subject}\n{said.body[:_SKETCHED]}")
    )


_COUNTED_HERE: Final = frozenset(hidden.CHARACTERS)
"""Hidden characters are counted in the text itself."""


def keep(tx: Tx, message: StoredMessage, now: Micros) -> Examination:
    """Examine a mail, and keep what the queue shows of it."""
    made = examine(tx, message)
    tx.desk.keep(made.kept(message), now)
    return made


def _said(tx: Tx, message: StoredMessage) -> _Said:
    """The text, and the page that its readers see: of a draft, the one its text will become."""
    revision = tx.revisions.get(message.id, message.revision)
    body, envelope = (revision.body, revision.envelope) if revision else ("", {})
    if message.direction == "outbound":
        # Whatever its text is called, a link has this in its source.
        page = anchors.read(to_html(body)) if "](" in body else anchors.Page()
        return _Said(body, envelope, page, source=body)
    raw = tx.revisions.raw(message.id, message.revision)
    html = parse(raw).html if raw else ""
    texts = tuple(one.text for one in hidden.hidden_text(html)[:_HIDDEN_SHOWN]) if html else ()
    return _Said(body, envelope, anchors.read(html), hidden_texts=texts)


def _links(said: _Said, read: str) -> tuple[Link, ...]:
    """Those of the page, and the addresses that stand in the text, which readers' programs make links of."""
    named = (Link(text, target) for text, target in said.page.links)
    return (
        *named,
        *caution_links.written(said.source),
        *(Link(one, one) for one in caution_links.bare(read)),
    )


def _reply_to(message: StoredMessage, envelope: Mapping[str, Any]) -> str:
    return str(envelope.get("reply_to", "")) if message.direction == "outbound" else message.reply_to


def _of_arrival(tx: Tx, message: StoredMessage, said: _Said) -> Iterator[Caution]:
    """Findings that only mail from outside can have."""
    if said.page.opaque:
        yield caution.caution("damaged", 30, "Its page is too large or tangled to be examined.")
    if message.direction == "outbound":
        return
    if "bidi_override" in message.problems:
        yield caution.caution("damaged", 30, "A name in it is turned around.")
    if message.new_sender:
        yield caution.caution("new_sender", 20, "Was not part of this conversation.", (message.sender,))
    domain = domain_of(message.sender)
    if like := cautions_people.resembled(tx, message.mailbox_id, [domain]).get(domain):
        yield caution.caution(
            "lookalike_domain", 60, f"The domain resembles {like}, and is another.", (domain,)
        )


def _of_rules(message: StoredMessage) -> Iterator[Caution]:
    for rule, reason in message.verdict.get("hits", ()):
        if rule in _RULES:
            yield caution.caution(rule, _RULES[rule], shown(reason))
