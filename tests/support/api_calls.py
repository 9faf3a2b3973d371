"""Arguments with which each operation, resource and stream succeeds on the account of `api_world`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from multimail.contract.streams import Stream
from tests.support.api_world import DESK, Arguments, World, letter

FILE: Final = base64.b64encode(b"A file.").decode()

SUCCEEDS: Final[dict[str, Callable[[World], Arguments]]] = {
    "check_inbox": lambda world: {"mailbox": DESK, "query": "from:ann"},
    "read_email": lambda world: {"message_id": world.arrived()},
    "get_thread": lambda world: {"thread_id": world.thread()},
    "send_email": lambda world: world.mail(attachments=[{"filename": "a.txt", "content_base64": FILE}]),
    "reply_email": lambda world: {"message_id": world.arrived(), "body": f"Yes, {world.number()}."},
    "forward_email": lambda world: {
        "message_id": world.arrived(), "to": ["f@out.test"], "idempotency_key": str(world.number()),
    },
    "edit_pending": lambda world: {"message_id": world.own(), "body": f"Text {world.number()}."},
    "cancel_message": lambda world: {"message_id": world.own(), "reason": "No."},
    "mark_email": lambda world: {"message_id": world.arrived(), "mark": "archived"},
    "tag_email": lambda world: {"message_id": world.arrived(), "tags": ["spring"]},
    "download_attachment": lambda world: {"message_id": world.arrived(), "position": 1},
    "wait_for_email": lambda world: {"timeout_seconds": 0, "mailbox": DESK},
    "search_contacts": lambda world: {"email": world.contact()},
    "inspect_contact": lambda world: {"email": world.contact()},
    "manage_contacts": lambda world: {"action": "upsert", "email": world.contact(), "name": "Bob"},
    "list_events": lambda world: {"limit": 20, "timeout_seconds": 0},
    "list_pending": lambda world: {"message_id": world.pending()},
    "wait_for_decision": lambda world: {"message_id": world.own(), "timeout_seconds": 0},
    "get_message_history": lambda world: {"message_id": world.own()},
    "decide_email": lambda world: {"message_id": world.pending(), "decision": "reject", "note": "No."},
    "list_reviews": lambda world: {"order": "risk", "group": "recipient"},
    "review_email": lambda world: {"message_id": world.pending()},
    "trust_recipient": lambda world: {"mailbox": DESK, "address": "friend@out.test"},
    "list_sessions": lambda world: {},
    "get_reputation": lambda world: {"mailbox": DESK},
    "campaign_stats": lambda world: {"limit": 5},
    "set_breakers": lambda world: {"mailbox": DESK, "pause_bounces": 6.0},
    "resume_sending": lambda world: {"mailbox": DESK},
    "set_warm_up": lambda world: {"mailbox": world.mailbox(), "days": 10},
    "close_sessions": lambda world: {},
    "freeze": lambda world: {"mailbox": world.mailbox(), "reason": "A test."},
    "unfreeze": lambda world: {"mailbox": world.mailbox()},
    "list_frozen": lambda world: {"mailbox": DESK},
    "get_oversight_figures": lambda world: {"days": 30},
    "simulate_oversight": lambda world: {"mailbox": DESK, "default_mode": "autonomous"},
    "search_audit": lambda world: {"kinds": ["oversight.*", "decide_email"], "calls": True},
    "release_message": lambda world: {"message_id": next(world.released), "note": "Now."},
    "send_batch": lambda world: {
        "mailbox": DESK, "subject": "Hello", "body": f"Dear {{{{name}}}}, {world.number()}",
        "recipients": [{"to": f"x{world.number()}@out.test", "values": {"name": "Ann"}}],
    },
    "list_conversations": lambda world: {"folder": "all", "query": "", "counts": True},
    "inspect_message": lambda world: {"message_id": world.arrived(), "include": ["headers", "html", "source"]},
    "suggest_search": lambda world: {"text": "from:an"},
    "get_batch": lambda world: {"batch_id": world.batch()["batch_id"]},
    "decide_emails": lambda world: {"decisions": [{"message_id": world.pending(), "decision": "reject", "note": "No"}]},
    "cancel_messages": lambda world: {"message_ids": [world.own()]},
    "create_template": lambda world: {"name": f"t{world.number()}", "subject": "Hi {{name}}", "body": "Dear {{name}}"},
    "list_templates": lambda world: {},
    "delete_template": lambda world: {"template_id": world.template()["template_id"]},
    "create_approval_rule": World.new_rule,
    "list_approval_rules": lambda world: {},
    "delete_approval_rule": lambda world: {"rule_id": world.rule()},
    "list_mailboxes": lambda world: {},
    "create_mailbox": lambda world: {"address": f"m{world.number()}@here.test"},
    "update_mailbox": lambda world: {"mailbox": world.mailbox(), "undo_seconds": 5, "trusted": ["a@out.test"]},
    "delete_mailbox": lambda world: {"mailbox": world.mailbox()},
    "get_mailbox": lambda world: {"mailbox": DESK},
    "empty_mailbox": lambda world: {"mailbox": world.mailbox()},
    "delete_messages": lambda world: {"message_ids": ["msg_00000000000000"]},
    "erase_person": lambda world: {"email": "gone@out.test", "confirm_email": "gone@out.test"},
    "list_erasures": lambda world: {"email": "gone@out.test"},
    "create_key": lambda world: {"name": f"key {world.number()}"},
    "list_keys": lambda world: {},
    "revoke_key": lambda world: {"key_id": world.key()},
    "create_webhook": World.hook,
    "list_webhooks": lambda world: {},
    "list_suppressions": lambda world: {"reason": "manual"},
    "suppress_address": lambda world: {"address": f"s{world.number()}@out.test", "note": "Asked by telephone."},
    "unsuppress_address": lambda world: {"address": "s@out.test", "note": "Asked for it again."},
    "record_consent": lambda world: {"email": f"c{world.number()}@out.test", "topic": "news", "region": "EU"},
    "withdraw_consent": lambda world: {"email": f"c{world.number()}@out.test", "topic": "news"},
    "list_consents": lambda world: {"topic": "news", "live": True},
    "check_consent": lambda world: {"email": "c@out.test", "mailbox": DESK, "message_class": "commercial"},
    "set_preferences": lambda world: {"email": f"c{world.number()}@out.test", "topics": {"news": False}},
    "consent_table": lambda world: {"email": "c@out.test", "mailbox": DESK},
    "get_register": lambda world: {"mailbox": DESK},
    "export_person": lambda world: {"email": "ann@out.test"},
    "check_suppression": lambda world: {"address": "s@out.test", "mailbox": DESK},
    "suppression_table": lambda world: {},
    "unsubscribe_figures": lambda world: {"mailbox": DESK, "days": 30},
    "update_webhook": lambda world: {"webhook_id": world.webhook(), "description": "Other."},
    "delete_webhook": lambda world: {"webhook_id": world.webhook()},
    "rotate_webhook_secret": lambda world: {"webhook_id": world.webhook()},
    "list_webhook_deliveries": lambda world: {"status": "pending"},
    "replay_webhook": lambda world: {"delivery_id": world.delivery()},
    "test_webhook": lambda world: {"webhook_id": world.webhook()},
    "set_pace": lambda world: {"topic": "nothing", "per_day": 5, "quiet_from": "21:00", "quiet_to": "08:00"},
    "list_pace": lambda world: {},
    "delete_pace": lambda world: {"rule_id": world.call("set_pace", topic="nothing", per_day=4)["rule_id"]},
    "set_time_zone": lambda world: {"domain": "clock.test", "timezone": "Asia/Tokyo"},
    "check_pace": lambda world: {"email": "kim@clock.test", "mailbox": DESK},
    "create_sequence": lambda world: {
        "name": f"s{world.number()}", "mailbox": DESK, "steps": [{"subject": "Hello", "body": "Dear {{name}}"}],
    },
    "list_sequences": lambda world: {},
    "get_sequence": lambda world: {"sequence_id": world.sequence()},
    "enroll_contacts": lambda world: {"sequence_id": world.sequence(), "emails": ["kim@clock.test"]},
    "claim_sequence_steps": lambda world: {"sequence_id": world.sequence(), "limit": 1},
    "complete_sequence_step": World.claimed_step,
    "stop_sequence": lambda world: {"sequence_id": world.sequence(), "email": "lee@clock.test"},
}  # fmt: skip
"""For each operation, arguments of a call that ends well; what they name is made by the way."""

IN_PATHS: Final[dict[str, Callable[[World], Any]]] = {
    "message_id": World.arrived, "thread_id": World.thread, "contact": World.contact, "mailbox": lambda world: DESK,
    "key_id": World.key, "webhook_id": World.webhook, "delivery_id": World.delivery, "rule_id": World.rule,
    "tags": lambda world: "spring", "attachment": lambda world: "1",
    "template_id": lambda world: world.template()["template_id"], "batch_id": lambda world: world.batch()["batch_id"],
}  # fmt: skip
"""Parts of paths, where the arguments do not say them."""
RIVALS: Final[dict[str, tuple[str, ...]]] = {
    "thread_id": ("message_id",), "contact": ("email", "contact_id", "query"), "webhook_id": ("delivery_id",),
}  # fmt: skip
"""What must not be said beside a part of the path."""


def arguments(world: World, operation: str, variables: list[str], fixed: dict[str, Any]) -> Arguments:
    """Arguments with which a route succeeds, the parts of its path among them."""
    given = SUCCEEDS[operation](world)
    for name in variables:
        if name not in given:
            for rival in RIVALS.get(name, ()):
                given.pop(rival, None)
            given[name] = IN_PATHS[name](world)
    action = fixed.get("action")
    if operation == "replay_webhook" and "delivery_id" not in given:
        given["since"] = "2020-01-01T00:00:00Z"
    if operation == "manage_contacts":
        given = {
            "add": {"email": f"n{world.number()}@out.test", "name": "Bob"},
            "search": {"query": "ann"},
        }.get(
            str(action),
            {name: value for name, value in given.items() if name in variables} | {"name": "Bob"}
            if action
            else given,
        )
        if action == "delete":
            given.pop("name", None)
    if action == "get":
        given.pop("tags", None)
    return {name: value for name, value in given.items() if name not in fixed}


def streamed(there: World, row: Stream) -> tuple[dict[str, str], dict[str, str], bytes]:
    """Path, query and body of a call to a stream that succeeds."""
    number = there.number()
    path = {one.name: str(IN_PATHS[one.name](there)) for one in row.parameters if one.place == "path"}
    if row.name == "receive_email":
        return path, {"to": DESK, "from": "ann@out.test"}, letter(1_000 + number)
    if row.name == "import_contacts":
        return path, {"format": "csv"}, f"email,name\nmember-{number}@out.test,Member\n".encode()
    if row.name == "export_person_file":
        return path, {"email": "ann@out.test"}, b""
    return path, {"filename": f"{number}.txt"} if row.takes else {}, b"A file."
