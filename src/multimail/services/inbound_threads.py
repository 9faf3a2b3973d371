"""Which conversation an arriving mail belongs to: gathers what `core.threading` decides on, and carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from multimail.core.model import Mailbox
from multimail.core.threading import SUBJECT_WINDOW, Candidate, ThreadDecision, ThreadQuestion, decide
from multimail.core.times import Micros
from multimail.ports.intake import Named, Thread
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services.inbound_mail import Arrival
from multimail.services.inbound_mailboxes import is_own

_NOBODY: Final = frozenset({""})


@dataclass(frozen=True, slots=True)
class Known:
    """What the mailbox knows of the ids in a mail: of its own one, and of its ancestors, nearest first.

    `earlier` is a message that came, or was sent, under the same Message-ID.
    """

    own: Named | None = None
    ancestors: tuple[Named, ...] = ()

    @property
    def earlier(self) -> str | None:
        """The message that has the mail's own Message-ID already."""
        return self.own.message_id if self.own else None

    @property
    def parent(self) -> str | None:
        """The stored message it answers, if its nearest ancestor is stored."""
        return self.ancestors[0].message_id if self.ancestors else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail goes: its thread, whether that begins with it, and whether its author is a stranger there."""

    decision: ThreadDecision
    thread_id: str | None
    people: frozenset[str]
    here: frozenset[str] = frozenset()
    reused_id: bool = False

    @property
    def new_sender(self) -> bool:
        """Whether the author is nobody the thread knew."""
        return self.decision.new_author


def known(tx: Tx, box: Mailbox, arrival: Arrival) -> Known:
    """Look up the mail's own id and those it names, in one statement."""
    about = tuple(dict.fromkeys(filter(None, (arrival.header_id, *_returned(arrival), *arrival.ancestors))))
    if not about:
        return Known()
    found = {one.header_id: one for one in tx.threads.named(box.id, about)}
    own = found.pop(arrival.header_id, None)
    return Known(own, tuple(found[one] for one in about if one in found))


def place(tx: Tx, box: Mailbox, arrival: Arrival, ids: Known, author: str, now: Micros) -> Place:
    """Decide, changing nothing. `author` is empty for the mailbox's own mail."""
    people = frozenset(one for one in arrival.people if not is_own(box, one))
    named = [*ids.ancestors, *((ids.own,) if ids.own else ())]
    threads = _candidates(tx, box, (one.thread_id for one in named)) if named else {}
    own = threads.get(ids.own.thread_id) if ids.own else None
    reused = ids.earlier is not None and not _same_conversation(own, arrival, author)
    question = ThreadQuestion(
        at=now,
        subject=arrival.subject,
        author=author,
        participants=people,
        referenced=tuple(threads[one.thread_id] for one in ids.ancestors if one.thread_id in threads),
        waiting=(own,) if own and not reused else (),
    )
    if not (question.referenced or question.waiting) and arrival.base_subject and author:
        question = replace(question, alike=_alike(tx, box, arrival, author, now))
    decision = decide(question)
    joined = {**threads, **{one.thread_id: one for one in question.alike}}.get(decision.thread_id or "")
    return Place(decision, decision.thread_id, people, joined.participants if joined else frozenset(), reused)


def carry_out(tx: Tx, box: Mailbox, arrival: Arrival, where: Place, new: Thread) -> str:
    """Begin, merge or touch the thread; returns its id. `new` is the thread to begin if one has to."""
    if where.thread_id is None:
        tx.threads.insert(new)
        thread_id = new.id
    else:
        thread_id = where.thread_id
        if where.decision.merged:
            tx.threads.merge(thread_id, where.decision.merged)
            data = {"merged": list(where.decision.merged)}
            tx.events.add(Event("thread.merged", new.created_at, box.id, thread_id=thread_id, data=data))
    tx.threads.touch(thread_id, new.created_at, sorted(where.people - where.here))
    return thread_id


def _candidates(tx: Tx, box: Mailbox, ids: Iterable[str]) -> dict[str, Candidate]:
    found = tx.threads.candidates(tuple(dict.fromkeys(ids)))
    return {one.thread_id: _others(box, one) for one in found}


def _alike(tx: Tx, box: Mailbox, arrival: Arrival, author: str, now: Micros) -> tuple[Candidate, ...]:
    if arrival.subject.strip().casefold() == arrival.base_subject:
        return ()  # without a reply prefix the subject joins nothing: no need to look
    found = tx.threads.alike(box.id, arrival.base_subject, author, now - SUBJECT_WINDOW)
    return tuple(_others(box, one) for one in found)


def _others(box: Mailbox, thread: Candidate) -> Candidate:
    if not any(is_own(box, one) for one in thread.participants):
        return thread
    return replace(thread, participants=frozenset(p for p in thread.participants if not is_own(box, p)))


def _same_conversation(thread: Candidate | None, arrival: Arrival, author: str) -> bool:
    """Whether a second mail under one Message-ID is another copy, such as that of a list, and no broken sender."""
    if thread is None or thread.base_subject != arrival.base_subject:
        return False
    return not author or author in thread.participants


def _returned(arrival: Arrival) -> tuple[str, ...]:
    """A bounce belongs to what it returns, even where it names it in no header."""
    bounce = arrival.bounce
    return (bounce.original_message_id,) if bounce and bounce.original_message_id else ()
