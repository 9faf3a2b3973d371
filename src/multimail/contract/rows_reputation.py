"""Operation rows: reputation, campaigns, breakers and warm-up."""

from typing import Final

from multimail.contract import reputation
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_NOT_FOR_MODELS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="get_reputation",
        title="Show how sending fares",
        description="Rates of bounces and complaints by mailbox, domain or campaign, and what they bring about.",
        request=reputation.GetReputation,
        view=reputation.ReputationList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "not_found"),
        examples=(
            Example("Everything", {}),
            Example("One mailbox", {"mailbox": "agent@localhost"}),
        ),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="campaign_stats",
        title="Figures of a campaign",
        description="What became of mail with a tag: sent, delivered, bounced, complained, replied; variants compared.",
        request=reputation.CampaignStats,
        view=reputation.CampaignList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("The latest", {}), Example("A few", {"limit": 5})),
        positional=("tag",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="set_breakers",
        title="Set when sending stops",
        description="From which rates on sending warns, slows down or stops: for all, a mailbox or a campaign.",
        request=reputation.SetBreakers,
        view=reputation.BreakersView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_setting"),
        examples=(
            Example("For all", {"pause_bounces": 4.0}),
            Example("One campaign", {"campaign": "spring", "minimum": 200}),
        ),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="resume_sending",
        title="Let sending go on",
        description="After a breaker stopped or slowed a mailbox or campaign: what waits goes, rates count anew.",
        request=reputation.ResumeSending,
        view=reputation.Resumed,
        scope=Scope.ADMIN,
        effect=Effect.SEND,
        toolset=Toolset.ADMIN,
        open_world=True,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(
            Example("A mailbox", {"mailbox": "agent@localhost"}),
            Example("A campaign", {"campaign": "spring"}),
        ),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="set_warm_up",
        title="Warm a mailbox up",
        description="A new mailbox sends a little more every day; what is too much for a day waits for the next one.",
        request=reputation.SetWarmUp,
        view=reputation.WarmUpView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "mailbox_required", "invalid_setting"),
        examples=(Example("As usual", {"mailbox": "agent@localhost"}),),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
)
