"""Secrets are shown on a terminal only: not in pipes, files or logs, where agents and backups find them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multimail.core.errors import Problem


@contextmanager
def kept_in(path: Path | None) -> Iterator[None]:
    """Refuse, before anything is made, where a secret would be lost or seen; a file for it is reserved.

    The file is new and readable by its owner only; it is gone again when what is done inside fails.
    """
    if path is None:
        if not sys.stdout.isatty():
            raise Problem(
                "invalid",
                "A key is shown on a terminal only, and this is a pipe or file.",
                advice="Run it in a terminal, or let --write-to PATH put the key into a file only you can read.",
            )
        yield
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise Problem(
            "already_exists", f"{path} exists.", advice="Name a file that does not exist yet."
        ) from None
    except OSError as error:
        raise Problem(
            "invalid",
            f"{path} cannot be written: {error.strerror}.",
            advice="Name a file in a folder of yours.",
        ) from None
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write(path: Path, secret: str) -> None:
    """Into the file that was reserved for it."""
    path.write_text(f"{secret}\n", "utf-8")
