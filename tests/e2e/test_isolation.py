"""A key of one mailbox and what another mailbox has: for the key it is not there, whatever it asks and however."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from multimail.contract.operation import REST, Operation
from multimail.contract.registry import BY_NAME, OPERATIONS
from multimail.contract.resource import asked_by_get
from multimail.contract.resources import RESOURCES
from multimail.contract.streams import STREAMS
from tests.support.neighbours import FOREIGN, Street, street
from tests.support.office import bearer, eventually, office

FREE: Final = frozenset(
    """accept_unauthenticated action address allowed audience auto_bcc auto_cc bcc before body calls cap_per_day
    cap_per_hour cc ceiling clear_allowed clear_caps clear_retention clear_undo confirm_placeholders counts
    days decision default_mode deliver description digest direction display_name domain dry_run elicitation
    email events everything exclude_tags expected_digest expires_at filename filter filters folder
    gate_timing group group_key has_attachments has_replies headers html include include_attachments
    include_interactions include_revoked keep kind kinds late_ok limit mark mark_read max_bytes
    max_recipients message_class metadata name note notice_details notice_minutes notices only_if_absent
    order outcome overlap_hours oversight_address oversight_mode position priority query reason
    recipient_domains recipients remove reply_all reply_to reply_to_known_sender resend_unknown
    retention_days retention_messages revised_body revised_subject revision role scheduled_at self_approving
    sender session_id signature since state status subject subject_contains tags text timeout_seconds to
    trusted two_person ucan undo_seconds unread until upsert url values
    basis channels evidence given_at live source topics
    enabled first minimum pause_bounces pause_complaints per_minute recover reset restart spike_action spike_factor
    target throttle_bounces throttle_complaints variant warn_bounces warn_complaints window_hours
    again done_tag emails expect lease_seconds on_cap on_quiet per_day per_month per_week quiet_days quiet_from quiet_to
    run_by same_thread step steps stop_tags timezone transactional
    confirm_email erasure lifted reasons topic region send_in_recipient_timezone""".split()
)
"""Fields that name nothing which one mailbox has and another has not."""
ACCOUNTS: Final = frozenset({"after", "campaign", "contact_id", "tag", "template", "template_id"})
"""The log of events, contacts, campaigns and templates are the account's."""
APART: Final = frozenset({"cursor", "idempotency_key"})
"""These have tests of their own."""
TARGETS: Final = frozenset(
    {"message_id", "thread_id", "email", "batch_id", "message_ids", "decisions", "mailbox", "since", "digest"}
)
"""Of these an operation takes some together and some not, so the others are tried with and without."""
PASSING: Final = frozenset({"date", "ratelimit", "ratelimit-policy"})
UNREAD: Final = frozenset({"invalid", "unknown_field", "contradiction", "malformed", "invalid_address"})
"""Refusals of requests whose ids were not looked at."""
Arguments = dict[str, Any]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with office(tmp_path_factory.mktemp("neighbours"), MULTIMAIL_RATE_PER_MINUTE="1000000") as made:
        yield street(made)


@pytest.fixture(scope="module")
def http(here: Street) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=here.office.url, timeout=60) as client:
        yield client


def test_every_field_is_known_to_name_something_or_nothing() -> None:
    fields = {name for row in OPERATIONS for name in row.request.model_fields}
    named = {name for name in fields if name not in FREE | ACCOUNTS | APART}

    assert named == NAMED
    assert fields >= FREE | ACCOUNTS | APART


NAMED: Final = frozenset(
    """approval_limit attachments batch_id decisions delivery_id enrollment_id key_id lease mailbox mailboxes
    message_id message_ids principal rule_id sequence_id since_id thread_id webhook_id""".split()
)


def asked(row: Operation, own: Mapping[str, str]) -> Iterator[Arguments]:
    """The examples of an operation, about what the key has itself, and with nothing that they are about."""
    for example in row.examples:
        given = {
            name: own.get(name, value) if name in NAMED else value
            for name, value in example.arguments.items()
        }
        given |= {"mailbox": own["mailbox"]} if "mailbox" in given else {}
        if "decisions" in given:
            given["decisions"] = [{"message_id": own["held"], "decision": "approve"}]
        yield given
        yield {name: value for name, value in given.items() if name not in TARGETS}


def told(answer: httpx2.Response, value: Any) -> tuple[int, dict[str, str], str]:
    """All that can be seen of an answer, without what was asked for."""
    body = answer.text
    for word in words(value):
        body = body.replace(word, "*" * len(word))
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in PASSING}, body


def words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from words(one)


@pytest.mark.parametrize("row", [row for row in OPERATIONS if REST in row.surfaces], ids=lambda row: row.name)
@pytest.mark.parametrize("role", ["agent", "operator"])
def test_what_is_foreign_is_answered_as_what_is_not_there(
    row: Operation, role: str, here: Street, http: httpx2.Client
) -> None:
    headers = bearer(here.keys[role])
    looked_at = set()
    for name in NAMED & set(row.request.model_fields):
        for foreign, random in here.pairs[name]:
            for given in asked(row, here.own):
                answers = [
                    http.post(f"/v1/{row.name}", json=given | {name: value}, headers=headers)
                    for value in (foreign, random)
                ]
                assert told(answers[0], foreign) == told(answers[1], random), (given, name)
                if json.loads(answers[0].text).get("code") not in UNREAD:
                    looked_at.add(name)

    assert looked_at == NAMED & set(row.request.model_fields)


ROUTES: Final = [(row.method, row.path, row.operation) for row in RESOURCES] + [
    (row.method, row.path, "") for row in STREAMS
]


@pytest.mark.parametrize(("method", "path", "operation"), [one for one in ROUTES if "{" in one[1]])
@pytest.mark.parametrize("role", ["agent", "operator"])
def test_no_path_tells_what_is_foreign(
    method: str, path: str, operation: str, role: str, here: Street, http: httpx2.Client
) -> None:
    part = re.search(r"\{(\w+)\}", path)
    assert part is not None
    assert part[1] in here.pairs or part[1] == "contact"
    for foreign, random in here.pairs.get(part[1], ()):
        for given in bodies(method, operation, here.own):
            answers = [
                http.request(method, filled_in(path, value), json=given, headers=bearer(here.keys[role]))
                for value in (foreign, random)
            ]
            assert told(answers[0], foreign) == told(answers[1], random), given
            assert 400 <= answers[0].status_code < 500


def bodies(method: str, operation: str, own: Mapping[str, str]) -> Iterator[Arguments | None]:
    if method not in {"POST", "PUT", "PATCH"}:
        yield None
    elif operation:
        for given in asked(BY_NAME[operation], own):
            yield {name: value for name, value in given.items() if name not in TARGETS | {"webhook_id"}}


def filled_in(path: str, value: str) -> str:
    return re.sub(r"\{\w+\}", "1", re.sub(r"\{\w+\}", value, path, count=1))


READS: Final = [
    row
    for row in OPERATIONS
    if REST in row.surfaces and asked_by_get(row) is not None and row.name != "read_email"
]
"""That a mail was read is written into the log of its sender by the reader itself."""
WIDE: Final[tuple[tuple[str, Arguments], ...]] = (
    ("check_inbox", {}),
    ("check_inbox", {"limit": 1}),
    ("check_inbox", {"query": "letter OR question"}),
    ("check_inbox", {"has_replies": False}),
    ("check_inbox", {"unread": True}),
    ("check_inbox", {"tags": ["foreign"]}),
    ("search_contacts", {"include_interactions": True}),
    ("search_contacts", {"filters": {"last_contacted_after": "2020-01-01"}}),
    ("list_events", {"limit": 1000}),
    ("list_pending", {"status": "pending_approval"}),
)


def test_what_happens_next_door_changes_no_answer(tmp_path: Path) -> None:
    with office(tmp_path) as made, httpx2.Client(base_url=made.url, timeout=60) as client:
        here = street(made)
        # Contacts are the account's: after the first time they are all known.
        much_happens(here)
        before = {role: answers_of(here, role, client) for role in here.keys}

        much_happens(here)
        after = {role: answers_of(here, role, client) for role in here.keys}

    assert after == before
    foreign = [one for name, one in here.foreign.items() if name not in {"key", "cursor"}]
    told = {text for answers in after.values() for text in answers.values()}
    assert not [(one, text) for text in told for one in foreign if one in text]


PLACES: Final = re.compile(
    r'"cursor":"evt_\w+"|"waited_seconds":[\d.e-]+|"(?:generated_at|local_time)":"[^"]*"'
)
"""The cursor of the log of events is a place in the account's log; and what says when it was asked."""


def answers_of(here: Street, role: str, http: httpx2.Client) -> dict[str, str]:
    calls = [(row.name, given) for row in READS for given in asked(row, here.own)] + list(WIDE)
    found = {}
    for name, given in calls:
        fixed = asked_by_get(BY_NAME[name]) or {}
        answer = http.post(f"/v1/{name}", json={**given, **fixed}, headers=bearer(here.keys[role]))
        found[f"{name} {given}"] = PLACES.sub("", answer.text)
    return found


def much_happens(here: Street) -> None:
    """Mail comes, goes and is decided on, with the same people and under the same subjects and keys."""
    office, key = here.office, here.foreign["key"]
    rfc = office.call("read_email", message_id=here.own["held"])["headers"].get("Message-ID", "")
    before = office.call("check_inbox", key=key)["count"]
    office.arrive(
        FOREIGN, "A letter", "An answer to what is not ours.", sender="bob@out.test", In_Reply_To=rfc
    )
    office.arrive(FOREIGN, "A question", "And once more.")
    eventually(lambda: office.call("check_inbox", key=key)["count"] == before + 2, "both are here")
    text = {"subject": "A letter", "body": "Text."}
    mail = office.call("send_email", key=key, to=["ann@example.com", "bob@out.test"], **text)
    office.call("decide_email", message_id=mail["message_id"], decision="approve")
    left = {"sent", "delivered"}
    eventually(lambda: office.call("read_email", message_id=mail["message_id"])["status"] in left, "it left")
    office.call("tag_email", key=key, message_id=here.foreign["message_id"], tags=["foreign"])
    office.call("reply_email", key=key, message_id=here.foreign["message_id"], body="Soon.")
