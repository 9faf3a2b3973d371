"""The data folder: its files, and that nobody but its owner can look into it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from multimail.core.errors import Problem

DATABASE: Final = "multimail.db"
SEAL: Final = "seal.key"
_SEAL_BYTES: Final = 32
_OTHERS: Final = 0o077


def prepare(folder: Path) -> Path:
    """The folder, made or closed to others. A folder of somebody else's files is refused, never changed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_open_to_others(folder):
            if not (folder / DATABASE).exists() and any(folder.iterdir()):
                raise Problem(
                    "invalid_setting",
                    f"{folder} holds other files, and others may look into it.",
                    field="data",
                    advice="Name a folder of its own for MULTIMAIL_DATA.",
                )
            folder.chmod(0o700)
    except OSError as error:
        raise Problem(
            "invalid_setting",
            f"The data folder {folder} cannot be used: {error.strerror or error}.",
            field="data",
            advice="Name a folder that this user may write to for MULTIMAIL_DATA.",
        ) from error
    return folder


def is_open_to_others(path: Path) -> bool:
    """Whether anybody but the owner has a right on it; never so where there are no such rights."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def write_private(path: Path, content: bytes, *, replace: bool = True) -> bool:
    """Write a file that only its owner can read: whole or not at all, and durable when this returns.

    Without `replace` an existing file wins, whoever was first: whether this one was.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
            return True
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def seal_key(folder: Path) -> bytes:
    """The key that seals what a client carries from one process of this account to another; made once."""
    path = prepare(folder) / SEAL
    if not path.exists():
        write_private(path, os.urandom(_SEAL_BYTES), replace=False)
    return path.read_bytes()
