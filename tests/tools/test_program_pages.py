"""The pages about the program are printed from the program."""

from __future__ import annotations

from tools.program_pages import commands, settings


def test_a_setting_is_printed_with_its_default_and_meaning() -> None:
    page = settings()

    assert "| `MULTIMAIL_SMTP_PORT` | `1025` | The port that SMTP listens on; 0 takes a free one. |" in page
    assert "| `MULTIMAIL_START_RESIDENT` | `yes` |" in page


def test_no_folder_of_this_machine_is_printed() -> None:
    assert "`~/.local/share/multimail`" in settings()


def test_a_command_of_the_server_is_printed_with_its_options() -> None:
    section = commands().split("\n### multimail install\n")[1].split("\n### ")[0]

    assert "{claude-desktop|claude-code}" in section
    assert "--print" in section


def test_an_operation_is_printed_with_its_command_and_what_stands_bare() -> None:
    page = commands()

    assert (
        "| `multimail decide` | [`decide_email`](operations.md#decide_email) | `message_id` `decision` |"
        in page
    )
    assert "| `multimail keys create` | [`create_key`](operations.md#create_key) | `name` |" in page


def test_hidden_commands_are_not_printed() -> None:
    assert "multimail resident" not in commands()
