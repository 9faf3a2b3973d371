"""Which function carries out which operation, and whether it reads or writes. One line an operation."""

from __future__ import annotations

from typing import Final

from multimail.services import (
    attachments,
    bulk,
    contacts,
    deciding,
    editing,
    following,
    freezing,
    history,
    keys,
    mailboxes,
    marking,
    pending,
    reading,
    releasing,
    sending,
    tagging,
    waiting,
    webhook_log,
    webhooks,
)
from multimail.services.binding import Binding, Wait

BINDINGS: Final[dict[str, Binding]] = {
    "check_inbox": Binding(reading.check_inbox, search=reading.is_search),
    "read_email": Binding(reading.read_email),
    "get_thread": Binding(reading.get_thread),
    "mark_email": Binding(marking.mark_email, writes=True),
    "tag_email": Binding(tagging.tag_email, writes=True, only_reads=tagging.only_reads),
    "download_attachment": Binding(attachments.download_attachment),
    "wait_for_email": Binding(wait=Wait(waiting.look, waiting.finish)),
    "list_events": Binding(wait=Wait(following.look, following.finish)),
    "search_contacts": Binding(contacts.search_contacts, search=lambda request: True),
    "manage_contacts": Binding(
        contacts.manage_contacts, writes=True, only_reads=contacts.only_reads, search=lambda request: True
    ),
    "send_email": Binding(sending.send_email, writes=True),
    "reply_email": Binding(sending.reply_email, writes=True),
    "forward_email": Binding(sending.forward_email, writes=True),
    "edit_pending": Binding(editing.edit_pending, writes=True),
    "cancel_message": Binding(editing.cancel_message, writes=True),
    "list_pending": Binding(pending.list_pending),
    "decide_email": Binding(deciding.decide_email, writes=True),
    "decide_emails": Binding(bulk.decide_emails, writes=True),
    "cancel_messages": Binding(bulk.cancel_messages, writes=True),
    "release_message": Binding(releasing.release_message, writes=True),
    "get_message_history": Binding(history.get_message_history),
    "wait_for_decision": Binding(wait=Wait(history.look_at_decision, history.decided_after)),
    "freeze": Binding(freezing.freeze, writes=True),
    "unfreeze": Binding(freezing.unfreeze, writes=True),
    "list_mailboxes": Binding(mailboxes.list_mailboxes),
    "create_mailbox": Binding(mailboxes.create_mailbox, writes=True),
    "update_mailbox": Binding(mailboxes.update_mailbox, writes=True),
    "delete_mailbox": Binding(mailboxes.delete_mailbox, writes=True),
    "create_key": Binding(keys.create_key, writes=True),
    "list_keys": Binding(keys.list_keys),
    "revoke_key": Binding(keys.revoke_key, writes=True),
    "create_webhook": Binding(webhooks.create_webhook, writes=True),
    "list_webhooks": Binding(webhooks.list_webhooks),
    "update_webhook": Binding(webhooks.update_webhook, writes=True),
    "delete_webhook": Binding(webhooks.delete_webhook, writes=True),
    "rotate_webhook_secret": Binding(webhooks.rotate_webhook_secret, writes=True),
    "list_webhook_deliveries": Binding(webhook_log.list_webhook_deliveries),
    "replay_webhook": Binding(webhook_log.replay_webhook, writes=True),
    "test_webhook": Binding(webhook_log.test_webhook, writes=True),
}
