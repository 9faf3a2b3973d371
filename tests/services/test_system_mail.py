"""The server's own mail: the policy lets it be or not, and what is queued is complete."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.model import Draft, MessageClass, Recipient, RecipientKind
from multimail.ports.records import NewMessage
from multimail.ports.store import Tx
from multimail.services import system_mail
from multimail.services.machine import machine_call
from multimail.services.suppressing import Ban, suppress
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def queued(desk: Desk) -> NewMessage | None:
    """A notice to Ann, if there may be one."""

    def work(tx: Tx) -> NewMessage | None:
        call, box = machine_call(desk.services), tx.mailboxes.by_address(desk.box)
        assert box is not None
        draft = Draft(
            "notice", box.id, box.address, "MultiMail", (Recipient(ANN, RecipientKind.TO),), "News", "Text.",
            message_class=MessageClass.SYSTEM,
        )  # fmt: skip
        judged = system_mail.judge(tx, call, box, draft)
        return None if judged is None else system_mail.queue(tx, call, box, judged)

    return await desk.write(work)


async def test_it_is_held_by_nothing_and_leaves_once(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="gated_all")
    made = await queued(desk)
    await desk.step(sink)
    await desk.step(sink)

    assert made is not None
    assert [mail.recipients for mail in sink.mails] == [(ANN,)]
    assert await desk.status(made.id) == "delivered"
    assert b"Auto-Submitted: auto-" in sink.mails[0].raw
    assert b"List-Unsubscribe" not in sink.mails[0].raw


@pytest.mark.parametrize("settings", [{"default_mode": "read_only", "ceiling": "read_only"}, {"allowed": []}])
async def test_none_is_made_where_nothing_may_leave_or_not_to_this_address(
    desk: Desk, settings: dict[str, Any]
) -> None:
    await desk.set(**settings)

    assert await queued(desk) is None


@pytest.mark.parametrize(
    ("reason", "made"), [("hard_bounce", False), ("erasure", False), ("unsubscribe", True)]
)
async def test_only_an_address_that_is_gone_or_a_person_who_was_erased_gets_none(
    desk: Desk, reason: str, made: bool
) -> None:
    await desk.write(lambda tx: suppress(tx, Ban(reason, "test", address=ANN), desk.clock.now()))

    assert (await queued(desk) is not None) is made
