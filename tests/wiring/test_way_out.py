"""Settings name the way out; nothing leaves where none is named. Webhooks are posted within reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail import config
from multimail.core.errors import Problem
from multimail.core.reach import Reach
from multimail.core.times import SECOND
from multimail.ports.webhooks import Post
from multimail.wiring.way_out import Posting, transport
from tests.support.receiver import Receiver


def test_without_a_relay_mail_is_captured(tmp_path: Path) -> None:
    assert transport(config.load(data=tmp_path)).name == "capture"


def test_with_a_relay_mail_goes_there(tmp_path: Path) -> None:
    assert transport(config.load(data=tmp_path, relay="smtp://relay.example")).name == "relay"


def test_a_relay_that_cannot_be_understood_is_refused_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        transport(config.load(data=tmp_path, relay="gopher://relay.example"))
    assert (caught.value.code, caught.value.field) == ("invalid_setting", "relay")


@pytest.mark.anyio
@pytest.mark.parametrize("loopback", [True, False])
async def test_webhooks_are_posted_within_reach_only(*, loopback: bool) -> None:
    with Receiver() as receiver:
        post = Post(
            receiver.url, b"{}", "message.sent", "evt_1", "whd_1", ("whsec_c2VjcmV0",), 1_800_000_000 * SECOND
        )

        answer = await Posting(Reach(loopback=loopback)).post(post)

    assert (answer.accepted, len(receiver.posted)) == (loopback, loopback)
