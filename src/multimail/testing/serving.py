"""`server()`: a MultiMail server in this process for the length of a `with` block, and the hands to work it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from multimail.contract import registry
from multimail.contract.operation import Toolset
from multimail.testing import desk
from multimail.testing.account import prepared
from multimail.testing.clock import Clock
from multimail.testing.faults import Faults
from multimail.testing.hooks import Posted
from multimail.testing.letters import Letter, Sent, Wanted
from multimail.testing.moments import moment, whole_second
from multimail.testing.reviewers import Decided, Edit, Rule, Script, script
from multimail.testing.system import Beginning, System, system
from multimail.testing.thread import LoopThread

if TYPE_CHECKING:
    import multimail

_PATIENCE: Final = 5.0
_OVERSEER: Final = "oversight@outside.test"


class NotSent(AssertionError):
    """What was waited for did not leave; the message says what did, and what waits."""


class Key(str):
    """A key as text, for headers, clients and environments; `id` names its principal."""

    __slots__ = ("id", "role")
    id: str
    role: str


class Mailbox(str):
    """A mailbox's address as text; `id` is its id."""

    __slots__ = ("id",)
    id: str


class Server:
    """A server under test. Its methods may be called from any thread but not from its own callbacks."""

    def __init__(self, thread: LoopThread[System]) -> None:
        self._thread = thread
        self._keys: dict[str, Key] = {}
        self._one_at_a_time = threading.Lock()
        self._mailboxes: list[Mailbox] = []
        self._letters = itertools.count(1)
        self._clients: list[multimail.Client] = []
        self.clock: Final = Clock(thread)
        self.faults: Final = Faults(thread.value.board)

    @property
    def base_url(self) -> str:
        """Where HTTP answers: REST, MCP, pages."""
        return self._system.place.base_url

    @property
    def folder(self) -> Path:
        """The data folder; it is gone when the server is, unless the test named a place for it."""
        return self._system.folder

    @property
    def smtp_host(self) -> str:
        return "127.0.0.1"

    @property
    def smtp_port(self) -> int:
        """Where mail comes in by SMTP."""
        return self._system.place.smtp_port

    @property
    def operator_key(self) -> Key:
        """The key that may do everything but decide on what it sent itself."""
        return self._named("operator")

    def mailbox(self, address: str, *, mode: str = "gated_send", **settings: Any) -> Mailbox:
        """Make a mailbox, with any argument of `create_mailbox`. `monitored` gets an oversight address."""
        if mode == "monitored":
            settings.setdefault("oversight_address", _OVERSEER)
        made = self.call("create_mailbox", address=address, default_mode=mode, **settings)["mailbox"]
        box = Mailbox(made["address"])
        box.id = made["mailbox_id"]
        self._mailboxes.append(box)
        return box

    def key(self, role: str = "agent", **given: Any) -> Key:
        """Make a key, with any argument of `create_key`: name, mailboxes, self_approving, expires_at…"""
        given.setdefault("name", f"{role} {next(self._letters)}")
        made = self.call("create_key", **given | {"role": role})
        return _key(made["key"], made["key_id"], role)

    def client(self, role: str = "agent", *, key: str | None = None, **options: Any) -> multimail.Client:
        """A client of the Python SDK with a new key of this role, or the given key; closed with the server."""
        from multimail import Client  # noqa: PLC0415 - costs nothing for whoever speaks HTTP or MCP

        client = Client(api_key=key or self._named(role), base_url=self.base_url, **options)
        self._clients.append(client)
        return client

    def call(self, operation: str, /, *, caller: str = "", **arguments: Any) -> dict[str, Any]:
        """Carry out an operation without HTTP, and return its answer as REST gives it.

        `caller` is a role or a key of `key`; without one it is an agent for an agent's operations and the
        operator for all others. Raises `multimail.core.errors.Problem`.
        """
        key = caller if isinstance(caller, Key) else self._named(caller or _usual(operation))
        answer: dict[str, Any] = self._run(desk.call(self._system, key.id, operation, arguments))
        return answer

    def receive(
        self,
        from_: str = "customer@outside.test",
        to: str | Sequence[str] = "",
        subject: str = "",
        body: str = "",
        *,
        raw: bytes = b"",
        **more: Any,
    ) -> str:
        """A mail comes in; the id of its message. `to` is the first mailbox made here unless given.

        `raw` is a whole mail instead of subject and body; else `html`, `headers` and `attachments` (contents by
        file name) may be given. Raises `Problem` where SMTP would refuse it.
        """
        to = to or (self._mailboxes or [Mailbox("agent@localhost")])[0]
        addresses = (to,) if isinstance(to, str) else tuple(to)
        letter = Letter(from_, addresses, subject, body, **more)
        number = next(self._letters)
        message_id: str = self._run(desk.receive(self._system, letter, raw, number))
        return message_id

    @property
    def sent(self) -> list[Sent]:
        """What reached the outside, in order, once all that is due now has happened. Mail between mailboxes of
        this server never leaves it."""
        self.settle()
        return list(self._system.outside.mails)

    @property
    def posts(self) -> list[Posted]:
        """What webhooks were told, each try, once all that is due now has happened."""
        self.settle()
        return list(self._system.hooks.posts)

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What waits for a person or for its time, oldest first, as `list_pending` has it."""
        found: list[dict[str, Any]] = self.call("list_pending", caller="reviewer", limit=100)["pending"]
        return found

    @property
    def decided(self) -> list[Decided]:
        """What the scripted reviewer decided, in order."""
        self.settle()
        return list(self._system.reviewers.decided)

    def settle(self) -> None:
        """Return when everything that is due now has happened."""
        self._run(self._system.drive.settle())

    def wait_for(
        self,
        count: int = 1,
        *,
        deadline: timedelta | datetime | str | None = None,
        patience: float = _PATIENCE,
        **wanted: str,
    ) -> list[Sent]:
        """The mails that left and are meant by `to`, `subject`, `text`, `sender`, as soon as there are `count`.

        With a `deadline` (a length of time, or a moment) the clock goes on, from one thing that is due to the
        next, no further than that. Without one it stands still, and other threads have `patience` seconds of
        real time. Raises `NotSent`.
        """
        meant = Wanted(**wanted)
        if deadline is not None:
            until = self.clock.micros(deadline)
            found = self._run(desk.goes_on(self._system, meant, count, until))
        else:
            found = self._run(desk.arrives(self._system, meant, count, patience))
        if len(found) < count:
            raise NotSent(self._run(desk.report(self._system, meant, count)))
        return list(found)

    def reviewer(
        self,
        *,
        approve_after: timedelta | float | None = None,
        reject_if: Rule | None = None,
        edit: Edit | None = None,
        never: bool = False,
        **more: str,
    ) -> Script:
        """From now on somebody decides on what waits; the newest script that is about a mail decides on it.

        `approve_after` counts seconds of the clock from when the mail began to wait; without it the decision is
        made at once. `reject_if` is a regular expression, or a function of the mail whose text is the note; what
        it does not hit is left to older scripts unless this one approves or edits. `never` leaves mail waiting.
        `mailbox` and `tag` say which mail it is about, `note` what it writes with its decisions.
        """
        made = script(approve_after, reject_if=reject_if, edit=edit, never=never, **more)
        return self._system.reviewers.add(made)

    @property
    def _system(self) -> System:
        return self._thread.value

    def _named(self, role: str) -> Key:
        account = self._system.account
        if role == "operator":
            return _key(account.operator_key, account.operator, role)
        with self._one_at_a_time:
            if role not in self._keys:
                self._keys[role] = self.key(role, name=role)
            return self._keys[role]

    def _run(self, work: Any) -> Any:
        result = self._thread.run(work)
        failure, self._system.drive.failure = self._system.drive.failure, None
        if failure is not None:
            raise failure
        return result

    def _close(self) -> None:
        for client in self._clients:
            client.close()


@contextmanager
def server(
    at: datetime | str | None = None, *, folder: Path | None = None, flow: bool = False, **settings: Any
) -> Iterator[Server]:
    """A server that answers on free ports of this machine until the block ends.

    Its clock stands at `at`, or at this second. `flow` is as `mail.clock.flow()` from the beginning. `folder` is
    an empty folder for its files, else a temporary one. `settings` are those of the program, such as
    `max_recipients=5`; the environment's are not looked at.
    """
    begins = moment(at if at is not None else whole_second())
    with TemporaryDirectory(prefix="multimail-") as temporary:
        beginning = Beginning(prepared(), folder or Path(temporary), begins, settings)
        with LoopThread(partial(system, beginning)) as thread:
            mail = Server(thread)
            if flow:
                mail.clock.flow()
            try:
                yield mail
            finally:
                mail._close()


def _usual(operation: str) -> str:
    """Whose operation it is."""
    return "agent" if registry.operation(operation).toolset is Toolset.AGENT else "operator"


def _key(text: str, principal_id: str, role: str) -> Key:
    key = Key(text)
    key.id, key.role = principal_id, role
    return key


__all__ = ["Decided", "Key", "Mailbox", "NotSent", "Posted", "Sent", "Server", "server"]
