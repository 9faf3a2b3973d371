"""Operations as commands: found by any of their names; what makes mail leave has a resident started."""

from __future__ import annotations

import json
from pathlib import Path

from multimail.commands import lock, residents
from multimail.commands.mounting import operation_command
from tests.support.program import run


def test_a_word_that_is_no_operation_is_no_command() -> None:
    assert operation_command("no-such-operation") is None


def test_a_command_can_stand_elsewhere_under_another_name() -> None:
    command = operation_command("create_key", "create")

    assert command is not None
    assert command.name == "create"


def test_reading_starts_no_resident_and_sending_does(tmp_path: Path) -> None:
    data = tmp_path / "data"
    try:
        run(data, "inbox", cold=True, MULTIMAIL_START_RESIDENT="yes")
        assert not lock.is_held(data)

        mail = (
            "--mailbox",
            "agent@localhost",
            "--to",
            "ann@example.com",
            "--subject",
            "Hi",
            "--body",
            "Hello",
        )
        sent = run(data, "send", "--json", *mail, MULTIMAIL_START_RESIDENT="yes")
        assert json.loads(sent.stdout)["status"] == "pending_approval"
        assert lock.is_held(data)
    finally:
        residents.stop(data)
