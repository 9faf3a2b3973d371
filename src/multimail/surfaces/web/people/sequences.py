"""Sequences: which there are, where everybody in one is, planning one, enrolling, and stopping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.contract.administration import MailboxList
from multimail.contract.sequences import EnrollResult, SequenceList, SequencePage, SequenceView, StopResult
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings.asking import faults
from multimail.surfaces.web.settings.fields import Choice, Field, Section, entries, given, kept, names
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

AT: Final = "/people/sequences"
_PAGE: Final = 50
_STEPS: Final = 5
_PARTS: Final = {"wait": "Wait before it", "subject": "Subject", "body": "Text"}
_STATES: Final = (("", "Everybody"), ("active", "Active"), ("completed", "Completed"), ("stopped", "Stopped"))
_RUN_BY: Final = (
    Choice("agents", "agents", "They claim the steps that are due, and say when they are done."),
    Choice("server", "this server", "By the rules of any mail: what is held waits for a person."),
)
_LABELS: Final = {
    "name": "Name",
    "mailbox": "From",
    "run_by": "Who sends",
    "stop_tags": "Tags that end it",
    "done_tag": "Tag at the end",
    "emails": "Addresses",
}
REASONS: Final = {
    "replied": "answered",
    "unsubscribed": "unsubscribed",
    "suppressed": "suppressed",
    "bounced": "their mail bounced",
    "complained": "complained",
    "tag": "has a tag that ends it",
    "review": "a mail of theirs waits for a person",
    "stopped": "stopped by hand",
    "sequence_stopped": "the sequence was stopped",
    "contact_deleted": "the contact was deleted",
    "rejected": "a person rejected the mail",
    "cancelled": "the mail was withdrawn",
    "expired": "nobody decided on the mail in time",
    "key_revoked": "its author's key is over",
}


async def show(visit: Visit) -> Response:
    """All of them, and the form of a new one."""
    form = dict.fromkeys(names(await _sections(visit)), "") | {"run_by": "server", "wait_0": "0"}
    return await _page(visit, form, None)


async def create(visit: Visit) -> Response:
    """Plan one; steps without a text are left out."""
    sections = await _sections(visit)
    form = kept(visit.form, sections)
    try:
        made = await visit.call("create_sequence", _arguments(form))
    except Problem as problem:
        return await _page(visit, form, problem)
    assert isinstance(made, SequenceView)
    return go(f"{AT}/{made.sequence_id}")


async def one(visit: Visit) -> Response:
    """Its steps, and a page of who is where."""
    return await _one(visit, {"emails": ""}, None)


async def enroll(visit: Visit) -> Response:
    """Begin it for more people."""
    emails = visit.form.get("emails", "")
    sequence_id = str(visit.request.path_params["sequence_id"])
    try:
        wanted = {
            "sequence_id": sequence_id,
            "emails": entries(emails),
            "again": bool(visit.form.get("again")),
        }
        done = await visit.call("enroll_contacts", wanted)
    except Problem as problem:
        return await _one(visit, {"emails": emails}, problem)
    assert isinstance(done, EnrollResult)
    return go(f"{AT}/{sequence_id}?enrolled={done.enrolled}&left={len(done.results) - done.enrolled}")


async def stopping(visit: Visit) -> Response:
    """What the end of it means, for everybody or for one."""
    visit.need("stop_sequence")
    found = await _found(visit, {})
    email = visit.request.query_params.get("email", "")
    return await visit.page("people/sequence_stop.html", found=found, email=email)


async def stop(visit: Visit) -> Response:
    """Stop it, and withdraw what has not left."""
    sequence_id = str(visit.request.path_params["sequence_id"])
    wanted = {"sequence_id": sequence_id} | given(email=visit.form.get("email", ""))
    done = await visit.call("stop_sequence", wanted)
    assert isinstance(done, StopResult)
    return go(f"{AT}/{sequence_id}?stopped={done.stopped}&withdrawn={done.withdrawn}")


def _arguments(form: dict[str, str]) -> dict[str, Any]:
    steps = [
        given(**{part: form[f"{part}_{place}"].strip() for part in _PARTS})
        for place in range(_STEPS)
        if form[f"subject_{place}"].strip() or form[f"body_{place}"].strip()
    ]
    found: dict[str, Any] = given(
        **{name: form[name].strip() for name in ("name", "mailbox", "run_by", "done_tag")}
    )
    return found | {"steps": steps, "stop_tags": entries(form["stop_tags"])}


def _beside() -> dict[str, str]:
    """Where fields of the operation stand in the form; steps that were left out come after the others."""
    beside = {f"steps.{place}.{part}": f"{part}_{place}" for place in range(_STEPS) for part in _PARTS}
    return beside | {"steps": "subject_0"}


async def _sections(visit: Visit) -> list[Section]:
    boxes = await visit.call("list_mailboxes", {})
    assert isinstance(boxes, MailboxList)
    choices = tuple(Choice(box.mailbox_id, box.address) for box in boxes.mailboxes)
    about = Section("about", "Plan a sequence", (
        Field("name", _LABELS["name"], "What it is called.", longest=100, required=True),
        Field("mailbox", _LABELS["mailbox"], "", "select", choices),
        Field("run_by", _LABELS["run_by"], "", "radio", _RUN_BY),
        Field("stop_tags", _LABELS["stop_tags"], "Of the contact, with commas between. An answer, an opt-out and a "
              "returned mail end it anyway.", longest=500),
        Field("done_tag", _LABELS["done_tag"], "For contacts that completed it.", longest=64),
    ))  # fmt: skip
    return [about, *(_step(place) for place in range(_STEPS))]


def _step(place: int) -> Section:
    return Section(f"step_{place}", f"Mail {place + 1}", (
        Field(f"wait_{place}", _PARTS["wait"], "Like 12h, 3d or 2w.", longest=8),
        Field(f"subject_{place}", _PARTS["subject"], "May have slots such as {{name}}.", longest=998),
        Field(f"body_{place}", _PARTS["body"], "", "area", rows=4),
    ))  # fmt: skip


async def _page(visit: Visit, form: dict[str, str], problem: Problem | None) -> Response:
    found = await visit.call("list_sequences", {})
    assert isinstance(found, SequenceList)
    about, *steps = await _sections(visit)
    steps_known = {field.name: field.label for section in steps for field in section.fields}
    return await visit.page(
        "people/sequences.html",
        problem.row.http if problem else 200,
        sequences=found.sequences,
        section=about,
        steps=steps,
        form=form,
        **faults(problem, _LABELS | steps_known, _beside()),
    )


async def _found(visit: Visit, wanted: dict[str, Any]) -> SequencePage:
    sequence_id = str(visit.request.path_params["sequence_id"])
    found = await visit.call("get_sequence", {"sequence_id": sequence_id, "limit": _PAGE} | wanted)
    assert isinstance(found, SequencePage)
    return found


async def _one(visit: Visit, form: dict[str, str], problem: Problem | None) -> Response:
    asked = visit.request.query_params
    status = asked.get("status", "")
    status = status if status in dict(_STATES) else ""
    wanted = given(status=status, cursor=asked.get("cursor", ""))
    found = await _found(visit, wanted)
    at = f"{AT}/{found.sequence_id}"
    return await visit.page(
        "people/sequence.html",
        problem.row.http if problem else 200,
        found=found,
        lists=[(f"{at}?status={name}" if name else at, title) for name, title in _STATES],
        here=f"{at}?status={status}" if status else at,
        more=f"{at}?{urlencode(given(status=status, cursor=found.cursor))}" if found.cursor else "",
        reason_words=REASONS,
        counted={name: _count(asked.get(name, "")) for name in _COUNTED},
        form=form,
        **faults(problem, _LABELS, {f"emails.{place}": "emails" for place in range(1_000)}),
    )


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


_DIGITS: Final = 9
_COUNTED: Final = ("enrolled", "left", "stopped", "withdrawn")
_ONE: Final = f"{AT}/{{sequence_id}}"
PAGES: Final = (
    PageRoute(AT, show),
    PageRoute(AT, create, "POST"),
    PageRoute(_ONE, one),
    PageRoute(_ONE, enroll, "POST"),
    PageRoute(f"{_ONE}/stop", stopping),
    PageRoute(f"{_ONE}/stop", stop, "POST"),
)
