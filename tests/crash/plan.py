"""Where the parties of a crash run find each other: folder, fixed ports, keys, mailboxes. Written once, read by all."""

from __future__ import annotations

import json
import random
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.support.account import account

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
    agent_key: str
    reviewer_key: str
    peers: int

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


def prepare(folder: Path, peers: int) -> Plan:
    """An account with three mailboxes and two keys, and the plan of a run on it with so many peers."""
    modes = {FREE: "autonomous", HELD: "gated_send", INBOX: "gated_send"}
    boxes = {address: {"default_mode": mode} for address, mode in modes.items()}
    smtp_port, http_port, sink_port = free_ports(3)
    keys = account(folder / "data", boxes, "agent", "reviewer")
    return Plan(str(folder), smtp_port, http_port, sink_port, keys["agent"], keys["reviewer"], peers)
