"""The resource routes of the HTTP API, one row each: messages, threads, mailboxes, reviews, keys, webhooks,
contacts.
"""

from dataclasses import replace
from typing import Final

from multimail.contract.resource import Chosen, Extra, Parameter, Resource

_MESSAGE: Final = "/v1/messages/{message_id}"
_THREAD: Final = "/v1/threads/{thread_id}"
_MAILBOX: Final = "/v1/mailboxes/{mailbox}"
_REVIEW: Final = "/v1/reviews/{message_id}"
_CONTACT: Final = "/v1/contacts/{contact}"
_BY_ANY_NAME: Final = {"contact": Parameter("contact_id", otherwise="email", prefix="contact")}
_THE_CONTACT: Final = Chosen("contacts", again="contact")
_THE_MAILBOX: Final = Chosen("mailboxes", by=("mailbox_id", "address"))

MESSAGES: Final = (
    Resource("GET", "/v1/messages", "check_inbox", "Mail, newest first, without texts."),
    Resource("POST", "/v1/messages", "send_email", "Write a new mail.", 202, location=_MESSAGE),
    Resource("GET", _MESSAGE, "read_email", "One mail with its text; it is not marked as read.",
             fixed={"mark_read": False}),
    Resource("PATCH", _MESSAGE, "edit_pending", "Change a mail that waits."),
    Resource("POST", f"{_MESSAGE}/reply", "reply_email", "Answer a mail.", 202, location=_MESSAGE),
    Resource("POST", f"{_MESSAGE}/forward", "forward_email", "Send a mail on to others.", 202, location=_MESSAGE),
    Resource("POST", f"{_MESSAGE}/cancel", "cancel_message", "Withdraw a mail that has not left."),
    Resource("POST", f"{_MESSAGE}/release", "release_message", "Send a kept mail for real.", 202),
    Resource("POST", f"{_MESSAGE}/mark", "mark_email", "Mark a received mail."),
    Resource("GET", f"{_MESSAGE}/tags", "tag_email", "The tags of a mail.", fixed={"action": "get"}),
    Resource("POST", f"{_MESSAGE}/tags", "tag_email", "Add tags to a mail.", fixed={"action": "add"}),
    Resource("PUT", f"{_MESSAGE}/tags", "tag_email", "Replace the tags of a mail.", fixed={"action": "set"}),
    Resource("DELETE", f"{_MESSAGE}/tags/{{tags}}", "tag_email", "Take a tag off a mail.",
             fixed={"action": "remove"}),
    Resource("GET", f"{_MESSAGE}/history", "get_message_history", "Everything that happened to a mail."),
    Resource("GET", f"{_MESSAGE}/decision", "wait_for_decision", "Wait until a person decided on a mail."),
)  # fmt: skip

THREADS: Final = (
    Resource("GET", _THREAD, "get_thread", "A conversation, oldest mail first; texts with include=bodies.",
             include={"bodies": Extra("messages", ("body", "body_cut", "hidden"))}),
    Resource("POST", f"{_THREAD}/reply", "reply_email", "Answer the newest mail of a conversation.", 202,
             location=_MESSAGE),
    Resource("GET", f"{_THREAD}/tags", "tag_email", "The tags of a conversation.", fixed={"action": "get"}),
    Resource("POST", f"{_THREAD}/tags", "tag_email", "Add tags to a conversation.", fixed={"action": "add"}),
    Resource("PUT", f"{_THREAD}/tags", "tag_email", "Replace a conversation's tags.", fixed={"action": "set"}),
    Resource("DELETE", f"{_THREAD}/tags/{{tags}}", "tag_email", "Take a tag off a conversation.",
             fixed={"action": "remove"}),
)  # fmt: skip

MAILBOXES: Final = (
    Resource("GET", "/v1/mailboxes", "list_mailboxes", "The mailboxes open to the key."),
    Resource("POST", "/v1/mailboxes", "create_mailbox", "Create a mailbox.", 201,
             location="/v1/mailboxes/{mailbox[mailbox_id]}"),
    Resource("GET", _MAILBOX, "list_mailboxes", "One mailbox, by id or address.", chosen=_THE_MAILBOX),
    Resource("PATCH", _MAILBOX, "update_mailbox", "Change a mailbox's settings."),
    Resource("DELETE", _MAILBOX, "delete_mailbox", "Close a mailbox."),
    Resource("GET", f"{_MAILBOX}/messages", "check_inbox", "Mail of one mailbox."),
    Resource("DELETE", f"{_MAILBOX}/messages", "empty_mailbox", "Delete a mailbox's mail for good."),
    Resource("POST", f"{_MAILBOX}/send", "send_email", "Write a new mail from a mailbox.", 202, location=_MESSAGE),
    Resource("POST", f"{_MAILBOX}/freeze", "freeze", "Stop everything that would leave a mailbox."),
    Resource("POST", f"{_MAILBOX}/unfreeze", "unfreeze", "Let approved mail leave a mailbox again."),
)  # fmt: skip

REVIEWS: Final = (
    Resource("GET", "/v1/reviews", "list_pending", "What waits for a person or for its time."),
    Resource("GET", _REVIEW, "list_pending", "One mail that waits.", chosen=Chosen("pending")),
    Resource("POST", f"{_REVIEW}/decision", "decide_email", "Decide on a mail that waits."),
)

KEYS: Final = (
    Resource("GET", "/v1/keys", "list_keys", "All keys, never the keys themselves."),
    Resource("POST", "/v1/keys", "create_key", "Create a key; it is shown once.", 201, location="/v1/keys/{key_id}"),
    Resource("DELETE", "/v1/keys/{key_id}", "revoke_key", "Make a key worthless at once."),
)  # fmt: skip

CONTACTS: Final = (
    Resource("GET", "/v1/contacts", "search_contacts", "Contacts, the longest known first."),
    Resource("POST", "/v1/contacts", "manage_contacts", "Create a contact; an existing one only with upsert.", 201,
             fixed={"action": "add"}, chosen=_THE_CONTACT, location="/v1/contacts/{contact_id}", may_exist="upsert"),
    Resource("GET", _CONTACT, "search_contacts", "One contact, by address or id.",
             parameters=_BY_ANY_NAME, chosen=_THE_CONTACT),
    Resource("PATCH", _CONTACT, "manage_contacts", "Change a contact; metadata merges, null clears a key.",
             parameters=_BY_ANY_NAME, fixed={"action": "update"}, chosen=_THE_CONTACT),
    Resource("DELETE", _CONTACT, "manage_contacts", "Erase a contact with its data and log.",
             parameters=_BY_ANY_NAME, fixed={"action": "delete"}),
    Resource("GET", f"{_CONTACT}/interactions", "search_contacts", "What happened with a contact, newest first.",
             parameters=_BY_ANY_NAME, fixed={"include_interactions": True}, chosen=Chosen("contacts"),
             fields=("contact_id", "email", "interactions")),
)  # fmt: skip

_WEBHOOK: Final = "/v1/webhooks/{webhook_id}"
WEBHOOKS: Final = (
    Resource("GET", "/v1/webhooks", "list_webhooks", "All webhooks, never their secrets."),
    Resource("POST", "/v1/webhooks", "create_webhook", "Create a webhook; its secret is shown once.", 201,
             location=_WEBHOOK),
    Resource("GET", _WEBHOOK, "list_webhooks", "One webhook.", chosen=Chosen("webhooks", by=("webhook_id",))),
    Resource("PATCH", _WEBHOOK, "update_webhook", "Change a webhook, or turn it off and on."),
    Resource("DELETE", _WEBHOOK, "delete_webhook", "Delete a webhook."),
    Resource("POST", f"{_WEBHOOK}/secret", "rotate_webhook_secret", "Give a webhook a new secret."),
    Resource("POST", f"{_WEBHOOK}/test", "test_webhook", "Send a webhook an event that means nothing."),
    Resource("POST", f"{_WEBHOOK}/replay", "replay_webhook", "Send again what a webhook did not get."),
    Resource("GET", "/v1/webhook-deliveries", "list_webhook_deliveries", "What was sent to webhooks."),
    Resource("POST", "/v1/webhook-deliveries/{delivery_id}/replay", "replay_webhook", "Send one event again."),
)  # fmt: skip

RULES: Final = (
    Resource("GET", "/v1/approval-rules", "list_approval_rules", "Rules that approve without a person."),
    Resource("POST", "/v1/approval-rules", "create_approval_rule", "Create such a rule.", 201),
    Resource("DELETE", "/v1/approval-rules/{rule_id}", "delete_approval_rule", "Delete such a rule."),
)
UNVERSIONED: Final = tuple(replace(row, path=row.path.removeprefix("/v1")) for row in CONTACTS)
"""Contacts are known without a version as well."""

RESOURCES: Final[tuple[Resource, ...]] = (
    *MESSAGES, *THREADS, *MAILBOXES, *REVIEWS, *KEYS, *WEBHOOKS, *RULES, *CONTACTS, *UNVERSIONED,
)  # fmt: skip
