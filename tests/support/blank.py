"""An account's data file with nothing in it yet: brought up to the present schema once, and copied from then on."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from multimail.adapters.store import dialect
from multimail.adapters.store.migrate import migrate
from multimail.adapters.store.schema import PRODUCT


def blank(path: Path) -> Path:
    """Put one there, as `Store.open` would make it of no file; the path. What it costs is a copy."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_made(), path)
    path.chmod(0o600)
    return path


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "mail.db"
    connection = dialect.connect(made)
    migrate(connection, made, PRODUCT)
    # The last connection takes the log into the file.
    connection.close()
    return made
