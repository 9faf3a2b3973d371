"""What every page works with: the services, the templates, and one visit with who makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import RedirectResponse

from multimail.contract.registry import operation
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.core.times import to_datetime
from multimail.ports.passkeys import Authenticator
from multimail.services import confirming, dispatch, reviewing
from multimail.services.context import Services
from multimail.services.signing_in import SigningIn, Visitor
from multimail.services.standing import standing
from multimail.surfaces.web.views import Views

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.surfaces.web.form_files import File

_KEPT: Final = ("note", "subject", "body", "reason")
_NOT_FOUND: Final = "There is no such page, or no such mail that you may see."


class NotConfirmed(Exception):
    """What was asked for needs a confirmed session; nothing was done."""


@dataclass(frozen=True, slots=True)
class Site:
    """One of these for all requests."""

    services: Services
    views: Views
    signing_in: SigningIn
    authenticator: Callable[[], Authenticator]

    def now(self) -> datetime:
        """The moment, as templates want it."""
        return to_datetime(self.services.clock.now())

    async def problem(
        self, problem: Problem, visit: Visit | None = None, form: dict[str, str] | None = None
    ) -> Response:
        """What went wrong, as a page of its own, with whatever the person had written."""
        status = problem.row.http
        if status == 404:
            problem = Problem(problem.code, _NOT_FOUND)
        kept = {name: form[name] for name in _KEPT if form and form.get(name)}
        if visit and status < 500:
            return await visit.page("problem.html", status, problem=problem, kept=kept)
        return await self.views.page("problem.html", status, visitor=None, problem=problem, kept=kept)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in, with the fields of the form, and its files, if it posts one."""

    site: Site
    request: Request
    visitor: Visitor
    form: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    files: tuple[File, ...] = ()

    async def call(self, name: str, arguments: dict[str, Any], digest: str = "") -> View:
        """Carry an operation out as this person; what lets mail go needs a confirmed session first."""
        if not self.visitor.confirmed and confirming.needed(name, arguments):
            raise NotConfirmed
        return await dispatch.call(self.site.services, self.visitor.caller(digest), name, arguments)

    def need(self, name: str) -> None:
        """Refuse a page that only asks about an operation to whoever may not carry it out."""
        dispatch.require(self.visitor.principal, operation(name))

    async def page(self, name: str, status: int = 200, **context: Any) -> Response:
        """A page for this person."""
        stands = await standing(self.site.services, self.visitor.principal)
        return await self.site.views.page(
            name,
            status,
            visitor=self.visitor,
            now=self.site.now(),
            everything_frozen=stands.everything_frozen,
            stands=stands,
            path=self.request.url.path,
            may=self._may,
            **context,
        )

    def _may(self, operation: str) -> bool:
        return reviewing.may(self.visitor.principal, operation)

    @property
    def message_id(self) -> str:
        """The mail that the address names."""
        return str(self.request.path_params["message_id"])


def go(path: str) -> Response:
    """To another page of ours, by GET."""
    return RedirectResponse(path, 303)
