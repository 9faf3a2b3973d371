"""What a webhook's row says by itself: who sees what, which secrets sign, which answers count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from multimail.ports.reading import Sight
from multimail.ports.webhooks import Answer, Webhook

HOOK = Webhook("wh_1", "https://example.com/", ("*",), None, (), "agent", "", "new", 0, 1, 1)


@pytest.mark.parametrize(
    ("changes", "sight"),
    [
        ({}, Sight(None, see_hidden=False)),
        ({"audience": "reviewer"}, Sight(None, see_hidden=True)),
        ({"mailbox_id": "mbx_1"}, Sight(("mbx_1",), see_hidden=False)),
    ],
)
def test_a_receiver_sees_what_its_audience_does(changes: dict[str, str], sight: Sight) -> None:
    assert replace(HOOK, **changes).sight == sight  # type: ignore[arg-type]


def test_the_old_secret_signs_until_its_time_is_over() -> None:
    rotated = replace(HOOK, old_secret="old", old_until=10)

    assert HOOK.secrets(5) == ("new",)
    assert rotated.secrets(9) == ("new", "old")
    assert rotated.secrets(10) == ("new",)


def test_a_change_has_its_time() -> None:
    assert HOOK.changed(7, state="paused") == replace(HOOK, state="paused", updated_at=7)


@pytest.mark.parametrize(
    ("status", "accepted"),
    [(200, True), (204, True), (299, True), (199, False), (300, False), (410, False), (None, False)],
)
def test_any_2xx_counts_as_taken(status: int | None, accepted: bool) -> None:
    assert Answer(status, 0).accepted is accepted
