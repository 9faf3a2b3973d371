"""Searching mail: every term of the language, every field of a search, and what a hostile caller may write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.adapters.store import search_sql
from multimail.core.model import AttachmentMeta
from multimail.core.query import parse_query
from multimail.core.times import DAY
from multimail.ports.reading import MailSearch
from tests.support.mailroom import NOON, Letter, Mailroom

LETTERS = {
    "bill": Letter(
        "Ann@Example.org", subject="Late invoice", body="please pay the bill", tags=("plan=pro", "vip")
    ),
    "greeting": Letter("bob@shop.example", subject="Grüße", body="invoice attached 100%_off"),
    "picture": Letter("özil@x.example", files=(AttachmentMeta(1, "a.png", "image/png", 3, "0" * 64),)),
    "trash": Letter("bob@shop.example", status="deleted", body="old invoice"),
}
OURS = {
    "offer": Letter(
        to=("ann@example.org",), cc=("carl@x.example",), subject="Offer", body="refund of money back"
    ),
    "waiting": Letter(to=("bob@shop.example",), body="a held draft"),
}


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mailroom, dict[str, str]]:
    """A mailbox with each of the letters, and their ids by name."""
    room = Mailroom(tmp_path_factory.mktemp("search"))
    box = room.mailbox()
    names = {room.receive(box, letter).id: name for name, letter in LETTERS.items()}
    names[room.send(box, replace(OURS["offer"], status="sent")).id] = "offer"
    names[room.send(box, OURS["waiting"]).id] = "waiting"
    answered = next(key for key, name in names.items() if name == "offer")
    room.tx.messages.mark_answered([answered])
    thread = room.tx.value("SELECT thread_id FROM messages WHERE id = :id", id=answered)
    room.tx.tags.add("thread", thread, ["campaign"], "", NOON)
    contact = room.tx.contacts.ensure("contact_1", "bob@shop.example", "Bob", NOON)
    room.tx.tags.add("contact", contact.id, ["unsubscribed"], "", NOON)
    return room, names


def found(mail: tuple[Mailroom, dict[str, str]], search: MailSearch) -> set[str]:
    room, names = mail
    return {names[one.id] for one in room.tx.inbox.search(search)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"bill", "greeting", "picture", "offer", "waiting"}),
        ("invoice", {"bill", "greeting"}),
        ("INVOICE late", {"bill"}),
        ('"money back"', {"offer"}),
        ('"back money"', set()),
        ("inv*", {"bill", "greeting"}),
        ("invoice OR refund", {"bill", "greeting", "offer"}),
        ("-invoice", {"picture", "offer", "waiting"}),
        ("-(invoice OR refund)", {"picture", "waiting"}),
        ("from:ann@example.org", {"bill"}),
        ("from:ann@example.org OR to:ann@example.org", {"bill", "offer"}),
        ("from:shop.example", {"greeting"}),
        ("from:ÖZIL", {"picture"}),
        ("from:nn@example.org", set()),
        ("to:carl@x.example", {"offer"}),
        ("cc:carl@x.example", {"offer"}),
        ("cc:ann@example.org", set()),
        ("to:shop", {"waiting"}),
        ("subject:grusse", set()),
        ("subject:gruße", {"greeting"}),
        ("subject:invoice", {"bill"}),
        ("tag:vip", {"bill"}),
        ("tag:plan", {"bill"}),
        ("tag:plan=pro", {"bill"}),
        ("tag:plan=free", set()),
        ("tag:campaign", {"offer"}),
        ("-tag:vip is:inbound", {"greeting", "picture"}),
        ("is:sent", {"offer"}),
        ("is:pending", {"waiting"}),
        ("is:outbound", {"offer", "waiting"}),
        ("is:replied", {"offer"}),
        ("has:replies", {"offer"}),
        ("has:attachment", {"picture"}),
        ("is:deleted", {"trash"}),
        ("invoice is:deleted", {"trash"}),
        ("is:deleted OR tag:vip", {"trash", "bill"}),
        ("-is:deleted invoice", {"bill", "greeting"}),
        ("is:unread -has:attachment", {"bill", "greeting"}),
        ("before:2026-03-01", set()),
        ("after:2026-03-02 before:2026-03-03 has:attachment", {"picture"}),
        ("(invoice OR has:attachment) is:unread", {"bill", "greeting", "picture"}),
        ("(subject:late AND pay) OR (tag:campaign -held)", {"bill", "offer"}),
        ("thread:thread_nowhere", set()),
        ("id:msg_nowhere", set()),
    ],
)
def test_a_query_finds(mail: tuple[Mailroom, dict[str, str]], query: str, names: set[str]) -> None:
    assert found(mail, MailSearch(query=parse_query(query, NOON))) == names


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"direction": "outbound"}, {"offer", "waiting"}),
        ({"sender_contains": "SHOP"}, {"greeting"}),
        ({"to_contains": "carl"}, {"offer"}),
        ({"subject_contains": "voice"}, {"bill"}),
        ({"subject_contains": "GRÜ"}, {"greeting"}),
        ({"subject_contains": "%"}, set()),
        ({"subject_contains": "_"}, set()),
        ({"has_attachments": True}, {"picture"}),
        ({"has_replies": False, "direction": "outbound"}, {"waiting"}),
        ({"tags": ("vip", "plan")}, {"bill"}),
        ({"tags": ("vip", "campaign")}, set()),
        (
            {"exclude_tags": ("vip", "campaign")},
            {"greeting", "picture", "waiting"},
        ),
        ({"exclude_tags": ("unsubscribed",)}, {"bill", "picture", "offer"}),
        ({"since": NOON + DAY}, set()),
        ({"until": NOON}, set()),
        ({"statuses": ("deleted", "sent")}, {"trash", "offer"}),
        ({"exclude_statuses": ("unread",)}, {"offer", "waiting"}),
        ({"thread_id": "thread_nowhere"}, set()),
    ],
)
def test_a_field_finds(
    mail: tuple[Mailroom, dict[str, str]], fields: dict[str, Any], names: set[str]
) -> None:
    assert found(mail, MailSearch(**fields)) == names


def test_one_thread_or_message_is_found_by_its_id(mail: tuple[Mailroom, dict[str, str]]) -> None:
    room, names = mail
    bill = next(room.tx.messages.get(key) for key, name in names.items() if name == "bill")
    assert bill is not None

    assert found(mail, MailSearch(query=parse_query(f"thread:{bill.thread_id}", NOON))) == {"bill"}
    assert found(mail, MailSearch(query=parse_query(f"id:{bill.id}", NOON))) == {"bill"}


@pytest.mark.parametrize(
    "query",
    [
        "x' OR '1'='1",
        "subject:a'; DROP TABLE messages;",
        'NEAR(a b) x {subject} "people : x" ^z a+b b*c* "y*"',
        "from:%a",
        "from:a%@_",
        "tag:a' tag:\\b",
        "²",
        "to:\\%x",
        "a" * 1000,
        " ".join(f"w{n}" for n in range(50)),
        " OR ".join(f"from:u{n}@x" for n in range(50)),
        "((((((((a OR b))))))))",
        "*a* a*b*c",
        "is:unread " * 50,
    ],
)
def test_whatever_is_written_stays_text(mail: tuple[Mailroom, dict[str, str]], query: str) -> None:
    tree = parse_query(query, NOON)

    assert "trash" not in found(mail, MailSearch(query=tree))
    assert len(found(mail, MailSearch())) == 5


@given(
    text=st.text(max_size=40), field=st.sampled_from(["sender_contains", "to_contains", "subject_contains"])
)
def test_a_part_of_a_text_is_looked_for_literally(
    mail: tuple[Mailroom, dict[str, str]], text: str, field: str
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    subjects = {
        "bill": "late invoice",
        "greeting": "grüße",
        "picture": "hello",
        "offer": "offer",
        "waiting": "hello",
    }
    names = found(mail, MailSearch(**{field: text}))  # type: ignore[arg-type]

    if field == "subject_contains" and text.isascii() and "\0" not in text:
        assert names == {name for name, subject in subjects.items() if text.lower() in subject}


def test_only_states_of_the_lifecycle_become_sql() -> None:
    with pytest.raises(ValueError, match="no table"):
        search_sql.states(["unread", "x' OR 1 = 1"])
