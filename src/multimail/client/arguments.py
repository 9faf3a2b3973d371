"""Further names of arguments, and objects in them: for type checkers and editors only."""

# Written by `make generate` from the registry; change the rows in the source instead.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypedDict


class ApprovalLimitIn(TypedDict, total=False):
    domains: str | Sequence[str] | None
    max_recipients: int | None
    mailboxes: str | Sequence[str] | None


class AttachmentIn(TypedDict, total=False):
    filename: str | None
    content_type: str | None
    content_base64: str | bytes | None
    message_id: str | None
    position: int | None
    upload_id: str | None
    name: str | None
    content: str | bytes | None
    data: str | bytes | None


class BatchRecipient(TypedDict, total=False):
    to: str | None
    values: Mapping[str, str] | None
    idempotency_key: str | None
    email: str | None
    address: str | None
    variables: Mapping[str, str] | None
    substitutions: Mapping[str, str] | None


DecideEmail = TypedDict(
    "DecideEmail",
    {
        "message_id": str | None,
        "decision": Literal[
            "approve",
            "approved",
            "reject",
            "rejected",
            "request_changes",
            "escalate",
            "defer",
            "cancel",
            "undo",
        ]
        | None,
        "digest": str | None,
        "revised_body": str | None,
        "revised_subject": str | None,
        "note": str | None,
        "confirm_placeholders": bool | None,
        "late_ok": bool | None,
        "mailbox": str | None,
        "id": str | None,
        "email_id": str | None,
        "action": Literal[
            "approve",
            "approved",
            "reject",
            "rejected",
            "request_changes",
            "escalate",
            "defer",
            "cancel",
            "undo",
        ]
        | None,
        "rejection_note": str | None,
        "reason": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)


class StepIn(TypedDict, total=False):
    wait: str | None
    subject: str | None
    body: str | None
    template: str | None
    tags: str | Sequence[str] | Mapping[str, Any] | None
    only_if: str | Sequence[str] | None
    unless: str | Sequence[str] | None
    markdown: str | None
    text_body: str | None
    text: str | None
    body_text: str | None
    body_markdown: str | None
    delay: str | None
    after: str | None
    tag: str | Sequence[str] | Mapping[str, Any] | None


CheckInboxNames = TypedDict(
    "CheckInboxNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "filters": str | Mapping[str, Any] | None,
        "date_after": str | date | None,
        "after": str | date | None,
        "date_before": str | date | None,
        "before": str | date | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "from_contains": str | None,
    },
    total=False,
)
ReadEmailNames = TypedDict(
    "ReadEmailNames",
    {
        "id": str | None,
        "email_id": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
GetThreadNames = TypedDict(
    "GetThreadNames",
    {
        "id": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
SendEmailNames = TypedDict(
    "SendEmailNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "markdown": str | None,
        "text_body": str | None,
        "text": str | None,
        "body_text": str | None,
        "body_markdown": str | None,
        "send_at": str | date | None,
        "mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
        "class": Literal["transactional", "commercial"] | None,
        "consent_class": Literal["transactional", "commercial"] | None,
    },
    total=False,
)
ReplyEmailNames = TypedDict(
    "ReplyEmailNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "markdown": str | None,
        "text_body": str | None,
        "text": str | None,
        "body_text": str | None,
        "body_markdown": str | None,
        "send_at": str | date | None,
        "mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
        "class": Literal["transactional", "commercial"] | None,
        "consent_class": Literal["transactional", "commercial"] | None,
        "id": str | None,
        "email_id": str | None,
    },
    total=False,
)
ForwardEmailNames = TypedDict(
    "ForwardEmailNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "markdown": str | None,
        "text_body": str | None,
        "text": str | None,
        "body_text": str | None,
        "body_markdown": str | None,
        "send_at": str | date | None,
        "mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
        "class": Literal["transactional", "commercial"] | None,
        "consent_class": Literal["transactional", "commercial"] | None,
        "id": str | None,
        "email_id": str | None,
    },
    total=False,
)


class EditPendingNames(TypedDict, total=False):
    id: str | None
    email_id: str | None
    markdown: str | None
    text_body: str | None
    text: str | None
    body_text: str | None
    body_markdown: str | None
    send_at: str | date | None


class CancelMessageNames(TypedDict, total=False):
    id: str | None
    email_id: str | None
    note: str | None


MarkEmailNames = TypedDict(
    "MarkEmailNames",
    {
        "id": str | None,
        "email_id": str | None,
        "as": Literal["read", "unread", "archived", "deleted", "spam", "not_spam"] | None,
        "status": Literal["read", "unread", "archived", "deleted", "spam", "not_spam"] | None,
        "action": Literal["read", "unread", "archived", "deleted", "spam", "not_spam"] | None,
    },
    total=False,
)
TagEmailNames = TypedDict(
    "TagEmailNames",
    {
        "id": str | None,
        "email_id": str | None,
        "address": str | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "key": str | Sequence[str] | Mapping[str, Any] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
DownloadAttachmentNames = TypedDict(
    "DownloadAttachmentNames",
    {
        "id": str | None,
        "email_id": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
WaitForEmailNames = TypedDict(
    "WaitForEmailNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "filters": str | Mapping[str, Any] | None,
    },
    total=False,
)
SearchContactsNames = TypedDict(
    "SearchContactsNames",
    {
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "filter": Mapping[str, Any] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
SearchContactsArguments = TypedDict(
    "SearchContactsArguments",
    {
        "email": str | None,
        "domain": str | None,
        "tags": str | Sequence[str] | Mapping[str, Any] | None,
        "exclude_tags": str | Sequence[str] | Mapping[str, Any] | None,
        "filters": Mapping[str, Any] | None,
        "include_interactions": bool | None,
        "limit": int | None,
        "cursor": str | None,
        "mailbox": str | None,
        "contact_id": str | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "filter": Mapping[str, Any] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
ManageContactsNames = TypedDict(
    "ManageContactsNames",
    {
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "filter": Mapping[str, Any] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "id": str | None,
        "address": str | None,
    },
    total=False,
)
ListEventsNames = TypedDict(
    "ListEventsNames",
    {
        "cursor": str | None,
        "since_id": str | None,
        "last_event_id": str | None,
        "kind": str | Sequence[str] | None,
        "events": str | Sequence[str] | None,
        "event": str | Sequence[str] | None,
        "types": str | Sequence[str] | None,
        "event_types": str | Sequence[str] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
ListEventsArguments = TypedDict(
    "ListEventsArguments",
    {
        "mailbox": str | None,
        "kinds": str | Sequence[str] | None,
        "limit": int | None,
        "max_bytes": int | None,
        "timeout_seconds": float | None,
        "cursor": str | None,
        "since_id": str | None,
        "last_event_id": str | None,
        "kind": str | Sequence[str] | None,
        "events": str | Sequence[str] | None,
        "event": str | Sequence[str] | None,
        "types": str | Sequence[str] | None,
        "event_types": str | Sequence[str] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
ListPendingNames = TypedDict(
    "ListPendingNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
    },
    total=False,
)


class WaitForDecisionNames(TypedDict, total=False):
    id: str | None
    email_id: str | None


class GetMessageHistoryNames(TypedDict, total=False):
    id: str | None
    email_id: str | None


DecideEmailNames = TypedDict(
    "DecideEmailNames",
    {
        "id": str | None,
        "email_id": str | None,
        "action": Literal[
            "approve",
            "approved",
            "reject",
            "rejected",
            "request_changes",
            "escalate",
            "defer",
            "cancel",
            "undo",
        ]
        | None,
        "rejection_note": str | None,
        "reason": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
FreezeNames = TypedDict(
    "FreezeNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "note": str | None,
    },
    total=False,
)
UnfreezeNames = TypedDict(
    "UnfreezeNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "note": str | None,
        "id": str | None,
        "email_id": str | None,
    },
    total=False,
)


class ReleaseMessageNames(TypedDict, total=False):
    id: str | None
    email_id: str | None
    rejection_note: str | None
    reason: str | None


ListReviewsNames = TypedDict(
    "ListReviewsNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "sort": Literal["risk", "oldest", "newest"] | None,
        "group_by": Literal["none", "recipient", "tag", "similarity", "batch"] | None,
    },
    total=False,
)


class ReviewEmailNames(TypedDict, total=False):
    id: str | None
    email_id: str | None


class TrustRecipientNames(TypedDict, total=False):
    mailbox_id: str | None
    email: str | None
    recipient: str | None


ListFrozenNames = TypedDict(
    "ListFrozenNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
GetOversightFiguresNames = TypedDict(
    "GetOversightFiguresNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
SimulateOversightNames = TypedDict(
    "SimulateOversightNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "oversight_mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
        "mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
    },
    total=False,
)
SearchAuditNames = TypedDict(
    "SearchAuditNames",
    {
        "kind": str | Sequence[str] | None,
        "events": str | Sequence[str] | None,
        "event": str | Sequence[str] | None,
        "operation": str | Sequence[str] | None,
        "operations": str | Sequence[str] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "id": str | None,
        "email_id": str | None,
        "principal_id": str | None,
        "by": str | None,
        "key_id": str | None,
    },
    total=False,
)
SendBatchNames = TypedDict(
    "SendBatchNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "markdown": str | None,
        "text_body": str | None,
        "text": str | None,
        "body_text": str | None,
        "body_markdown": str | None,
        "send_at": str | date | None,
        "mode": Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None,
        "class": Literal["transactional", "commercial"] | None,
        "consent_class": Literal["transactional", "commercial"] | None,
    },
    total=False,
)


class GetBatchNames(TypedDict, total=False):
    id: str | None
    batch: str | None


class DecideEmailsNames(TypedDict, total=False):
    action: (
        Literal[
            "approve",
            "approved",
            "reject",
            "rejected",
            "request_changes",
            "escalate",
            "defer",
            "cancel",
            "undo",
        ]
        | None
    )
    rejection_note: str | None
    reason: str | None


CancelMessagesNames = TypedDict(
    "CancelMessagesNames",
    {
        "ids": str | Sequence[str] | None,
        "email_ids": str | Sequence[str] | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | Sequence[str] | Mapping[str, Any] | None,
        "note": str | None,
    },
    total=False,
)


class CreateTemplateNames(TypedDict, total=False):
    markdown: str | None
    text_body: str | None
    text: str | None
    body_text: str | None
    body_markdown: str | None


class DeleteTemplateNames(TypedDict, total=False):
    id: str | None
    template: str | None


CreateApprovalRuleNames = TypedDict(
    "CreateApprovalRuleNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "domains": str | Sequence[str] | None,
        "recipient_domain": str | Sequence[str] | None,
        "domain": str | Sequence[str] | None,
        "class": Literal["transactional", "commercial"] | None,
        "key_id": str | None,
        "principal_id": str | None,
        "template_id": str | None,
    },
    total=False,
)


class DeleteApprovalRuleNames(TypedDict, total=False):
    id: str | None
    rule: str | None


class CreateMailboxNames(TypedDict, total=False):
    oversight_mode: Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None
    mode: Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None
    undo_window: int | None
    email: str | None


class UpdateMailboxNames(TypedDict, total=False):
    oversight_mode: Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None
    mode: Literal["read_only", "gated_all", "gated_send", "monitored", "autonomous"] | None
    undo_window: int | None
    mailbox_id: str | None
    id: str | None
    address: str | None


class DeleteMailboxNames(TypedDict, total=False):
    mailbox_id: str | None
    id: str | None
    address: str | None


class RevokeKeyNames(TypedDict, total=False):
    id: str | None
    key: str | None


class CreateWebhookNames(TypedDict, total=False):
    webhook_url: str | None
    endpoint: str | None
    event: str | Sequence[str] | None
    event_types: str | Sequence[str] | None
    tag: str | Sequence[str] | Mapping[str, Any] | None
    mailbox_id: str | None


class UpdateWebhookNames(TypedDict, total=False):
    id: str | None
    webhook: str | None
    webhook_url: str | None
    endpoint: str | None
    event: str | Sequence[str] | None
    event_types: str | Sequence[str] | None
    tag: str | Sequence[str] | Mapping[str, Any] | None
    status: Literal["active", "paused"] | None
    mailbox_id: str | None


class DeleteWebhookNames(TypedDict, total=False):
    id: str | None
    webhook: str | None


class RotateWebhookSecretNames(TypedDict, total=False):
    id: str | None
    webhook: str | None


class ListWebhookDeliveriesNames(TypedDict, total=False):
    id: str | None
    webhook: str | None
    state: Literal["pending", "delivered", "failed"] | None


class ReplayWebhookNames(TypedDict, total=False):
    id: str | None
    webhook: str | None


class TestWebhookNames(TypedDict, total=False):
    id: str | None
    webhook: str | None


ListConversationsNames = TypedDict(
    "ListConversationsNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "q": str | None,
    },
    total=False,
)


class InspectMessageNames(TypedDict, total=False):
    id: str | None
    email_id: str | None
    sides: Sequence[Literal["headers", "structure", "links", "authentication", "html", "source"]] | None


SuggestSearchNames = TypedDict(
    "SuggestSearchNames",
    {
        "query": str | None,
        "q": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)


class InspectContactNames(TypedDict, total=False):
    id: str | None
    address: str | None


class GetMailboxNames(TypedDict, total=False):
    mailbox_id: str | None
    id: str | None
    address: str | None


class EmptyMailboxNames(TypedDict, total=False):
    mailbox_id: str | None
    address: str | None
    all: bool | None
    all_mailboxes: bool | None


class DeleteMessagesNames(TypedDict, total=False):
    ids: str | Sequence[str] | None
    email_ids: str | Sequence[str] | None


class ErasePersonNames(TypedDict, total=False):
    address: str | None
    confirm: str | None
    confirm_address: str | None


class ListErasuresNames(TypedDict, total=False):
    address: str | None


SetPaceNames = TypedDict(
    "SetPaceNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "quiet_start": str | None,
        "quiet_hours_start": str | None,
        "quiet_end": str | None,
        "quiet_hours_end": str | None,
        "quiet_until": str | None,
        "quiet_weekdays": str | Sequence[str] | None,
    },
    total=False,
)


class DeletePaceNames(TypedDict, total=False):
    id: str | None
    rule: str | None


class SetTimeZoneNames(TypedDict, total=False):
    time_zone: str | None
    zone: str | None
    tz: str | None


CheckPaceNames = TypedDict(
    "CheckPaceNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "address": str | None,
        "to": str | None,
    },
    total=False,
)
CreateSequenceNames = TypedDict(
    "CreateSequenceNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "class": Literal["transactional", "commercial"] | None,
    },
    total=False,
)
ListSequencesNames = TypedDict(
    "ListSequencesNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)


class GetSequenceNames(TypedDict, total=False):
    id: str | None
    sequence: str | None
    name: str | None


class EnrollContactsNames(TypedDict, total=False):
    id: str | None
    sequence: str | None
    name: str | None
    email: str | Sequence[str] | None
    to: str | Sequence[str] | None
    contacts: str | Sequence[str] | None
    addresses: str | Sequence[str] | None


class ClaimStepsNames(TypedDict, total=False):
    id: str | None
    sequence: str | None
    name: str | None


class CompleteStepNames(TypedDict, total=False):
    id: str | None


class StopSequenceNames(TypedDict, total=False):
    id: str | None
    sequence: str | None
    name: str | None
    address: str | None


class RecordConsentNames(TypedDict, total=False):
    address: str | None
    recipient: str | None
    to: str | None


class WithdrawConsentNames(TypedDict, total=False):
    address: str | None
    recipient: str | None
    to: str | None


class ListConsentsNames(TypedDict, total=False):
    address: str | None
    recipient: str | None
    to: str | None


CheckConsentNames = TypedDict(
    "CheckConsentNames",
    {
        "address": str | None,
        "recipient": str | None,
        "to": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "class": Literal["transactional", "commercial"] | None,
        "consent_class": Literal["transactional", "commercial"] | None,
    },
    total=False,
)
SetPreferencesNames = TypedDict(
    "SetPreferencesNames",
    {
        "address": str | None,
        "recipient": str | None,
        "to": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
ConsentTableNames = TypedDict(
    "ConsentTableNames",
    {
        "address": str | None,
        "recipient": str | None,
        "to": str | None,
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
GetRegisterNames = TypedDict(
    "GetRegisterNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)


class ExportPersonNames(TypedDict, total=False):
    address: str | None
    recipient: str | None
    to: str | None


class CloseSessionsNames(TypedDict, total=False):
    id: str | None
    session: str | None


ListSuppressionsNames = TypedDict(
    "ListSuppressionsNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "address": str | None,
        "email": str | None,
        "email_address": str | None,
    },
    total=False,
)
SuppressAddressNames = TypedDict(
    "SuppressAddressNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "email": str | None,
        "email_address": str | None,
    },
    total=False,
)
UnsuppressAddressNames = TypedDict(
    "UnsuppressAddressNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "email": str | None,
        "email_address": str | None,
    },
    total=False,
)
CheckSuppressionNames = TypedDict(
    "CheckSuppressionNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "email": str | None,
        "email_address": str | None,
    },
    total=False,
)
UnsubscribeFiguresNames = TypedDict(
    "UnsubscribeFiguresNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
GetReputationNames = TypedDict(
    "GetReputationNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | None,
        "campaign_tag": str | None,
    },
    total=False,
)


class CampaignStatsNames(TypedDict, total=False):
    campaign: str | None
    campaign_tag: str | None


SetBreakersNames = TypedDict(
    "SetBreakersNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | None,
        "campaign_tag": str | None,
        "minimum_volume": int | None,
        "min_volume": int | None,
        "throttle_per_minute": int | None,
    },
    total=False,
)
ResumeSendingNames = TypedDict(
    "ResumeSendingNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
        "tag": str | None,
        "campaign_tag": str | None,
    },
    total=False,
)
SetWarmUpNames = TypedDict(
    "SetWarmUpNames",
    {
        "from": str | None,
        "mailbox_id": str | None,
        "from_mailbox": str | None,
        "from_address": str | None,
        "from_": str | None,
    },
    total=False,
)
