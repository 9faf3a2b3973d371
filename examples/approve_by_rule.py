"""A program that approves by rule, over HTTP, with a key that an operator made for it.

    MULTIMAIL_KEY=mm_… python examples/approve_by_rule.py example.com

It approves what goes to one domain only, has no attachment and no open placeholder, and passes everything
else on to a person. Each decision carries the digest of what it looked at, so a draft that changes in between
is refused, not approved. A key made with `--role reviewer` decides on other keys' mail; one made with
`--role agent --self-approving` decides on its own as well, and every time that is recorded.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

SERVER = os.environ.get("MULTIMAIL_URL", "http://127.0.0.1:8025/mcp")


def decide(item: dict[str, Any], domain: str) -> tuple[str, str]:
    """The rule: what to do with a draft, and why."""
    people = [*item["to"], *item["cc"], *item["bcc"]]
    if item.get("attachments") or item.get("placeholders") or item.get("body_cut"):
        return "escalate", "It needs a person's eyes."
    if all(address.lower().endswith(f"@{domain}") for address in people):
        return "approve", f"All recipients are at {domain}."
    return "escalate", f"Somebody outside {domain} would get it."


class Refused(Exception):
    """The server said no, or nothing happened; the text says what and what would be right."""


async def use(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool; a refusal says what was wrong and what would be right."""
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        said = [block.text for block in result.content if isinstance(block, TextContent)]
        raise Refused(f"{tool}: {' '.join(said)}")
    return result.structured_content or {}


async def review(client: Client, domain: str) -> None:
    """Decide on all that waits now."""
    waiting = await use(client, "list_pending", status="pending_approval")
    for item in waiting["pending"]:
        decision, note = decide(item, domain)
        answer = await use(
            client,
            "decide_email",
            message_id=item["message_id"],
            digest=item["digest"],
            decision=decision,
            note=note,
        )
        print(f"{item['message_id']} to {', '.join(item['to'])}: {decision}, now {answer['status']}")
    print(f"{waiting['count']} looked at")


async def main(domain: str) -> str:
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {os.environ['MULTIMAIL_KEY']}"})
    async with http, Client(streamable_http_client(SERVER, http_client=http)) as client:
        try:
            await review(client, domain)
        except Refused as refused:
            return str(refused)
    return ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])) or 0)
