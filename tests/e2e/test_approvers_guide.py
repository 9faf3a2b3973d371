"""The guide to approval without reading every mail: its calls are made as they stand, one after the other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import opened

pytestmark = pytest.mark.anyio

GUIDE = (Path(__file__).resolve().parents[2] / "docs/approvers.md").read_text("utf-8")
CALLS = re.findall(r"^```json (\w+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


async def test_every_call_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    answers: dict[str, Any] = {}
    async with opened(tmp_path) as desk:
        for operation, text in CALLS:
            given = json.loads(text)
            if operation == "decide_emails":
                given |= {name: getattr(answers["send_batch"], name) for name in ("batch_id", "digest")}
            by = {"send_email": "agent", "send_batch": "agent", "decide_emails": "second"}.get(
                operation, "operator"
            )
            answers[operation] = await desk.call(by, operation, **given)

        handler = answers["create_key"].key_id
        inside = await desk.send(to=["ann@customer.example"])
        outside = await desk.send(to=["bob@elsewhere.example"])
        decided = [await desk.decide(one.message_id, who=handler) for one in (inside, outside)]
        own = await desk.send(to=["eve@here.example"])

    assert len(CALLS) == 8
    assert (answers["send_email"].status, answers["send_email"].subject) == ("queued", "Receipt 1042")
    assert answers["send_batch"].statuses == {"pending_approval": 2}
    assert answers["decide_emails"].decided == 2
    assert [one.status for one in decided] == ["queued", "escalated"]
    assert (own.status, own.rules) == ("queued", ["approval_rule"])
