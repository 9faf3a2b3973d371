"""Calls over REST: reading a mail against a bare Starlette route, and what a flood of wrong keys does to right ones.

Both servers answer the same bytes to the same plain HTTP client over one kept connection, in shuffled rounds.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import httpx2

from benchmarks import bare_rest, mailbox, servers
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row

READ_AT_MOST: Final = 2.0
FLOODED_AT_MOST: Final = 1.5
WRONG_KEYS_A_SECOND: Final = 500
_WARM: Final = 50
_CALLS: Final = 500
"""A 95th percentile needs many."""


class Reader:
    """A client that reads one mail again and again."""

    def __init__(self, base_url: str, key: str, message_id: str) -> None:
        self._client = httpx2.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=30
        )
        self._asked = {"message_id": message_id}
        self.took: list[float] = []

    def read(self) -> bytes:
        """One call; a refusal makes the run worthless."""
        answer = self._client.post("/v1/read_email", json=self._asked)
        answer.raise_for_status()
        return answer.content

    def round(self, calls: int) -> None:
        """Some calls in a row, each timed in milliseconds."""
        for _ in range(calls):
            began = time.perf_counter()
            self.read()
            self.took.append((time.perf_counter() - began) * 1_000)

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()


def measure(plan: Plan) -> list[Row]:
    """Both lines."""
    reads: list[Pair] = []
    floods: list[Pair] = []
    for _ in range(plan.size.runs):
        with plan.accounts(plan.size.messages) as [folder], servers.resident(folder) as place:
            key = mailbox.keys(folder)[0]
            message_id = _long_mail(place.base_url, key)
            ours = Reader(place.base_url, key, message_id)
            reads.append(_against_bare(plan, folder, ours, key, message_id))
            floods.append(_flooded(ours, place.base_url))
            ours.close()
    return [
        Row("read_email, 4 KB, REST: bare Starlette route", "ms", reads, at_most=READ_AT_MOST),
        Row(
            f"p95 of it under {WRONG_KEYS_A_SECOND} wrong keys a second: without them",
            "ms",
            floods,
            at_most=FLOODED_AT_MOST,
        ),
    ]


def _long_mail(base_url: str, key: str) -> str:
    """The newest mail of 4 KB."""
    with httpx2.Client(base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        rows = client.post("/v1/check_inbox", json={"limit": 100}).raise_for_status().json()["messages"]
        for row in rows:
            mail = client.post("/v1/read_email", json={"message_id": row["message_id"]}).json()
            if len(mail["body"]) >= mailbox.BODY_BYTES - 1:
                return str(row["message_id"])
    raise RuntimeError("no long mail among the newest")


def _against_bare(plan: Plan, folder: Path, ours: Reader, key: str, message_id: str) -> Pair:
    database = folder / "bare.db"
    bare_rest.fill(database, key, message_id, ours.read())
    with _bare(database) as base_url:
        bare = Reader(base_url, key, message_id)
        readers = [ours, bare]
        for reader in readers:
            reader.round(_WARM)
            reader.took.clear()
        for _ in range(plan.size.rounds):
            random.shuffle(readers)
            for reader in readers:
                reader.round(plan.size.calls)
        bare.close()
    return Pair(median(ours.took), median(bare.took))


@contextmanager
def _bare(database: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.bare_rest", str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def _flooded(ours: Reader, base_url: str) -> Pair:
    """95th percentiles with and without the flood, in turns."""
    took: dict[bool, list[float]] = {True: [], False: []}
    turns = [True, False] * 3
    random.shuffle(turns)
    for flooded in turns:
        ours.took.clear()
        if flooded:
            with _flood(base_url):
                ours.round(_CALLS)
        else:
            ours.round(_CALLS)
        took[flooded] += ours.took
    return Pair(*(quantiles(took[flooded], n=20)[-1] for flooded in (True, False)))


@contextmanager
def _flood(base_url: str) -> Iterator[None]:
    """Wrong keys from another process; a flood that was not answered 401 throughout, or was none, is an error."""
    port = base_url.rpartition(":")[2]
    command = [sys.executable, "-m", "benchmarks.key_flood", port, str(WRONG_KEYS_A_SECOND)]
    began = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        time.sleep(0.5)
        yield
        refused, other = map(int, process.communicate()[0].split())
    lasted = time.monotonic() - began
    if other or refused < 0.7 * WRONG_KEYS_A_SECOND * (lasted - 0.5):
        raise RuntimeError(f"{refused} wrong keys were refused in {lasted:.1f} s, {other} were not")
