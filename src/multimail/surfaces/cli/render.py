"""Answers as text for people. Whatever came with mail is made harmless: it cannot act on a terminal, nor look
like a line of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from multimail.contract.shapes import View
from multimail.core.text import neutralise

Data = Mapping[str, Any]

_QUOTE: Final = "  │ "
_TEXTS: Final = frozenset({"body", "diff", "text", "signature"})
_SENTENCES: Final = frozenset({"reasons", "warnings"})
_ADDRESSED: Final = ("to", "cc", "bcc", "automatic")
_SHORT_SUBJECT: Final = 48
_SHORT_OBJECT: Final = 4
"""So many names and values stand on one line."""


def json_text(view: View) -> str:
    """The canonical answer; every character that could act is escaped."""
    return json.dumps(data_of(view), indent=2)


def data_of(view: View) -> dict[str, Any]:
    """The answer's values, without those that are not there."""
    return view.model_dump(mode="json", exclude_none=True)


def rendered(view: View) -> str:
    """The answer to be read on a terminal."""
    data = data_of(view)
    render = _BY_VIEW.get(type(view).__name__, fields)
    return "\n".join(render(data))


def one_line(text: object) -> str:
    """Text of whatever origin on one line."""
    return " ".join(neutralise(str(text))[0].split())


def quoted(text: str) -> Iterator[str]:
    """Text of many lines, each marked at its beginning."""
    for line in neutralise(text)[0].splitlines() or [""]:
        yield f"{_QUOTE}{line}".rstrip()


def fields(data: Data, indent: str = "") -> Iterator[str]:
    """Name and value, a line each; what has lines of its own below its name."""
    width = max((len(name) for name in data), default=0)
    for name, value in data.items():
        label = f"{indent}{name.replace('_', ' '):<{width}}"
        if value in ("", [], {}):
            continue
        if name in _TEXTS and isinstance(value, str):
            yield f"{label.rstrip()}"
            yield from quoted(value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{label.rstrip()}"
            for one in value:
                yield from fields(one, f"{indent}  ")
                yield ""
        elif isinstance(value, dict) and len(value) > _SHORT_OBJECT:
            yield f"{label.rstrip()}"
            yield from fields(value, f"{indent}  ")
        elif isinstance(value, dict):
            pairs = (f"{one_line(key)}={_plain(one)}" for key, one in value.items())
            yield f"{label}  {', '.join(pairs)}"
        else:
            yield f"{label}  {' '.join(map(one_line, value)) if name in _SENTENCES else _plain(value)}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(one_line(one) for one in value)
    return one_line(value)


def table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest cell; the last one runs on."""
    every = list(rows)
    widths = [max(map(len, column)) for column in zip(*every, strict=True)][:-1]
    for row in every:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()


def _messages(data: Data) -> Iterator[str]:
    if not data["messages"]:
        yield "No mail."
    yield from table(map(_message_row, data["messages"]))
    yield from _more(data)


def _message_row(one: Data) -> tuple[str, ...]:
    outbound = one["direction"] == "outbound"
    who = f"to {', '.join(one['to'])}" if outbound else one.get("sender_name") or one["sender"]
    marks = f"  [{', '.join(map(one_line, one['tags']))}]" if one["tags"] else ""
    subject = one_line(one["subject"])[:_SHORT_SUBJECT] or "(no subject)"
    when = _moment(one["received_at"])
    return one["message_id"], when, one["status"], one_line(who)[:40], f"{subject}{marks}"


def _message(data: Data) -> Iterator[str]:
    yield from heads(data)
    yield ""
    yield from quoted(data["body"])
    if cut := data.get("body_cut"):
        yield f"  … {cut:,} bytes more"
    for one in data.get("hidden", ()):
        yield f"Hidden ({one['reason'].replace('_', ' ')}): {one_line(one['text'])}"
    yield from attachments(data)


def heads(data: Data) -> Iterator[str]:
    """What stands above a mail's text."""
    name = one_line(data.get("sender_name", ""))
    sender = one_line(data["sender"])
    rows = [("From", f"{name} <{sender}>" if name else sender)]
    rows += [
        (kind.capitalize(), ", ".join(map(one_line, data[kind]))) for kind in _ADDRESSED if data.get(kind)
    ]
    rows += [("Subject", one_line(data["subject"]))]
    if when := data.get("received_at") or data.get("created_at"):
        rows += [("Date", _moment(when))]
    if data.get("reply_to_changed"):
        rows += [("Reply-To", f"{one_line(data.get('reply_to'))}  (elsewhere than the sender)")]
    if data.get("new_sender"):
        rows += [("Note", "this sender is new to the thread")]
    if hidden := data.get("hidden_text"):
        rows += [
            (
                "Note",
                f"hidden in the original: {', '.join(f'{count} {what}' for what, count in hidden.items())}",
            )
        ]
    if data.get("tags"):
        rows += [("Tags", ", ".join(map(one_line, data["tags"])))]
    rows += [("Id", f"{data['message_id']}  {data['status']}  {data['thread_id']}")]
    yield from (f"{label:<9}{value}" for label, value in rows)


def attachments(data: Data) -> Iterator[str]:
    """A line for each attachment."""
    for one in data.get("attachments", ()):
        kind = one_line(one["content_type"])
        yield f"Attached {one['position']}: {one_line(one['filename'])} ({kind}, {one['size']:,} bytes)"


def _thread(data: Data) -> Iterator[str]:
    yield f"{one_line(data['subject'])}  ({data['message_count']} mails, {data['thread_id']})"
    for one in data["messages"]:
        yield ""
        yield from _message(one)
    yield from _more(data)


def _pending(data: Data) -> Iterator[str]:
    if not data["pending"]:
        yield "Nothing waits."
    for position, one in enumerate(data["pending"]):
        if position:
            yield ""
        yield from held(one)
    yield from _more(data)


def held(one: Data) -> Iterator[str]:
    """A mail that waits, with everything a person needs to decide."""
    yield from heads(one)
    yield f"{'Why':<9}{' '.join(map(one_line, one['reasons']))}"
    yield f"{'Author':<9}{one_line(one['submitted_by'])}, in {one['oversight_mode']}, revision {one['revision']}"
    yield f"{'Digest':<9}{one['digest']}"
    for name, label in (("scheduled_at", "Leaves"), ("expires_at", "Expires")):
        if name in one:
            yield f"{label:<9}{_moment(one[name])}"
    if one.get("placeholders"):
        yield f"{'Open':<9}{', '.join(map(one_line, one['placeholders']))}"
    yield ""
    yield from quoted(one["body"])
    if cut := one.get("body_cut"):
        yield f"  … {cut:,} bytes more"
    yield from attachments(one)


def _contacts(data: Data) -> Iterator[str]:
    if not data["contacts"]:
        yield "No contact."
    yield from table(map(_contact_row, data["contacts"]))
    yield from _more(data)


def _contact_row(one: Data) -> tuple[str, ...]:
    extra = [
        *map(one_line, one["tags"]),
        *(f"{one_line(key)}={_plain(value)}" for key, value in one["metadata"].items()),
    ]
    return one["contact_id"], one_line(one["email"]), one_line(one["name"]), ", ".join(extra)


def _rule_table(data: Data) -> Iterator[str]:
    """The table that the answer has as text, in columns."""
    lines = [tuple(one_line(cell) for cell in line.split("|")[1:-1]) for line in data["table"].splitlines()]
    yield from table([line for line in lines if set(line) != {"---"}])


def _suppression_matrix(data: Data) -> Iterator[str]:
    rows = [(one["reason"], *map(_plain, one["bars"].values()), one["why"]) for one in data["rows"]]
    yield "Which mail is left out:"
    yield from table([("reason", *data["rows"][0]["bars"], "why"), *rows])


def _mailboxes(data: Data) -> Iterator[str]:
    yield from table(map(_mailbox_row, data["mailboxes"]))


def _mailbox_row(one: Data) -> tuple[str, ...]:
    modes = one["oversight_mode"] + (
        f" (up to {one['ceiling']})" if one["ceiling"] != one["oversight_mode"] else ""
    )
    state = ["frozen"] if one["frozen"] else []
    state += [f"{one[name]} {name}" for name in ("unread", "pending") if one.get(name)]
    return one["mailbox_id"], one_line(one["address"]), modes, ", ".join(state)


def _keys(data: Data) -> Iterator[str]:
    yield from table(map(_key_row, data["keys"]))


def _key_row(one: Data) -> tuple[str, ...]:
    state = "revoked" if "revoked_at" in one else f"last used {_moment(one.get('last_used_at', 'never'))}"
    prefix = f"{one['prefix']}…" if "prefix" in one else "(no key)"
    return one["key_id"], prefix, one["role"], one["kind"], one_line(one["name"]), state


def _history(data: Data) -> Iterator[str]:
    lists = {"revisions", "decisions", "recipients", "events"}
    yield from fields({name: value for name, value in data.items() if name not in lists})
    for one in data["revisions"]:
        yield f"\nRevision {one['revision']} by {one_line(one['author'])}, {_moment(one['created_at'])}"
        yield from quoted(one.get("diff") or one["body"])
    for one in data["decisions"]:
        note = f": {one_line(one['note'])}" if one.get("note") else ""
        yield f"\nDecision {one['decision']} by {one_line(one['decided_by'])}, {_moment(one['decided_at'])}{note}"
    yield ""
    events = [(_moment(one["at"]), one["event"], one.get("by", ""), _details(one)) for one in data["events"]]
    yield from table(events)
    yield from table(
        [
            (one_line(one["address"]), one["status"], one_line(one.get("detail", "")))
            for one in data["recipients"]
        ]
    )


def _details(event: Data) -> str:
    return ", ".join(f"{key}={_plain(value)}" for key, value in event["detail"].items())


def _more(data: Data) -> Iterator[str]:
    if cursor := data.get("cursor"):
        yield f"There is more: --cursor {one_line(cursor)}"


def _moment(text: str) -> str:
    """As UTC to the second; the machine form is in the JSON."""
    return one_line(text)[:19].replace("T", " ")


_BY_VIEW: Final[dict[str, Callable[[Data], Iterator[str]]]] = {
    "MessageList": _messages,
    "WaitResult": _messages,
    "MessageView": _message,
    "ThreadView": _thread,
    "PendingList": _pending,
    "ContactList": _contacts,
    "MailboxList": _mailboxes,
    "KeyList": _keys,
    "HistoryView": _history,
    "RuleTable": _rule_table,
    "SuppressionMatrix": _suppression_matrix,
}
"""Answers with a form of their own; all others are shown field by field."""
