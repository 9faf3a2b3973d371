"""Conversations of arriving mail, in whatever order and company it comes."""

from __future__ import annotations

import asyncio
import random
import tempfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multimail.core.times import DAY
from multimail.ports.records import StoredMessage
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk, opened
from tests.support.letters import ANN, BOB, CAT, came, envelope, letter, sent_to, threads

pytestmark = pytest.mark.anyio

EVERYBODY = f"{BOX}, {ANN}, {BOB}, {CAT}"


def conversation(length: int, *, references: bool) -> list[bytes]:
    """Three people and the mailbox; each answers the one before, and everybody gets everything."""
    mails = []
    for number in range(length):
        earlier = [f"<m{n}@x>" for n in range(number)]
        named = {"References": " ".join(earlier), "In_Reply_To": earlier[-1]} if earlier else {}
        if not references:
            named.pop("References", None)
        author = (ANN, BOB, CAT)[number % 3]
        subject = f"{'Re: ' * bool(number)}The room"
        mails.append(letter(From=author, To=EVERYBODY, Subject=subject, Message_ID=f"<m{number}@x>", **named))
    return mails


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
async def test_a_conversation_is_one_thread_in_whatever_order_it_comes(desk: Desk, order: tuple[int]) -> None:
    mails = conversation(4, references=False)
    for number in order:
        await came(desk, mails[number])

    assert len(await threads(desk)) == 1
    assert [one.new_sender for one in await desk.inbound()] == [False] * 4


async def test_so_is_one_that_comes_all_at_once(desk: Desk) -> None:
    mails = conversation(12, references=False)
    random.Random(5).shuffle(mails)
    intake = Inbound(desk.services)
    await asyncio.gather(*(intake.accept(envelope(raw)) for raw in mails))

    assert len(await threads(desk)) == 1


async def filed(mails: list[bytes], together: bool) -> list[tuple[object, ...]]:
    """What mails become in a new account, without the ids that chance gives."""
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as desk:
            intake = Inbound(desk.services)
            if together:
                await asyncio.gather(*(intake.accept(envelope(raw)) for raw in mails))
            else:
                for raw in mails:
                    await intake.accept(envelope(raw))
            found = await desk.inbound()
            first: dict[str, int] = {}
            return [_told(one, first) for one in found]


def _told(one: StoredMessage, first: dict[str, int]) -> tuple[object, ...]:
    thread = first.setdefault(one.thread_id, len(first))
    own = one.header_id.startswith("<msg_")
    return thread, one.new_sender, one.has_replies, own or one.header_id, one.subject, one.sender


MAILS = st.builds(
    lambda author, own, parents, subject: letter(
        From=author, To=EVERYBODY, Subject=subject, Message_ID=own and f"<{own}@x>",
        References=" ".join(f"<{one}@x>" for one in parents) or None,
    ),
    author=st.sampled_from([ANN, BOB, "dan@example.org"]),
    own=st.sampled_from([None, "a", "b", "c", "d"]),
    parents=st.lists(st.sampled_from("abcdz"), max_size=3, unique=True),
    subject=st.sampled_from(["One", "Re: One", "Two", "Re: Two"]),
)  # fmt: skip


@settings(max_examples=25)
@given(mails=st.lists(MAILS, min_size=2, max_size=7))
def test_mails_that_come_together_become_what_they_become_one_by_one(mails: list[bytes]) -> None:
    assert asyncio.run(filed(mails, together=True)) == asyncio.run(filed(mails, together=False))


async def test_mail_that_knits_two_conversations_together_makes_them_one(desk: Desk) -> None:
    one = await came(desk, letter(Subject="One", Message_ID="<one@x>"))
    two = await came(desk, letter(Subject="Two", Message_ID="<two@x>"))
    await desk.call("operator", "tag_email", thread_id=two.thread_id, tags=["vip"])
    both = await came(desk, letter(References="<one@x> <two@x>"))

    assert await threads(desk) == {one.thread_id} == {both.thread_id}
    old = await desk.call("agent", "get_thread", thread_id=two.thread_id)
    assert (old.thread_id, len(old.messages)) == (one.thread_id, 3)
    assert [event.data for event in await desk.events() if event.kind == "thread.merged"] == [
        {"merged": [two.thread_id]}
    ]


async def test_a_stranger_who_knows_two_message_ids_knits_nothing_together(desk: Desk) -> None:
    await came(desk, letter(Subject="One", Message_ID="<one@x>"))
    two = await came(desk, letter(Subject="Two", Message_ID="<two@x>"))
    stranger = await came(desk, letter(From=BOB, References="<one@x> <two@x>"))

    assert len(await threads(desk)) == 2
    assert (stranger.thread_id, stranger.new_sender) == (two.thread_id, True)


async def test_without_references_a_reply_joins_by_subject_among_those_who_took_part(desk: Desk) -> None:
    ours = await sent_to(desk, ANN, subject="The invoice")
    answer = await came(desk, letter(Subject="AW: The  Invoice"))
    stranger = await came(desk, letter(From=BOB, Subject="Re: The invoice"))
    again = await came(desk, letter(Subject="The invoice"))

    assert answer.thread_id == ours.thread_id
    assert len({ours.thread_id, stranger.thread_id, again.thread_id}) == 3


async def test_a_subject_is_forgotten_after_a_month(desk: Desk) -> None:
    first = await came(desk, letter(Subject="The invoice"))
    desk.later(31 * DAY)

    assert (await came(desk, letter(Subject="Re: The invoice"))).thread_id != first.thread_id


async def test_each_mailbox_has_conversations_of_its_own(desk: Desk) -> None:
    await came(desk, letter(Message_ID="<first@x>"))
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "capture"}))
    await came(desk, letter(In_Reply_To="<first@x>"), "nobody@localhost")

    assert len(await threads(desk)) == 2


async def test_mails_that_share_a_message_id_without_belonging_together_stay_apart(desk: Desk) -> None:
    intake = Inbound(desk.services)
    mails = [
        letter(From=f"p{n}@example.org", Subject=f"No {n}", Message_ID="<1@localhost>") for n in range(300)
    ]
    await asyncio.gather(*(intake.accept(envelope(raw)) for raw in mails))

    found = await desk.inbound()
    assert (len(found), len(await threads(desk))) == (300, 300)
    assert len({one.header_id for one in found}) == 300


async def test_another_copy_of_a_mail_is_in_the_same_conversation(desk: Desk) -> None:
    direct = await came(desk, letter("Text", Message_ID="<m@x>"))
    listed = await came(desk, letter("Text\n-- \nThe list", Message_ID="<m@x>", List_Id="<l.x>"))

    assert (listed.thread_id, listed.header_id) == (direct.thread_id, "<m@x>")


async def test_a_mail_without_a_message_id_gets_one_that_answers_can_name(desk: Desk) -> None:
    nameless = await came(desk, letter(Message_ID=None))
    answer = await came(desk, letter(In_Reply_To=nameless.header_id))

    assert nameless.header_id == f"<{nameless.id}@localhost>"
    assert answer.thread_id == nameless.thread_id


async def test_endless_references_keep_the_first_and_the_newest(desk: Desk) -> None:
    root = await came(desk, letter(Message_ID="<0@x>"))
    late = await came(desk, letter(References=" ".join(f"<{n}@x>" for n in range(2_000))))

    assert late.thread_id == root.thread_id
    assert len(late.header_refs.split()) == 50
