"""The baseline of the ingest benchmark: a bare aiosmtpd server, on the default loop, that throws mail away.

Prints the port it listens on, then serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class ThrowAway:
    """The least a handler can do."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        """Take the mail and forget it."""
        return "250 OK"


async def serve() -> None:
    """Listen on a free port of loopback until whoever started this process lets go."""
    loop = asyncio.get_running_loop()
    # A set host name spares the sink a name lookup per connection, which would flatter what is compared.
    server = await loop.create_server(lambda: SMTP(ThrowAway(), hostname="sink", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
