"""A change of a mailbox can be tried first, says what it loosens, and is refused where the settings moved meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def rules(desk: Desk) -> Any:
    return await desk.call("operator", "get_mailbox", mailbox=BOX)


async def test_a_trial_changes_nothing_and_says_what_would_loosen(desk: Desk) -> None:
    before = await rules(desk)
    told = await desk.set(ceiling="autonomous", signature="Yours", dry_run=True)

    assert (told.dry_run, told.changed) == (True, ["ceiling", "signature"])
    assert [(one.setting, one.before, one.after) for one in told.loosens] == [
        ("ceiling", "gated_send", "autonomous")
    ]
    assert (told.mailbox.ceiling, await rules(desk)) == ("autonomous", before)
    assert "mailbox.updated" not in [one.kind for one in await desk.events()]


async def test_a_trial_is_refused_as_the_change_would_be(desk: Desk) -> None:
    problem = await desk.refused(
        "operator", "update_mailbox", mailbox=BOX, default_mode="monitored", dry_run=True
    )

    assert (problem.code, problem.field) == ("invalid_setting", "oversight_address")


async def test_a_change_says_what_it_loosened(desk: Desk) -> None:
    assert [one.setting for one in (await desk.set(trusted=["*"])).loosens] == ["trusted"]
    assert (await desk.set(trusted=[])).loosens is None


async def test_settings_that_moved_meanwhile_are_not_overwritten(desk: Desk) -> None:
    seen = (await rules(desk)).settings_digest
    await desk.set(display_name="Desk")
    problem = await desk.refused(
        "operator", "update_mailbox", mailbox=BOX, signature="Yours", expected_digest=seen
    )

    assert (problem.code, problem.field) == ("changed", "expected_digest")
    assert (await rules(desk)).signature is None
    now = (await rules(desk)).settings_digest
    assert (await desk.set(signature="Yours", expected_digest=now)).changed == ["signature"]


async def test_mail_and_a_freeze_are_no_change_of_settings(desk: Desk) -> None:
    seen = (await rules(desk)).settings_digest
    await desk.send()
    await desk.call("operator", "freeze", mailbox=BOX)

    assert (await rules(desk)).settings_digest == seen


async def test_an_undo_window_is_taken_back(desk: Desk) -> None:
    await desk.set(undo_seconds=30)

    assert (await desk.set(clear_undo=True)).mailbox.undo_seconds is None
