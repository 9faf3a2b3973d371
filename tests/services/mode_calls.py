"""Arguments of calls that let nothing leave, for the mode × operation table. Words stand for what a scene has made."""

from __future__ import annotations

from typing import Any, Final

ANN: Final = "ann@example.org"
HOOK: Final = "https://example.com/hooks"
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "check_inbox": {}, "read_email": {"message_id": "message_id"}, "get_thread": {"thread_id": "thread_id"},
    "cancel_message": {"message_id": "message_id"}, "cancel_messages": {"mailbox": "mailbox"},
    "mark_email": {"message_id": "inbound", "mark": "archived"},
    "tag_email": {"message_id": "message_id", "tags": ["autonomous"]},
    "download_attachment": {"message_id": "message_id", "position": 1},
    "wait_for_email": {"timeout_seconds": 0}, "list_events": {}, "search_contacts": {}, "list_pending": {},
    "inspect_contact": {"email": ANN},
    "manage_contacts": {"action": "upsert", "email": ANN, "metadata": {"mode": "autonomous"}},
    "wait_for_decision": {"message_id": "message_id", "timeout_seconds": 0},
    "get_message_history": {"message_id": "message_id"}, "freeze": {"mailbox": "mailbox"}, "list_mailboxes": {},
    "create_mailbox": {"address": "made@localhost"}, "delete_mailbox": {"mailbox": "mailbox"},
    "create_key": {"name": "x"}, "list_keys": {}, "revoke_key": {"key_id": "key_agent"},
    "list_approval_rules": {}, "list_frozen": {}, "get_oversight_figures": {}, "search_audit": {"calls": True},
    "simulate_oversight": {"mailbox": "mailbox", "default_mode": "autonomous"},
    "create_webhook": {"url": HOOK}, "list_webhooks": {}, "update_webhook": {"webhook_id": "hook", "state": "paused"},
    "delete_webhook": {"webhook_id": "hook"}, "rotate_webhook_secret": {"webhook_id": "hook"},
    "list_conversations": {"query": "Hi"}, "inspect_message": {"message_id": "message_id"}, "suggest_search": {},
    "get_mailbox": {"mailbox": "mailbox"}, "empty_mailbox": {"mailbox": "mailbox"},
    "delete_messages": {"message_ids": "message_id"},
    "erase_person": {"email": "gone@example.org", "confirm_email": "gone@example.org"}, "list_erasures": {},
    "list_reviews": {}, "review_email": {"message_id": "message_id"},
    "trust_recipient": {"mailbox": "mailbox", "address": ANN},
    "list_webhook_deliveries": {}, "replay_webhook": {"since": "2026-01-01"}, "test_webhook": {"webhook_id": "hook"},
    "get_reputation": {"mailbox": "mailbox"}, "campaign_stats": {}, "set_warm_up": {"mailbox": "mailbox"},
    "set_breakers": {"mailbox": "mailbox", "enabled": False},
    "list_sessions": {}, "close_sessions": {},
    "list_suppressions": {}, "suppress_address": {"address": "gone@example.org"},
    "unsuppress_address": {"address": "gone@example.org", "note": "Asked for it."},
    "record_consent": {"email": ANN}, "withdraw_consent": {"email": "gone@example.org"}, "list_consents": {},
    "check_consent": {"email": ANN, "mailbox": "mailbox"}, "consent_table": {}, "get_register": {},
    "set_preferences": {"email": "gone@example.org", "topics": {"news": False}}, "export_person": {"email": ANN},
    "check_suppression": {"address": ANN, "mailbox": "mailbox"}, "suppression_table": {}, "unsubscribe_figures": {},
}  # fmt: skip
