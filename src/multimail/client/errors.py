"""What a call raises: one class for each thing a program can do about a refusal or fault.

Every class derives from `MultimailError`. `Timeout` and `ConnectionFailed` are Python's own `TimeoutError` and
`ConnectionError` as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final


@dataclasses.dataclass(frozen=True, slots=True)
class Details:
    """What came with a refusal. `problem` is the server's answer as it was, empty where there was none."""

    code: str = ""
    status: int = 0
    field: str = ""
    advice: str = ""
    retry_after: float | None = None
    retry: bool = False
    problem: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class MultimailError(Exception):
    """A call that brought no answer.

    `code` is the server's stable error code and `status` its HTTP status (0 where nothing was answered); `field`
    names the argument it is about, `advice` says what would be right. `retry_after` is in seconds.
    """

    default_code = "internal"

    def __init__(self, message: str, details: Details | None = None) -> None:
        known = details or Details()
        self.message = message
        self.code = known.code or self.default_code
        self.status = known.status
        self.field = known.field
        self.advice = known.advice
        self.retry_after = known.retry_after
        self.retry = known.retry
        self.problem = dict(known.problem)
        about = f" [{self.field}]" if self.field else ""
        advice = f" {self.advice}" if self.advice else ""
        super().__init__(f"{self.code}: {message}{about}{advice}")

    def __reduce__(self) -> tuple[Any, ...]:
        details = Details(
            self.code, self.status, self.field, self.advice, self.retry_after, self.retry, self.problem
        )
        return type(self), (self.message, details)


class Invalid(MultimailError):
    """An argument is wrong, unknown, contradicts another or is too large: the same call never succeeds."""

    default_code = "invalid"


class Unauthenticated(MultimailError):
    """There is no key, or it is not valid (any more)."""

    default_code = "unauthenticated"


class Forbidden(MultimailError):
    """The key, the mailbox or a rule does not allow it."""

    default_code = "forbidden"


class NotFound(MultimailError):
    """Nothing by this name that the key may see."""

    default_code = "not_found"


class Conflict(MultimailError):
    """The state does not allow it, or somebody else acted first: look again, then decide."""

    default_code = "conflict"


class Frozen(MultimailError):
    """An operator has frozen sending."""

    default_code = "frozen"


class RateLimited(MultimailError):
    """Too many calls, mails or open drafts; `retry_after` says when more is possible, if that is known."""

    default_code = "cap_reached"


class Unavailable(MultimailError):
    """The server or a part of it cannot answer right now."""

    default_code = "unavailable"


class ServerFault(MultimailError):
    """An unexpected fault of the server; its log has the details."""


class Timeout(MultimailError, TimeoutError):
    """No answer in time. A write may have been carried out nevertheless."""

    default_code = "timeout"


class ConnectionFailed(MultimailError, ConnectionError):
    """The server could not be reached, or the connection broke before the answer was complete."""

    default_code = "unavailable"


class NotMultimail(MultimailError):
    """What answered does not speak as a MultiMail server does; mostly the base address is wrong."""

    default_code = "unavailable"


class InvalidSignature(MultimailError, ValueError):
    """A webhook request that this server did not sign, or signed too long ago."""

    default_code = "unauthenticated"


BY_STATUS: Final[Mapping[int, type[MultimailError]]] = {
    400: Invalid,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: Invalid,
    409: Conflict,
    413: Invalid,
    415: Invalid,
    421: Forbidden,
    422: Invalid,
    423: Frozen,
    429: RateLimited,
    500: ServerFault,
    503: Unavailable,
    504: Timeout,
    507: Unavailable,
}
"""The class of each status the server's table of error codes uses."""


def class_for(status: int) -> type[MultimailError]:
    """The class for a status; one that no table names counts by its hundred."""
    return BY_STATUS.get(status) or (ServerFault if status >= 500 else Invalid)
