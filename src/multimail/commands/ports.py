"""Who holds a port of this machine, as far as this user may know."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

_TABLES: Final = ("/proc/net/tcp", "/proc/net/tcp6")
_LISTENING: Final = "0A"


def holder(port: int) -> str:
    """`name (process 123)` of whoever listens on the port, or the empty string."""
    pid = _by_proc(port) if Path(_TABLES[0]).exists() else _by_lsof(port)
    return _named(pid) if pid else ""


def _by_proc(port: int) -> int | None:
    inodes = {f"socket:[{inode}]" for table in _TABLES for inode in _listening(Path(table), port)}
    if not inodes:
        return None
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _has_open(process / "fd", inodes):
            return int(process.name)
    return None


def _listening(table: Path, port: int) -> list[str]:
    """The inodes of sockets that listen on the port, see proc_pid_net(5)."""
    try:
        lines = table.read_text("ascii").splitlines()[1:]
    except OSError:
        return []
    rows = [line.split() for line in lines]
    return [row[9] for row in rows if row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == port]


def _has_open(descriptors: Path, inodes: set[str]) -> bool:
    try:
        return any(_target(one) in inodes for one in descriptors.iterdir())
    except OSError:
        # Another user's process, or one that has just ended.
        return False


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


def _by_lsof(port: int) -> int | None:
    lsof = shutil.which("lsof")
    if lsof is None:
        return None
    command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fp"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=10)  # noqa: S603
    pids = [line[1:] for line in done.stdout.splitlines() if line.startswith("p")]
    return int(pids[0]) if pids else None


def _named(pid: int) -> str:
    try:
        name = Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip()
    except OSError:
        name = ""
    return f"{name or 'a program'} (process {pid})"
