"""Operation rows for programs and operators: many mails at once, and what may pass without a person."""

from typing import Final

from multimail.contract import approvals, batches, bulk
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON, SENDING
from multimail.core.model import Scope

PROGRAMS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="send_batch",
        title="Send many mails",
        description="A mail for each recipient from one text with {{slots}}; all can be decided on at once.",
        request=batches.SendBatch,
        view=batches.BatchResult,
        scope=Scope.SEND,
        effect=Effect.SEND,
        toolset=Toolset.AGENT,
        open_world=True,
        problems=SENDING,
        examples=(
            Example(
                "Two guests",
                {
                    "subject": "Your booking, {{name}}",
                    "body": "Dear {{name}},\n\nyour room is {{room}}.",
                    "recipients": [
                        {"to": "ann@example.com", "values": {"name": "Ann", "room": "12"}},
                        {"to": "bob@example.com", "values": {"name": "Bob", "room": "14"}},
                    ],
                },
            ),
        ),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="get_batch",
        title="Look at a batch",
        description="A batch's text, the values and state of each mail, and the digest to decide on all of them.",
        request=batches.GetBatch,
        view=batches.BatchView,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "invalid_cursor"),
        examples=(Example("Look", {"batch_id": "batch_00000000000000"}),),
        positional=("batch_id",),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="decide_emails",
        title="Decide on many mails",
        description="Decide on up to 1,000 held mails at once; each has a result of its own.",
        request=bulk.DecideEmails,
        view=bulk.DecisionRows,
        scope=Scope.OVERSIGHT,
        effect=Effect.SEND,
        toolset=Toolset.REVIEW,
        open_world=True,
        problems=(*COMMON, "not_found", "changed", "digest_required", "conflict", "storage_full", "storage_failed"),
        examples=(
            Example(
                "A whole batch",
                {
                    "batch_id": "batch_00000000000000",
                    "digest": "0000000000000000000000000000000000000000",
                    "decision": "approve",
                },
            ),
            Example(
                "Two decisions",
                {
                    "decisions": [
                        {"message_id": "msg_00000000000000", "decision": "approve"},
                        {"message_id": "msg_00000000000001", "decision": "reject", "note": "Wrong price."},
                    ]
                },
            ),
        ),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="cancel_messages",
        title="Withdraw many mails",
        description="Withdraw mails of yours that have not left, by ids, mailbox, tags or batch; each has a result.",
        request=bulk.CancelMessages,
        view=bulk.CancelRows,
        scope=Scope.SEND,
        effect=Effect.REMOVE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "unknown_mailbox"),
        examples=(
            Example("By id", {"message_ids": ["msg_00000000000000"], "reason": "no longer needed"}),
            Example("A campaign", {"mailbox": "agent@localhost", "tags": ["win_back"]}),
        ),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="create_template",
        title="Create a template",
        description="Keep a text with {{slots}} that callers fill in; an approval rule can name it.",
        request=batches.CreateTemplate,
        view=batches.TemplateView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        problems=(*COMMON, "already_exists", "conflict", "header_injection"),
        examples=(
            Example("Receipt", {"name": "receipt", "subject": "Receipt {{number}}", "body": "Thank you, {{name}}."}),
        ),
        positional=("name",),
    ),
    Operation(
        name="list_templates",
        title="List templates",
        description="The texts of operators that send_email and send_batch can fill in, with their slots.",
        request=batches.ListTemplates,
        view=batches.TemplateList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=COMMON,
        examples=(Example("All", {}),),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="delete_template",
        title="Delete a template",
        description="Nothing is written from it any more; what was written stays.",
        request=batches.DeleteTemplate,
        view=batches.TemplateView,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(Example("Delete", {"template_id": "tpl_00000000000000"}),),
        positional=("template_id",),
    ),
    Operation(
        name="create_approval_rule",
        title="Create an approval rule",
        description="Let mail that meets all conditions go without a person, where only gated_send would hold it.",
        request=approvals.CreateApprovalRule,
        view=approvals.ApprovalRuleView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        problems=(
            *COMMON, "unknown_mailbox", "not_found", "already_exists", "conflict", "invalid_setting",
            "invalid_address", "header_injection",
        ),
        examples=(
            Example("Own people", {"name": "own people", "recipient_domains": ["example.com"], "max_recipients": 3}),
            Example(
                "Answers to people who are known",
                {"name": "answers", "mailbox": "agent@localhost", "reply_to_known_sender": True},
            ),
        ),
        positional=("name",),
    ),
    Operation(
        name="list_approval_rules",
        title="List approval rules",
        description="The rules by which mail goes without a person, with how often each did.",
        request=approvals.ListApprovalRules,
        view=approvals.ApprovalRuleList,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=COMMON,
        examples=(Example("All", {}),),
    ),
    Operation(
        name="delete_approval_rule",
        title="Delete an approval rule",
        description="Take a rule away; what only it let go and has not left yet waits for a person again.",
        request=approvals.DeleteApprovalRule,
        view=approvals.ApprovalRuleView,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("Delete", {"rule_id": "rule_00000000000000"}),),
        positional=("rule_id",),
    ),
)  # fmt: skip
