"""The next hop in memory keeps the port's promises: nothing is kept before the mark, and nobody is settled twice."""

from __future__ import annotations

import pytest

from multimail.ports.transport import HandOver, Recipient
from multimail.testing.outside import Outside
from multimail.testing.switches import Switch, Switchboard

pytestmark = pytest.mark.anyio
WORK = HandOver(
    "a@here.test",
    (Recipient("1", "ann@outside.test"), Recipient("2", "bob@outside.test")),
    b"Subject: x\r\n\r\n",
)


@pytest.fixture
def board() -> Switchboard:
    return Switchboard(lambda: None)


@pytest.fixture
def outside(board: Switchboard) -> Outside:
    return Outside(board, lambda: 7)


async def everybody(ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids


async def nobody(ids: tuple[str, ...]) -> tuple[str, ...]:
    raise AssertionError(f"{ids} are asked for after a refusal")


async def test_mail_is_kept_once_the_mark_is_set(outside: Outside) -> None:
    async def marked(ids: tuple[str, ...]) -> tuple[str, ...]:
        assert outside.mails == []
        return ids[:1]

    outcomes = await outside.deliver(WORK, marked)

    assert [(one.delivery_id, one.kind, one.smtp_code) for one in outcomes] == [("1", "sent", 250)]
    assert [(one.recipients, one.sent_at) for one in outside.mails] == [(("ann@outside.test",), 7)]


@pytest.mark.parametrize(("at", "kind"), [("CONNECT", "retry"), ("MAIL", "retry")])
async def test_before_recipients_are_named_all_share_one_fate(
    outside: Outside, board: Switchboard, at: str, kind: str
) -> None:
    board.add(Switch("smtp", at="MAIL" if at == "MAIL" else "CONNECT", reply="451 later"))

    outcomes = await outside.deliver(WORK, nobody)

    assert [one.kind for one in outcomes] == [kind, kind]


async def test_a_refused_recipient_takes_no_part(outside: Outside, board: Switchboard) -> None:
    board.add(Switch("smtp", recipient="ann@*", at="RCPT", reply="550 5.1.1 unknown"))

    outcomes = await outside.deliver(WORK, everybody)

    assert [(one.kind, one.smtp_code, one.enhanced) for one in outcomes] == [
        ("failed", 550, "5.1.1"), ("sent", 250, "2.0.0"),
    ]  # fmt: skip
    assert outside.mails[0].recipients == ("bob@outside.test",)


async def test_a_lost_answer_is_unknown_and_the_mail_is_there(outside: Outside, board: Switchboard) -> None:
    board.add(Switch("lost_acknowledgement"))

    outcomes = await outside.deliver(WORK, everybody)

    assert [one.kind for one in outcomes] == ["unknown", "unknown"]
    assert len(outside.mails) == 1


async def test_it_says_whether_mail_could_leave(outside: Outside, board: Switchboard) -> None:
    assert await outside.probe() == ""
    with board.add(Switch("smtp", at="CONNECT")):
        assert "refused" in await outside.probe()
    await outside.close()
    assert outside.name == "relay"
