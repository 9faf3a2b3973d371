"""The account that every server under test begins with: made once a process, copied for each."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from multimail.adapters.system import VirtualClock
from multimail.config import Settings
from multimail.core.text import nearest
from multimail.core.times import DAY
from multimail.services import dispatch, first_start
from multimail.services.context import Caller
from multimail.wiring.account import opened
from multimail.wiring.folder import DATABASE, SEAL
from multimail.wiring.plugs import Plugs

_BEGINNING: Final = 3_650 * DAY
"""Before any moment that a test may want to be at."""
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Account:
    """Where its files are, the operator's key, and the ids of its principals."""

    folder: Path
    operator_key: str
    operator: str
    reviewer: str

    def copy(self, folder: Path) -> Path:
        """The data folder of a new server, in `folder`."""
        data = folder / "data"
        data.mkdir(mode=0o700)
        for name in (DATABASE, SEAL):
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, data / name)
                (data / name).chmod(0o600)
        return data


def settings(data: Path, /, **chosen: Any) -> Settings:
    """The settings as they are by default on free ports: no variable of this environment changes them.

    `TypeError` for what is no setting, or for `data`, which is the server's `folder`.
    """
    known = {
        name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()
    }
    for name in chosen:
        if name not in known or name == "data":
            near = (
                "folder" if name == "data" else " or ".join(nearest(name, {*known, "at", "folder", "flow"}))
            )
            raise TypeError(f"{name!r} is no setting here" + (f": did you mean {near}?" if near else "."))
    return Settings(**known | {"smtp_port": 0, "http_port": 0} | chosen | {"data": data})


def prepared() -> Account:
    """The account to copy, on any thread."""
    with _ONE_AT_A_TIME:
        return _made()


@cache
def _made() -> Account:
    folder = Path(mkdtemp(prefix="multimail-testing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = folder / "data"
    made: list[Account] = []
    # On a thread of its own: an event loop may run on this one.
    thread = threading.Thread(target=lambda: made.append(asyncio.run(_make(data))))
    thread.start()
    thread.join()
    return made[0]


async def _make(data: Path) -> Account:
    async with opened(settings(data), Plugs(clock=VirtualClock(_BEGINNING))) as services:
        operator, key = await services.store.write(
            lambda tx: first_start.first_operator(tx, services.ids, _BEGINNING)
        )
        row = {"name": "scripted reviewer", "role": "reviewer"}
        reviewer: Any = await dispatch.call(services, Caller(operator, "cli"), "create_key", row)
    return Account(data, key, operator, reviewer.key_id)
