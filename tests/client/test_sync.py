"""The client: what it sends, when it tries again, and calls to a server that runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from multimail import Client, errors
from multimail.client.sync import Client as Defined
from tests.support.office import Office

Answer = Callable[[httpx2.Request], httpx2.Response]


class Wire:
    """A transport that answers by script and keeps what was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Client:
        monkeypatch.setattr(Defined, "_sleep", lambda _, seconds: self.pauses.append(seconds))
        http = httpx2.Client(transport=httpx2.MockTransport(self))
        return Client("mm_key", "http://mail.example", http_client=http, **settings)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.asked]


def ok(**answer: Any) -> httpx2.Response:
    return httpx2.Response(200, json=answer)


def busy(**headers: str) -> httpx2.Response:
    return httpx2.Response(503, json={"code": "busy", "retry": True}, headers=headers)


def test_a_read_is_tried_again_until_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(httpx2.ConnectError("refused"), busy(**{"Retry-After": "3"}), ok(keys=[], count=0))

    assert wire.client(monkeypatch).list_keys().count == 0
    assert len(wire.asked) == 3
    assert 0.125 <= wire.pauses[0] <= 0.25
    assert wire.pauses[1] == 3.0


def test_a_call_that_goes_on_failing_fails_with_the_last_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(httpx2.ReadTimeout("slow"), busy(), httpx2.ReadError("broken"), ok())

    with pytest.raises(errors.ConnectionFailed, match="broken"):
        wire.client(monkeypatch).list_keys()
    assert len(wire.asked) == 3


def test_a_send_is_repeated_with_the_same_key_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(httpx2.ReadError("broken"), busy(), ok(message_id="msg_1"), ok(message_id="msg_2"))
    client = wire.client(monkeypatch)

    client.send_email(to="ann@x.example", body="Hello")
    client.send_email(to="ann@x.example", body="Hello")

    keys = [body["idempotency_key"] for body in wire.bodies]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert wire.asked[0].content == wire.asked[1].content == wire.asked[2].content


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.edit_pending("msg_1", body="Other"),
        lambda client: client.decide_email("msg_1", "approve"),
        lambda client: client.create_mailbox("ci@x.example"),
        lambda client: client.contacts.upsert("ann@x.example"),
    ],
)
def test_what_could_happen_twice_is_asked_once(
    call: Callable[[Client], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(httpx2.ConnectError("refused"), ok())

    with pytest.raises(errors.ConnectionFailed):
        call(wire.client(monkeypatch))
    assert len(wire.asked) == 1


def test_a_cap_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(httpx2.Response(429, json={"code": "cap_reached", "retry": True}))

    with pytest.raises(errors.RateLimited, match="cap_reached"):
        wire.client(monkeypatch).send_email(to="ann@x.example")


def test_without_retries_a_call_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(busy(), ok())

    with pytest.raises(errors.Unavailable):
        wire.client(monkeypatch, retries=0).list_keys()


def test_pages_follow_the_cursor_and_rows_come_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def pages() -> list[httpx2.Response]:
        return [
            ok(messages=[{"message_id": "1"}, {"message_id": "2"}], cursor="more"),
            ok(messages=[], cursor="still"),
            ok(messages=[{"message_id": "3"}]),
        ]

    wire = Wire(*pages(), *pages())
    client = wire.client(monkeypatch)

    assert [row.message_id for row in client.iterate(client.check_inbox, "invoice", unread=True)] == list(
        "123"
    )
    assert [len(page.messages) for page in client.pages(client.check_inbox, limit=2)] == [2, 0, 1]
    assert wire.bodies[0] == {"query": "invoice", "unread": True, "limit": 100}
    assert wire.bodies[1] == {"query": "invoice", "unread": True, "limit": 100, "cursor": "more"}
    assert wire.bodies[3] == {"limit": 2}


def test_contacts_are_iterated_like_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(ok(contacts=[{"email": "a"}], cursor="more"), ok(contacts=[{"email": "b"}], cursor=None))
    client = wire.client(monkeypatch)

    assert [contact.email for contact in client.iterate(client.contacts.search, tag="vip")] == ["a", "b"]


def test_events_are_followed_from_where_the_last_page_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(
        ok(events=[{"id": "1"}], cursor="1"), ok(events=[], cursor="1"), ok(events=[{"id": "2"}], cursor="2")
    )
    events = wire.client(monkeypatch).events("now", kinds=["message.*"])

    assert [next(events).id, next(events).id] == ["1", "2"]
    assert [body["after"] for body in wire.bodies] == ["now", "1", "1"]
    assert {body["timeout_seconds"] for body in wire.bodies} == {25.0}


def test_a_closed_client_calls_nothing_and_closes_what_is_its_own() -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(lambda _: ok(keys=[])))
    with Client("mm_key", http_client=http) as client:
        client.list_keys()

    assert not http.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        client.list_keys()
    Client("mm_key").close()


def test_a_client_is_shown_without_its_key() -> None:
    assert repr(Client("mm_secret", "http://mail.example")) == "Client(base_url='http://mail.example')"


# --- with a server ---------------------------------------------------------------------------------


def test_the_environment_is_enough(firm: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTIMAIL_API_KEY", firm.operator)
    monkeypatch.setenv("MULTIMAIL_BASE_URL", firm.url)

    with Client() as client:
        assert client.list_mailboxes().mailboxes


def test_refusals_of_a_server_have_their_class_and_words(client: Client, firm: Office) -> None:
    with pytest.raises(errors.NotFound, match="check_inbox lists messages") as missing:
        client.read_email("msg_00000000000000")
    with pytest.raises(errors.Invalid, match="Did you mean"):
        client.read_email("msg_00000000000000", max_byte=3)  # type: ignore[call-arg]
    with pytest.raises(errors.Forbidden, match="scope"):
        client.list_keys()
    with Client("mm_nobody", firm.url) as stranger, pytest.raises(errors.Unauthenticated):
        stranger.check_inbox()

    assert (missing.value.status, missing.value.field) == (404, "message_id")
    assert missing.value.problem["code"] == missing.value.code == "not_found"


def test_where_nobody_listens_the_connection_fails() -> None:
    with Client("mm_key", "http://127.0.0.1:1", retries=0) as client, pytest.raises(ConnectionError):
        client.list_mailboxes()


def test_a_client_is_for_all_threads(client: Client, box: str) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(client.check_inbox(mailbox=box).count)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == [0] * 8


def test_a_send_that_is_repeated_with_its_key_leaves_once(client: Client, firm: Office, box: str) -> None:
    first = client.send_email(mailbox=box, to="once@x.example", body="Once", idempotency_key=box)
    again = client.send_email(mailbox=box, to="once@x.example", body="Once", idempotency_key=box)

    assert first.message_id == again.message_id
    assert again.repeated is True
    assert len(firm.left("once@x.example")) == 1


def test_a_mail_whose_answer_got_lost_is_sent_once(
    firm: Office, box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Losing(httpx2.HTTPTransport):
        lost = 0

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            answer = super().handle_request(request)
            if self.lost < 2:
                self.lost += 1
                answer.close()
                raise httpx2.ReadError("the answer got lost")
            return answer

    monkeypatch.setattr(Defined, "_sleep", lambda _, seconds: None)
    with httpx2.Client(transport=Losing()) as http:
        client = Client(firm.key(), firm.url, http_client=http)
        sent = client.send_email(mailbox=box, to="lost@x.example", subject="Once", body="Once")
        found = client.check_inbox("to:lost@x.example", mailbox=box)

    assert sent.repeated is True
    assert [mail.message_id for mail in found.messages] == [sent.message_id]
    assert len(firm.left("lost@x.example")) == 1


def test_what_happened_is_told_in_order(client: Client, box: str) -> None:
    sent = client.send_email(mailbox=box, to="told@x.example", body="Hello", oversight_mode="gated_send")
    client.decide_email(sent.message_id, "reject")

    events = client.events(mailbox=box, kinds=["oversight.*"])
    first, second = next(events), next(events)

    assert [first.event, second.event] == ["oversight.pending", "oversight.rejected"]
    assert first.type == "approval.required"
    assert first.message_id == second["message"]["message_id"] == sent.message_id
