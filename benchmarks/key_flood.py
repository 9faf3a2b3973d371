"""Wrong keys at a steady rate, `python -m benchmarks.key_flood PORT PER_SECOND`, until the input ends.

Raw connections that are kept, so that the flood costs the machine little more than the server's own work. At the
end it prints how many answers were 401 and how many were anything else.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import Final

_CONNECTIONS: Final = 10
_BODY: Final = b'{"message_id": "msg_0"}'


async def _attack(port: int, per_second: float, place: int, answers: Counter[bool]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    clock = asyncio.get_running_loop().time
    # The peers take turns: a steady rate, not ten requests at once.
    began, number = clock() + place / per_second / _CONNECTIONS, 0
    while True:
        await asyncio.sleep(began + number / per_second - clock())
        number += 1
        writer.write(_request(port, f"mm_wrong{place}x{number}"))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
        answers[b" 401 " in head.split(b"\r\n")[0]] += 1


def _request(port: int, key: str) -> bytes:
    head = (
        f"POST /v1/read_email HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(_BODY)}\r\n\r\n"
    )
    return head.encode("ascii") + _BODY


async def _flood(port: int, per_second: float) -> Counter[bool]:
    answers: Counter[bool] = Counter()
    peers = [
        asyncio.create_task(_attack(port, per_second / _CONNECTIONS, place, answers))
        for place in range(_CONNECTIONS)
    ]
    await asyncio.to_thread(sys.stdin.read)
    for peer in peers:
        peer.cancel()
    ended = await asyncio.gather(*peers, return_exceptions=True)
    faults = [one for one in ended if not isinstance(one, asyncio.CancelledError)]
    if faults:
        raise RuntimeError(f"a peer of the flood ended: {faults[0]!r}")
    return answers


if __name__ == "__main__":
    counted = asyncio.run(_flood(int(sys.argv[1]), float(sys.argv[2])))
    print(counted[True], counted[False], flush=True)
