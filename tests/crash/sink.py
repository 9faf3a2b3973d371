"""The relay of a crash run, a process that is never killed: with encryption and sign-in, and a ledger on disk."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.adapters.transport.mailing import certificate
from tests.crash.plan import PASSWORD, USER, Plan
from tests.support.sink import Mail, Setup, Sink, write_line


def main(plan: Plan) -> None:
    """Say that it listens, then serve until standard input is closed."""
    tls, _ = certificate(Path(plan.folder))

    def keep(mail: Mail) -> None:
        write_line(plan.sink_ledger, mail)

    with Sink(setup=Setup(tls=tls, accounts={USER: PASSWORD}, on_mail=keep), port=plan.sink_port):
        print("listening", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Plan.read(Path(sys.argv[1])))
