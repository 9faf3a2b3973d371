"""Operation rows: what a freeze stops, figures of oversight, what other rules would do, the audit."""

from typing import Final

from multimail.contract import audit, figures, freezes
from multimail.contract.operation import Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_frozen",
        title="List what a freeze stops",
        description="The freezes that are on, since when, why and by whom, and the mail that waits behind them.",
        request=freezes.ListFrozen,
        view=freezes.FrozenList,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(Example("Everything", {}), Example("One mailbox", {"mailbox": "agent@localhost"})),
        positional=("mailbox",),
    ),
    Operation(
        name="get_oversight_figures",
        title="Figures of oversight",
        description="What waits, how people decide and how long they look, by mailbox, and what that speaks for.",
        request=figures.GetOversightFigures,
        view=figures.FiguresList,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("Two weeks", {}), Example("A quarter", {"mailbox": "agent@localhost", "days": 90})),
        positional=("mailbox",),
    ),
    Operation(
        name="simulate_oversight",
        title="What other rules would do",
        description="Runs other rules over the mail of the last days: what would have been held, left or refused.",
        request=figures.SimulateOversight,
        view=figures.SimulationView,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(
            *COMMON, "unknown_mailbox", "mailbox_required", "invalid_address", "invalid_setting",
            "header_injection",
        ),
        examples=(
            Example("More freedom", {"mailbox": "agent@localhost", "default_mode": "autonomous"}),
            Example("A trusted domain", {"mailbox": "agent@localhost", "trusted": ["*@example.com"], "days": 30}),
        ),
        positional=("mailbox", "default_mode"),
    ),
    Operation(
        name="search_audit",
        title="Search the audit",
        description="What happened and who did it, newest first: ids and codes, never a mail's text.",
        request=audit.SearchAudit,
        view=audit.AuditPage,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor", "invalid_time"),
        examples=(
            Example("The newest", {}),
            Example("Decisions of a day", {"kinds": ["oversight.*"], "since": "2026-03-01", "until": "2026-03-02"}),
        ),
    ),
)  # fmt: skip
