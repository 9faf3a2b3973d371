"""A call to the bytes of its request, and an answer's bytes to a result or an exception; no I/O.

Both clients go through these functions, so that they cannot differ.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import multimail
from multimail.client.errors import Details, Invalid, MultimailError, NotMultimail, class_for
from multimail.client.route import Route
from multimail.client.settings import Settings

T = TypeVar("T")

SENDER_NAMES: Final = ("mailbox", "from", "from_", "mailbox_id", "from_mailbox", "from_address")
_MOST: Final = 500
"""Characters of a foreign answer that an exception quotes."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request, ready to be sent any number of times: a retry is the same bytes with the same idempotency key."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes
    timeout: float
    repeatable: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def request_of(route: Route[Any], given: Mapping[str, Any], settings: Settings) -> Outgoing:
    """The request of a call. What is None was not given; raises `Invalid` for what JSON cannot say."""
    arguments = {name: value for name, value in given.items() if value is not None}
    if route.keyed:
        arguments.setdefault("idempotency_key", f"sdk-{uuid.uuid4().hex}")
    if route.mailbox and settings.mailbox and not arguments.keys() & {*SENDER_NAMES}:
        arguments["mailbox"] = settings.mailbox
    headers = {
        "Authorization": f"Bearer {settings.api_key}",
        "Content-Type": "application/json",
        "Accept": "application/json, application/problem+json",
        "User-Agent": f"multimail-python/{multimail.__version__}",
    }
    return Outgoing(
        f"{settings.base_url}/v1/{route.name}",
        headers,
        _encoded(arguments),
        settings.timeout + _waiting(route, arguments),
        route.may_be_repeated(arguments),
    )


def result_of(route: Route[T], incoming: Incoming) -> T:
    """The answer as the operation's result; raises the exception that belongs to any other answer."""
    if incoming.status != 200:
        raise failure_of(incoming)
    answer = _object(incoming)
    if answer is None:
        raise _stranger(incoming)
    return route.answer(answer)  # type: ignore[call-arg]


def failure_of(incoming: Incoming) -> MultimailError:
    """The exception for an answer that is none of success (RFC 9457 problem details, if ours)."""
    problem = _object(incoming)
    if incoming.status < 400 or problem is None or not isinstance(problem.get("code"), str):
        return _stranger(incoming)
    details = Details(
        code=problem["code"],
        status=incoming.status,
        field=str(problem.get("field") or ""),
        advice=str(problem.get("advice") or ""),
        retry_after=retry_after(incoming.headers, datetime.now(UTC)),
        retry=bool(problem.get("retry")),
        problem=problem,
    )
    message = str(problem.get("detail") or problem.get("title") or "No more is known.")
    return class_for(incoming.status)(message, details)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of `Retry-After`, given as such or as a date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds(), 0.0)


def _stranger(incoming: Incoming) -> MultimailError:
    """What a proxy or another server says: no code of ours, so the status decides."""
    said = incoming.content[:_MOST].decode("utf-8", "replace")
    details = Details(
        status=incoming.status,
        advice="Is base_url the address of a MultiMail server?",
        retry_after=retry_after(incoming.headers, datetime.now(UTC)),
        retry=incoming.status in (429, 502, 503, 504),
    )
    kind = class_for(incoming.status) if incoming.status in (401, 403, 429, 502, 503, 504) else NotMultimail
    return kind(f"The answer, status {incoming.status}, is none of MultiMail's: {said!r}.", details)


def _object(incoming: Incoming) -> dict[str, Any] | None:
    try:
        found = json.loads(incoming.content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _waiting(route: Route[Any], arguments: Mapping[str, Any]) -> float:
    """Seconds the server is allowed to take for this call on top of any other."""
    asked = arguments.get("timeout_seconds", route.waits)
    return float(asked) if route.waits is not None and isinstance(asked, int | float) else 0.0


def _encoded(arguments: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(
            arguments, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        return text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid(f"The arguments cannot be written as JSON: {error}.") from None


def _plain(value: Any) -> Any:
    """What JSON has no form for: times with their zone, bytes as base64, any mapping, any collection."""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        details = Details(code="invalid_time", advice="datetime.now(timezone.utc) has one.")
        raise Invalid(f"{value.isoformat()} says no time zone.", details)
    return value.isoformat()
