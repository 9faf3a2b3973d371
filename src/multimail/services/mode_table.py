"""The mode × operation table: what becomes of mail, worked out by asking the policy about typical mail.

Every operation of the registry has its rows here; one that has none is a `KeyError` and so fails the build. Nothing is
copied from the rules: change them, and the table says something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from multimail.contract.registry import OPERATIONS
from multimail.core.model import Filled, MessageClass, Mode
from multimail.core.policy.evaluate import evaluate
from multimail.core.policy.facts import ApprovalFacts, ApprovalRule, Facts, RecipientFacts
from multimail.core.policy.modes import ORDER, EffectiveMode, effective
from multimail.core.policy.rules import Result
from multimail.core.times import SECOND
from multimail.services.context import Limits

REFUSED: Final = "refused"
HELD: Final = "held"
LEAVES: Final = "leaves"
AFTER_UNDO: Final = f"leaves after {Limits().undo_monitored // SECOND} s"
AT_ITS_TIME: Final = "leaves at its time"
WAITS: Final = "waits"
FILED: Final = "filed"
LEFT_OUT: Final = "left out"
NOTHING: Final = "nothing leaves"
MEANING: Final = {
    REFUSED: "an error says why, nothing is kept",
    HELD: "waits for a person",
    LEAVES: "goes to the next hop at once",
    AFTER_UNDO: "goes once the time to take it back is over",
    AT_ITS_TIME: "goes at the time it was scheduled for",
    WAITS: "is cleared to go, and does not while this lasts",
    LEFT_OUT: "does not go to who opted out, and the answer says so",
    FILED: "is in the mailbox for agents to see",
    NOTHING: "no mail leaves by this call",
}

_STRANGER: Final = RecipientFacts(
    "ann@example.org", visible=True, automatic=False, trusted=False, allowed=None
)
_FRIEND: Final = replace(_STRANGER, trusted=True)
_OUTSIDE: Final = replace(_STRANGER, allowed=False)
_MANY: Final = tuple(replace(_FRIEND, address=f"p{number}@example.org") for number in range(11))
_OUT: Final = replace(_FRIEND, tags=("unsubscribed",))


@dataclass(frozen=True, slots=True)
class Row:
    """One operation in one situation: what becomes of the mail in each mode."""

    operation: str
    situation: str
    outcome: Callable[[Mode], str]

    def cells(self) -> dict[Mode, str]:
        """The outcomes, strict to free."""
        return {mode: self.outcome(mode) for mode in ORDER}


def rows() -> list[Row]:
    """The whole table, in the order of the registry, and after it what happens without a call."""
    found = [row for operation in OPERATIONS for row in _ROWS[operation.name](operation.name)]
    return [*found, Row("", "mail arrives", _arriving), Row("", "a notice is due", _notice)]


def text() -> str:
    """For a terminal."""
    table = [("Operation", "Situation", *ORDER)]
    table += [(row.operation, row.situation, *row.cells().values()) for row in rows()]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]
    return "\n".join([*lines, "", *(f"{word}: {meaning}" for word, meaning in MEANING.items())])


def _facts(mode: Mode, *recipients: RecipientFacts) -> Facts:
    held = EffectiveMode(None, mode)
    return Facts("send_email", held, recipients or (_STRANGER,), oversight_address="boss@example.com")


def _admitted(known: Callable[[Mode], Facts], then: str = "") -> Callable[[Mode], str]:
    """New mail and new revisions: every rule counts. `then` is what becomes of mail that may go."""

    def outcome(mode: Mode) -> str:
        mail = known(mode)
        verdict = evaluate(mail)
        if verdict.result is Result.REFUSE:
            return REFUSED
        if len(verdict.suppressed) == len(mail.recipients):
            return LEFT_OUT
        if verdict.held:
            return HELD
        return then or (AFTER_UNDO if mode is Mode.MONITORED else LEAVES)

    return outcome


def _decided(then: str, otherwise: str = REFUSED) -> Callable[[Mode], str]:
    """Mail that a person has in hand: what would hold it no longer counts, what refuses it does."""

    def outcome(mode: Mode) -> str:
        return otherwise if evaluate(_facts(mode)).result is Result.REFUSE else then

    return outcome


def _tightened(mode: Mode) -> str:
    """Mail that the policy let go, when its mailbox is set to this mode: no refusal, there is no call to refuse."""
    return LEAVES if evaluate(_facts(mode)).result is Result.NOTE else HELD


def _arriving(mode: Mode) -> str:
    return HELD if mode is Mode.GATED_ALL else FILED


def _notice(mode: Mode) -> str:
    """The server's own mail about what waits: nothing holds it, and what refuses mail lets none be made."""
    own = replace(_facts(mode), operator_class=MessageClass.SYSTEM)
    return NOTHING if evaluate(own).result is Result.REFUSE else LEAVES


def _always(what: str) -> Callable[[Mode], str]:
    return lambda mode: what


def _new(name: str) -> Iterator[Row]:
    yield Row(name, "to a stranger", _admitted(_facts))
    yield Row(name, "to trusted recipients only", _admitted(lambda mode: _facts(mode, _FRIEND)))


def _send(name: str) -> Iterator[Row]:
    yield from _new(name)
    yield Row(
        name, "trusted, with a copy to a stranger", _admitted(lambda mode: _facts(mode, _FRIEND, _STRANGER))
    )
    yield Row(name, "outside the allowed list", _admitted(lambda mode: _facts(mode, _OUTSIDE)))
    yield Row(name, "trusted, with a placeholder", _admitted(_unfinished))
    yield Row(name, "trusted, more than ten visible", _admitted(lambda mode: _facts(mode, *_MANY)))
    yield Row(name, "to who opted out", _admitted(lambda mode: _facts(mode, _OUT)))
    yield Row(name, "to who opted out, claimed transactional", _admitted(_claimed))
    yield Row(name, "to a stranger, by an approval rule", _admitted(_by_rule))
    yield Row(
        name, "by an approval rule, asking for gated_send",
        _admitted(lambda mode: _by_rule(mode, Mode.GATED_SEND)),
    )  # fmt: skip
    yield Row(name, "by an approval rule, with a placeholder", _admitted(_unfinished_by_rule))
    yield Row(name, "trusted, scheduled", _admitted(lambda mode: _facts(mode, _FRIEND), AT_ITS_TIME))
    yield Row(name, "trusted, while frozen", _admitted(lambda mode: _facts(mode, _FRIEND), WAITS))


def _by_rule(mode: Mode, asked: Mode | None = None) -> Facts:
    """A stranger, and a rule of an operator that covers every recipient."""
    rule = ApprovalRule("rule_00000000000000", "neighbours", recipient_domains=("@example.org",))
    approval = ApprovalFacts((rule,), by_default=mode is Mode.GATED_SEND)
    return replace(_facts(mode), mode=effective(asked, mode, mode), approval=approval)


def _unfinished(mode: Mode) -> Facts:
    return replace(_facts(mode, _FRIEND), placeholders=("{{name}}",))


def _by_template(mode: Mode, *, plain: bool = True) -> Facts:
    """A stranger, an operator's template, and a rule that names it."""
    rule = ApprovalRule("rule_00000000000000", "receipts", template_id="tpl_00000000000000")
    filled = Filled("tpl_00000000000000", plain)
    approval = ApprovalFacts((rule,), by_default=mode is Mode.GATED_SEND, template=filled)
    return replace(_facts(mode), approval=approval)


def _batch(name: str) -> Iterator[Row]:
    yield from _new(name)
    yield Row(name, "trusted, with a placeholder", _admitted(_unfinished))
    yield Row(name, "from a template that a rule names", _admitted(_by_template))
    yield Row(
        name, "from it, with more than plain values", _admitted(lambda mode: _by_template(mode, plain=False))
    )


def _unfinished_by_rule(mode: Mode) -> Facts:
    return replace(_by_rule(mode), placeholders=("{{name}}",))


def _claimed(mode: Mode) -> Facts:
    return replace(_facts(mode, _OUT), claimed_class=MessageClass.TRANSACTIONAL)


def _edit(name: str) -> Iterator[Row]:
    yield Row(name, "held mail to a stranger", _admitted(_facts))
    yield Row(name, "after a person asked for changes", _decided(HELD))


def _decide(name: str) -> Iterator[Row]:
    yield Row(name, "approve", _decided(LEAVES))
    yield Row(name, "approve, scheduled", _decided(AT_ITS_TIME))
    yield Row(name, "approve, while frozen", _decided(WAITS))
    yield Row(name, "reject", _always(NOTHING))


def _decide_many(name: str) -> Iterator[Row]:
    yield Row(name, "approve", _decided(LEAVES, otherwise=HELD))
    yield Row(name, "approve a batch", _decided(LEAVES, otherwise=HELD))
    yield Row(name, "approve, while frozen", _decided(WAITS, otherwise=HELD))
    yield Row(name, "reject", _always(NOTHING))


def _update(name: str) -> Iterator[Row]:
    yield Row(name, "to this mode, free mail waiting", _tightened)
    yield Row(name, "to this mode, approved mail waiting", _decided(LEAVES, otherwise=WAITS))
    yield Row(name, "to this mode, held mail waiting", _always(HELD))


def _create_rule(name: str) -> Iterator[Row]:
    yield Row(name, "held mail waiting that it covers", _always(HELD))


def _delete_rule(name: str) -> Iterator[Row]:
    yield Row(name, "mail waiting that it let go", _tightened)


def _unfreeze(name: str) -> Iterator[Row]:
    yield Row(name, "approved mail waiting", _decided(LEAVES, otherwise=WAITS))
    yield Row(name, "one mail while everything is frozen", _decided(LEAVES))


def _release(name: str) -> Iterator[Row]:
    yield Row(name, "captured mail", _decided(LEAVES))


def _resume(name: str) -> Iterator[Row]:
    yield Row(name, "approved mail waiting behind a breaker", _decided(LEAVES, otherwise=WAITS))


def _warm_up(name: str) -> Iterator[Row]:
    yield Row(name, "", _always(NOTHING))
    yield Row(name, "ended, approved mail waiting for tomorrow", _decided(LEAVES, otherwise=WAITS))


def _pace(name: str) -> Iterator[Row]:
    yield Row(name, "", _always(NOTHING))
    yield Row(name, "approved mail waiting for its hours", _decided(LEAVES, otherwise=WAITS))


def _enroll(name: str) -> Iterator[Row]:
    yield Row(name, "", _always(NOTHING))
    yield Row(name, "in a sequence that the server runs", _admitted(_facts))


def _none(name: str) -> Iterator[Row]:
    yield Row(name, "", _always(NOTHING))


_LETS_NOTHING_LEAVE: Final = (
    "check_inbox", "read_email", "get_thread", "cancel_message", "cancel_messages", "list_reviews", "review_email",
    "trust_recipient", "mark_email", "tag_email", "list_suppressions", "suppress_address", "unsuppress_address",
    "record_consent", "withdraw_consent", "list_consents", "check_consent", "set_preferences", "consent_table",
    "get_register", "export_person",
    "check_suppression", "suppression_table", "unsubscribe_figures",
    "download_attachment", "wait_for_email", "list_events", "search_contacts", "manage_contacts",
    "inspect_contact", "list_pending",
    "wait_for_decision", "get_message_history", "freeze", "list_mailboxes", "create_mailbox", "delete_mailbox",
    "create_key", "list_keys", "revoke_key", "list_approval_rules", "get_batch", "create_template",
    "list_templates", "delete_template", "create_webhook", "list_webhooks", "update_webhook", "delete_webhook",
    "get_mailbox", "empty_mailbox", "delete_messages", "erase_person", "list_erasures",
    "list_conversations", "inspect_message", "suggest_search",
    "rotate_webhook_secret", "list_webhook_deliveries", "replay_webhook", "test_webhook", "list_sessions",
    "get_reputation", "campaign_stats", "set_breakers",
    "set_pace", "list_pace", "set_time_zone", "check_pace", "create_sequence", "list_sequences", "get_sequence",
    "claim_sequence_steps", "complete_sequence_step", "stop_sequence",
    "close_sessions", "list_frozen", "get_oversight_figures", "simulate_oversight", "search_audit",
)  # fmt: skip
_ROWS: Final[dict[str, Callable[[str], Iterator[Row]]]] = {
    **dict.fromkeys(_LETS_NOTHING_LEAVE, _none),
    "send_email": _send,
    "send_batch": _batch,
    "reply_email": _new,
    "forward_email": _new,
    "edit_pending": _edit,
    "decide_email": _decide,
    "decide_emails": _decide_many,
    "unfreeze": _unfreeze,
    "release_message": _release,
    "resume_sending": _resume,
    "set_warm_up": _warm_up,
    "delete_pace": _pace,
    "enroll_contacts": _enroll,
    "update_mailbox": _update,
    "create_approval_rule": _create_rule,
    "delete_approval_rule": _delete_rule,
}
