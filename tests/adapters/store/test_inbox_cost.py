"""What a search costs: the index a page is read along, and that the size of a mailbox does not matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.model import Mailbox
from multimail.core.query import parse_query
from multimail.core.times import DAY
from multimail.ports.reading import MailSearch
from tests.support.mailroom import NOON, Letter, Mailroom

SCANS = ("SCAN m", "SCAN messages", "USE TEMP B-TREE FOR ORDER BY")


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


@pytest.fixture
def box(room: Mailroom) -> Mailbox:
    return room.mailbox()


def plan(room: Mailroom, search: MailSearch) -> str:
    """The plan of the page itself, without that of gathering its rows."""
    sql, params = room.tx.inbox.page(search)
    inner = sql[sql.index("(SELECT seq FROM (") + len("(SELECT seq FROM (") : sql.index(")) p CROSS JOIN")]
    return "\n".join(row["detail"] for row in room.tx.all(f"EXPLAIN QUERY PLAN {inner}", **params))


PLAIN = {
    "a mailbox": lambda box: MailSearch((box.id,)),
    "a later page": lambda box: MailSearch((box.id,), before_seq=50),
    "unread": lambda box: MailSearch((box.id,), statuses=("unread",)),
    "one direction": lambda box: MailSearch((box.id,), direction="outbound"),
    "for a reviewer": lambda box: MailSearch((box.id,), see_held=True),
    "two mailboxes": lambda box: MailSearch((box.id, "mbx_other")),
    "a thread": lambda box: MailSearch((box.id,), thread_id="thread_x"),
}


@pytest.mark.parametrize("case", PLAIN)
def test_a_plain_list_reads_along_an_index_and_sorts_nothing(room: Mailroom, box: Mailbox, case: str) -> None:
    steps = plan(room, PLAIN[case](box))

    assert "SEARCH m USING" in steps
    assert [step for step in SCANS if step in steps] == []


def test_all_mail_is_walked_from_its_end_and_not_sorted(room: Mailroom, box: Mailbox) -> None:
    assert plan(room, MailSearch()).splitlines() == ["SCAN m"]
    assert "messages_by_status" in plan(room, MailSearch(statuses=("unread",)))


@pytest.mark.parametrize(
    "query", ["invoice", "from:ann@example.org OR to:ann@example.org", "subject:late is:unread"]
)
def test_words_and_whole_addresses_are_read_along_the_full_text_index(
    room: Mailroom, box: Mailbox, query: str
) -> None:
    steps = plan(room, MailSearch((box.id,), query=parse_query(query, NOON))).splitlines()

    assert steps[0].startswith("SCAN s VIRTUAL TABLE INDEX")
    assert steps[1] == "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"
    assert not any("TEMP B-TREE" in step for step in steps)


def test_a_rare_tag_is_looked_up_and_a_common_one_met_on_the_way(room: Mailroom, box: Mailbox) -> None:
    message = room.receive(box, Letter(tags=("rare",)))
    rows = [{"target": f"msg_{number}", "at": 1} for number in range(1_001)]
    room.tx.many("INSERT INTO tags (kind, target, tag, at) VALUES ('message', :target, 'common', :at)", rows)
    room.tx.tags.add("message", message.id, ["common"], "", NOON)
    common, both = MailSearch((box.id,), tags=("common",)), MailSearch((box.id,), tags=("common", "rare"))

    assert "messages_by_mailbox" in plan(room, common)
    assert "tags_by_tag" in plan(room, both)
    assert [one.id for one in room.tx.inbox.search(common)] == [message.id]
    assert [one.id for one in room.tx.inbox.search(both)] == [message.id]


def fill(room: Mailroom, box: Mailbox, number: int) -> None:
    """So much more mail, like the one that is there."""
    room.tx.run(
        "INSERT INTO messages (id, mailbox_id, thread_id, direction, status, sender, subject, header_id, created_at,"
        " updated_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)"
        " SELECT printf('msg_%014d', i), mailbox_id, thread_id, direction, 'unread', sender, 'more', i, i, i"
        " FROM n JOIN messages WHERE mailbox_id = :box",
        number=number, box=box.id,
    )  # fmt: skip


def steps(room: Mailroom, search: MailSearch) -> int:
    """How much work SQLite has with a search, in hundreds of its machine's instructions."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    connection = room.tx._connection
    connection.set_progress_handler(one_more, 100)
    room.tx.inbox.search(search)
    connection.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize("case", [case for case in PLAIN if case not in ("one direction", "a thread")])
def test_a_page_costs_the_same_in_a_small_mailbox_and_among_twenty_thousand(
    room: Mailroom, box: Mailbox, case: str
) -> None:
    room.receive(box, Letter())
    fill(room, box, 100)
    search = PLAIN[case](box)
    small = steps(room, search)
    room.tx.run("DELETE FROM messages WHERE subject = 'more'")
    fill(room, box, 20_000)

    assert len(room.tx.inbox.search(search)) == 20
    assert 0 < steps(room, search) <= small * 1.2


def test_twenty_thousand_messages_are_paged_through_without_gap_or_repeat(
    room: Mailroom, box: Mailbox
) -> None:
    room.receive(box, Letter())
    fill(room, box, 20_000)
    ids: list[str] = []
    before = None
    while page := room.tx.inbox.search(MailSearch((box.id,), before_seq=before, limit=3_000)):
        ids += [one.id for one in page]
        before = page[-1].seq

    assert len(ids) == len(set(ids)) == 20_001


def test_nothing_new_since_a_late_time_is_known_without_a_walk(room: Mailroom, box: Mailbox) -> None:
    room.receive(box, Letter())
    fill(room, box, 20_000)
    late = NOON + 10 * DAY

    assert room.tx.inbox.search(MailSearch((box.id,), since=late)) == []
    assert steps(room, MailSearch((box.id,), since=late)) < 20
    assert steps(room, MailSearch((box.id,), query=parse_query("after:2026-04-01", NOON))) < 20
