"""Keys: the list, a new one, and making one worthless. A key is shown on the answer that makes it, and never again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.contract.administration import KeyCreated, KeyList, KeyView, MailboxList, MailboxView
from multimail.core.errors import Problem
from multimail.surfaces.web.routes import PageRoute
from multimail.surfaces.web.settings import asking, key_fields, secrets
from multimail.surfaces.web.settings.asking import Change, Question
from multimail.surfaces.web.settings.fields import kept
from multimail.surfaces.web.settings.key_fields import BESIDE, EMPTY, LABELS, SECTIONS
from multimail.surfaces.web.settings.secrets import Shown
from multimail.surfaces.web.site import Visit, go

if TYPE_CHECKING:
    from starlette.responses import Response

_AT: Final = "/settings/keys"
_STRONG: Final = {
    "operator": Change("Role operator", "It may change every setting, make keys, and let mail leave.")
}
_ALONE: Final = Change("Decides on its own mail", "What it sends needs nobody else to look at it.")


async def show(visit: Visit) -> Response:
    """All keys, with the form of a new one."""
    return await _page(visit, EMPTY | key_fields.ticked({}, await _boxes(visit)), None)


async def create(visit: Visit) -> Response:
    """A new key. What can do everything, or decides alone, is asked once more."""
    texts = kept(visit.form, SECTIONS) | key_fields.ticked(visit.form, await _boxes(visit))
    if asking.wants_back(visit):
        return await _page(visit, texts, None)
    try:
        wanted = key_fields.arguments(texts)
        grave = [_STRONG[texts["role"]]] if texts["role"] in _STRONG else []
        grave += [_ALONE] if texts["self_approving"] else []
        if grave and not asking.is_sure(visit):
            lead = "No key was made yet. What it would be able to do:"
            return await asking.ask(
                visit, Question("A key that can do much", lead, tuple(grave), "Make the key")
            )
        made = await visit.call("create_key", wanted | {"idempotency_key": secrets.once(visit)})
    except Problem as problem:
        return await _page(visit, texts, problem)
    assert isinstance(made, KeyCreated)
    use = (
        "Whoever it is for signs in with it, or gives it to their program."
        if made.kind == "person"
        else "Put it where the program or host keeps its secrets, and nowhere an agent reads files."
    )
    return await secrets.page(
        visit, Shown("The new key", f"Key of {made.name}", made.key, use, _AT, "All keys")
    )


async def revoking(visit: Visit) -> Response:
    """What ends with a key."""
    return await _revoking(visit, None)


async def revoke(visit: Visit) -> Response:
    """Make it worthless now."""
    try:
        await visit.call("revoke_key", {"key_id": visit.request.path_params["key_id"]})
    except Problem as problem:
        return await _revoking(visit, problem)
    return go(_AT)


async def _revoking(visit: Visit, problem: Problem | None) -> Response:
    key_id = visit.request.path_params["key_id"]
    key = next((one for one in await _keys(visit, revoked=True) if one.key_id == key_id), None)
    if key is None:
        raise Problem("not_found")
    return await asking.page(
        visit,
        "key_revoke",
        problem,
        ({}, {}),
        key=key,
        own=key_id == visit.visitor.principal.id,
    )


async def _keys(visit: Visit, *, revoked: bool) -> list[KeyView]:
    listed = await visit.call("list_keys", {"include_revoked": revoked})
    assert isinstance(listed, KeyList)
    return listed.keys


async def _boxes(visit: Visit) -> list[MailboxView]:
    listed = await visit.call("list_mailboxes", {})
    assert isinstance(listed, MailboxList)
    return listed.mailboxes


async def _page(visit: Visit, texts: dict[str, str], problem: Problem | None) -> Response:
    boxes = await _boxes(visit)
    revoked = "revoked" in visit.request.query_params
    spent = problem is not None and problem.code == "idempotency_mismatch"
    if spent:
        advice = "It is in the list. Send the form once more to make another one."
        problem = Problem("idempotency_mismatch", "This form made a key already.", advice=advice)
    return await asking.page(
        visit,
        "keys",
        problem,
        (LABELS, BESIDE),
        keys=await _keys(visit, revoked=revoked),
        revoked=revoked,
        boxes={box.mailbox_id: box.address for box in boxes},
        sections=SECTIONS,
        form=texts,
        once=secrets.anew(visit) if spent else secrets.once(visit),
    )


_ONE: Final = f"{_AT}/{{key_id}}/revoke"
PAGES: Final = (
    PageRoute(_AT, show),
    PageRoute(_AT, create, "POST"),
    PageRoute(_ONE, revoking),
    PageRoute(_ONE, revoke, "POST"),
)
