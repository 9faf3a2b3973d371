"""Answers as results: two equal halves, nothing that is None, one nonce."""

from __future__ import annotations

import json
import re

from mcp.types import TextContent

from multimail.contract.reading import MessageList
from multimail.contract.sending import SendResult
from multimail.surfaces.mcp.render import tool_result
from tests.support.mcp_parts import row


def held() -> SendResult:
    return SendResult(
        message_id="msg_1", thread_id="thread_1", status="pending_approval", oversight_mode="gated_send",
        subject="Grüße", review_url="http://127.0.0.1:8025/review/msg_1",
    )  # fmt: skip


def test_a_text_only_host_reads_all_there_is_in_few_bytes() -> None:
    result = tool_result(held())
    (block,) = result.content

    assert isinstance(block, TextContent)
    assert json.loads(block.text) == result.structured_content
    assert '"status":"pending_approval"' in block.text
    assert "Grüße" in block.text


def test_what_is_none_is_left_out_as_the_schemas_promise() -> None:
    structured = tool_result(held()).structured_content

    assert structured["review_url"].endswith("msg_1")
    assert "scheduled_at" not in structured
    assert structured["tags"] == []


def test_one_answer_has_one_nonce_and_the_next_another() -> None:
    page = MessageList(messages=[row(1), row(2)], count=2)
    first, second = (
        set(re.findall(r"\[/mail (\w+)\]", json.dumps(tool_result(page).structured_content)))
        for _ in range(2)
    )

    assert len(first) == len(second) == 1
    assert first != second
