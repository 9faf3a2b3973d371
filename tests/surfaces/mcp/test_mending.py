"""Lines that the SDK's parser refuses: what is a message after all goes on, everything else is left to it."""

from __future__ import annotations

from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

from multimail.surfaces.mcp.mending import Mended, mended

CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":%s}}'


def refused(line: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        types.jsonrpc_message_adapter.validate_json(line, by_name=False)
    return caught.value


def arguments(line: str) -> Any:
    found = mended(refused(line))
    assert isinstance(found, SessionMessage)
    assert isinstance(found.message, types.JSONRPCRequest)
    assert found.message.params is not None
    return found.message.params["arguments"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (r'{"a":"b\ud83d"}', {"a": "b\ufffd"}),
        (r'{"a":["\udfff\ud800", 5, null]}', {"a": ["\ufffd\ufffd", 5, None]}),
        (r'{"\ud800":"\ud83d\ude00"}', {"\ufffd": "😀"}),
    ],
)
def test_half_a_character_becomes_the_mark_for_one(given: str, meant: dict[str, Any]) -> None:
    assert arguments(CALL % given) == meant


def test_what_is_nested_deeply_goes_on_to_be_refused_with_reasons() -> None:
    depth, found = 0, arguments(CALL % ('{"a":' * 250 + "1" + "}" * 250))
    while isinstance(found, dict):
        depth, found = depth + 1, found["a"]

    assert depth == 250


@pytest.mark.parametrize("line", ["garbage", "[]", '{"jsonrpc":"2.0"}', "[" * 5000, CALL % "{"])
def test_what_is_no_message_stays_an_error(line: str) -> None:
    error = refused(line)

    assert mended(error) is error


@pytest.mark.anyio
async def test_a_stream_passes_everything_on_and_ends_with_what_is_behind_it() -> None:
    whole = SessionMessage(types.JSONRPCNotification(jsonrpc="2.0", method="x"))
    other = ValueError("closed")
    send, receive = anyio.create_memory_object_stream[Any](3)
    async with Mended(receive) as stream:
        for item in (whole, other, refused(CALL % r'{"a":"\ud800"}')):
            await send.send(item)
        await send.aclose()

        assert await stream.receive() is whole
        rest = [item async for item in stream]
    assert rest[0] is other
    assert isinstance(rest[1], SessionMessage)
    assert receive.statistics().open_receive_streams == 0
