"""Operation rows: sequences of mails, for programs and people who run campaigns."""

from typing import Final

from multimail.contract import sequences
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_PROGRAMS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="create_sequence",
        title="Create a sequence",
        description="Plan mails that follow one another until a contact answers; agents or the server do the steps.",
        request=sequences.CreateSequence,
        view=sequences.SequenceView,
        scope=Scope.SEND,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        problems=(
            *COMMON,
            "unknown_mailbox",
            "mailbox_required",
            "already_exists",
            "not_found",
            "header_injection",
        ),
        examples=(
            Example(
                "Welcome",
                {
                    "name": "welcome",
                    "mailbox": "agent@localhost",
                    "steps": [
                        {"subject": "Welcome", "body": "Hello {{name}}.", "tags": ["drip_step_0"]},
                        {
                            "wait": "3d",
                            "subject": "First steps",
                            "body": "Here they are.",
                            "unless": ["customer"],
                        },
                    ],
                    "done_tag": "drip_complete",
                },
            ),
        ),
        positional=("name",),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="list_sequences",
        title="List sequences",
        description="Sequences with their steps, and how many contacts are where.",
        request=sequences.ListSequences,
        view=sequences.SequenceList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("All", {}),),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="get_sequence",
        title="Show a sequence",
        description="A sequence and a page of its contacts: which step is next, when, or why there is none.",
        request=sequences.GetSequence,
        view=sequences.SequencePage,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "invalid_cursor", "invalid_address"),
        examples=(Example("One", {"sequence_id": "seq_00000000000000"}),),
        positional=("sequence_id",),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="enroll_contacts",
        title="Enroll contacts in a sequence",
        description="Begin a sequence for contacts. Who opted out or is in it already is named with the reason.",
        request=sequences.EnrollContacts,
        view=sequences.EnrollResult,
        scope=Scope.SEND,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(
            Example("Two", {"sequence_id": "welcome", "emails": ["ann@example.com", "bob@example.com"]}),
        ),
        positional=("sequence_id", "emails"),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="claim_sequence_steps",
        title="Claim steps of a sequence",
        description="Take steps that are due. Nobody else gets them until the lease is over; complete each one.",
        request=sequences.ClaimSteps,
        view=sequences.ClaimedSteps,
        scope=Scope.SEND,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(Example("Ten", {"sequence_id": "welcome", "limit": 10}),),
        positional=("sequence_id",),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="complete_sequence_step",
        title="Complete a step of a sequence",
        description="Say that a claimed step is done, left out, given back or the last. Only its holder can, and once.",
        request=sequences.CompleteStep,
        view=sequences.EnrollmentResult,
        scope=Scope.SEND,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(
            Example(
                "Sent",
                {
                    "enrollment_id": "enr_00000000000000",
                    "lease": "lease_00000000000000",
                    "message_id": "msg_00000000000000",
                },
            ),
        ),
        positional=("enrollment_id", "lease"),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="stop_sequence",
        title="Stop a sequence",
        description="End a sequence for good, or for one contact. Its mail that has not left is withdrawn.",
        request=sequences.StopSequence,
        view=sequences.StopResult,
        scope=Scope.SEND,
        effect=Effect.REMOVE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "invalid_address"),
        examples=(Example("All of it", {"sequence_id": "welcome"}),),
        positional=("sequence_id", "email"),
        surfaces=_PROGRAMS,
    ),
)
