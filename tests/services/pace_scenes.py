"""The scenes of the mode × operation table that are about pace and sequences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from multimail.core.errors import Problem
from multimail.services import sequence_runner
from tests.services.mode_calls import ANN
from tests.services.mode_scenes import Scene

STEPS: Final = [{"subject": "Welcome", "body": "Hello."}, {"wait": "3d", "subject": "More", "body": "Here."}]


async def paces(scene: Scene, operation: str) -> str:
    """A rule for a topic that no mail here has."""
    rule = await scene.desk.call("operator", "set_pace", mailbox=scene.desk.box, topic="none", per_day=1)
    await scene.send()
    await scene.set()
    given: dict[str, dict[str, Any]] = {
        "set_pace": {"mailbox": scene.desk.box, "topic": "none", "per_day": 2}, "list_pace": {},
        "delete_pace": {"rule_id": rule.rule_id}, "set_time_zone": {"domain": "none.test", "timezone": "Asia/Tokyo"},
        "check_pace": {"mailbox": scene.desk.box, "email": ANN},
    }  # fmt: skip
    await scene.desk.call("operator", operation, **given[operation])
    return ""


async def opens(scene: Scene) -> str:
    """Mail that a person let go waits for its hours, and then there are none."""
    rule = await scene.desk.call(
        "operator",
        "set_pace",
        mailbox=scene.desk.box,
        quiet_from="00:01",
        quiet_to="00:00",
        transactional=True,
    )
    mail = await scene.send()
    await scene.desk.decide(mail)
    await scene.settle()
    assert not scene.arrived()
    await scene.set()
    await scene.desk.call("operator", "delete_pace", rule_id=rule.rule_id)
    return mail


async def campaigns(scene: Scene, operation: str) -> str:
    """A sequence that agents do: claiming and completing a step sends nothing by itself."""
    name = f"welcome of {scene.desk.box}"
    made = await scene.desk.call(
        "agent", "create_sequence", name=name, mailbox=scene.desk.box, steps=STEPS, run_by="agents"
    )
    about = {"sequence_id": made.sequence_id}
    await scene.desk.call("agent", "enroll_contacts", **about, emails=[ANN])
    step = (await scene.desk.call("agent", "claim_sequence_steps", **about)).steps[0]
    await scene.set()
    given: dict[str, dict[str, Any]] = {
        "create_sequence": {"name": "other", "mailbox": scene.desk.box, "steps": STEPS}, "list_sequences": {},
        "get_sequence": about, "enroll_contacts": {**about, "emails": ["bob@example.org"]},
        "claim_sequence_steps": about, "stop_sequence": about,
        "complete_sequence_step": {"enrollment_id": step.enrollment_id, "lease": step.lease},
    }  # fmt: skip
    await scene.desk.call("agent", operation, **given[operation])
    return ""


async def runs(scene: Scene) -> str:
    """A step that the server does is a mail of the sequence's author like any other."""
    await scene.set()
    made = await scene.desk.call(
        "agent", "create_sequence", name=f"run of {scene.desk.box}", mailbox=scene.desk.box, steps=STEPS,
        run_by="server",
    )  # fmt: skip
    await scene.desk.call("agent", "enroll_contacts", sequence_id=made.sequence_id, emails=[ANN])
    await sequence_runner.step(scene.desk.services)
    page = await scene.desk.call("agent", "get_sequence", sequence_id=made.sequence_id)
    (enrollment,) = page.enrollments
    if enrollment.last_message_id is None:
        raise Problem(enrollment.reason, "It was not sent.")
    return str(enrollment.last_message_id)


PACE: Final = ("set_pace", "list_pace", "delete_pace", "set_time_zone", "check_pace")
SEQUENCES: Final = (
    "create_sequence", "list_sequences", "get_sequence", "enroll_contacts", "claim_sequence_steps",
    "complete_sequence_step", "stop_sequence",
)  # fmt: skip
SCENES: Final[dict[tuple[str, str], Callable[[Scene], Awaitable[str]]]] = {
    **{(name, ""): partial(paces, operation=name) for name in PACE},
    **{(name, ""): partial(campaigns, operation=name) for name in SEQUENCES},
    ("delete_pace", "approved mail waiting for its hours"): opens,
    ("enroll_contacts", "in a sequence that the server runs"): runs,
}
