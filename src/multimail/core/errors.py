"""The closed table of error codes, and `Problem`, the one exception that crosses a layer.

Every surface translates by this table and nothing else: HTTP status, SMTP reply, process exit code and
the MCP tool error all come from the row. A public sentence never carries internals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Code:
    """One row: what the code means and how each protocol says it.

    `smtp` is the reply with its enhanced status (RFC 5321 section 4.2, RFC 3463); `retry` says whether the
    same call can succeed later without being changed.
    """

    meaning: str
    http: int
    smtp: str = "451 4.3.0"
    exit: int = 1
    retry: bool = False


CODES: Final[dict[str, Code]] = {
    # the request itself
    "malformed": Code("The body is not a JSON object that can be read.", 400, "501 5.5.2", 2),
    "unsupported_media_type": Code("The body is not in a format that is read here.", 415, "501 5.5.4", 2),
    "method_not_allowed": Code("This path does not know the method.", 405, "502 5.5.1", 2),
    "invalid": Code("A field has a wrong type or value.", 422, "501 5.5.4", 2),
    "unknown_field": Code("The operation has no such field.", 422, "501 5.5.4", 2),
    "contradiction": Code("Two names of one field carry different values.", 422, "501 5.5.4", 2),
    "invalid_address": Code("Not a usable mail address.", 422, "501 5.1.3", 2),
    "invalid_time": Code("Not a time that can be understood.", 422, "501 5.5.4", 2),
    "invalid_query": Code("The search query cannot be understood.", 422, "501 5.5.4", 2),
    "invalid_cursor": Code("The cursor belongs to another list or is damaged.", 422, "501 5.5.4", 2),
    "invalid_setting": Code("A setting of the server or mailbox has an unusable value.", 422, "451 4.3.5", 2),
    "header_injection": Code(
        "A header value contains a line break or control character.", 422, "550 5.6.0", 2
    ),
    "header_not_allowed": Code("This header may not be set by a caller.", 422, "550 5.6.0", 2),
    "too_many_recipients": Code("More recipients than one mail may have.", 422, "452 4.5.3", 2),
    "too_large": Code("The content is larger than the limit.", 413, "552 5.3.4", 2),
    "unknown_operation": Code("There is no such operation.", 404, "502 5.5.1", 2),
    "bad_sequence": Code("A command came before the one it needs.", 409, "503 5.5.1", 2),
    # who and where
    "unauthenticated": Code("No valid key was given.", 401, "530 5.7.0", 3),
    "forbidden": Code("The key does not allow this.", 403, "550 5.7.1", 3),
    "not_found": Code("Nothing by this id that the key may see.", 404, "550 5.1.1", 4),
    "unknown_mailbox": Code("There is no such mailbox that the key may use.", 404, "550 5.1.1", 4),
    "mailbox_required": Code(
        "Several mailboxes are open to the key: one must be named.", 422, "501 5.5.4", 2
    ),
    "already_exists": Code("Something by this name exists already.", 409, "550 5.1.0", 5),
    "rate_limited": Code("Too many requests with this key.", 429, "421 4.7.0", 7, retry=True),
    # policy
    "read_only": Code("The mailbox lets nothing leave.", 403, "550 5.7.1", 6),
    "recipient_not_allowed": Code("A recipient is outside the mailbox's allowed list.", 403, "550 5.7.1", 6),
    "cap_reached": Code("A hard cap on sending is reached.", 429, "452 4.7.1", 6, retry=True),
    "too_many_open_drafts": Code("Too many held drafts wait already.", 429, "452 4.7.1", 6, retry=True),
    "too_many_uploads": Code("Too many uploaded files wait already.", 429, "452 4.3.1", 6, retry=True),
    "frozen": Code("Sending is frozen.", 423, "451 4.7.1", 6, retry=True),
    "self_approval": Code("Whoever submitted a mail does not decide on it.", 403, "550 5.7.1", 6),
    "confirmation_required": Code("A person has to answer before this is done.", 403, "550 5.7.1", 6),
    "placeholders_unresolved": Code("The draft still contains placeholders.", 409, "550 5.6.0", 6),
    "late": Code("The send time is over an hour in the past.", 409, "550 5.7.1", 6),
    # lifecycle
    "conflict": Code("The state does not allow this, or somebody else acted first.", 409, "450 4.2.0", 5),
    "changed": Code("The draft changed since it was looked at.", 409, "450 4.2.0", 5),
    "digest_required": Code("The draft has several revisions: say which by its digest.", 409, "450 4.2.0", 5),
    "illegal_move": Code("The lifecycle does not allow this change.", 409, "450 4.2.0", 5),
    "idempotency_mismatch": Code("The idempotency key was used with another request.", 422, "550 5.5.4", 5),
    # the server
    "timeout": Code("The time limit passed.", 504, "421 4.4.2", 7, retry=True),
    "busy": Code("Too much is going on right now.", 503, "451 4.3.2", 7, retry=True),
    "storage_full": Code("The disk is full.", 507, "452 4.3.1", 7, retry=True),
    "storage_failed": Code("The data file could not be written.", 503, "451 4.3.0", 7, retry=True),
    "storage_newer": Code("The data folder was written by a newer version.", 503, "451 4.3.0", 7),
    "port_busy": Code("The port is in use.", 503, "451 4.3.0", 7, retry=True),
    "unavailable": Code("A part that is needed is not running.", 503, "451 4.3.0", 7, retry=True),
    "loop": Code("The mail goes in circles.", 409, "554 5.4.6", 5),
    "internal": Code("An unexpected fault; it is in the log.", 500, "451 4.3.0", 70, retry=True),
}


class Problem(Exception):
    """A refusal or fault that the caller may be told about.

    `message` says what was wrong, `advice` what would be right; both are public. `field` names the input
    field by its canonical name. Raising one inside a transaction undoes that transaction.
    """

    def __init__(
        self, code: str, message: str = "", *, field: str = "", advice: str = "", **details: Any
    ) -> None:
        if code not in CODES:
            raise KeyError(f"unknown problem code {code!r}")
        self.code = code
        self.message = message or CODES[code].meaning
        self.field = field
        self.advice = advice
        self.details = details
        super().__init__(f"{code}: {self.message}")

    def within(self, field: str) -> Problem:
        """The same problem, of what lies inside another field."""
        path = f"{field}.{self.field}" if self.field else field
        return Problem(self.code, self.message, field=path, advice=self.advice, **self.details)

    @property
    def row(self) -> Code:
        """The table row that says how each protocol expresses this problem."""
        return CODES[self.code]
