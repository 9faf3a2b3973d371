"""What holds for every page: who gets in, which forms count, what every answer carries."""

from __future__ import annotations

import pytest

from multimail.core.times import HOUR
from multimail.surfaces.web import pages, views
from tests.support.desk import Desk
from tests.support.guest import Guest, House, text

pytestmark = pytest.mark.anyio

ABSENT = "msg_00000000000000"
GETS = ["/", "/review", f"/review/{ABSENT}", f"/history/{ABSENT}"]
POSTS = [
    "/sign-out",
    "/freeze",
    "/unfreeze",
    *(f"/review/{ABSENT}/{what}" for what in ("decide", "compare", "withdraw")),
]


@pytest.mark.parametrize("path", GETS)
async def test_without_a_session_one_is_asked_to_sign_in(at: House, path: str) -> None:
    async with at.guest() as guest:
        answer = await guest.get(path)
        while answer.status_code == 303 and not answer.headers["location"].startswith("/sign-in"):
            answer = await guest.get(answer.headers["location"])

        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", POSTS)
async def test_without_a_session_no_form_does_anything_and_its_text_is_given_back(
    at: House, path: str
) -> None:
    async with at.guest() as guest:
        answer = await guest.post(path, csrf="x", note="An hour's\nwork")

        assert answer.status_code == 401
        assert "An hour's work" in text(answer)


@pytest.mark.parametrize("path", [*GETS, "/sign-in", "/static/style.css", "/static/none", "/sign-in?token=x"])
async def test_every_answer_carries_the_protective_headers(reviewer: Guest, path: str) -> None:
    answer = await reviewer.get(path)

    assert {name: answer.headers[name] for name in views.HEADERS} == views.HEADERS
    kept = "immutable" if path.endswith(".css") else "no-store"
    assert kept in answer.headers["cache-control"]


def test_the_policy_allows_what_is_our_own_and_nothing_inline() -> None:
    assert views.HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self';"
        " img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {"csrf": ""}),
        ({}, {"csrf": "x" * 43}),
        ({"Origin": "http://127.0.0.1:8026"}, {}),
        ({"Origin": "http://localhost:8025"}, {}),
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Host": "evil.example:8025"}, {}),
        ({"Content-Type": "text/plain"}, {}),
    ],
)
@pytest.mark.parametrize("path", ["decide", "compare", "withdraw"])
async def test_a_forged_form_does_nothing(
    desk: Desk, reviewer: Guest, path: str, headers: dict[str, str], form: dict[str, str]
) -> None:
    held = await desk.send()
    where = f"/review/{held.message_id}"
    await reviewer.get(where)
    answer = await reviewer.post(
        f"{where}/{path}", headers, decision="approve", subject="a", body="b", **form
    )

    assert answer.status_code in {403, 421, 422}
    assert await desk.status(held.message_id) == "pending_approval"
    assert (await reviewer.decide(held.message_id, "approve")).status_code == 303


FROM_ELSEWHERE = [
    ("same-site", "cors", "empty"), ("same-site", "no-cors", "image"), ("cross-site", "navigate", "iframe"),
    ("same-site", "no-cors", "script"), ("cross-site", "no-cors", "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("site", "mode", "what"), FROM_ELSEWHERE)
async def test_a_page_from_elsewhere_has_nothing_looked_up(
    desk: Desk, reviewer: Guest, site: str, mode: str, what: str
) -> None:
    held = await desk.send()
    fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": what}
    mail = f"/mail/{held.message_id}"
    for path in (
        f"/review/{held.message_id}",
        "/inbox?q=a",
        mail,
        f"{mail}/frame",
        f"{mail}/raw",
        "/audit/export",
    ):
        answer = await reviewer.get(path, **fetched)

        assert answer.status_code == 403, path
        assert "Monday" not in answer.text


@pytest.mark.parametrize("site", ["same-site", "cross-site", "none"])
async def test_a_link_in_a_mail_leads_to_its_page(desk: Desk, reviewer: Guest, site: str) -> None:
    held = await desk.send()
    fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert "Monday" in (await reviewer.get(f"/review/{held.message_id}", **fetched)).text


async def test_a_form_without_an_origin_does_nothing(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    sent = reviewer.fields | {"decision": "approve"}
    answer = await reviewer.client.post(f"/review/{held.message_id}/decide", data=sent)

    assert answer.status_code == 403
    assert await desk.status(held.message_id) == "pending_approval"


async def test_the_token_of_another_session_will_not_do(desk: Desk, at: House, reviewer: Guest) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    async with at.signed_in("second") as other:
        answer = await reviewer.decide(held.message_id, "approve", csrf=other.fields["csrf"], note="kept")

    assert answer.status_code == 403
    assert "kept" in text(answer)
    assert await desk.status(held.message_id) == "pending_approval"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "rest", ["", "?decision=approve", "/decide?decision=approve", "/compare", "/withdraw"]
)
async def test_looking_never_decides(desk: Desk, reviewer: Guest, method: str, rest: str) -> None:
    held = await desk.send()
    before = await desk.events()
    answer = await reviewer.client.request(method, f"/review/{held.message_id}{rest}")

    assert answer.status_code == (405 if rest.startswith("/") else 200)
    assert await desk.events() == before


async def test_a_key_in_a_header_opens_no_page_and_a_cookie_no_other_door(at: House, reviewer: Guest) -> None:
    made = await at.key(role="operator")
    async with at.guest() as guest:
        answer = await guest.get("/review", Authorization=f"Bearer {made.key}")
        assert answer.status_code == 303
    for path in ("/mcp", "/sse", "/v1/list_pending"):
        assert (await reviewer.get(path)).status_code == 401


async def test_a_revoked_key_is_out_at_the_next_click(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    await reviewer.get(f"/review/{held.message_id}")
    await desk.call("operator", "revoke_key", key_id=desk.who["reviewer"])
    answer = await reviewer.decide(held.message_id, "approve")

    assert answer.status_code == 401
    assert await desk.status(held.message_id) == "pending_approval"
    assert (await reviewer.get("/review")).status_code == 303


async def test_after_twelve_hours_one_signs_in_again(desk: Desk, reviewer: Guest) -> None:
    desk.later(12 * HOUR)

    assert (await reviewer.get("/review")).status_code == 303


@pytest.mark.parametrize("path", ["/review/{}", "/history/{}", "/review/{}/decide"])
async def test_a_foreign_mail_and_none_are_told_apart_by_nothing(desk: Desk, at: House, path: str) -> None:
    held = await desk.send()
    made = await at.key(name="else", mailboxes=["capture@localhost"])
    desk.who["else"] = made.key_id
    async with at.signed_in("else") as guest:
        act = guest.post if path.endswith("decide") else guest.get
        answers = [await act(path.format(one)) for one in (held.message_id, ABSENT)]
        if path.endswith("decide"):
            answers = [await guest.decide(one, "approve", digest="x") for one in (held.message_id, ABSENT)]

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text == answers[1].text


async def test_a_form_that_is_too_long_is_not_taken_in(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    answer = await reviewer.decide(held.message_id, "approve", body="x" * 5_000_000)

    assert answer.status_code == 413
    assert (await reviewer.post("/freeze", reason="x" * 70_000)).status_code == 413


@pytest.mark.parametrize(
    "path", ["/", "/review", "/review/msg_x", "/static/style.css", "/sign-in", "/freeze"]
)
def test_pages_look_after_themselves(path: str) -> None:
    assert pages.is_page(path)


@pytest.mark.parametrize("path", ["/mcp", "/sse", "/v1/x", "/health", "/reviews", "/sign-inx", "", "//"])
def test_and_nothing_else_does(path: str) -> None:
    assert not pages.is_page(path)
