"""Every operation answers the same over MCP, REST, the SDK and the command line: values and error codes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from multimail.contract.operation import Operation
from multimail.contract.registry import BY_NAME, OPERATIONS
from tests.support.desk import Desk, opened
from tests.support.parity import Ways, canonical, ways

pytestmark = pytest.mark.anyio

NONE: Final = "_00000000000000"
OWN: Final = {"via", "key", "prefix", "secret"}
"""What says through which door it was done, or is shown once."""
HELD: Final = {
    "edit_pending",
    "cancel_message",
    "cancel_messages",
    "decide_email",
    "decide_emails",
    "wait_for_decision",
    "review_email",
}
EXAMPLES: Final = [
    pytest.param(row, dict(example.arguments), id=f"{row.name}-{example.title}")
    for row in OPERATIONS
    for example in row.examples
]


@dataclass(frozen=True, slots=True)
class Filled:
    """An account that has what the examples speak of, to be copied, and the ids of that."""

    account: Path
    ids: dict[str, str]


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    async with opened(tmp_path_factory.mktemp("filled")) as desk:
        ids = await fill(desk)
    return Filled(desk.path, ids)


async def fill(desk: Desk) -> dict[str, str]:
    """What the examples speak of: an id for each kind, and held mail for what is done to held mail."""
    await desk.call("operator", "create_mailbox", address="desk@example.com")
    inbound = await desk.receive("one", Content_Type='text/plain; name="list.txt"',
                                 Content_Disposition='attachment; filename="list.txt"')  # fmt: skip
    held = await desk.send(tags=["win_back"], subject="Back to us")
    contact = await desk.call(
        "operator", "manage_contacts", action="upsert", email="ann@example.com", name="Ann"
    )
    hook = await desk.call("operator", "create_webhook", url="https://example.com/before")
    kept = await desk.call("operator", "send_email", mailbox=desk.box, to=["kim@example.net"], subject="Kept",
                           body="Kept here.", oversight_mode="gated_send")  # fmt: skip
    await desk.decide(kept.message_id)
    await desk.step()
    return {
        "msg": inbound, "held": held.message_id, "captured": kept.message_id, "thread": held.thread_id,
        "key": desk.who["viewer"], "contact": contact.contacts[0].contact_id, "wh": hook.webhook_id,
    }  # fmt: skip


def about(row: Operation, arguments: Any, ids: dict[str, str]) -> Any:
    """The example's arguments with ids that there are."""
    if isinstance(arguments, dict):
        return {name: about(row, value, ids) for name, value in arguments.items()}
    if isinstance(arguments, list):
        return [about(row, value, ids) for value in arguments]
    if not isinstance(arguments, str) or not arguments.endswith(NONE):
        return arguments
    kind = arguments.removesuffix(NONE)
    if kind == "msg":
        kind = "held" if row.name in HELD else "captured" if row.name == "release_message" else kind
    return ids.get(kind, arguments)


async def compared(made: Ways, operation: str, arguments: dict[str, Any], but: str = "") -> dict[str, Any]:
    """The answer that all surfaces give."""
    answers = await made.call(operation, arguments, but)
    # The command line adds nothing: it writes the contract's own view.
    like = answers.get("cli", next(iter(answers.values())))
    found = {name: canonical(answer, like) for name, answer in answers.items()}
    assert [line for name, one in found.items() for line in differences(one, like, name)] == []
    return like


def differences(one: Any, like: Any, at: str) -> list[str]:
    """Where two answers differ."""
    if isinstance(one, dict) and isinstance(like, dict):
        return [
            line
            for name in like
            if name not in OWN
            for line in differences(one.get(name), like[name], f"{at}.{name}")
        ]
    if isinstance(one, list) and isinstance(like, list) and len(one) == len(like):
        pairs = enumerate(zip(one, like, strict=True))
        return [line for number, pair in pairs for line in differences(*pair, f"{at}.{number}")]
    return [] if one == like else [f"{at}: {one!r} is not {like!r}"]


@pytest.mark.parametrize(("row", "arguments"), EXAMPLES)
async def test_an_example_is_answered_alike(
    row: Operation, arguments: dict[str, Any], filled: Filled, tmp_path: Path
) -> None:
    async with ways(tmp_path, filled.account) as made:
        answer = await compared(made, row.name, about(row, arguments, filled.ids))

    assert answer.get("code") in {None, *row.problems}


@pytest.mark.parametrize("name", sorted(BY_NAME))
async def test_what_is_wrong_is_called_the_same(name: str, tmp_path: Path) -> None:
    """Ids of nothing, and nothing at all where something is required."""
    row = BY_NAME[name]
    async with ways(tmp_path) as made:
        nothing = await compared(made, name, dict(row.examples[-1].arguments))
        # Of the client it is Python that says what is missing.
        missing = await compared(made, name, {"timeout_seconds": "soon"} if row.waits else {}, but="sdk")

    assert {nothing.get("code"), missing.get("code")} <= {None, *row.problems}
