"""Which conversation an arriving mail belongs to: gathers what `core.threading` decides on.

Mails are filed many at a time and written together, so whoever asks here has a `Desk`: what the store knows, and
what the mails before this one will have written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from multimail.core.model import Mailbox
from multimail.core.threading import SUBJECT_WINDOW, Candidate, ThreadDecision, ThreadQuestion, decide
from multimail.core.times import Micros
from multimail.ports.intake import Filed, Named
from multimail.ports.store import Tx
from multimail.services.inbound_mail import Arrival
from multimail.services.inbound_mailboxes import is_own


@dataclass(frozen=True, slots=True)
class Known:
    """What the mailbox knows of the ids in a mail: of its own one, and of its ancestors, nearest first."""

    own: Named | None = None
    ancestors: tuple[Named, ...] = ()

    @property
    def earlier(self) -> str | None:
        """The message that came, or was sent, under the mail's own Message-ID."""
        return self.own.message_id if self.own else None

    @property
    def parent(self) -> str | None:
        """The stored message it answers, if its nearest ancestor is stored."""
        return self.ancestors[0].message_id if self.ancestors else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail goes, changing nothing yet.

    `people` are all in it but the mailbox, `thread` is the one it joins. `reused_id` says that another mail has
    its Message-ID.
    """

    decision: ThreadDecision
    people: frozenset[str]
    thread: Candidate | None = None
    reused_id: bool = False

    @property
    def joining(self) -> tuple[str, ...]:
        """Whom the thread does not know yet."""
        return tuple(sorted(self.people - self.thread.participants if self.thread else self.people))

    def with_mail(self, filed: Filed) -> Candidate:
        """The thread as it is with the mail in it."""
        at, old = filed.message.created_at, self.thread
        if old is None:
            base = filed.thread.base_subject if filed.thread else ""
            return Candidate(filed.message.thread_id, at, at, base, self.people)
        people = old.participants | self.people
        return Candidate(old.thread_id, old.created_at, max(old.last_at, at), old.base_subject, people)


@dataclass(slots=True)
class Desk:
    """What is known of header ids and threads within one transaction, looked up once."""

    tx: Tx
    _named: dict[tuple[str, str], Named | None] = field(default_factory=dict)
    _threads: dict[str, Candidate] = field(default_factory=dict)

    def look_up(self, box: Mailbox, header_ids: Sequence[str]) -> None:
        """Learn many header ids and their threads with two statements."""
        unknown = [one for one in dict.fromkeys(header_ids) if (box.id, one) not in self._named]
        if unknown:
            self._named.update(dict.fromkeys([(box.id, one) for one in unknown]))
            found = self.tx.threads.named(box.id, unknown)
            self._named.update({(box.id, one.header_id): one for one in found})
            self._learn(one.thread_id for one in found)

    def named(self, box: Mailbox, header_id: str) -> Named | None:
        """Of a header id that was looked up."""
        return self._named[box.id, header_id]

    def thread(self, box: Mailbox, thread_id: str) -> Candidate:
        """A thread of a named id; the mailbox itself is nobody in it."""
        found = self._threads[thread_id]
        if any(is_own(box, one) for one in found.participants):
            found = replace(
                found, participants=frozenset(p for p in found.participants if not is_own(box, p))
            )
            self._threads[thread_id] = found
        return found

    def write(self, thread: Candidate, mailbox_id: str, named: Iterable[Named]) -> None:
        """What a mail brings that is filed but not written: the first thread of a header id stays."""
        self._threads[thread.thread_id] = thread
        for one in named:
            before = self._named.get((mailbox_id, one.header_id))
            if before is None:
                self._named[mailbox_id, one.header_id] = one
            elif before.message_id is None:
                self._named[mailbox_id, one.header_id] = before._replace(message_id=one.message_id)

    def forget(self) -> None:
        """All of it, because threads were merged."""
        self._named.clear()
        self._threads.clear()

    def _learn(self, thread_ids: Iterable[str]) -> None:
        unknown = tuple(one for one in dict.fromkeys(thread_ids) if one not in self._threads)
        if unknown:
            self._threads.update({one.thread_id: one for one in self.tx.threads.candidates(unknown)})


def ids_of(arrival: Arrival) -> tuple[str, ...]:
    """The header ids a mail brings: its own and those it names."""
    return tuple(filter(None, (arrival.header_id, *arrival.ancestors)))


def known(desk: Desk, box: Mailbox, arrival: Arrival) -> Known:
    """What the mailbox knows of them."""
    desk.look_up(box, ids_of(arrival))
    own = desk.named(box, arrival.header_id) if arrival.header_id else None
    ancestors = (desk.named(box, one) for one in arrival.ancestors if one != arrival.header_id)
    return Known(own, tuple(one for one in ancestors if one is not None))


def asks_for_subject(arrival: Arrival, ids: Known) -> bool:
    """Whether only its subject can tell: it names nothing that is known, and says that it answers something."""
    if ids.ancestors or ids.own or not arrival.base_subject:
        return False
    return arrival.subject.strip().casefold() != arrival.base_subject


def place(desk: Desk, box: Mailbox, arrival: Arrival, ids: Known, author: str, now: Micros) -> Place:
    """Decide. `author` is empty for the mailbox's own mail."""
    people = frozenset(one for one in arrival.people if not is_own(box, one))
    if not (ids.own or ids.ancestors) and not asks_for_subject(arrival, ids):
        return Place(ThreadDecision("new"), people)
    own = desk.thread(box, ids.own.thread_id) if ids.own else None
    reused = ids.earlier is not None and not _same_conversation(box, own, arrival)
    referenced = tuple(desk.thread(box, one.thread_id) for one in ids.ancestors)
    question = ThreadQuestion(
        at=now,
        subject=arrival.subject,
        author=author,
        participants=people,
        referenced=referenced,
        waiting=(own,) if own and not reused else (),
        alike=_alike(desk.tx, box, arrival, author, now) if asks_for_subject(arrival, ids) else (),
    )
    decision = decide(question)
    linked = (*referenced, *question.waiting, *question.alike)
    thread = next((one for one in linked if one.thread_id == decision.thread_id), None)
    return Place(decision, people, thread, reused)


def _alike(tx: Tx, box: Mailbox, arrival: Arrival, author: str, now: Micros) -> tuple[Candidate, ...]:
    found = tx.threads.alike(box.id, arrival.base_subject, author, now - SUBJECT_WINDOW)
    return tuple(
        replace(one, participants=frozenset(p for p in one.participants if not is_own(box, p)))
        for one in found
    )


def _same_conversation(box: Mailbox, thread: Candidate | None, arrival: Arrival) -> bool:
    """Whether a second mail under one Message-ID is another copy, such as that of a list, and no broken sender."""
    if thread is None or thread.base_subject != arrival.base_subject:
        return False
    return arrival.author in thread.participants or is_own(box, arrival.author)
