"""The form of a mailbox: every setting with a sentence, its text in the form, and the arguments of what was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from multimail.contract.administration import MailboxDetails
from multimail.core.addresses import EVERYONE
from multimail.core.errors import Problem
from multimail.core.policy.modes import MEANING, ORDER
from multimail.surfaces.web.settings.fields import (
    TICKED,
    Choice,
    Field,
    Section,
    entries,
    lines,
    names,
    number,
)

_MODES: Final = tuple(
    Choice(mode.value, mode.value, f"{MEANING[mode][0].upper()}{MEANING[mode][1:]}.") for mode in ORDER
)
_FENCE: Final = (
    Choice("off", "No fence", "Anybody may be mailed. A mode may still hold the mail."),
    Choice("nobody", "Nobody", "Every mail is refused, whatever the mode."),
    Choice("these", "Only these", "Mail to anybody else is refused, whatever the mode."),
    Choice("all", "Everybody, said so on purpose", "The same as no fence, as an entry * in the list."),
)
_FENCE_OF: Final = {one.value: one.label for one in _FENCE}
_CLASSES: Final = (
    Choice("", "Not said"),
    Choice("transactional", "transactional: reaches people who unsubscribed"),
    Choice("commercial", "commercial: never reaches people who unsubscribed"),
)
_DELIVER: Final = (
    Choice("capture", "capture", "Kept here and shown; nothing leaves this machine."),
    Choice("hold", "hold", "Kept until somebody changes this, although it was approved."),
    Choice("live", "live", "Handed to the server's relay, if it has one."),
)
_NOTICES: Final = (
    Choice("immediate", "Soon", "One mail shortly after something begins to wait."),
    Choice("digest", "As a digest", "One mail at most in each longer span."),
    Choice("off", "Never", "People look at the review page by themselves."),
)

SECTIONS: Final = (
    Section("self", "Name", (
        Field("display_name", "Display name", "Stands beside the address in what this mailbox sends.", longest=200),
        Field("signature", "Signature", "Put below every mail it sends.", "area", longest=2000),
    )),
    Section("freedom", "How much it may do alone", (
        Field("default_mode", "Default mode", "", "radio", _MODES),
        Field("ceiling", "Ceiling", "The most freedom a single call may ask for. A call may always ask for less.",
              "select", tuple(Choice(mode.value, mode.value) for mode in ORDER)),
        Field("undo_seconds", "Undo window, in seconds",
              "How long mail that goes without a person can be taken back. Empty: 10 in monitored, else none.",
              "number", example="10"),
        Field("two_person", "An edited draft needs a second person",
              "Whoever edits a draft while reviewing does not approve it alone.", "check"),
    ), "The mode holds unless a call asks for a stricter one."),
    Section("whom", "Whom it may write to", (
        Field("trusted", "Trusted",
              "In gated_send, mail whose every recipient is one of these goes without a person. Empty: nobody. "
              "One on each line: name@example.org, @example.org for a whole domain, * for everybody.", "area"),
        Field("fence", "Allowed", "", "radio", _FENCE),
        Field("allowed", "Only these may be mailed",
              "Used with “Only these”: nobody else gets mail from here in any mode. Written as above.", "area"),
        Field("message_class", "What its mail is",
              "Your word about all mail of this mailbox. It decides whether people who unsubscribed are reached.",
              "select", _CLASSES),
        Field("physical_address", "Postal address",
              "Stands at the end of commercial mail, which is refused without one.", "area"),
        Field("region", "Where its recipients are",
              "For those of whom nobody knows it: EU, GB, US, US-CA… Empty: the strictest rules hold.", longest=10),
    ), "Trusted lets mail go; allowed keeps mail from going. They are independent."),
    Section("caps", "How much it may send", (
        Field("cap_per_hour", "Most mails an hour", "Empty: no cap. 0: none at all.", "number"),
        Field("cap_per_day", "Most mails a day", "Empty: no cap. 0: none at all.", "number"),
    ), "Beyond a cap a send is refused, not held."),
    Section("watch", "Who watches", (
        Field("oversight_address", "Oversight address",
              "Gets a copy of each mail in monitored, which needs it, and notices of what waits.", longest=320),
        Field("notices", "Notices", "", "radio", _NOTICES),
        Field("notice_minutes", "Gathered for, in minutes", "What waits is gathered so long into one mail.", "number"),
        Field("notice_details", "Notices name subjects and recipients",
              "Otherwise they say only how many wait and since when.", "check"),
    ), "A notice carries a link to the review page. The link alone opens nothing."),
    Section("copies", "Copies", (
        Field("auto_cc", "Copied on all its mail, visibly", "One address on each line.", "area", rows=2),
        Field("auto_bcc", "Copied on all its mail, hidden", "One address on each line.", "area", rows=2),
    )),
    Section("handing", "How it leaves", (
        Field("deliver", "What happens to mail that may leave", "", "radio", _DELIVER),
        Field("resend_unknown", "Send again what a crash left in doubt",
              "Such a mail may then arrive twice. Otherwise it waits as “unknown” for a person.", "check"),
    )),
    Section("keeping", "How long its mail is kept", (
        Field("retention_days", "Days", "Older mail is deleted for good. Empty: kept.", "number"),
        Field("retention_messages", "Mails", "Beyond so many, the oldest are deleted for good. Empty: kept.",
              "number"),
    ), "What waits for somebody or is on its way is never deleted."),
)  # fmt: skip
NAMES: Final = names(SECTIONS)
LABELS: Final[dict[str, str]] = {one.name: one.label for section in SECTIONS for one in section.fields}


def values(box: MailboxDetails) -> dict[str, str]:
    """Each setting as its control shows it."""
    texts = ("display_name", "signature", "ceiling", "oversight_address", "notices", "deliver")
    numbers = (
        "undo_seconds", "cap_per_hour", "cap_per_day", "notice_minutes", "retention_days", "retention_messages",
    )  # fmt: skip
    found = {name: str(getattr(box, name) or "") for name in texts}
    found |= {name: "" if getattr(box, name) is None else str(getattr(box, name)) for name in numbers}
    found |= {name: lines(getattr(box, name)) for name in ("trusted", "auto_cc", "auto_bcc")}
    found |= {
        name: TICKED if getattr(box, name) else ""
        for name in ("two_person", "resend_unknown", "notice_details")
    }
    listed = box.allowed is not None and EVERYONE not in box.allowed
    return found | {
        "default_mode": box.oversight_mode,
        "fence": _fence(box.allowed),
        "allowed": lines(box.allowed) if listed else "",
        **{name: str((box.metadata or {}).get(name) or "") for name in _STATED},
    }


def _fence(allowed: list[str] | None) -> str:
    if allowed is None:
        return "off"
    return "nobody" if not allowed else "all" if EVERYONE in allowed else "these"


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The fields that are not the same in two forms; in a list only its entries count, not how they are laid out."""
    return [name for name in NAMES if _meant(name, one) != _meant(name, other)]


def _meant(name: str, form: Mapping[str, str]) -> Any:
    text = form.get(name, "")
    if name == "allowed" and form.get("fence") != "these":
        return []
    return entries(text) if name in _LISTS else text.strip()


def arguments(form: Mapping[str, str], was: Mapping[str, str]) -> dict[str, Any]:
    """What `update_mailbox` is asked to change: what differs from the form as it was filled, and nothing else."""
    _no_list_in_vain(form, was)
    changed = set(differing(form, was))
    found: dict[str, Any] = {}
    for fields, write in _WRITERS:
        if changed & set(fields):
            found |= write(form, changed)
    return found


def _no_list_in_vain(form: Mapping[str, str], was: Mapping[str, str]) -> None:
    """Who writes a list means it, and would believe that a fence stands which does not."""
    listed = entries(form.get("allowed", ""))
    if form.get("fence") != "these" and listed and listed != entries(was.get("allowed", "")):
        advice = f"Choose “{_FENCE_OF['these']}” above it, or empty the list."
        raise Problem("contradiction", "This list would not count.", field="allowed", advice=advice)


def _texts(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return {name: form[name] for name in _TEXTS if name in changed}


def _boxes(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return {name: bool(form[name]) for name in _BOXES if name in changed}


def _lists(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return {name: entries(form[name]) for name in ("trusted", "auto_cc", "auto_bcc") if name in changed}


def _modes(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    """Both together: the default alone would move the ceiling with it."""
    return {"default_mode": form["default_mode"], "ceiling": form["ceiling"]}


def _fenced(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    chosen = form["fence"]
    if chosen not in _FENCE_OF:
        raise Problem("invalid", "There is no such choice.", field="fence", advice="Choose one of these.")
    if chosen == "these":
        listed = entries(form["allowed"])
        if not listed:
            advice = "Write at least one, or choose “Nobody”."
            raise Problem("invalid", "Nobody is listed.", field="allowed", advice=advice)
        return {"allowed": listed}
    return {"clear_allowed": True} if chosen == "off" else {"allowed": [EVERYONE] if chosen == "all" else []}


def _caps(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return {"clear_caps": True} | _numbers(form, _CAPS)


def _retention(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return {"clear_retention": True} | _numbers(form, _KEPT)


def _minutes(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    found = _numbers(form, ("notice_minutes",))
    if not found:
        raise Problem(
            "invalid", "A number of minutes is wanted.", field="notice_minutes", advice="Such as 2."
        )
    return found


def _undo(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    return _numbers(form, ("undo_seconds",)) or {"clear_undo": True}


def _stated(form: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    """What stands in the metadata, of which only what was changed is sent."""
    stated = {name: form[name].strip() or None for name in _STATED if name in changed}
    return {
        "metadata": stated
        | ({"region": form["region"].strip().upper() or None} if "region" in stated else {})
    }


def _numbers(form: Mapping[str, str], wanted: tuple[str, ...]) -> dict[str, Any]:
    read = {name: number(form[name], name) for name in wanted}
    return {name: value for name, value in read.items() if value is not None}


_TEXTS: Final = ("display_name", "signature", "oversight_address", "notices", "deliver")
_BOXES: Final = ("two_person", "resend_unknown", "notice_details")
_CAPS: Final = ("cap_per_hour", "cap_per_day")
_KEPT: Final = ("retention_days", "retention_messages")
_STATED: Final = ("message_class", "physical_address", "region")
_LISTS: Final = frozenset({"trusted", "allowed", "auto_cc", "auto_bcc"})
_WRITERS: Final[
    tuple[tuple[tuple[str, ...], Callable[[Mapping[str, str], set[str]], dict[str, Any]]], ...]
] = (
    (_TEXTS, _texts),
    (_BOXES, _boxes),
    (("trusted", "auto_cc", "auto_bcc"), _lists),
    (("default_mode", "ceiling"), _modes),
    (("fence", "allowed"), _fenced),
    (_CAPS, _caps),
    (_KEPT, _retention),
    (("notice_minutes",), _minutes),
    (("undo_seconds",), _undo),
    (_STATED, _stated),
)
