"""Reference pages are printed from data: what a table says, the page says."""

from __future__ import annotations

from multimail.contract.registry import OPERATIONS
from tools.reference import errors, lifecycle, operations, rules, table


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert table(("A", "B"), [("1|2", "3")]) == "| A | B |\n| --- | --- |\n| 1\\|2 | 3 |"


def test_an_operation_is_printed_with_its_arguments_errors_and_examples() -> None:
    section = operations().split("\n## read_email\n")[1].split("\n## ")[0]

    assert "| `message_id` | string | required | The mail to read. |" in section
    assert "[`not_found`](errors.md)" in section
    assert '"message_id": "msg_' in section


def test_hidden_arguments_are_not_printed() -> None:
    section = operations().split("\n## send_email\n")[1].split("\n## ")[0]
    arguments = section.split("Also understood:")[0]

    assert "`gate_timing`" not in arguments


def test_every_operation_has_its_section_in_the_order_of_the_registry() -> None:
    heads = [line.removeprefix("## ") for line in operations().splitlines() if line.startswith("## ")]

    assert heads == [row.name for row in OPERATIONS]


def test_errors_say_how_each_protocol_puts_them() -> None:
    assert "| `too_large` | The content is larger than the limit. | 413 | `552 5.3.4` | 2 |  |" in errors()


def test_the_lifecycle_is_drawn_from_its_tables() -> None:
    assert "pending_approval --> rejected" in lifecycle()
    assert "| `expired` | nobody decided in time | end |" in lifecycle()


def test_a_rule_is_printed_with_what_a_hit_means() -> None:
    assert (
        "| `read_only` | refused | A read_only mailbox lets nothing leave. | [`read_only`](errors.md) |"
        in rules()
    )


def test_modes_are_printed_from_strict_to_free() -> None:
    modes = rules().split("## Oversight modes")[1]

    assert modes.index("`read_only`") < modes.index("`gated_send`") < modes.index("`autonomous`")
