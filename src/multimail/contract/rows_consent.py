"""Operation rows: consent and preferences of people, the register of processing, what is held about a person."""

from __future__ import annotations

from typing import Final

from multimail.contract import consent, person
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_ANN: Final = "ann@example.com"
_NOT_FOR_MODELS: Final = frozenset({CLI, REST})
_PERSON: Final = (*COMMON, "not_found", "invalid_address")

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="record_consent",
        title="Record consent",
        description="Record that somebody may be written to: topic, region, basis, proof. An operator's word counts.",
        request=consent.RecordConsent,
        view=consent.ConsentResult,
        scope=Scope.CONTACTS,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*_PERSON, "invalid_time", "too_large"),
        examples=(
            Example("A newsletter", {"email": _ANN, "topic": "newsletter", "region": "EU", "source": "sign-up form"}),
            Example("A customer", {"email": _ANN, "basis": "soft_opt_in", "evidence": {"order": "A-17"}}),
        ),
        positional=("email", "topic"),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="withdraw_consent",
        title="Take consent back",
        description="Somebody takes back what they agreed to: a topic, a region, or everything. Holds at once.",
        request=consent.WithdrawConsent,
        view=consent.ConsentResult,
        scope=Scope.CONTACTS,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=_PERSON,
        examples=(
            Example("One topic", {"email": _ANN, "topic": "newsletter"}),
            Example("Everything", {"email": _ANN}),
        ),
        positional=("email", "topic"),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="list_consents",
        title="List consent records",
        description="What people agreed to and took back, newest first, with source, proof and time.",
        request=consent.ListConsents,
        view=consent.ConsentList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*_PERSON, "invalid_cursor"),
        examples=(Example("Of one person", {"email": _ANN}), Example("A topic", {"topic": "newsletter", "live": True})),
        positional=("email",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="check_consent",
        title="May somebody be written to?",
        description="Whether mail of a class about a topic may go to somebody now, region by region, and if not why.",
        request=consent.CheckConsent,
        view=consent.ConsentCheck,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*_PERSON, "unknown_mailbox", "mailbox_required"),
        examples=(
            Example("A newsletter", {
                "email": _ANN, "topic": "newsletter", "message_class": "commercial", "mailbox": "agent@localhost",
            }),
        ),
        positional=("email", "topic"),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="set_preferences",
        title="Set somebody's preferences",
        description="Which topics and channels somebody wants. No holds at once; a yes to a topic takes an operator.",
        request=consent.SetPreferences,
        view=consent.Preferences,
        scope=Scope.CONTACTS,
        effect=Effect.WRITE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*_PERSON, "unknown_mailbox"),
        examples=(
            Example("No newsletter", {"email": _ANN, "topics": {"newsletter": False}}),
            Example("No text messages", {"email": _ANN, "channels": {"sms": False}}),
        ),
        positional=("email",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="consent_table",
        title="The table of regions",
        description="What each region's law asks before mail of a class is sent; for a person, what holds for them.",
        request=consent.ConsentTable,
        view=consent.RuleTable,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*_PERSON, "unknown_mailbox", "mailbox_required"),
        examples=(Example("The rules", {}),),
        positional=("email",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="get_register",
        title="Register of processing",
        description="What mail is sent for, on which basis, to how many people, kept how long (GDPR Art. 30).",
        request=person.GetRegister,
        view=person.Register,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("All of it", {}), Example("One mailbox", {"mailbox": "agent@localhost"})),
        positional=("mailbox",),
    ),
    Operation(
        name="export_person",
        title="Everything about a person",
        description="All that is held about somebody and was done with it: data, consent, mail, events (GDPR 15).",
        request=person.ExportPerson,
        view=person.PersonExport,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*_PERSON, "invalid_cursor"),
        examples=(Example("By address", {"email": _ANN}),),
        positional=("email",),
    ),
)  # fmt: skip
