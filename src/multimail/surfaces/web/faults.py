"""Where on a page a fault belongs and what a person can do about it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multimail.core.errors import Problem
    from multimail.surfaces.web.site import Visit

_BESIDE: Final = {
    "placeholders_unresolved": "confirm_placeholders",
    "late": "late_ok",
    "revised_subject": "subject",
    "revised_body": "body",
    "tags": "tag",
}
"""By its code or field; otherwise its field has the form's own name."""
_ADVICE: Final = {
    "placeholders_unresolved": "Fill them in under “Edit and approve”, or tick the box.",
    "late": "Tick the box to send it now, or reject it.",
    "conflict": "What was decided stands below.",
    "self_approval": "Another person has to.",
    "confirmation_required": "Look at it here once more, then decide.",
}
"""What to do about it on these pages, where the operation's own advice is for programs."""


def told(visit: Visit, problem: Problem | None) -> dict[str, Any]:
    """What templates need to name a fault beside its field and keep what was written."""
    code, field = (problem.code, problem.field) if problem else ("", "")
    return {
        "problem": problem,
        "advice": advice(problem),
        "beside": _BESIDE.get(code) or _BESIDE.get(field, field),
        "form": visit.form,
    }


def advice(problem: Problem | None) -> str:
    """What can be done about it on the desk."""
    return _ADVICE.get(problem.code, problem.advice) if problem else ""


def status(problem: Problem | None) -> int:
    """Of the page that names it."""
    return 200 if problem is None else problem.row.http
