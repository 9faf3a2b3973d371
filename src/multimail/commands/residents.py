"""Finding the resident of a data folder, starting one that outlives its starter, asking one to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, Final

import multimail
from multimail.commands import lock
from multimail.commands.lock import Resident
from multimail.core.errors import Problem

LOG: Final = "resident.log"
HELD_BY_ANOTHER: Final = 75
"""EX_TEMPFAIL of sysexits: another one was first, which is what the starter wanted."""

_LOG_LIMIT: Final = 5_000_000
_START_LASTS: Final = 10.0
_STOP_LASTS: Final = 10.0
_BETWEEN_LOOKS: Final = 0.02
# Forks and is gone: the resident then belongs to init, and no host finds it among its children.
_LAUNCHER: Final = "import os, sys; os.fork() and os._exit(0); os.execv(sys.argv[1], sys.argv[1:])"


def ensure(folder: Path) -> Resident:
    """The resident of the folder: the one that runs, or a new one. An older version's makes room.

    Any number of callers at once start one. Raises `unavailable` when none comes up.
    """
    found = lock.find(folder)
    if found is not None and not _is_older(found.version):
        return found
    if found is not None:
        stop(folder)
    if not lock.is_held(folder):
        _launch(folder)
    return _awaited(folder)


def stop(folder: Path) -> bool:
    """Ask the resident to stop and wait until it has: whether there was one. `timeout` when it does not."""
    pid = lock.holder(folder)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return False
    until = time.monotonic() + _STOP_LASTS
    while lock.holder(folder) == pid:
        if time.monotonic() > until:
            raise Problem(
                "timeout", f"The resident (process {pid}) does not stop.", advice="Look into its log."
            )
        time.sleep(_BETWEEN_LOOKS)
    return True


def make_room(folder: Path) -> None:
    """Have a resident that a door started stop; `already_exists` when a person's own runs."""
    found = lock.find(folder)
    if found is None:
        return
    if found.started_by == "person":
        raise Problem(
            "already_exists",
            f"MultiMail runs already on {folder}: process {found.pid}, {found.base_url}/.",
            advice="Use that one, stop it, or name another data folder with MULTIMAIL_DATA.",
        )
    stop(folder)


def _launch(folder: Path) -> None:
    """Start a resident that neither the terminal nor the host takes along when it goes."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_DOOR}
    environment["MULTIMAIL_DATA"] = str(folder)
    if relay := environment.get("MULTIMAIL_RELAY_FILE"):
        environment["MULTIMAIL_RELAY_FILE"] = str(Path(relay).expanduser().absolute())
    resident = [sys.executable, "-P", "-m", "multimail", "resident"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _log(folder) as log:
        subprocess.run(  # noqa: S603 - this very program
            [sys.executable, "-S", "-E", "-c", _LAUNCHER, *resident],
            check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            cwd="/", env=environment,
        )  # fmt: skip


_OF_THE_DOOR: Final = frozenset({"MULTIMAIL_KEY", "MULTIMAIL_KEY_FILE", "MULTIMAIL_FAILPOINT"})
"""What a door acts with is not handed on to a process that acts for everyone."""


def _log(folder: Path) -> BinaryIO:
    path = folder / LOG
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, flags, 0o600), "ab")


def _awaited(folder: Path) -> Resident:
    until = time.monotonic() + _START_LASTS
    launch_again = time.monotonic() + _START_LASTS / 3
    while (now := time.monotonic()) < until:
        found = lock.find(folder)
        if found is not None:
            return found
        if now > launch_again and not lock.is_held(folder):
            # The one that held the lock was about to end, or the new one did not live.
            _launch(folder)
            launch_again = until
        time.sleep(_BETWEEN_LOOKS)
    raise Problem(
        "unavailable",
        "The resident process, which keeps timers and sends, did not start.",
        advice=f"Its log is {folder / LOG}.",
    )


def _is_older(version: str) -> bool:
    return _numbers(version) < _numbers(multimail.__version__)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
