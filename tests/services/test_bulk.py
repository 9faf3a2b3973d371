"""Many mails in one call: each has a result of its own, and is treated as the operation for one treats it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.times import HOUR
from multimail.services import deciding
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
NOBODYS = "msg_00000000000000"


async def held(desk: Desk, count: int, **changes: Any) -> list[str]:
    """So many mails that wait, by their ids."""
    return [(await desk.send(subject=f"No. {number}", **changes)).message_id for number in range(count)]


async def decide(desk: Desk, *decisions: dict[str, Any], who: str = "reviewer") -> Any:
    return await desk.call(who, "decide_emails", decisions=list(decisions))


async def test_every_mail_has_its_own_decision_and_result_in_order(desk: Desk, sink: Sink) -> None:
    one, two, three = await held(desk, 3)

    view = await decide(
        desk,
        {"message_id": three, "decision": "approve", "note": "fine"},
        {"message_id": one, "action": "reject", "reason": "no"},
        {"id": two, "decision": "request_changes", "note": "Shorter."},
    )

    assert [(row.message_id, row.status, row.decision) for row in view.results] == [
        (three, "queued", "approve"), (one, "rejected", "reject"), (two, "changes_requested", "request_changes"),
    ]  # fmt: skip
    assert (view.decided, view.failed) == (3, 0)
    assert [(await desk.decisions(mail))[0].note for mail in (three, one, two)] == ["fine", "no", "Shorter."]
    assert (await desk.step(sink), len(sink.mails)) == (1, 1)


async def test_a_mail_that_is_refused_does_not_stop_the_others_and_says_why(desk: Desk) -> None:
    one, two = await held(desk, 2)

    view = await decide(
        desk,
        {"message_id": NOBODYS, "decision": "approve"},
        {"message_id": one, "decision": "approve", "digest": "0" * 40},
        {"message_id": two, "decision": "approve"},
    )

    assert [(row.code, row.field, row.status) for row in view.results] == [
        ("not_found", "decisions.0.message_id", None), ("changed", "decisions.1.digest", None), (None, None, "queued"),
    ]  # fmt: skip
    assert (view.results[0].message_id, view.failed) == (NOBODYS, 2)
    assert (await desk.status(one), await desk.decisions(one)) == ("pending_approval", [])


async def test_what_a_refused_decision_wrote_is_undone_and_only_that(desk: Desk) -> None:
    one, two = await held(desk, 2, body="Dear {{name}}")

    view = await decide(
        desk,
        {"message_id": one, "decision": "approve", "revised_body": "Still {{name}}"},
        {"message_id": two, "decision": "approve", "revised_body": "Dear Ann"},
    )

    assert [row.code for row in view.results] == ["placeholders_unresolved", None]
    assert [(await desk.message(mail)).revision for mail in (one, two)] == [1, 2]
    found = await desk.call("operator", "check_inbox", query="Still", filter={"status": "pending_approval"})
    assert found.count == 0


async def test_nobody_decides_on_what_one_wrote_oneself(desk: Desk) -> None:
    [mine] = await held(desk, 1, who="bot")
    [others] = await held(desk, 1)
    [operators] = await held(desk, 1, who="operator")
    decisions = [{"message_id": one, "decision": "approve"} for one in (mine, others, operators)]

    by_operator = await decide(desk, *decisions, who="operator")

    assert [row.code for row in by_operator.results] == [None, None, "self_approval"]
    assert (await desk.refused("agent", "decide_emails", decisions=decisions)).code == "forbidden"


async def test_an_owner_answers_each_mail_and_not_many_at_once(desk: Desk) -> None:
    [mail] = await held(desk, 1, who="owner")

    view = await decide(desk, {"message_id": mail, "decision": "approve"}, who="owner")

    assert view.results[0].code == "confirmation_required"


async def test_the_same_decisions_again_are_the_same_answer(desk: Desk) -> None:
    decisions = [{"message_id": one, "decision": "approve"} for one in await held(desk, 3)]
    await decide(desk, *decisions)

    again = await decide(desk, *decisions, decisions[0])

    assert [(row.status, row.repeated) for row in again.results] == [("queued", True)] * 4


async def test_a_list_that_cannot_be_understood_changes_nothing_and_says_where(desk: Desk) -> None:
    [mail] = await held(desk, 1)
    good = {"message_id": mail, "decision": "approve"}

    for bad, code, field in (
        ({"message_id": mail, "decision": "aprove"}, "invalid", "decisions.1.decision"),
        ({"message_id": mail, "decision": "approve", "digst": "x"}, "unknown_field", "decisions.1.digst"),
        ("approve", "invalid", "decisions.1"),
    ):
        problem = await desk.refused("reviewer", "decide_emails", decisions=[good, bad])
        assert (problem.code, problem.field) == (code, field)
    too_many = await desk.refused("reviewer", "decide_emails", decisions=[good] * 1_001)

    assert (too_many.code, too_many.field) == ("invalid", "decisions")
    assert await desk.status(mail) == "pending_approval"


async def test_a_list_may_come_as_text(desk: Desk) -> None:
    one, two = await held(desk, 2)
    texts = [f'{{"message_id": "{mail}", "decision": "reject"}}' for mail in (one, two)]

    assert (await desk.call("reviewer", "decide_emails", decisions=texts)).decided == 2
    assert (await desk.call("reviewer", "decide_emails", decisions=f"[{texts[0]}]")).results[0].repeated


async def test_a_fault_of_the_server_undoes_the_whole_call(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await held(desk, 2)
    work = deciding.decide_email

    def fails(tx: Any, call: Any, request: Any) -> Any:
        if request.message_id == two:
            raise Problem("storage_full")
        return work(tx, call, request)

    monkeypatch.setattr(deciding, "decide_email", fails)
    problem = await desk.refused(
        "reviewer", "decide_emails", decisions=[{"message_id": mail, "decision": "approve"} for mail in (one, two)]
    )  # fmt: skip

    assert problem.code == "storage_full"
    assert await desk.status(one) == "pending_approval"


async def test_two_who_decide_on_fifty_mails_at_once_decide_each_once(desk: Desk, sink: Sink) -> None:
    decisions = [{"message_id": one, "decision": "approve"} for one in await held(desk, 50)]

    views = await asyncio.gather(
        decide(desk, *decisions), decide(desk, *reversed(decisions), who="second"), decide(desk, *decisions)
    )
    while await desk.step(sink):
        pass

    codes = [[row.code for row in view.results] for view in views]
    assert sorted(map(set, codes), key=str) == [{"conflict"}, {None}, {None}]
    assert len(sink.mails) == 50
    for one in decisions:
        assert len(await desk.decisions(one["message_id"])) == 1


async def cancel(desk: Desk, who: str = "agent", **given: Any) -> Any:
    return await desk.call(who, "cancel_messages", **given)


async def test_mails_are_withdrawn_by_id_each_with_its_result(desk: Desk, sink: Sink) -> None:
    one, two, gone = await held(desk, 3)
    await desk.decide(gone)
    await desk.decide(two)
    await desk.step(sink)
    [theirs] = await held(desk, 1, who="other")

    view = await cancel(desk, message_ids=[one, gone, theirs, NOBODYS], reason="called off")
    again = await cancel(desk, ids=f"{one},{NOBODYS}")

    assert [(row.cancelled, row.code) for row in view.results] == [
        (True, None), (False, "conflict"), (False, "forbidden"), (False, "not_found"),
    ]  # fmt: skip
    assert (view.cancelled, view.failed, view.more) == (1, 3, None)
    assert [row.cancelled for row in again.results] == [True, False]
    assert [made.note for made in await desk.decisions(one)] == ["called off"]


async def test_by_tag_only_ones_own_mail_that_has_not_left_is_withdrawn(desk: Desk, sink: Sink) -> None:
    left, *waiting = await held(desk, 3, tags=["win_back", "spring"])
    await desk.decide(left)
    await desk.step(sink)
    timed = await desk.send(tags=["win_back"], scheduled_at=desk.at(HOUR), subject="Later")
    await desk.decide(timed.message_id)
    [plain] = await held(desk, 1, tags=["spring"], body="Plain")
    [theirs] = await held(desk, 1, who="other", tags=["win_back"])

    view = await cancel(desk, mailbox=BOX, tag="win_back")

    assert [row.message_id for row in view.results] == [*waiting, timed.message_id]
    assert view.cancelled == 3
    assert [await desk.status(mail) for mail in (left, plain, theirs)] == [
        "delivered", "pending_approval", "pending_approval",
    ]  # fmt: skip


async def test_an_operator_withdraws_everybodys(desk: Desk) -> None:
    await held(desk, 2)
    await held(desk, 1, who="other")

    assert (await cancel(desk, "operator", mailbox=BOX)).cancelled == 3
    assert (await cancel(desk, "operator", mailbox=BOX)).results == []


async def test_to_say_nothing_or_two_things_is_a_mistake(desk: Desk) -> None:
    [mail] = await held(desk, 1)

    mistakes: tuple[dict[str, Any], ...] = ({}, {"message_ids": [mail], "mailbox": BOX}, {"tags": []})
    for given in mistakes:
        problem = await desk.refused("agent", "cancel_messages", **given)
        assert (problem.code, problem.field) == ("invalid", "message_ids")
    assert await desk.status(mail) == "pending_approval"


async def test_more_than_a_call_withdraws_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multimail.services.bulk.MOST", 2)
    mails = await held(desk, 3)

    first, second = await cancel(desk, mailbox=BOX), await cancel(desk, mailbox=BOX)

    assert ([row.message_id for row in first.results], first.more) == (mails[:2], True)
    assert ([row.message_id for row in second.results], second.more) == (mails[2:], None)
