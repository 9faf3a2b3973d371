"""Tagging messages, threads and contacts: all changes of a call happen together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from multimail.contract.fields import iso
from multimail.contract.reading import TagEmail, TagResult
from multimail.core import tags as rules
from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.model import Principal, Scope
from multimail.core.times import to_datetime
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call

_TARGETS: Final = ("message_id", "thread_id", "contact_id", "email")
MOST: Final = 200
"""Tags on one target."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is tagged, and how an event names it."""

    kind: str
    id: str
    mailbox_id: str | None = None

    def event(self, call: Call, added: list[str], removed: list[str]) -> Event:
        """What changed. Names of tags are codes; values are left out."""
        ids = {f"{self.kind}_id": self.id}
        return Event(
            "tags.changed", call.now, self.mailbox_id, principal_id=call.principal.id,
            message_id=ids.get("message_id"), thread_id=ids.get("thread_id"), contact_id=ids.get("contact_id"),
            data={"added": added, "removed": removed},
        )  # fmt: skip


def only_reads(request: TagEmail) -> bool:
    """Whether a request changes nothing."""
    return request.action == "get"


def tag_email(tx: Tx, call: Call, request: TagEmail) -> TagResult:
    """Carry out one change of tags on one target."""
    given = rules.read_tags(request.tags), rules.read_tags(request.remove, field="remove")
    target = _target(tx, call, request)
    known = {tag.tag: tag.value for tag in tx.tags.of(target.kind, target.id)}
    _expected(request, known)
    there = set(known)
    adding, removing = _change(call.principal, request, given, there)
    if len(there | adding.keys()) > MOST:
        raise Problem("invalid", f"More than {MOST} tags on one {target.kind}.", field="tags")
    _claim(request, adding, there)
    removed = tx.tags.remove(target.kind, target.id, sorted(removing)) if removing else []
    added = tx.tags.add(target.kind, target.id, adding, call.principal.id, call.now) if adding else []
    if added or removed:
        tx.events.add(target.event(call, added, removed))
    return _result(tx, target, added, removed)


def _expected(request: TagEmail, known: Mapping[str, str]) -> None:
    """Compare before anything is set: of two who saw the same tags, one goes on."""
    expected = rules.read_tags(request.expect or (), field="expect")
    for name, value in expected.items():
        if name not in known or (value and known[name] != value):
            raise Problem(
                "conflict",
                f"The tag {rules.written(name, value)!a} is not there.",
                field="expect",
                advice="Somebody changed the tags: read them again.",
            )


def _target(tx: Tx, call: Call, request: TagEmail) -> Target:
    """The one target that is named. An address without a contact gets one, unless nothing is to be added."""
    named = [name for name in _TARGETS if getattr(request, name)]
    if len(named) != 1:
        raise Problem(
            "invalid",
            "Name exactly one of message_id, thread_id, contact_id and email."
            if not named
            else f"{' and '.join(named)} name several targets.",
            field=named[1] if named else "message_id",
            advice="One call tags one target.",
        )
    if request.message_id:
        message = access.message(tx, call.principal, request.message_id)
        access.belongs(tx, call.principal, message.mailbox_id, request.mailbox)
        return Target("message", message.id, message.mailbox_id)
    if request.thread_id:
        thread = access.thread(tx, call.principal, request.thread_id)
        access.belongs(tx, call.principal, thread.mailbox_id, request.mailbox)
        return Target("thread", thread.thread_id, thread.mailbox_id)
    if request.mailbox:
        access.mailbox(tx, call.principal, request.mailbox)
    return Target("contact", _contact(tx, call, request))


def _contact(tx: Tx, call: Call, request: TagEmail) -> str:
    if request.contact_id:
        found = tx.contacts.get(request.contact_id)
    else:
        given = parse_address(request.email or "", field="email")
        found = tx.contacts.by_address(given.address)
        hidden = found is not None and found.hidden and call.principal.is_agent
        if (found is None or hidden) and request.tags and request.action in ("add", "set"):
            found = tx.contacts.ensure(call.new_id("contact"), normalise(given.address), given.name, call.now)
            tx.events.add(
                Event("contact.created", call.now, contact_id=found.id, principal_id=call.principal.id)
            )
    if found is None or (found.hidden and call.principal.is_agent):
        raise Problem(
            "not_found",
            "There is no such contact that this key may see.",
            field="contact_id" if request.contact_id else "email",
            advice="search_contacts finds contacts.",
        )
    return found.id


def _change(
    principal: Principal, request: TagEmail, given: tuple[dict[str, str], dict[str, str]], there: set[str]
) -> tuple[dict[str, str], set[str]]:
    """What is to be added and what removed, as far as this principal may.

    Setting leaves reserved tags where they are: only an operator's call takes them away.
    """
    tags, removing = given[0], set(given[1])
    adding: Mapping[str, str] = {}
    if request.action in ("remove", "delete"):
        removing |= tags.keys()
    elif request.action != "get":
        adding = tags
    if both := removing & adding.keys():
        raise Problem("contradiction", f"{min(both)!a} is to be added and removed.", field="remove")
    operator = Scope.ADMIN in principal.scopes
    if request.action == "set":
        removing |= {tag for tag in there - tags.keys() if operator or not rules.is_reserved(tag)}
    if request.action == "get":
        removing = set()
    for name in sorted(removing & there):
        if rules.is_reserved(name) and not operator:
            raise _operators(f"Only an operator takes {name!a} away.", "remove")
    return permitted(principal, adding), removing


def permitted(principal: Principal, adding: Mapping[str, str]) -> dict[str, str]:
    """The tags, if this principal may give all of them."""
    for name in sorted(adding):
        if rules.is_trust(name) and Scope.ADMIN not in principal.scopes:
            raise _operators(f"Only an operator gives {name!a}.", "tags")
    return dict(adding)


def _operators(message: str, field: str) -> Problem:
    return Problem("forbidden", message, field=field, advice="Ask the operator; an agent cannot change this.")


def _claim(request: TagEmail, adding: dict[str, str], there: set[str]) -> None:
    taken = sorted(there & adding.keys())
    if request.only_if_absent and taken:
        raise Problem(
            "conflict",
            f"{taken[0]!a} is there already: somebody else was first.",
            field="tags",
            advice="Leave this one to whoever tagged it.",
        )


def _result(tx: Tx, target: Target, added: list[str], removed: list[str]) -> TagResult:
    found = tx.tags.of(target.kind, target.id)
    return TagResult(
        target=target.id,
        tags=[rules.written(tag.tag, tag.value) for tag in found],
        tag_times={tag.tag: iso(to_datetime(tag.at)) for tag in found},
        added=added,
        removed=removed,
    )
