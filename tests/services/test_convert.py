"""Views of mail: text from outside is harmless to show, cuts are stated, times are UTC."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.contract.reading import AttachmentRow, MessageRow
from multimail.core.model import AttachmentMeta
from multimail.core.text import Counts
from multimail.core.times import to_datetime
from multimail.ports.reading import Contact, Interaction, Listed
from multimail.services import convert
from tests.support.mailroom import NOON, Letter, Mailroom

CLEAN = Listed(
    7, "msg_1", "thread_1", "mbx_1", "inbound", "unread", "ann@x.example", "Ann", "Hi", "How", {}, False, True,
    False, NOON, None, ("desk@here.example",), ("vip",),
)  # fmt: skip
ACTING = "a\x1b[2J\u202eb\u200b"


def test_a_row_is_the_message_in_the_contracts_names() -> None:
    assert MessageRow(**convert.rows([CLEAN])[0]) == MessageRow(
        message_id="msg_1", thread_id="thread_1", mailbox_id="mbx_1", direction="inbound", status="unread",
        sender="ann@x.example", sender_name="Ann", to=["desk@here.example"], subject="Hi", preview="How",
        tags=["vip"], received_at=to_datetime(NOON), has_attachments=False, has_replies=True,
    )  # fmt: skip


@pytest.mark.parametrize("place", ["sender", "sender_name", "subject", "preview"])
def test_text_of_a_row_that_acts_or_hides_is_made_visible(place: str) -> None:
    clean, row = convert.rows([CLEAN, Listed(**CLEAN._asdict() | {place: ACTING, "to": (ACTING,)})])

    for shown in (row[place], row["to"][0]):
        assert shown == "a\u241b[2J⟨U+202E⟩b⟨U+200B⟩"
    assert clean == convert.rows([CLEAN])[0]


def test_a_body_is_cut_after_it_was_made_visible_and_says_so() -> None:
    whole, cut = convert.body(ACTING + "ü" * 10, 1_000), convert.body("ü" * 10, 5)

    assert (whole.cut, whole.counts) == (0, Counts(escapes=1, bidi=1, invisible=1))
    assert (cut.text, cut.cut) == ("üü", 16)


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def test_an_opened_message_shows_people_by_their_header_and_hides_nothing(room: Mailroom) -> None:
    letter = Letter(
        to=("a@x.example",),
        cc=("c@x.example",),
        bcc=("b@x.example",),
        files=(AttachmentMeta(1, ACTING, "a/b", 3, "0"),),
    )
    opened = room.tx.inbox.open([room.send(room.mailbox(), letter)])[0]

    view = convert.message_view(opened, convert.Body("text", 9, Counts(controls=2)))

    assert (view.to, view.cc, view.bcc) == (["a@x.example"], ["c@x.example"], ["b@x.example"])
    assert (view.body, view.body_cut, view.hidden_text) == ("text", 9, {"control": 2})
    assert view.attachments == [
        AttachmentRow(position=1, filename=convert.shown(ACTING), content_type="a/b", size=3, sha256="0")
    ]
    assert (view.revision, view.digest, view.reply_to_changed) == (0, "d", None)


def test_what_arrival_found_out_is_told(room: Mailroom) -> None:
    more = {
        "hidden_text": {"zero_width": 3}, "authentication": {"dkim": "pass"}, "problems": ("bad_date",),
        "reply_to": "else@x.example", "new_sender": True, "in_reply_to": "<a@b>",
    }  # fmt: skip
    opened = room.tx.inbox.open([room.receive(room.mailbox(), Letter(more=more))])[0]

    view = convert.message_view(opened, convert.Body("text", 0, Counts(controls=2)))

    assert (view.hidden_text, view.authentication, view.problems) == (
        {"zero_width": 3}, {"dkim": "pass"}, ["bad_date"],
    )  # fmt: skip
    assert (view.reply_to, view.reply_to_changed, view.new_sender) == ("else@x.example", True, True)
    assert view.headers is not None
    assert view.headers["In-Reply-To"] == "<a@b>"
    assert view.revision is None


@pytest.mark.parametrize(
    ("reply_to", "changed"), [("", None), ("ANN@example.org", None), ("eve@x.example", True)]
)
def test_answers_that_would_go_elsewhere_are_marked(
    room: Mailroom, reply_to: str, changed: bool | None
) -> None:
    opened = room.tx.inbox.open([room.receive(room.mailbox(), Letter(more={"reply_to": reply_to}))])[0]

    assert convert.message_view(opened, convert.Body("")).reply_to_changed is changed


def test_a_contact_keeps_its_figures_and_shows_its_log_when_asked() -> None:
    contact = Contact(
        "contact_1", "ann@x.example", "x.example", "Ann\u202e", {"plan": "pro"}, NOON, None, True, 3, "thread_1",
        NOON, False, 2, None, ("vip",),
    )  # fmt: skip
    view = convert.contact_view(contact, [Interaction("sent", NOON, "mbx_1", "msg_1", mailbox_deleted=True)])

    assert (view.name, view.tags, view.interaction_count, view.thread_count) == ("Ann⟨U+202E⟩", ["vip"], 3, 2)
    assert (view.last_contacted, view.last_inbound, view.replied) == (to_datetime(NOON), None, True)
    assert view.interactions is not None
    assert view.interactions[0].mailbox_deleted is True
    assert convert.contact_view(contact._replace(tags=())).interactions is None
