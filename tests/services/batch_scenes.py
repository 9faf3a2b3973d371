"""The scenes of the mode × operation table that are about many mails at once, and texts that operators keep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from tests.services.mode_calls import ANN
from tests.services.mode_scenes import Scene

TEXT: Final = {"subject": "Monday", "body": "Dear {{name}}"}
LINK: Final = "[Ann](https://x.example)"


async def batch(scene: Scene, text: dict[str, str], name: str = "Ann") -> str:
    """A mail to somebody, and one that goes to nobody in any mode."""
    await scene.desk.call("operator", "tag_email", email="gone@example.org", tags=["suppressed"])
    recipients = [{"to": to, "values": {"name": name}} for to in (ANN, "gone@example.org")]
    view = await scene.desk.call(
        "agent", "send_batch", mailbox=scene.desk.box, recipients=recipients, **text
    )  # fmt: skip
    assert view.results[1].status == "suppressed"
    return str(view.results[0].message_id)


async def sends(scene: Scene, trusted: list[str], name: str = "Ann") -> str:
    await scene.set(trusted=trusted)
    return await batch(scene, TEXT, name)


async def template(scene: Scene) -> str:
    name = f"receipt of {scene.desk.box}"
    made = await scene.desk.call(
        "operator", "create_template", name=name, subject="Receipt", body="Dear {{name}}"
    )
    return str(made.template_id)


async def fills_in(scene: Scene, name: str) -> str:
    made = await template(scene)
    await scene.desk.call("operator", "create_approval_rule", name=made, template=made)
    await scene.set()
    return await batch(scene, {"template": made}, name)


async def decides(scene: Scene) -> str:
    held = await batch(scene, TEXT)
    batch_id = (await scene.desk.message(held)).batch_id
    seen = await scene.desk.call("reviewer", "get_batch", batch_id=batch_id)
    await scene.set()
    given = {"batch_id": batch_id, "digest": seen.digest, "decision": "approve"}
    await scene.desk.call("reviewer", "decide_emails", **given)
    return held


async def looks(scene: Scene) -> str:
    held = await batch(scene, TEXT)
    batch_id = (await scene.desk.message(held)).batch_id
    await scene.set()
    await scene.desk.call("agent", "get_batch", batch_id=batch_id)
    return ""


async def keeps_texts(scene: Scene, operation: str) -> str:
    await batch(scene, TEXT)
    await scene.set()
    given: dict[str, dict[str, Any]] = {
        "create_template": {"name": scene.desk.box, "subject": "{{a}}", "body": "{{b}}"},
        "list_templates": {}, "delete_template": {"template_id": await template(scene)},
    }  # fmt: skip
    await scene.desk.call("operator", operation, **given[operation])
    return ""


SCENES: Final[dict[tuple[str, str], Callable[[Scene], Awaitable[str]]]] = {
    ("send_batch", "to a stranger"): partial(sends, trusted=[]),
    ("send_batch", "to trusted recipients only"): partial(sends, trusted=["*"]),
    ("send_batch", "trusted, with a placeholder"): partial(sends, trusted=["*"], name="{{name}}"),
    ("send_batch", "from a template that a rule names"): partial(fills_in, name="Ann"),
    ("send_batch", "from it, with more than plain values"): partial(fills_in, name=LINK),
    ("decide_emails", "approve a batch"): decides,
    ("get_batch", ""): looks,
    **{
        (name, ""): partial(keeps_texts, operation=name)
        for name in ("create_template", "list_templates", "delete_template")
    },
}
