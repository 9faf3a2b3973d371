"""Every operation as a client sees it: its path, and what may be done twice."""

# Written by `make generate` from the registry; change the rows in the source instead.

from __future__ import annotations

from typing import Final

from multimail.client import answers
from multimail.client.route import Route

CHECK_INBOX: Final = Route("check_inbox", answers.MessageList, repeatable=True, mailbox=True)
READ_EMAIL: Final = Route("read_email", answers.MessageView, repeatable=True)
GET_THREAD: Final = Route("get_thread", answers.ThreadView, repeatable=True)
SEND_EMAIL: Final = Route("send_email", answers.SendResult, keyed=True, mailbox=True)
REPLY_EMAIL: Final = Route("reply_email", answers.SendResult, keyed=True)
FORWARD_EMAIL: Final = Route("forward_email", answers.SendResult, keyed=True)
EDIT_PENDING: Final = Route("edit_pending", answers.SendResult)
CANCEL_MESSAGE: Final = Route("cancel_message", answers.CancelResult, repeatable=True)
MARK_EMAIL: Final = Route("mark_email", answers.MarkResult, repeatable=True)
TAG_EMAIL: Final = Route("tag_email", answers.TagResult, repeatable=True)
DOWNLOAD_ATTACHMENT: Final = Route("download_attachment", answers.AttachmentView, repeatable=True)
WAIT_FOR_EMAIL: Final = Route("wait_for_email", answers.WaitResult, repeatable=True, waits=30.0, mailbox=True)
SEARCH_CONTACTS: Final = Route("search_contacts", answers.ContactList, repeatable=True)
MANAGE_CONTACTS: Final = Route("manage_contacts", answers.ContactList, looks=("search", "get"))
LIST_EVENTS: Final = Route("list_events", answers.EventList, repeatable=True, waits=0.0)
LIST_PENDING: Final = Route("list_pending", answers.PendingList, repeatable=True, mailbox=True)
WAIT_FOR_DECISION: Final = Route("wait_for_decision", answers.Outcome, repeatable=True, waits=30.0)
GET_MESSAGE_HISTORY: Final = Route("get_message_history", answers.HistoryView, repeatable=True)
DECIDE_EMAIL: Final = Route("decide_email", answers.DecisionView)
FREEZE: Final = Route("freeze", answers.FreezeResult, repeatable=True)
UNFREEZE: Final = Route("unfreeze", answers.FreezeResult)
RELEASE_MESSAGE: Final = Route("release_message", answers.SendResult)
SEND_BATCH: Final = Route("send_batch", answers.BatchResult, keyed=True, mailbox=True)
GET_BATCH: Final = Route("get_batch", answers.BatchView, repeatable=True)
DECIDE_EMAILS: Final = Route("decide_emails", answers.DecisionRows)
CANCEL_MESSAGES: Final = Route("cancel_messages", answers.CancelRows, repeatable=True)
CREATE_TEMPLATE: Final = Route("create_template", answers.TemplateView)
LIST_TEMPLATES: Final = Route("list_templates", answers.TemplateList, repeatable=True)
DELETE_TEMPLATE: Final = Route("delete_template", answers.TemplateView, repeatable=True)
CREATE_APPROVAL_RULE: Final = Route("create_approval_rule", answers.ApprovalRuleView)
LIST_APPROVAL_RULES: Final = Route("list_approval_rules", answers.ApprovalRuleList, repeatable=True)
DELETE_APPROVAL_RULE: Final = Route("delete_approval_rule", answers.ApprovalRuleView, repeatable=True)
LIST_MAILBOXES: Final = Route("list_mailboxes", answers.MailboxList, repeatable=True)
CREATE_MAILBOX: Final = Route("create_mailbox", answers.MailboxResult)
UPDATE_MAILBOX: Final = Route("update_mailbox", answers.MailboxResult, repeatable=True)
DELETE_MAILBOX: Final = Route("delete_mailbox", answers.MailboxResult, repeatable=True)
CREATE_KEY: Final = Route("create_key", answers.KeyCreated)
LIST_KEYS: Final = Route("list_keys", answers.KeyList, repeatable=True)
REVOKE_KEY: Final = Route("revoke_key", answers.KeyView, repeatable=True)
CREATE_WEBHOOK: Final = Route("create_webhook", answers.WebhookSecret)
LIST_WEBHOOKS: Final = Route("list_webhooks", answers.WebhookList, repeatable=True)
UPDATE_WEBHOOK: Final = Route("update_webhook", answers.WebhookView, repeatable=True)
DELETE_WEBHOOK: Final = Route("delete_webhook", answers.WebhookView, repeatable=True)
ROTATE_WEBHOOK_SECRET: Final = Route("rotate_webhook_secret", answers.WebhookSecret)
LIST_WEBHOOK_DELIVERIES: Final = Route(
    "list_webhook_deliveries", answers.WebhookDeliveryList, repeatable=True
)
REPLAY_WEBHOOK: Final = Route("replay_webhook", answers.ReplayResult)
TEST_WEBHOOK: Final = Route("test_webhook", answers.WebhookDelivery)
