"""The examples of agent frameworks with a model by script: run as `python -m tests.support.scripted <framework>`.

The script is the same for all: look for unread mail, read it, answer it, say what became of the answer. Each
framework's own test model turns it into its own messages, so everything else is the framework's real code. A
look-up or connection that would leave the machine ends the process.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

Step = tuple[str, dict[str, Any]] | str


def next_step(answers: list[str]) -> Step:
    """The next tool call after these answers of tools, or what to say at the end."""
    found = re.findall(r"msg_[0-9a-z]{14}", answers[0]) if answers else []
    steps: list[Callable[[], Step]] = [
        lambda: ("check_inbox", {"filter": "unread", "direction": "inbound"}),
        lambda: ("read_email", {"message_id": found[0]}),
        lambda: ("reply_email", {"message_id": found[0], "body": "It will come on **Monday**."}),
        lambda: "held" if "pending_approval" in answers[2] and "Order 42" in answers[1] else answers[-1],
    ]
    return steps[len(answers)]()


def stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: whoever looks beyond this machine is stopped at once, in whichever thread."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name != "localhost" and not _loopback(name):
        os.write(2, f"{event} {name}\n".encode())
        os._exit(9)


def _loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def langchain(task: str) -> str:
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    from examples import langchain_agent

    class Scripted(GenericFakeChatModel):
        def bind_tools(self, tools: Any, **_: Any) -> Any:
            assert "reply_email" in {tool.name for tool in tools}
            return self

        def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
            step = next_step([one.text for one in messages if isinstance(one, ToolMessage)])
            said = (
                AIMessage(step)
                if isinstance(step, str)
                else AIMessage(
                    "", tool_calls=[{"name": step[0], "args": step[1], "id": f"call_{len(messages)}"}]
                )
            )
            return ChatResult(generations=[ChatGeneration(message=said)])

    return await langchain_agent.work(task, Scripted(messages=iter(())))


async def openai(task: str) -> str:
    from agents.testing import ModelCall, ModelStep, ScriptedModel, assistant_message, function_call

    from examples import openai_agents

    def respond(call: ModelCall) -> Any:
        answers = [str(one["output"]) for one in call.input if one.get("type") == "function_call_output"]
        assert "reply_email" in {tool.name for tool in call.tools}
        step = next_step(answers)
        said = (
            assistant_message(step)
            if isinstance(step, str)
            else function_call(step[0], step[1], call_id=f"call_{len(answers)}")
        )
        return [said]

    return await openai_agents.work(task, ScriptedModel([ModelStep.respond(respond)] * 4))


async def pydantic_ai(task: str) -> str:
    from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
    from pydantic_ai.models.function import AgentInfo, FunctionModel

    from examples import pydantic_ai_agent

    def respond(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        parts = [part for message in messages for part in message.parts]
        assert "reply_email" in {tool.name for tool in info.function_tools}
        step = next_step([part.model_response_str() for part in parts if isinstance(part, ToolReturnPart)])
        said = TextPart(step) if isinstance(step, str) else ToolCallPart(*step)
        return ModelResponse(parts=[said])

    return await pydantic_ai_agent.work(task, FunctionModel(respond))


FRAMEWORKS: dict[str, Callable[[str], Awaitable[str]]] = {
    "langchain": langchain,
    "openai": openai,
    "pydantic_ai": pydantic_ai,
}


async def main(framework: str) -> str:
    return await FRAMEWORKS[framework]("Answer whoever waits.")


if __name__ == "__main__":
    sys.addaudithook(stay_here)
    print(asyncio.run(main(sys.argv[1])))
