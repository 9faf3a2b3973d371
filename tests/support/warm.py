"""Python processes that do not import the program anew: each is forked from one that has imported all of it.

Importing is most of what a short command costs. All else is as it is for `python -m multimail`: a process of its own
with its own arguments, environment, folder, streams, session, signals and exit code, whose `__main__` is run from its
first line. What is about starting itself is tested with processes that import for themselves.

Run as a module it is the process that the others come from: it has one thread and runs nothing of the program.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import pkgutil
import runpy
import select
import selectors
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import multimail

PROJECT: Final = Path(__file__).resolve().parents[2]
_LARGEST: Final = 1 << 18
_NUMBER: Final = struct.Struct("i")
_LATE: Final = (
    "anyio._backends._asyncio", "encodings.idna", "uvicorn.lifespan.off", "uvicorn.protocols.http.auto", "uvloop",
)  # fmt: skip
"""What libraries import when a server starts."""


def start(arguments: Sequence[str], *, cold: bool = False, **how: Any) -> subprocess.Popen[Any]:
    """Python with `-m` or `-c` and what follows, as a process. A cold one imports all for itself."""
    if cold or sys.platform != "linux":
        return subprocess.Popen([sys.executable, *arguments], **how)
    return Warm(list(arguments), **how)


class Warm(subprocess.Popen[Any]):
    """See `start`."""

    def _execute_child(self, arguments: list[str], *given: Any) -> None:
        """In the place of fork and exec. `given` is as `subprocess.Popen` has it: see there."""
        cwd, env, ends, session = given[4], given[5], given[9:15], given[20]
        order = {
            "arguments": arguments, "cwd": str(cwd or Path.cwd()), "session": session,
            "env": dict(os.environ if env is None else env),
        }  # fmt: skip
        streams = [own if end == -1 else end for own, end in enumerate((ends[0], ends[3], ends[5]))]
        self._looking = threading.Lock()
        self._told, theirs = socket.socketpair()
        with theirs:
            _nursery().order(order, [*streams, theirs.fileno()])
        (self.pid,) = _NUMBER.unpack(self._told.recv(_NUMBER.size))
        self._child_created = True
        self._close_pipe_fds(*ends)  # type: ignore[attr-defined]

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        return self._ended(0)

    def _wait(self, timeout: float | None) -> int:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def _ended(self, timeout: float | None) -> int | None:
        """The exit code, if it comes within so many seconds. Several threads may wait."""
        if self.returncode is None:
            self._look(timeout)
            with self._looking:
                if self._look(0):
                    with self._told:
                        (self.returncode,) = _NUMBER.unpack(self._told.recv(_NUMBER.size))
        return self.returncode

    def _look(self, timeout: float | None) -> bool:
        """Whether there is something to read within so many seconds."""
        looking = select.poll()
        # It is closed once another thread has read.
        with suppress(ValueError):
            looking.register(self._told, select.POLLIN)
            return bool(looking.poll(None if timeout is None else round(timeout * 1000)))
        return False


class Nursery:
    """The process that the others come from; it ends with this one."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._giving = threading.Lock()
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        with theirs:
            command = [sys.executable, "-m", "tests.support.warm", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=kept | {"PYTHONWARNINGS": "error"}, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def order(self, order: dict[str, Any], ends: list[int]) -> None:
        with self._giving:
            socket.send_fds(self._orders, [json.dumps(order).encode()], ends)

    def close(self) -> None:
        self._orders.close()
        self._process.wait(10)


@cache
def _nursery() -> Nursery:
    made = Nursery()
    atexit.register(made.close)
    return made


def _orders(end: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Fork for each order: in a new process what it is to be, here None once nobody gives orders any more."""
    with end, selectors.DefaultSelector() as selector:
        selector.register(end, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not end:
                    selector.unregister(key.fileobj)
                    _tell_the_end(key.fd, *key.data)
                    continue
                order, ends, _, _ = socket.recv_fds(end, _LARGEST, 4)
                if not order:
                    return None
                pid = os.fork()
                if not pid:
                    return json.loads(order), ends
                for one in ends[:3]:
                    os.close(one)
                os.write(ends[3], _NUMBER.pack(pid))
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, ends[3]))


def _tell_the_end(watched: int, pid: int, whom: int) -> None:
    _, status = os.waitpid(pid, 0)
    os.close(watched)
    with suppress(BrokenPipeError):
        os.write(whom, _NUMBER.pack(os.waitstatus_to_exitcode(status)))
    os.close(whom)


def _become(order: dict[str, Any], ends: list[int]) -> None:
    """Be what a new Python would be right before the program's first line."""
    if order["session"]:
        os.setsid()
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, end in enumerate(ends[:3]):
        os.dup2(end, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    sys.stdin, sys.stdout, sys.stderr = (_stream(number, old) for number, old in enumerate(
        (sys.stdin, sys.stdout, sys.stderr)
    ))  # fmt: skip
    vars(sys).update(__stdin__=sys.stdin, __stdout__=sys.stdout, __stderr__=sys.stderr)
    sys.path[0] = order["cwd"]


def _stream(number: int, old: Any) -> io.TextIOWrapper:
    binary = open(number, "wb" if number else "rb", closefd=False)  # noqa: SIM115 - it is ours to the end
    lines = number == 2 or binary.isatty()
    return io.TextIOWrapper(binary, old.encoding, old.errors, newline="\n", line_buffering=lines)


def _run(how: str, what: str, *arguments: str) -> int:
    """Run to the end; its exit code. Whatever else ends it than an exit with a number is left to Python."""
    sys.argv = [how, *arguments]
    try:
        if how == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        return end.code or 0
    return 0


def _end(code: int) -> None:
    """As Python ends, but for freeing all that was imported: a copy would be made of most of it, only for that."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(end: int) -> None:
    """Import, then be the process that the others come from, and one of those."""
    found = [one.name for one in pkgutil.walk_packages(multimail.__path__, "multimail.")]
    for name in (*found, *_LATE):
        if not name.endswith(".__main__") and ".testing" not in name:
            import_module(name)
    gc.collect()
    gc.freeze()
    order = _orders(socket.socket(fileno=end))
    if order is not None:
        _become(*order)
        _end(_run(*order[0]["arguments"]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
