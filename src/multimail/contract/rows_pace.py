"""Operation rows: how often and at which hours people are written to."""

from typing import Final

from multimail.contract import pace
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_PROGRAMS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="set_pace",
        title="Set caps and quiet hours",
        description="How often and at which hours of their own clock people get mail of a mailbox and topic.",
        request=pace.SetPace,
        view=pace.PaceRuleView,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(
            Example("Nights are quiet", {"quiet_from": "21:00", "quiet_to": "08:00", "quiet_days": ["sun"]}),
            Example("One newsletter a week", {"topic": "newsletter", "per_week": 1, "on_cap": "refuse"}),
        ),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="list_pace",
        title="List caps and quiet hours",
        description="The rules for how often and at which hours people get mail, and the time zones of domains.",
        request=pace.ListPace,
        view=pace.PaceList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=COMMON,
        examples=(Example("All", {}),),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="delete_pace",
        title="Take a rule of pace away",
        description="Take away a rule of caps and quiet hours. What waits for it is asked again at once.",
        request=pace.DeletePace,
        view=pace.PaceRuleView,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        problems=(*COMMON, "not_found"),
        examples=(Example("One", {"rule_id": "pace_00000000000000"}),),
        positional=("rule_id",),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="set_time_zone",
        title="Set a domain's time zone",
        description="Whose clock counts for people at a domain whose own time zone is not known.",
        request=pace.SetTimeZone,
        view=pace.DomainZone,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "invalid_address"),
        examples=(Example("Berlin", {"domain": "example.de", "timezone": "Europe/Berlin"}),),
        positional=("domain", "timezone"),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="check_pace",
        title="Check when somebody may be mailed",
        description="Whether caps and quiet hours let a mail to somebody go now; if not, why and from when on.",
        request=pace.CheckPace,
        view=pace.PaceCheck,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "invalid_address", "unknown_mailbox", "mailbox_required"),
        examples=(Example("Ann", {"email": "ann@example.com", "mailbox": "agent@localhost"}),),
        positional=("email",),
        surfaces=_PROGRAMS,
    ),
)
