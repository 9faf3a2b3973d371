"""The question to the person at the host: an owner's decision counts only with that person's own answer to it.

Whatever keeps the answer from coming (a host that cannot ask, declines, hangs or says nothing) leaves the mail
waiting. The answer is what the host says it is; it is recorded as asserted by that host.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import anyio
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError, NoBackChannelError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from multimail.contract.operation import Operation
from multimail.contract.reviews import DecideEmail
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.core.model import Principal
from multimail.services import dispatch
from multimail.services.context import Asserted, Caller, Services
from multimail.services.questions import Question, question

KEY: Final = "decision"
WAIT: Final = "leave it waiting"
_CHOICES: Final = ("approve", "reject")
_SAME: Final = {"approved": "approve", "rejected": "reject"}
_LONGEST_NOTE: Final = 4000
_LONGEST_QUESTION: Final = 4000
_EDITS: Final = frozenset({"revised_body", "revised_subject"})
_TOLD_ANYWAY: Final = frozenset({"message_id", "mailbox", "decision", "digest"}) | _EDITS


@dataclass(frozen=True, slots=True)
class Asking:
    """A decision that an owner's tool call asks for."""

    services: Services
    owner: Principal
    caller: Caller
    row: Operation
    context: ServerRequestContext[Any, Any]
    params: types.CallToolRequestParams

    async def decide(self, arguments: Mapping[str, Any], seconds: float) -> View | types.InputRequiredResult:
        """Carry out what the person decided, whatever the tool had asked for; or the question itself.

        Raises `confirmation_required` with the review link when no person answered.
        """
        request = proposal(dict(arguments))
        asked = await self.services.store.read(lambda tx: question(tx, self._authorised(tx), request))
        self._refuse_where_nobody_can_be_asked(asked, request)
        if self.context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            answer = self._brought_back(asked)
            if answer is None:
                return self._question(asked, request)
        else:
            answer = await self._answer_now(asked, request, seconds)
        return await self._carry_out(asked, request, answer)

    def _authorised(self, tx: Any) -> Any:
        return dispatch.authorised(tx, self.services, self.caller, self.row)

    def _refuse_where_nobody_can_be_asked(self, asked: Question, request: DecideEmail) -> None:
        if not self.owner.elicitation:
            raise not_confirmed(asked, "This key does not decide through the host.")
        if not asked.askable:
            raise not_confirmed(asked, asked.why_not)
        if not can_ask(self.context.session.client_capabilities):
            raise not_confirmed(asked, "This host cannot put a question to a person.")
        if len(self._text(asked, request)) > _LONGEST_QUESTION:
            raise not_confirmed(asked, "This is more than a host can show.")

    def _text(self, asked: Question, request: DecideEmail) -> str:
        """What is proposed, by whom, with everything that would be carried out along with it; then the mail."""
        given = request.model_dump(mode="json", exclude_unset=True)
        extras = [f"{name}: {value}" for name, value in given.items() if name not in _TOLD_ANYWAY]
        first = (
            f"{self.caller.host or 'The agent'} proposes: {wanted(request)}. "
            "Nothing leaves unless you approve it here."
        )
        return "\n".join([first, *extras, "", asked.text])

    def _question(self, asked: Question, request: DecideEmail) -> types.InputRequiredResult:
        """2026-07-28: the question is the result; the client repeats the call with the answer and the state."""
        form = types.ElicitRequestFormParams(
            message=self._text(asked, request), requested_schema=form_for(request)
        )
        return types.InputRequiredResult(
            input_requests={KEY: types.ElicitRequest(params=form)},
            request_state=json.dumps({"digest": asked.digest}),
        )

    def _brought_back(self, asked: Question) -> types.ElicitResult | None:
        """The answer that came with a repeated call, if the draft is still the one the person was shown."""
        answer = (self.params.input_responses or {}).get(KEY)
        state = self.params.request_state
        if not isinstance(answer, types.ElicitResult) or state is None:
            return None
        if json.loads(state)["digest"] != asked.digest:
            raise Problem(
                "changed",
                "The draft changed while the person was looking at it.",
                advice="Call again: the person is shown the new one.",
                review_url=asked.review_url,
            )
        return answer

    async def _answer_now(self, asked: Question, request: DecideEmail, seconds: float) -> types.ElicitResult:
        """2025: the host is asked while the call waits, for as long as hosts let a tool run."""
        session = self.context.session
        try:
            with anyio.fail_after(seconds):
                return await session.elicit_form(
                    self._text(asked, request), form_for(request), related_request_id=self.context.request_id
                )
        except TimeoutError:
            raise not_confirmed(asked, f"Nobody answered within {seconds:g} seconds.") from None
        except NoBackChannelError:
            raise not_confirmed(asked, "This connection cannot carry a question to the host.") from None
        except (MCPError, ValidationError):
            raise not_confirmed(asked, "The host did not answer the question.") from None

    async def _carry_out(self, asked: Question, request: DecideEmail, answer: types.ElicitResult) -> View:
        given = answer.content or {}
        choice = given.get("decision")
        if answer.action != "accept":
            raise not_confirmed(asked, "The person did not answer.")
        if choice == WAIT or choice not in choices_for(request):
            raise not_confirmed(asked, "The person left it waiting.")
        arguments = decided(request, str(choice), str(given.get("note") or "")[:_LONGEST_NOTE])
        asserted = Asserted(host=self.caller.host or "unnamed host", digest=asked.digest)
        caller = replace(self.caller, asserted=asserted)
        exactly = {"message_id": asked.message_id, "digest": asked.digest}
        return await dispatch.call(self.services, caller, self.row.name, {**arguments, **exactly})


def can_ask(capabilities: types.ClientCapabilities | None) -> bool:
    """Whether the client shows forms; `elicitation: {}` is the older way to say so."""
    elicitation = capabilities.elicitation if capabilities is not None else None
    if elicitation is None:
        return False
    return elicitation.form is not None or elicitation.url is None


def proposal(arguments: dict[str, Any]) -> DecideEmail:
    """What the tool proposes. Edits belong to an approval: with anything else they would only be shown, not done."""
    request = DecideEmail.parse(arguments)
    if wanted(request) == "approve":
        return request
    return DecideEmail.parse(request.model_dump(exclude_unset=True, exclude=set(_EDITS)))


def choices_for(request: DecideEmail) -> tuple[str, ...]:
    """What the person may choose: to approve, to reject, or what the call asked for if it is neither."""
    return tuple(dict.fromkeys((*_CHOICES, wanted(request))))


def wanted(request: DecideEmail) -> str:
    """The decision that the tool's call proposes."""
    return _SAME.get(request.decision, request.decision)


def form_for(request: DecideEmail) -> dict[str, Any]:
    """A flat form without a preset choice: sending it off unread decides nothing."""
    return {
        "type": "object",
        "properties": {
            "decision": {"type": "string", "title": "Your decision", "enum": [*choices_for(request), WAIT]},
            "note": {"type": "string", "title": "Note to the author"},
        },
        "required": ["decision"],
    }


def decided(request: DecideEmail, choice: str, note: str) -> dict[str, Any]:
    """The call's arguments with the person's decision in place of the tool's.

    What belonged to another decision (its note, an edit to be approved) does not come along.
    """
    arguments = request.model_dump(mode="json", exclude_unset=True)
    if wanted(request) != choice:
        arguments = {name: arguments[name] for name in ("message_id", "mailbox") if name in arguments}
    return {**arguments, "decision": choice, **({"note": note} if note else {})}


def not_confirmed(asked: Question, why: str) -> Problem:
    """The mail stays as it is, and a person can still decide at the link."""
    return Problem(
        "confirmation_required",
        f"{why} The mail still waits.",
        advice="A person decides at review_url; wait_for_decision tells the outcome.",
        review_url=asked.review_url,
    )
