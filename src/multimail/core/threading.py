"""Which thread a message belongs to, decided from facts that the store has gathered.

References decide first (RFC 5322 section 3.6.4, joined as in JWZ's algorithm), then messages that arrived
earlier and answer this one, and only then the subject (RFC 5256 section 2.1). The same messages give the same
threads in whatever order they arrive. Nothing here looks anything up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from multimail.core.times import DAY, Micros

MAX_REFERENCES: Final = 50
"""Message-IDs kept of one References header; a longer one keeps its first and its newest."""
SUBJECT_WINDOW: Final[Micros] = 30 * DAY
_MAX_SUBJECT: Final = 1_000

_MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,900})>")
# Reply and forward prefixes as mail programs write them in the languages of Europe, Turkish, Hebrew,
# Arabic, Chinese and Japanese. Single letters ("R:", "I:") are left out: they begin honest subjects as well.
_REPLY_WORDS = (
    "re|aw|antw|antwort|sv|vs|res|rif|ref|réf|rép|odp|ynt|yan|cev|atb|vá|отв|ответ|απ|σχετ"
    "|תגובה|رد|回复|回覆|答复|返信"
)
_FORWARD_WORDS = (
    "fwd?|wg|tr|trs|enc|rv|vl|vb|doorst|pd|ilt|i̇lt|továbbítás|пересл|πρθ|הועבר|إعادة توجيه|转发|轉寄|転送"
)
_COUNT = r"(?:\s*[\[(^]\s*\d{1,3}\s*[\])]?)?"
_BLOB = r"\[[^\[\]]{0,80}\]\s*"
_REPLY: Final = re.compile(rf"(?:{_BLOB}){{0,5}}(?:{_REPLY_WORDS}){_COUNT}\s*[:\uff1a]", re.IGNORECASE)
_FORWARD: Final = re.compile(rf"(?:{_BLOB}){{0,5}}(?:{_FORWARD_WORDS}){_COUNT}\s*[:\uff1a]", re.IGNORECASE)
_LEADER: Final = re.compile(
    rf"(?:{_REPLY_WORDS}|{_FORWARD_WORDS}){_COUNT}\s*(?:{_BLOB})?[:\uff1a]\s*", re.IGNORECASE
)
_BLOB_START: Final = re.compile(_BLOB)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thread that the store found. `participants` are normalised addresses without the mailbox's own."""

    thread_id: str
    created_at: Micros
    last_at: Micros
    base_subject: str = ""
    participants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ThreadQuestion:
    """One message and the threads that might be its own.

    `participants` are its author and recipients, normalised, without the mailbox's own addresses; `author` is
    empty for the mailbox's own mail. `referenced` holds the threads of the messages it names, nearest ancestor
    first; `waiting` those in which an earlier arrival named this message; `alike` those of equal base subject.
    """

    at: Micros
    subject: str
    author: str
    participants: frozenset[str]
    referenced: tuple[Candidate, ...] = ()
    waiting: tuple[Candidate, ...] = ()
    alike: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadDecision:
    """`thread_id` is None for a new thread; `merged` names threads that become part of it.

    `new_author` says that the author is nobody the thread knew: such a message is shown as a stranger's.
    """

    because: Literal["references", "waiting", "subject", "new"]
    thread_id: str | None = None
    merged: tuple[str, ...] = ()
    new_author: bool = False


def decide(question: ThreadQuestion) -> ThreadDecision:
    """Join, merge or begin a thread.

    Threads are only merged where the author took part in them already (or the mail is the mailbox's own), so
    that a stranger who knows two Message-IDs cannot knit two conversations together: such a message joins
    the thread of its nearest ancestor and no more. The oldest thread survives a merge.
    """
    linked = _unique((*question.referenced, *question.waiting))
    if linked:
        return _linked(question, linked)
    if same := _same_conversation(question):
        return ThreadDecision(
            "subject", max(same, key=lambda thread: (thread.last_at, thread.thread_id)).thread_id
        )
    return ThreadDecision("new")


def normalise_subject(subject: str) -> str:
    """The base subject of RFC 5256 section 2.1, case folded: without prefixes, list tags and trailers."""
    text = " ".join(subject[:_MAX_SUBJECT].split())
    while True:
        before = text
        if text[-5:].lower() == "(fwd)":
            text = text[:-5].rstrip()
        text = _without_leaders(text)
        if text.endswith("]") and text[:5].lower() == "[fwd:":
            text = text[5:-1].strip()
        if text == before:
            return text.casefold()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject says that it answers something: `Re:`, `AW:`, `[list] SV[2]:`."""
    return _has_colon(subject) and _REPLY.match(subject.lstrip()) is not None


def is_forward_subject(subject: str) -> bool:
    """Whether the subject says that it passes something on: `Fwd:`, `WG:`, `TR:`."""
    return _has_colon(subject) and _FORWARD.match(subject.lstrip()) is not None


def message_ids(header: str) -> tuple[str, ...]:
    """The Message-IDs in a Message-ID, In-Reply-To or References header, each as `<…>`, once, bounded.

    Text between them, as old mail programs write it, is passed over.
    """
    return bounded_references(f"<{found}>" for found in _MESSAGE_ID.findall(header))


def bounded_references(ids: Iterable[str]) -> tuple[str, ...]:
    """Each id once, in order; of too many the first (the root of the thread) and the newest stay."""
    unique = tuple(dict.fromkeys(ids))
    if len(unique) <= MAX_REFERENCES:
        return unique
    return (unique[0], *unique[-(MAX_REFERENCES - 1) :])


def references_for_reply(
    parent_id: str, parent_references: Iterable[str], parent_in_reply_to: Iterable[str]
) -> tuple[str, ...]:
    """The References of an answer: the parent's own, else its single In-Reply-To, then the parent."""
    chain = tuple(parent_references)
    if not chain:
        answered = tuple(parent_in_reply_to)
        chain = answered if len(answered) == 1 else ()
    ids = [known for known in chain if known != parent_id]
    return bounded_references([*ids, parent_id] if parent_id else ids)


def _linked(question: ThreadQuestion, linked: tuple[Candidate, ...]) -> ThreadDecision:
    because: Literal["references", "waiting"] = "references" if question.referenced else "waiting"
    nearest = linked[0]
    known = [thread for thread in linked if _knows_author(question, thread)]
    if nearest not in known:
        return ThreadDecision(because, nearest.thread_id, new_author=True)
    oldest = min(known, key=lambda thread: (thread.created_at, thread.thread_id))
    merged = tuple(thread.thread_id for thread in known if thread is not oldest)
    return ThreadDecision(because, oldest.thread_id, merged)


def _knows_author(question: ThreadQuestion, thread: Candidate) -> bool:
    return not question.author or question.author in thread.participants


def _same_conversation(question: ThreadQuestion) -> list[Candidate]:
    if not question.alike or not question.participants or not is_reply_subject(question.subject):
        return []
    base = normalise_subject(question.subject)
    return [
        thread
        for thread in question.alike
        if base
        and thread.base_subject == base
        and question.participants <= thread.participants
        and abs(question.at - thread.last_at) <= SUBJECT_WINDOW
    ]


def _unique(threads: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple({thread.thread_id: thread for thread in reversed(tuple(threads))}.values())[::-1]


def _has_colon(subject: str) -> bool:
    """Nothing leads a subject without one: the cheapest look there is."""
    return ":" in subject or "\uff1a" in subject


def _without_leaders(text: str) -> str:
    """Prefixes go always, a list tag in brackets only when something is left after it."""
    while True:
        if _has_colon(text) and (leader := _LEADER.match(text)):
            text = text[leader.end() :]
        elif (blob := _BLOB_START.match(text)) and blob.end() < len(text):
            text = text[blob.end() :]
        else:
            return text
