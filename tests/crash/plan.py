"""Where the parties of a crash run find each other: folder, fixed ports, keys, mailboxes. Written once, read by all."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from multimail.config import Settings
from multimail.services import dispatch, first_start
from multimail.services.context import Caller, Services
from multimail.wiring.account import opened

USER: Final = "relay"
PASSWORD: Final = "correct horse"
FREE: Final = "free@here.test"
HELD: Final = "held@here.test"
INBOX: Final = "inbox@here.test"
# Below the range from which systems take the near ends of connections.
_PORTS: Final = range(20_000, 32_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a party needs to know."""

    folder: str
    smtp_port: int
    http_port: int
    sink_port: int
    agent_key: str = ""
    reviewer_key: str = ""

    @classmethod
    def read(cls, path: Path) -> Plan:
        return cls(**json.loads(path.read_text("utf-8")))

    def write(self) -> Path:
        path = Path(self.folder) / "plan.json"
        path.write_text(json.dumps(asdict(self)), "utf-8")
        return path

    @property
    def data(self) -> Path:
        return Path(self.folder) / "data"

    @property
    def ledger(self) -> Path:
        """What the load was promised, one line a promise."""
        return Path(self.folder) / "load.jsonl"

    @property
    def sink_ledger(self) -> Path:
        return Path(self.folder) / "sink.jsonl"

    @property
    def certificate(self) -> Path:
        return Path(self.folder) / "sink.pem"

    def environment(self) -> dict[str, str]:
        """The settings of the resident."""
        return {
            "MULTIMAIL_DATA": str(self.data),
            "MULTIMAIL_SMTP_PORT": str(self.smtp_port),
            "MULTIMAIL_HTTP_PORT": str(self.http_port),
            "MULTIMAIL_RELAY": f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.sink_port}",
            "MULTIMAIL_MAX_OPEN_DRAFTS": "10000",
            "SSL_CERT_FILE": str(self.certificate),
        }


def free_ports(count: int) -> list[int]:
    """Ports that stay ours between two residents: no outgoing connection gets one of them."""
    chosen: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, 200):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise RuntimeError("no free ports")


def prepare(folder: Path) -> Plan:
    """An account with three mailboxes and two keys, and the plan of a run on it."""
    smtp_port, http_port, sink_port = free_ports(3)
    plan = Plan(str(folder), smtp_port, http_port, sink_port)
    agent_key, reviewer_key = asyncio.run(_account(plan))
    return Plan(plan.folder, smtp_port, http_port, sink_port, agent_key, reviewer_key)


async def _account(plan: Plan) -> tuple[str, str]:
    async with opened(Settings(data=plan.data)) as services:
        now = services.clock.now()
        operator, _ = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now))
        do = _Operator(services, operator)
        for address, mode in ((FREE, "autonomous"), (HELD, "gated_send"), (INBOX, "gated_send")):
            await do("create_mailbox", address=address, default_mode=mode)
        keys = [await do("create_key", name=role, role=role) for role in ("agent", "reviewer")]
        return keys[0].key, keys[1].key


@dataclass(frozen=True, slots=True)
class _Operator:
    services: Services
    principal_id: str

    async def __call__(self, operation: str, **arguments: Any) -> Any:
        return await dispatch.call(self.services, Caller(self.principal_id, "cli"), operation, arguments)
