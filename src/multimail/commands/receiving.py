"""The program of a receiving process, which only a resident starts: see `surfaces.smtp.crew`."""

from __future__ import annotations

import signal
import socket
import sys

from multimail.commands import event_loop, garbage


async def serve(stream: int, handed: int) -> None:
    """Receive until the resident says otherwise; both numbers are of descriptors that it opened."""
    from multimail.surfaces.smtp.process import Process

    garbage.look_seldom()
    await Process(socket.socket(fileno=handed)).run(socket.socket(fileno=stream))


def main() -> None:
    """Run with the two descriptors that the arguments name."""
    garbage.look_later()
    # Service managers tell every process of a service to stop; this one stops when the resident says so.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stream, handed = map(int, sys.argv[1:])
    event_loop.run(serve(stream, handed))


if __name__ == "__main__":
    main()
