"""Reviewing at the terminal: what waits, one by one and whole, and the person's decision on exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import click

from multimail.contract.reviews import PendingItem, PendingList
from multimail.core.diff import Content, unified
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.surfaces.cli.render import data_of, heads, held, one_line, quoted
from multimail.surfaces.cli.session import Session

Verb = Literal["approve", "edit", "reject", "changes", "skip", "quit"]

_KEYS: Final[dict[str, Verb]] = {
    "a": "approve", "e": "edit", "r": "reject", "c": "changes", "s": "skip", "q": "quit",
}  # fmt: skip
_QUESTION: Final = "[a]pprove  [e]dit and approve  [r]eject  ask for [c]hanges  [s]kip  [q]uit"
_WHOLE: Final = 1_048_576
_RULE: Final = "─" * 72
_AFTER_CONFIRMATION: Final = {"late": "late_ok", "placeholders_unresolved": "confirm_placeholders"}
"""Refusals that a person may insist on, and the field that says so."""


def review(session: Session) -> int:
    """Show and ask until nothing waits or the person has enough; the number of decisions made."""
    decided = 0
    seen: set[str] = set()
    while (item := _next(session, seen)) is not None:
        seen.add(item.message_id)
        verb = _show_and_ask(item)
        if verb == "quit":
            break
        if verb != "skip" and _decide(session, item, verb):
            decided += 1
    else:
        click.echo("Nothing else waits." if seen else "Nothing waits.")
    return decided


def _next(session: Session, seen: set[str]) -> PendingItem | None:
    """The oldest that was not looked at yet, served at this moment."""
    cursor: str | None = None
    while True:
        arguments = {"limit": 20, "max_bytes": 1024} | ({"cursor": cursor} if cursor else {})
        page = session.call("list_pending", arguments)
        assert isinstance(page, PendingList)
        for one in page.pending:
            if one.message_id not in seen and one.status in {*HELD, "pending_inbound_approval"}:
                return _whole(session, one.message_id)
        cursor = page.cursor
        if cursor is None:
            return None


def _whole(session: Session, message_id: str) -> PendingItem | None:
    page = session.call("list_pending", {"message_id": message_id, "max_bytes": _WHOLE})
    assert isinstance(page, PendingList)
    return page.pending[0] if page.pending else None


def _show_and_ask(item: PendingItem) -> Verb:
    click.echo("\n".join(shown(item)))
    while True:
        verb = _KEYS.get(click.prompt(_QUESTION, prompt_suffix=" > ").strip().lower()[:1])
        if verb is not None:
            return verb


def shown(item: PendingItem) -> Iterator[str]:
    """The conversation before it, the mail it answers, then the mail itself: all a decision is about."""
    data = data_of(item)
    yield _RULE
    for one in [*data.get("thread", ()), *([data["original"]] if "original" in data else [])]:
        yield from heads(one)
        yield from quoted(one["body"])
        yield ""
    yield _RULE
    what = "This mail came in and waits" if item.direction == "inbound" else "This mail waits to leave"
    yield f"{what}, from {one_line(item.mailbox)}:"
    yield from held(data)
    yield _RULE


def _decide(session: Session, item: PendingItem, verb: Verb) -> bool:
    """Whether a decision was made: a person may still step back."""
    arguments = _arguments(item, verb)
    if arguments is None:
        click.echo("Nothing was decided.")
        return False
    try:
        view = _insisting(session, arguments)
    except Problem as problem:
        click.echo(f"{problem.code}: {one_line(problem.message)} {one_line(problem.advice)}".rstrip())
        return False
    if view is not None:
        click.echo(f"{item.message_id}: {view}")
    return view is not None


def _insisting(session: Session, arguments: dict[str, Any]) -> str | None:
    """Carry the decision out; where it is refused for a reason a person may overrule, ask."""
    while True:
        try:
            return str(getattr(session.call("decide_email", arguments), "status", ""))
        except Problem as problem:
            field = _AFTER_CONFIRMATION.get(problem.code)
            if field is None or field in arguments:
                raise
            if not click.confirm(f"{one_line(problem.message)} Approve nevertheless?"):
                return None
            arguments = {**arguments, field: True}


def _arguments(item: PendingItem, verb: Verb) -> dict[str, Any] | None:
    about = {"message_id": item.message_id, "digest": item.digest}
    if verb == "reject":
        return {**about, "decision": "reject", "note": click.prompt("Why", default="", show_default=False)}
    if verb == "changes":
        return {**about, "decision": "request_changes", "note": click.prompt("What should change")}
    if item.body_cut:
        click.echo("The mail is too long to be shown whole here, so it cannot be approved here.")
        return None
    return _edited(item, about) if verb == "edit" else {**about, "decision": "approve"}


def _edited(item: PendingItem, about: dict[str, Any]) -> dict[str, Any] | None:
    """The person's own text, with the difference shown before it counts."""
    new = click.edit(f"Subject: {item.subject}\n\n{item.body}", extension=".md")
    if new is None:
        return None
    head, _, body = new.partition("\n")
    subject = head.removeprefix("Subject:").strip()
    old, revised = Content(item.subject, item.body), Content(subject, body.lstrip("\n").rstrip("\n"))
    difference = unified(old, revised, "draft", "yours")
    if not difference:
        return {**about, "decision": "approve"}
    click.echo("\n".join(quoted(difference)))
    if not click.confirm("Approve this"):
        return None
    changes = {"revised_subject": subject, "revised_body": revised.body}
    before = {"revised_subject": item.subject, "revised_body": item.body}
    return {
        **about,
        "decision": "approve",
        **{name: text for name, text in changes.items() if text != before[name]},
    }
