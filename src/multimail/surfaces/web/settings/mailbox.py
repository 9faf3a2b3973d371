"""One mailbox: its settings as a form. What loosens is asked once more, what moved meanwhile is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxDetails, MailboxResult
from multimail.core.errors import Problem
from multimail.services.convert import shown
from multimail.surfaces.web import forms
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, mailbox_fields
from multimail.surfaces.web.settings.asking import Change, Question
from multimail.surfaces.web.settings.fields import kept
from multimail.surfaces.web.settings.mailbox_fields import LABELS, NAMES, SECTIONS
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_BESIDE: Final = {"mailbox": "", "metadata": "message_class", "metadata.region": "region"}
_WORDS: Final = {
    **LABELS, "allowed": "Allowed", "metadata": LABELS["message_class"], "topics": "Topics", "caps": "Caps",
    "retention": "How long mail is kept", "notices": "Notices",
}  # fmt: skip
"""What settings are called, also those whose names are not the form's."""


_TRIED: Final = frozenset({"default_mode", "ceiling", "trusted"})
"""Settings that can be tried on past mail."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form was filled from: the texts of its fields, and the digest of the settings they stand for."""

    texts: Mapping[str, str]
    digest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A setting that somebody else changed while the form was open; `mine` is what this person wants instead."""

    label: str
    before: str
    now: str
    mine: str | None


async def show(visit: Visit) -> Response:
    """The settings as they are."""
    box = await details(visit)
    filled = _filled(box)
    return await _page(visit, box, filled, filled.texts)


async def save(visit: Visit) -> Response:
    """Change what differs from the form as it was filled, all of it or nothing."""
    box, filled, texts = await details(visit), _was(visit.form), kept(visit.form, SECTIONS)
    if filled is None:
        advice = "What you wrote stands below. Save it again."
        lost = Problem("invalid", "The form did not say what it was filled from.", advice=advice)
        return await _page(visit, box, _filled(box), texts, lost)
    if asking.wants_back(visit):
        return await _page(visit, box, filled, texts)
    try:
        wanted = mailbox_fields.arguments(texts, filled.texts)
        if not wanted:
            return go(f"{_place(box)}?{urlencode({'changed': ''})}")
        wanted |= {"mailbox": box.mailbox_id, "expected_digest": filled.digest}
        told = await _update(visit, wanted | {"dry_run": True})
        if told.loosens and not asking.is_sure(visit):
            return await asking.ask(visit, _question(box, told, texts))
        done = await _update(visit, wanted)
    except Problem as problem:
        if problem.code == "changed":
            return await _merged(visit, filled, texts, problem)
        return await _page(visit, box, filled, texts, problem)
    told_after = {"changed": ",".join(done.changed), "held": done.held_again}
    return go(f"{_place(box)}?{urlencode(told_after)}")


async def details(visit: Visit) -> MailboxDetails:
    """The mailbox that the address names, or `unknown_mailbox`."""
    box = await visit.call("get_mailbox", {"mailbox": visit.request.path_params["mailbox_id"]})
    assert isinstance(box, MailboxDetails)
    return box


async def _update(visit: Visit, wanted: dict[str, Any]) -> MailboxResult:
    done = await visit.call("update_mailbox", wanted)
    assert isinstance(done, MailboxResult)
    return done


def _place(box: MailboxDetails) -> str:
    return f"/settings/mailboxes/{box.mailbox_id}"


def _filled(box: MailboxDetails) -> Filled:
    """Texts as the page shows them: hidden characters are visible there, and come back that way."""
    return Filled(
        {name: shown(text) for name, text in mailbox_fields.values(box).items()}, box.settings_digest or ""
    )


def _was(form: Mapping[str, str]) -> Filled | None:
    """What the form says that it was filled from; None where it does not say."""
    try:
        given = json.loads(form.get("was", ""))
        return Filled({name: str(given[name]) for name in NAMES}, form["digest"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _question(box: MailboxDetails, told: MailboxResult, texts: Mapping[str, str]) -> Question:
    tried = {"mailbox": box.mailbox_id, "default_mode": texts["default_mode"], "ceiling": texts["ceiling"]}
    more = " ".join(one for one in told.mailbox.trusted or () if one not in (box.trusted or ()))
    tried |= {"also_trusted": more} if more else {}
    return Question(
        f"This loosens {box.address}",
        "Nothing was changed yet. What the change lets go, or deletes:",
        tuple(
            Change(_WORDS.get(one.setting, one.setting), one.meaning, one.before, one.after)
            for one in told.loosens or ()
        ),
        "Change it",
        f"/figures/simulate?{urlencode(tried)}"
        if _TRIED & {one.setting for one in told.loosens or ()}
        else "",
    )


async def _merged(visit: Visit, filled: Filled, texts: Mapping[str, str], problem: Problem) -> Response:
    """The form once more: what this person changed as they wrote it, all else as it is now."""
    box = await details(visit)
    now = _filled(box)
    mine = set(mailbox_fields.differing(texts, filled.texts))
    theirs = mailbox_fields.differing(filled.texts, now.texts)
    moved = tuple(
        Moved(LABELS[name], filled.texts[name], now.texts[name], texts[name] if name in mine else None)
        for name in theirs
    )
    merged = {name: texts[name] if name in mine else now.texts[name] for name in NAMES}
    return await _page(visit, box, now, merged, problem, moved)


async def _page(
    visit: Visit,
    box: MailboxDetails,
    filled: Filled,
    texts: Mapping[str, str],
    problem: Problem | None = None,
    moved: tuple[Moved, ...] | None = None,
) -> Response:
    asked = visit.request.query_params
    return await asking.page(
        visit,
        "mailbox",
        problem,
        (LABELS, _BESIDE),
        box=box,
        sections=SECTIONS,
        form=texts,
        was=json.dumps(dict(filled.texts)),
        digest=filled.digest,
        moved=moved,
        saved=None
        if "changed" not in asked
        else [_WORDS[one] for one in asked["changed"].split(",") if one in _WORDS],
        held=asked.get("held", "") if asked.get("held", "").isdecimal() else "0",
    )


_AT: Final = "/settings/mailboxes/{mailbox_id}"
PAGES: Final = (PageRoute(_AT, show), PageRoute(_AT, save, "POST", forms.LONG))
