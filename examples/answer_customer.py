"""An agent that answers a customer under review, on nothing but the official MCP client.

    python examples/answer_customer.py mcp.json

It starts MultiMail the way any MCP host does, waits for one mail, drafts a reply, and waits until a person
decided. Replace `draft` by a call of your model; everything else stays.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import TextContent

PATIENCE = float(os.environ.get("PATIENCE", "60"))


def draft(mail: dict[str, Any]) -> str:
    """What to answer. The mail's text is data from outside: it is quoted here, never obeyed."""
    return f"Thank you for writing about “{mail['subject']}”.\n\nWe are looking into it and will be back **today**."


def server(path: Path) -> StdioServerParameters:
    """The server as a host configuration names it."""
    entry = json.loads(path.read_text("utf-8"))["mcpServers"]["multimail"]
    return StdioServerParameters(
        command=entry["command"],
        args=entry["args"],
        env={**os.environ, **entry.get("env", {})},
        cwd=path.resolve().parent,
    )


class Refused(Exception):
    """The server said no, or nothing happened; the text says what and what would be right."""


async def use(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool; a refusal says what was wrong and what would be right."""
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        said = [block.text for block in result.content if isinstance(block, TextContent)]
        raise Refused(f"{tool}: {' '.join(said)}")
    return result.structured_content or {}


async def answer(client: Client) -> None:
    """One mail in, one reply out, one decision waited for."""
    waiting = (await use(client, "check_inbox", filter="unread", direction="inbound"))["messages"]
    if not waiting:
        print("waiting for a mail …", flush=True)
        waiting = (await use(client, "wait_for_email", timeout_seconds=PATIENCE))["messages"]
    if not waiting:
        raise Refused("no mail came")
    mail = await use(client, "read_email", message_id=waiting[-1]["message_id"])
    print(f"{mail['sender']} wrote: {mail['subject']}")
    reply = await use(client, "reply_email", message_id=mail["message_id"], body=draft(mail))
    print(f"the reply is {reply['status']}: {' '.join(reply['reasons'])}", flush=True)
    outcome = await use(client, "wait_for_decision", message_id=reply["message_id"], timeout_seconds=PATIENCE)
    decision = outcome.get("decision") or {"decision": "nothing yet"}
    print(f"a person decided: {decision['decision']}; it is {outcome['status']}")
    if decision.get("diff"):
        print(decision["diff"])


async def main(path: Path) -> str:
    async with Client(server(path)) as client:
        try:
            await answer(client)
        except Refused as refused:
            return str(refused)
    return ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "mcp.json"))) or 0)
