"""The mode × operation table: written by hand here, worked out by the product, and carried out against a real sink.

Each cell is done for real: the mailbox is set to the mode, the operation is called, time passes, and what the sink has
got decides. All three have to say the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.core.errors import Problem
from multimail.core.model import Mode
from multimail.core.times import HOUR, SECOND
from multimail.services import mode_table
from tests.services import batch_scenes, breaker_scenes, mode_scenes, pace_scenes
from tests.services.mode_scenes import Scene
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

SCENES = mode_scenes.SCENES | batch_scenes.SCENES | breaker_scenes.SCENES | pace_scenes.SCENES
ORDER = ("read_only", "gated_all", "gated_send", "monitored", "autonomous")
# By hand: R refused, H held, L leaves, U leaves after the time to undo, T at its time, W waits, O left out, F filed.
WORDS = {
    "R": "refused", "H": "held", "L": "leaves", "U": "leaves after 10 s", "T": "leaves at its time", "W": "waits",
    "O": "left out", "F": "filed", "-": "nothing leaves",
}  # fmt: skip
EXPECTED: dict[tuple[str, str], str] = {
    ("send_email", "to a stranger"): "R H H U L",
    ("send_email", "to trusted recipients only"): "R H L U L",
    ("send_email", "trusted, with a copy to a stranger"): "R H H U L",
    ("send_email", "outside the allowed list"): "R R R R R",
    ("send_email", "trusted, with a placeholder"): "R H H H H",
    ("send_email", "trusted, more than ten visible"): "R H H H H",
    ("send_email", "to who opted out"): "R O O O O",
    ("send_email", "to who opted out, claimed transactional"): "R H H H H",
    ("send_email", "to a stranger, by an approval rule"): "R H L U L",
    ("send_email", "by an approval rule, asking for gated_send"): "R H L H H",
    ("send_email", "by an approval rule, with a placeholder"): "R H H H H",
    ("send_email", "trusted, scheduled"): "R H T T T",
    ("send_email", "trusted, while frozen"): "R H W W W",
    ("send_batch", "to a stranger"): "R H H U L",
    ("send_batch", "to trusted recipients only"): "R H L U L",
    ("send_batch", "trusted, with a placeholder"): "R H H H H",
    ("send_batch", "from a template that a rule names"): "R H L U L",
    ("send_batch", "from it, with more than plain values"): "R H H U L",
    ("get_batch", ""): "- - - - -",
    ("create_template", ""): "- - - - -",
    ("list_templates", ""): "- - - - -",
    ("delete_template", ""): "- - - - -",
    ("reply_email", "to a stranger"): "R H H U L",
    ("reply_email", "to trusted recipients only"): "R H L U L",
    ("forward_email", "to a stranger"): "R H H U L",
    ("forward_email", "to trusted recipients only"): "R H L U L",
    ("edit_pending", "held mail to a stranger"): "R H H U L",
    ("edit_pending", "after a person asked for changes"): "R H H H H",
    ("decide_email", "approve"): "R L L L L",
    ("decide_email", "approve, scheduled"): "R T T T T",
    ("decide_email", "approve, while frozen"): "R W W W W",
    ("decide_email", "reject"): "- - - - -",
    ("decide_emails", "approve"): "H L L L L",
    ("decide_emails", "approve a batch"): "H L L L L",
    ("decide_emails", "approve, while frozen"): "H W W W W",
    ("decide_emails", "reject"): "- - - - -",
    ("release_message", "captured mail"): "R L L L L",
    ("unfreeze", "approved mail waiting"): "W L L L L",
    ("unfreeze", "one mail while everything is frozen"): "R L L L L",
    ("resume_sending", "approved mail waiting behind a breaker"): "W L L L L",
    ("set_warm_up", ""): "- - - - -",
    ("set_warm_up", "ended, approved mail waiting for tomorrow"): "W L L L L",
    ("get_reputation", ""): "- - - - -",
    ("campaign_stats", ""): "- - - - -",
    ("set_breakers", ""): "- - - - -",
    ("list_frozen", ""): "- - - - -",
    ("get_oversight_figures", ""): "- - - - -",
    ("simulate_oversight", ""): "- - - - -",
    ("search_audit", ""): "- - - - -",
    ("update_mailbox", "to this mode, free mail waiting"): "H H H L L",
    ("update_mailbox", "to this mode, approved mail waiting"): "W L L L L",
    ("update_mailbox", "to this mode, held mail waiting"): "H H H H H",
    ("create_approval_rule", "held mail waiting that it covers"): "H H H H H",
    ("delete_approval_rule", "mail waiting that it let go"): "H H H L L",
    ("list_approval_rules", ""): "- - - - -",
    ("create_webhook", ""): "- - - - -",
    ("list_webhooks", ""): "- - - - -",
    ("update_webhook", ""): "- - - - -",
    ("delete_webhook", ""): "- - - - -",
    ("rotate_webhook_secret", ""): "- - - - -",
    ("list_webhook_deliveries", ""): "- - - - -",
    ("replay_webhook", ""): "- - - - -",
    ("test_webhook", ""): "- - - - -",
    ("list_sessions", ""): "- - - - -",
    ("close_sessions", ""): "- - - - -",
    ("check_inbox", ""): "- - - - -",
    ("read_email", ""): "- - - - -",
    ("get_thread", ""): "- - - - -",
    ("cancel_message", ""): "- - - - -",
    ("cancel_messages", ""): "- - - - -",
    ("mark_email", ""): "- - - - -",
    ("tag_email", ""): "- - - - -",
    ("download_attachment", ""): "- - - - -",
    ("wait_for_email", ""): "- - - - -",
    ("list_events", ""): "- - - - -",
    ("search_contacts", ""): "- - - - -",
    ("inspect_contact", ""): "- - - - -",
    ("manage_contacts", ""): "- - - - -",
    ("list_pending", ""): "- - - - -",
    ("list_reviews", ""): "- - - - -",
    ("review_email", ""): "- - - - -",
    ("trust_recipient", ""): "- - - - -",
    ("wait_for_decision", ""): "- - - - -",
    ("get_message_history", ""): "- - - - -",
    ("freeze", ""): "- - - - -",
    ("list_mailboxes", ""): "- - - - -",
    ("create_mailbox", ""): "- - - - -",
    ("delete_mailbox", ""): "- - - - -",
    ("create_key", ""): "- - - - -",
    ("list_keys", ""): "- - - - -",
    ("revoke_key", ""): "- - - - -",
    ("list_conversations", ""): "- - - - -",
    ("inspect_message", ""): "- - - - -",
    ("suggest_search", ""): "- - - - -",
    ("get_mailbox", ""): "- - - - -",
    ("empty_mailbox", ""): "- - - - -",
    ("delete_messages", ""): "- - - - -",
    ("list_suppressions", ""): "- - - - -",
    ("suppress_address", ""): "- - - - -",
    ("unsuppress_address", ""): "- - - - -",
    ("record_consent", ""): "- - - - -",
    ("withdraw_consent", ""): "- - - - -",
    ("list_consents", ""): "- - - - -",
    ("check_consent", ""): "- - - - -",
    ("set_preferences", ""): "- - - - -",
    ("consent_table", ""): "- - - - -",
    ("get_register", ""): "- - - - -",
    ("export_person", ""): "- - - - -",
    ("check_suppression", ""): "- - - - -",
    ("suppression_table", ""): "- - - - -",
    ("unsubscribe_figures", ""): "- - - - -",
    ("erase_person", ""): "- - - - -",
    ("list_erasures", ""): "- - - - -",
    **{(name, ""): "- - - - -" for name in (*pace_scenes.PACE, *pace_scenes.SEQUENCES)},
    ("delete_pace", "approved mail waiting for its hours"): "W L L L L",
    ("enroll_contacts", "in a sequence that the server runs"): "R H H U L",
    ("", "mail arrives"): "F H F F F",
    ("", "a notice is due"): "- L L L L",
}


def by_hand() -> dict[tuple[str, str], dict[str, str]]:
    return {
        row: dict(zip(ORDER, (WORDS[letter] for letter in letters.split()), strict=True))
        for row, letters in EXPECTED.items()
    }


def test_every_operation_has_a_row() -> None:
    assert {operation for operation, _ in EXPECTED} - {""} == {row.name for row in OPERATIONS}
    assert SCENES.keys() == EXPECTED.keys()


def test_the_product_says_what_was_written_by_hand() -> None:
    worked_out = {
        (row.operation, row.situation): {mode.value: word for mode, word in row.cells().items()}
        for row in mode_table.rows()
    }

    assert worked_out == by_hand()


def test_the_table_for_the_terminal_has_every_row_and_says_what_its_words_mean() -> None:
    lines = mode_table.text().splitlines()

    assert lines[0].split() == ["Operation", "Situation", *ORDER]
    assert len(lines) == 1 + len(EXPECTED) + 1 + len(mode_table.MEANING)
    assert {*WORDS.values()} == mode_table.MEANING.keys()


def test_an_operation_without_a_row_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(mode_table._ROWS, "read_email")

    with pytest.raises(KeyError, match="read_email"):
        mode_table.rows()


async def became(scene: Scene, act: Callable[[Scene], Awaitable[str]]) -> str:
    """Do it, let time pass, and see what arrived when, and how the mail stands."""
    message_id, refused = "", ""
    try:
        message_id = await act(scene)
    except Problem as problem:
        refused = problem.code
    for offset, word in ((0, "leaves"), (10 * SECOND, "leaves after 10 s"), (HOUR, "leaves at its time")):
        await scene.pass_time(offset)
        if scene.arrived():
            assert scene.arrived() == 1
            return word
    if refused:
        return "refused" if refused in {"read_only", "recipient_not_allowed"} else refused
    if not message_id:
        return "nothing leaves"
    return STANDS[await scene.desk.status(message_id)]


STANDS = {
    "pending_approval": "held", "pending_inbound_approval": "held", "unread": "filed", "queued": "waits",
    "suppressed": "left out", "rejected": "nothing leaves",
}  # fmt: skip


@pytest.mark.parametrize("mode", Mode)
async def test_every_cell_is_what_happens(desk: Desk, sink: Sink, mode: Mode) -> None:
    desk.limit(open_drafts=1000)
    seen: dict[tuple[str, str], Any] = {}

    for number, (row, act) in enumerate(SCENES.items()):
        scene = await Scene.of(desk, sink, mode.value, number)
        seen[row] = await became(scene, act)
        await scene.clear()

    assert seen == {row: words[mode.value] for row, words in by_hand().items()}
