"""Notices that something waits: one mail for all that came together, told once, and no agent's to read."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.adapters.store.awaiting import Awaiting
from multimail.core import gathering
from multimail.core.times import DAY, HOUR, MINUTE, SECOND
from multimail.services import review_notices, upkeep
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
BOSS = "boss@example.com"


@pytest.fixture
async def watched(desk: Desk) -> Desk:
    await desk.set(oversight_address=BOSS)
    return desk


async def notices(desk: Desk) -> list[Any]:
    """The notices there are, newest first."""
    found = await desk.call("operator", "check_inbox", limit=1000)
    return [one for one in found.messages if "for a decision" in one.subject]


async def told(desk: Desk, after: int = 0) -> int:
    """How many notices a step makes, after some time."""
    desk.later(after)
    return await review_notices.step(desk.services)


async def body(desk: Desk) -> str:
    newest = (await notices(desk))[0]
    return str((await desk.call("operator", "read_email", message_id=newest.message_id)).body)


async def test_what_comes_together_is_told_in_one_mail_once(watched: Desk) -> None:
    await watched.send()
    assert await told(watched, 2 * MINUTE - 1) == 0
    for number in range(4):
        await watched.send(subject=f"No {number}")
    assert await told(watched, 1) == 1
    assert await told(watched, DAY) == 0

    (one,) = await notices(watched)
    text = await body(watched)

    assert one.subject == f"5 mails wait for a decision in {watched.box}"
    assert (one.to, one.status) == ([BOSS], "queued")
    assert "the oldest since 2026-03-02 12:00 UTC" in text
    assert "Monday" not in text
    (sent,) = [event for event in await watched.events() if event.kind == "notice.sent"]
    assert (sent.message_id, sent.data) == (one.message_id, {"untold": 5, "waiting": 5})


async def test_a_notice_arrives_as_a_machines_mail_with_a_link_that_decides_nothing(
    watched: Desk, sink: Sink
) -> None:
    await watched.set(signature="Bye", undo_seconds=60, auto_bcc=["log@example.net"])
    await watched.send()
    await told(watched, 2 * MINUTE)
    await watched.step(sink)

    (mail,) = sink.mails
    text = mail.raw.decode()

    assert mail.recipients == (BOSS,)
    assert "Auto-Submitted: auto-generated\r\n" in text
    assert f"Reply-To: {BOSS}\r\n" in text
    assert "List-Unsubscribe" not in text
    assert "Bye" not in text
    whole = text.replace("=\r\n", "").replace("=3D", "=")
    assert "To review: http://127.0.0.1:8025/review?mailbox=mbx_" in whole
    assert '<a href="http://127.0.0.1:8025/review?mailbox=mbx_' in whole


async def test_a_storm_of_drafts_makes_one_mail(watched: Desk) -> None:
    watched.limit(open_drafts=10_000)
    for number in range(10):
        batch = [{"to": f"p{number}.{one}@example.org"} for one in range(100)]
        await watched.call(
            "agent", "send_batch", mailbox=watched.box, subject="Hi", body=f"No {number}", recipients=batch
        )
        watched.later(5 * SECOND)

    made = [await told(watched, 10 * SECOND) for _ in range(20)]

    assert sum(made) == 1
    assert "1,000 mails wait" in (await notices(watched))[0].subject


async def test_what_is_new_is_told_and_what_was_told_is_not_repeated(watched: Desk) -> None:
    await watched.send()
    await told(watched, 2 * MINUTE)
    await watched.send(subject="Another")

    assert await told(watched, 2 * MINUTE) == 1
    assert "2 mails wait" in await body(watched)
    assert "1 since the last notice" in await body(watched)


async def test_what_is_decided_before_its_time_is_not_told(watched: Desk) -> None:
    sent = await watched.send()
    watched.later(MINUTE)
    await watched.decide(sent.message_id, "reject")

    assert await told(watched, HOUR) == 0


async def test_a_draft_that_comes_back_changed_is_told_again(watched: Desk) -> None:
    sent = await watched.send()
    await told(watched, 2 * MINUTE)
    await watched.decide(sent.message_id, "request_changes", note="Shorter")
    assert await told(watched, HOUR) == 0

    await watched.call("agent", "edit_pending", message_id=sent.message_id, body="Short.")

    assert await told(watched, 2 * MINUTE) == 1


async def test_an_edit_of_what_waits_tells_nobody_again(watched: Desk) -> None:
    sent = await watched.send()
    await told(watched, 2 * MINUTE)
    for number in range(3):
        await watched.call("agent", "edit_pending", message_id=sent.message_id, body=f"No {number}")

    assert await told(watched, HOUR) == 0


async def test_a_second_person_who_is_needed_is_asked_for(watched: Desk) -> None:
    await watched.set(two_person=True)
    sent = await watched.send()
    await told(watched, 2 * MINUTE)

    await watched.decide(sent.message_id, revised_body="Mine.")

    assert await told(watched, 2 * MINUTE) == 1


async def test_what_is_handed_on_is_told(watched: Desk) -> None:
    sent = await watched.send()
    await told(watched, 2 * MINUTE)

    await watched.decide(sent.message_id, "escalate", note="Not mine")

    assert await told(watched, 2 * MINUTE) == 1


async def test_held_arrivals_count_and_other_waiting_does_not(watched: Desk) -> None:
    await watched.set(default_mode="gated_all")
    await watched.receive()
    await watched.set(default_mode="autonomous")
    await watched.send(scheduled_at=watched.at(DAY))
    await watched.receive(Message_ID="<free@x.org>")

    assert await told(watched, 2 * MINUTE) == 1
    assert "1 arrived and held" in await body(watched)
    assert "to be sent" not in await body(watched)


async def test_a_digest_comes_on_the_hour_and_only_with_news(watched: Desk) -> None:
    await watched.set(notices="digest")
    watched.later(5 * MINUTE)
    await watched.send()

    assert await told(watched, 54 * MINUTE) == 0
    assert await told(watched, MINUTE) == 1
    assert await told(watched, HOUR) == 0


async def test_nobody_is_told_where_notices_are_off_or_nobody_is_named(desk: Desk) -> None:
    await desk.send()
    assert await told(desk, HOUR) == 0
    await desk.set(oversight_address=BOSS, notices="off")
    assert await told(desk, HOUR) == 0

    await desk.set(notices="immediate")

    assert await told(desk) == 1


async def test_another_kind_of_notices_begins_with_its_own_minutes(watched: Desk) -> None:
    own = await watched.set(notice_minutes=7)
    digest = await watched.set(notices="digest")
    both = await watched.set(notices="immediate", notice_minutes=3)

    minutes = [one.mailbox.notice_minutes for one in (own, digest, both)]

    assert minutes == [7, 60, 3]


@pytest.mark.parametrize("minutes", [0, 10_081])
async def test_a_time_to_gather_that_makes_no_sense_is_refused(watched: Desk, minutes: int) -> None:
    refused = await watched.refused("operator", "update_mailbox", mailbox=watched.box, notice_minutes=minutes)

    assert (refused.code, refused.field) == ("invalid", "notice_minutes")


async def test_details_are_words_in_which_nothing_acts(watched: Desk) -> None:
    await watched.set(notice_details=True)
    await watched.send(subject="Pay [here](https://evil.test) <b>now</b> \u202egpj.exe " + "x" * 200)
    await told(watched, 2 * MINUTE)

    text = await body(watched)

    assert "Pay here https evil.test b now b" in text
    assert "to ann@example.org" in text
    assert "](" not in text
    assert "x" * 100 not in text


@pytest.mark.parametrize("everything", [True, False])
async def test_a_freeze_stops_notices_with_all_else(watched: Desk, sink: Sink, everything: bool) -> None:
    await watched.send()
    await told(watched, 2 * MINUTE)
    where = {} if everything else {"mailbox": watched.box}
    await watched.call("reviewer", "freeze", **where)
    await watched.send(subject="Another")
    await watched.step(sink)
    assert (await told(watched, HOUR), sink.mails) == (0, [])

    await watched.call("operator", "unfreeze", **where)

    assert await told(watched) == 1
    await watched.step(sink)
    assert len(sink.mails) == 2


@pytest.mark.parametrize("setting", [{"deliver": "hold"}, {"default_mode": "read_only"}])
async def test_none_is_made_while_nothing_may_leave_the_mailbox(
    watched: Desk, setting: dict[str, str]
) -> None:
    await watched.send()
    await watched.set(**setting)
    assert await told(watched, HOUR) == 0

    await watched.set(deliver="live", default_mode="gated_send")

    assert await told(watched) == 1


async def test_caps_of_mailboxes_and_lists_do_not_stop_a_notice_and_it_counts_in_none(watched: Desk) -> None:
    await watched.send()
    await watched.set(cap_per_hour=1, allowed=["@example.org"])
    assert await told(watched, 2 * MINUTE) == 1

    await watched.set(cap_per_hour=2)

    assert (await watched.send(subject="Another")).status == "pending_approval"


async def test_notices_have_a_cap_of_their_own(watched: Desk) -> None:
    watched.limit(open_drafts=1000)
    await watched.set(notice_minutes=1)
    made = 0
    for number in range(40):
        await watched.send(subject=f"No {number}")
        made += await told(watched, MINUTE)

    assert made == gathering.MOST_AN_HOUR
    assert await told(watched, HOUR) == 1


async def test_a_notice_and_that_it_was_told_are_one_transaction(
    watched: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    await watched.send()
    watched.later(2 * MINUTE)
    with monkeypatch.context() as cut:
        cut.setattr(Awaiting, "told", crash)
        with pytest.raises(RuntimeError):
            await review_notices.step(watched.services)
    assert await notices(watched) == []

    await watched.reopen()

    assert [await told(watched), await told(watched, DAY)] == [1, 0]


async def test_the_server_wakes_up_for_the_next_notice(watched: Desk) -> None:
    await watched.set(notice_minutes=3)
    await watched.send()
    now = watched.clock.now()

    assert await upkeep.next_due(watched.services, now) == now + 3 * MINUTE
    await told(watched, 3 * MINUTE)
    assert await upkeep.next_due(watched.services, watched.clock.now()) != now + 3 * MINUTE
