"""What a change of a mailbox's rules lets go that was held, barred or kept before, in words for whoever changes them.

Nothing is decided here: tightening needs no words, and what loosens is told before it happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import EVERYONE, listed
from multimail.core.consent_regions import UNKNOWN, rule_for
from multimail.core.message_class import of_mailbox
from multimail.core.model import Mailbox, MessageClass, Mode, NoticeKind
from multimail.core.policy.modes import MEANING, freedom

NOTHING: Final = "not set"
_DELIVER: Final = {
    "hold": "kept until somebody sets it free",
    "capture": "kept here, nothing leaves this machine",
    "live": "handed to the relay",
}
_WAYS: Final = tuple(_DELIVER)
"""Strict to free."""


@dataclass(frozen=True, slots=True)
class Loosening:
    """One setting that gets freer, or that deletes: its name, its values as text, and what it means."""

    setting: str
    before: str
    after: str
    meaning: str


def loosened(old: Mailbox, new: Mailbox) -> tuple[Loosening, ...]:
    """Everything in which `new` allows more, watches less or keeps less than `old`, in the order of the settings."""
    return tuple(one for rule in _RULES for one in rule(old, new))


def _modes(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    pairs = {"default_mode": "Unless a call asks for less", "ceiling": "A call may ask for as much as this"}
    for name, when in pairs.items():
        before: Mode = getattr(old, name)
        after: Mode = getattr(new, name)
        if freedom(after) > freedom(before):
            yield Loosening(name, before, after, f"{when}: {MEANING[after]}.")


def _two_person(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    if old.two_person and not new.two_person:
        yield Loosening("two_person", "on", "off", "Whoever edits a draft may approve it alone.")


def _undo(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    before, after = old.undo_seconds or 0, new.undo_seconds
    if before > (after or 0):
        meaning = "There is less time to take back what goes without a person."
        yield Loosening("undo_seconds", f"{before} s", NOTHING if after is None else f"{after} s", meaning)


def _trusted(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    added = _wider(old.trusted, new.trusted)
    if added:
        whom = "anybody at all" if EVERYONE in added else ", ".join(added)
        meaning = f"In gated_send, mail to {whom} goes without a person."
        yield Loosening("trusted", _some(old.trusted), _some(new.trusted), meaning)


def _allowed(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    if old.allowed is None or EVERYONE in old.allowed:
        return
    if new.allowed is None or EVERYONE in new.allowed:
        yield Loosening("allowed", _fence(old.allowed), _fence(new.allowed), "Anybody may be mailed.")
    elif added := _wider(old.allowed, new.allowed):
        meaning = f"These may be mailed as well: {', '.join(added)}."
        yield Loosening("allowed", _fence(old.allowed), _fence(new.allowed), meaning)


def _message_class(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    before, after = (str(one.metadata.get("message_class") or "") for one in (old, new))
    if after == MessageClass.TRANSACTIONAL and before != after:
        meaning = "Its mail reaches people who unsubscribed, as something they need to know."
        yield Loosening("message_class", before or NOTHING, after, meaning)
    elif before == MessageClass.COMMERCIAL and before != after:
        yield Loosening(
            "message_class", before, after or NOTHING, "Its mail needs nobody's consent any more."
        )


def _topics(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    """Mail about a topic becomes something that people need to know, or is no advertising any more."""
    topics = [one.metadata.get("topics") for one in (old, new)]
    named = {topic for given in topics if isinstance(given, dict) for topic in given}
    for topic in sorted(named):
        before, after = (of_mailbox(one.metadata, topic) for one in (old, new))
        if after is MessageClass.TRANSACTIONAL and before is not after:
            meaning = f"Mail about {topic} reaches people who unsubscribed, as something they need to know."
            yield Loosening("topics", before or NOTHING, after, meaning)
        elif before is MessageClass.COMMERCIAL and after is not before:
            meaning = f"Mail about {topic} needs nobody's consent any more."
            yield Loosening("topics", before, after or NOTHING, meaning)


def _region(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    """Where recipients are whose region nobody knows: with another law, mail may go to more of them."""
    before, after = (str(one.metadata.get("region") or "") for one in (old, new))
    asked, asks = rule_for(before or UNKNOWN), rule_for(after or UNKNOWN)
    if not asked.opt_out_only and (asks.opt_out_only or not set(asks.opens) <= set(asked.opens)):
        meaning = (
            f"Commercial mail to people of whom nobody knows where they are goes by the law of {asks.name}."
        )
        yield Loosening("region", before or NOTHING, after or NOTHING, meaning)


def _caps(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    for period in ("hour", "day"):
        before, after = (getattr(one.caps, f"per_{period}") for one in (old, new))
        if before is not None and (after is None or after > before):
            meaning = f"More mail may go in a{'n' if period == 'hour' else ''} {period}."
            shown = NOTHING if after is None else str(after)
            yield Loosening(f"cap_per_{period}", str(before), shown, meaning)


def _watching(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    before, after = old.oversight_address, new.oversight_address
    if before and before != after:
        meaning = (
            "Copies and notices go to this address instead." if after else "Nobody gets copies or notices."
        )
        yield Loosening("oversight_address", before, after or NOTHING, meaning)
    if after and new.notices.kind is NoticeKind.OFF and old.notices.kind is not NoticeKind.OFF:
        meaning = "Nobody is told by mail that something waits."
        yield Loosening("notices", old.notices.kind, new.notices.kind, meaning)


def _handing_over(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    before, after = old.deliver, new.deliver
    if _WAYS.index(after) > _WAYS.index(before):
        yield Loosening("deliver", before, after, f"What may leave is {_DELIVER[after]}.")
    if new.resend_unknown and not old.resend_unknown:
        meaning = "After a crash that hid the outcome a mail is sent again, so it may arrive twice."
        yield Loosening("resend_unknown", "off", "on", meaning)


def _keeping(old: Mailbox, new: Mailbox) -> Iterator[Loosening]:
    units = {"days": "Mail older than {} days", "messages": "All but the newest {} mails"}
    for name, words in units.items():
        before, after = getattr(old.retention, name), getattr(new.retention, name)
        if after is not None and (before is None or after < before):
            shown = NOTHING if before is None else str(before)
            meaning = f"{words.format(f'{after:,}')}: deleted for good."
            yield Loosening(f"retention_{name}", shown, str(after), meaning)


def _wider(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of the new list that let somebody in whom no entry of the old one did."""
    if EVERYONE in old:
        return ()
    return tuple(one for one in new if one not in old and not _is_covered(one, old))


def _is_covered(entry: str, by: tuple[str, ...]) -> bool:
    return entry != EVERYONE and not entry.startswith("@") and listed(by, entry)


def _some(entries: tuple[str, ...]) -> str:
    return ", ".join(entries) or "nobody"


def _fence(entries: tuple[str, ...] | None) -> str:
    return NOTHING if entries is None else _some(entries)


_RULES: Final[tuple[Callable[[Mailbox, Mailbox], Iterator[Loosening]], ...]] = (
    _modes, _two_person, _undo, _trusted, _allowed, _message_class, _topics, _region, _caps, _watching,
    _handing_over, _keeping,
)  # fmt: skip
