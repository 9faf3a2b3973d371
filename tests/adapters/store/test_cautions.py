"""The desk's tables: what waits, what was found in it, who looked, and who is known to a mailbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.adapters.store.migrate import statements
from multimail.adapters.store.schema import PRODUCT
from multimail.ports.desk import Examined, QueueSearch
from multimail.ports.store import Tx
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio

MIGRATION = (PRODUCT.migrations / "0005_review.sql").read_text("utf-8")
WAITS = ("pending_approval", "escalated", "pending_inbound_approval")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


def queue(**changes: object) -> QueueSearch:
    return QueueSearch(**{"mailbox_ids": None, "see_held": True, "statuses": WAITS, "tags": {}} | changes)  # type: ignore[arg-type]


async def test_whatever_waits_is_noted_to_be_examined_until_it_was(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.set(default_mode="gated_all")
    arrived = await desk.receive()

    assert set(await desk.read(lambda tx: tx.desk.unexamined(9))) == {held, arrived}

    await desk.write(lambda tx: tx.desk.keep(Examined(held, 1, 7, ("placeholder",), b""), 1))
    await desk.write(lambda tx: tx.desk.pass_over(arrived))

    assert await desk.read(lambda tx: tx.desk.unexamined(9)) == []


async def test_mail_that_goes_at_once_is_not_noted(desk: Desk) -> None:
    await desk.set(trusted=["*"])
    await desk.send()

    assert await desk.read(lambda tx: tx.desk.unexamined(9)) == []


async def test_what_waited_before_there_was_a_desk_is_noted_by_the_migration(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.sql("DELETE FROM unexamined")

    await desk.sql(next(part for part in statements(MIGRATION) if "select id from messages" in part))

    assert await desk.read(lambda tx: tx.desk.unexamined(9)) == [held]


async def test_an_edit_is_to_be_examined_again_and_an_old_finding_does_not_replace_a_new_one(
    desk: Desk,
) -> None:
    held = (await desk.send()).message_id
    await desk.write(lambda tx: tx.desk.keep(Examined(held, 1, 7, (), b"x"), 1))
    await desk.call("agent", "edit_pending", message_id=held, body="Other words.")

    assert await desk.read(lambda tx: tx.desk.unexamined(9)) == [held]
    assert [one.risk for one in await desk.read(lambda tx: tx.desk.waiting(queue()))] == [None]

    await desk.write(lambda tx: tx.desk.keep(Examined(held, 2, 9, (), b"y"), 2))
    await desk.write(lambda tx: tx.desk.keep(Examined(held, 1, 7, (), b"x"), 3))
    kept = await desk.read(lambda tx: tx.desk.examined(held))
    assert kept == Examined(held, 2, 9, (), b"y")


async def test_nothing_is_kept_of_a_mail_that_is_not_there(desk: Desk) -> None:
    await desk.write(lambda tx: tx.desk.keep(Examined("msg_00000000000000", 1, 7, (), b""), 1))

    assert await desk.read(lambda tx: tx.desk.examined("msg_00000000000000")) is None


async def test_the_first_look_stays_the_first(desk: Desk) -> None:
    def look(at: int) -> object:
        return lambda tx: tx.desk.looked("key_1", "msg_1", "d", at)

    for at in (5, 9, 7):
        await desk.write(look(at))  # type: ignore[arg-type]

    def looks(tx: Tx) -> list[tuple[int, int]]:
        return [tuple(row) for row in tx.all("SELECT first_at, last_at FROM looks")]  # type: ignore[attr-defined]

    assert await desk.read(looks) == [(5, 9)]


async def test_only_what_left_or_a_person_approved_makes_an_address_known(desk: Desk) -> None:
    box = (await desk.call("operator", "list_mailboxes")).mailboxes[0].mailbox_id
    person = await desk.call("operator", "create_key", name="p", role="reviewer", kind="person")
    held = (await desk.send(tags=["vip"], to=["Ann@Example.org"])).message_id
    await desk.call("operator", "manage_contacts", action="upsert", email="ann@example.org", name="Ann")
    await desk.receive("Hello")

    async def known(mailbox: str = box) -> set[str]:
        return await desk.read(lambda tx: tx.desk.known(mailbox, ["Ann@example.org", "bob@example.org"]))

    assert await known() == set()
    await desk.decide(held, who=person.key_id)
    assert await known() == {"Ann@example.org"}
    assert await known("mbx_other") == set()


async def test_a_domain_is_known_when_mail_to_it_left_this_mailbox(desk: Desk) -> None:
    box = (await desk.call("operator", "list_mailboxes")).mailboxes[0].mailbox_id
    held = (await desk.send()).message_id
    await desk.receive("Hello")
    assert await desk.read(lambda tx: tx.desk.known_domains(box, ["example.org"])) == set()

    await desk.decide(held)
    await desk.step()

    assert await desk.read(lambda tx: tx.desk.known_domains(box, ["example.org", "x.org"])) == {"example.org"}
    assert await desk.read(lambda tx: tx.desk.known_domains("mbx_other", ["example.org"])) == set()
    assert await desk.read(lambda tx: tx.desk.written_domains(box, 1)) == {"example.org"}
    assert await desk.read(lambda tx: tx.desk.written_domains(box, 0)) is None


async def test_who_spoke_is_who_wrote_or_was_written_to_before(desk: Desk) -> None:
    inbound = await desk.receive("Hello", Cc="carl@example.org")
    draft = (
        await desk.call("agent", "reply_email", message_id=inbound, body="Hi", cc=["new@else.org"])
    ).message_id
    message = await desk.message(draft)

    spoke = await desk.read(lambda tx: tx.desk.spoke(message))

    assert spoke >= {"ann@example.org", "carl@example.org"}
    assert "new@else.org" not in spoke


async def test_waiting_mail_to_an_address_is_found_however_it_is_spelled(desk: Desk) -> None:
    box = (await desk.call("operator", "list_mailboxes")).mailboxes[0].mailbox_id
    held = (await desk.send(to=["Ann@Example.org"])).message_id
    await desk.send(to=["bob@example.org"])

    assert await desk.read(lambda tx: tx.desk.waiting_for(box, "ann@example.org", WAITS, 9)) == [held]


async def test_what_was_found_goes_with_the_mail_and_the_look_stays(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.call("reviewer", "review_email", message_id=held)
    await desk.call("agent", "cancel_message", message_id=held)
    await desk.read(lambda tx: None)

    await desk.call("operator", "delete_messages", message_ids=[held])

    assert await desk.read(lambda tx: tx.desk.examined(held)) is None
    assert await desk.sql("DELETE FROM looks WHERE message_id = :id", id=held) == 1


async def plans(desk: Desk, look: object) -> list[str]:
    """How the database goes about what a look asks for."""

    def traced(tx: Tx) -> list[str]:
        asked: list[tuple[str, dict[str, object]]] = []
        usual = tx.all  # type: ignore[attr-defined]

        def noting(sql: str, **params: object) -> object:
            asked.append((sql, params))
            return usual(sql, **params)

        tx.all = noting  # type: ignore[attr-defined]
        look(tx)  # type: ignore[operator]
        return [
            row["detail"] for sql, params in asked for row in usual(f"EXPLAIN QUERY PLAN {sql}", **params)
        ]

    return await desk.read(traced)


SEARCHES = (
    queue(),
    queue(mailbox_ids=("mbx_1",)),
    queue(group="recipient", with_sketches=True),
    queue(tags={"a": ""}),
)


@pytest.mark.parametrize("search", SEARCHES)
async def test_the_queue_is_read_along_what_waits_and_not_through_all_mail(
    desk: Desk, search: QueueSearch
) -> None:
    steps = await plans(desk, lambda tx: (tx.desk.waiting(search), tx.desk.totals(search)))

    assert [step for step in steps if step.startswith(("SCAN m", "SCAN c", "SCAN r"))] == []
    assert sum("messages_by_status" in step for step in steps) == 2


async def test_who_is_known_is_looked_up_by_address_and_not_through_a_mailbox(desk: Desk) -> None:
    steps = await plans(
        desk, lambda tx: (tx.desk.known("mbx_1", ["a@x.org"]), tx.desk.known_domains("mbx_1", ["x.org"]))
    )

    assert any("recipients_by_address" in step for step in steps)
    assert any(step.startswith("SEARCH w USING PRIMARY KEY") for step in steps)
    assert [
        step for step in steps if "messages_by_mailbox" in step or step.startswith(("SCAN m", "SCAN i"))
    ] == []
