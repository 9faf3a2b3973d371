"""Threads: the same conversation is one thread in any order, and strangers cannot knit conversations together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.threading import (
    MAX_REFERENCES,
    SUBJECT_WINDOW,
    Candidate,
    ThreadDecision,
    ThreadQuestion,
    bounded_references,
    decide,
    is_forward_subject,
    is_reply_subject,
    message_ids,
    normalise_subject,
    references_for_reply,
)

ANNA, BOB, EVE = "anna@example.org", "bob@example.org", "eve@example.net"


def thread(
    name: str, created_at: int = 0, *, people: tuple[str, ...] = (ANNA,), subject: str = ""
) -> Candidate:
    return Candidate(name, created_at, created_at, subject, frozenset(people))


def question(
    author: str = ANNA, subject: str = "Re: Invoice", **found: tuple[Candidate, ...]
) -> ThreadQuestion:
    return ThreadQuestion(0, subject, author, frozenset({author} - {""}), **found)


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Invoice", "invoice"),
        ("Re: Invoice", "invoice"),
        ("RE: re:AW: SV : Invoice", "invoice"),
        ("Re[2]: Re(3): RE^4: Invoice", "invoice"),
        ("[list] Re: [list] Invoice (fwd) (fwd)", "invoice"),
        ("Re [list]: Invoice", "invoice"),
        ("Fwd: WG: Tr: Invoice", "invoice"),
        ("[Fwd: [Fwd: Invoice]]", "invoice"),
        ("Antw: Réf: RES: ENC: Odp: YNT: Invoice", "invoice"),
        ("回复：答复: Invoice", "invoice"),
        ("Отв: תגובה: رد: Invoice", "invoice"),
        ("Re:  two\t words ", "two words"),
        ("[only a tag]", "[only a tag]"),
        ("Regarding: x", "regarding: x"),
        ("Re: ", ""),
        ("", ""),
    ],
)
def test_the_base_subject_has_no_prefixes(subject: str, base: str) -> None:
    assert normalise_subject(subject) == base


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["re:", "[x]", "(fwd)", "[fwd:", "]", " ", "a"])).map("".join)
)
def test_the_base_subject_is_its_own_base(subject: str) -> None:
    base = normalise_subject(subject)

    assert normalise_subject(base) == base.casefold()


@pytest.mark.parametrize("subject", ["Re: x", " AW: x", "[list] Re: x", "re[3] : x", "回复：x"])
def test_a_reply_looks_like_one(subject: str) -> None:
    assert is_reply_subject(subject)
    assert not is_forward_subject(subject)


@pytest.mark.parametrize("subject", ["Fwd: x", "FW: x", "WG: x", "[list] Fwd: x"])
def test_a_forward_is_no_reply(subject: str) -> None:
    assert is_forward_subject(subject)
    assert not is_reply_subject(subject)


@pytest.mark.parametrize("subject", ["x", "Regarding: x", "Rerun: x", "[Re] x", ""])
def test_a_new_subject_is_neither(subject: str) -> None:
    assert not is_reply_subject(subject)
    assert not is_forward_subject(subject)


def test_a_reply_joins_its_nearest_ancestors_thread() -> None:
    asked = question(
        referenced=(thread("near", 5), thread("near", 5)), alike=(thread("alike", subject="invoice"),)
    )

    assert decide(asked) == ThreadDecision("references", "near")


def test_a_late_parent_joins_the_thread_that_waited_for_it() -> None:
    assert decide(question(subject="Invoice", waiting=(thread("t"),))) == ThreadDecision("waiting", "t")


def test_the_link_between_two_threads_merges_them_into_the_oldest() -> None:
    asked = question(referenced=(thread("young", 9),), waiting=(thread("old", 1), thread("mid", 5)))

    assert decide(asked) == ThreadDecision("references", "old", ("young", "mid"))


def test_a_stranger_joins_marked_and_merges_nothing() -> None:
    asked = question(author=EVE, referenced=(thread("one", 9), thread("two", 1)))

    assert decide(asked) == ThreadDecision("references", "one", (), new_author=True)


def test_only_threads_that_know_the_author_are_merged() -> None:
    other = thread("other", 1, people=(BOB,))

    assert decide(question(referenced=(thread("own", 9), other))) == ThreadDecision("references", "own")


def test_the_mailboxs_own_mail_links_any_threads() -> None:
    asked = question(author="", referenced=(thread("a", 9), thread("b", 1, people=(BOB,))))

    assert decide(asked) == ThreadDecision("references", "b", ("a",))


def test_without_references_a_reply_joins_by_subject_the_newest_thread() -> None:
    alike = (thread("old", 1, subject="invoice"), thread("new", 2, subject="invoice"))

    assert decide(question(alike=alike)) == ThreadDecision("subject", "new")


@pytest.mark.parametrize(
    "asked",
    [
        question(subject="Invoice"),
        question(subject="Fwd: Invoice"),
        question(subject="Re:"),
        question(subject="Re: Other"),
        question(author=EVE),
        question(author=""),
        replace(question(), participants=frozenset({ANNA, EVE})),
        replace(question(), at=SUBJECT_WINDOW + 1),
    ],
)
def test_a_subject_alone_joins_no_other_conversation(asked: ThreadQuestion) -> None:
    alike = (thread("t", subject="invoice"), thread("empty", subject=""))

    assert decide(replace(asked, alike=alike)) == ThreadDecision("new")


@dataclass
class Shelf:
    """As much of a store as threading needs: threads, the messages in them, and the ids they wait for."""

    threads: dict[str, Candidate] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    waits: dict[str, set[str]] = field(default_factory=dict)

    def take(self, at: int, header_id: str, references: tuple[str, ...]) -> None:
        people = frozenset({ANNA, BOB})
        found = tuple(self.threads[self.home[ref]] for ref in reversed(references) if ref in self.home)
        waiting = tuple(self.threads[name] for name in self.threads if header_id in self.waits[name])
        decision = decide(ThreadQuestion(at, "Re: x", ANNA, people, found, waiting))
        name = decision.thread_id or f"t{at}"
        self.threads.setdefault(name, Candidate(name, at, at, "x", people))
        self.waits.setdefault(name, set()).update(references)
        self.home[header_id] = name
        for gone in decision.merged:
            del self.threads[gone]
            self.waits[name] |= self.waits.pop(gone)
            self.home.update({known: name for known, home in self.home.items() if home == gone})


CONVERSATION = {"a": (), "b": ("a",), "c": ("b",), "d": ("a", "b"), "e": ("a", "b", "c")}


def test_every_order_of_arrival_gives_one_thread() -> None:
    for order in permutations(CONVERSATION):
        shelf = Shelf()
        for at, header_id in enumerate(order):
            shelf.take(at, header_id, CONVERSATION[header_id])

        assert len(shelf.threads) == 1, order


def test_message_ids_are_found_among_other_text() -> None:
    assert message_ids('Your mail <a@x>\r\n of "Monday" <b@x><a@x> <not an id> <>') == ("<a@x>", "<b@x>")
    assert message_ids(f"<{'x' * 2000}@x>") == ()


def test_references_are_bounded_and_keep_the_root() -> None:
    kept = bounded_references(f"<{number}@x>" for number in range(500))

    assert len(kept) == MAX_REFERENCES
    assert (kept[0], kept[1], kept[-1]) == ("<0@x>", "<451@x>", "<499@x>")


@pytest.mark.parametrize(
    ("parent", "references", "answered", "expected"),
    [
        ("<c>", ("<a>", "<b>"), ("<b>",), ("<a>", "<b>", "<c>")),
        ("<c>", (), ("<b>",), ("<b>", "<c>")),
        ("<c>", (), ("<a>", "<b>"), ("<c>",)),
        ("<c>", ("<c>", "<a>"), (), ("<a>", "<c>")),
        ("", ("<a>",), (), ("<a>",)),
    ],
)
def test_an_answer_names_its_ancestors(
    parent: str, references: tuple[str, ...], answered: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert references_for_reply(parent, references, answered) == expected
