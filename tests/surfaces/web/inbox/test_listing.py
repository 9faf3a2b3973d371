"""The list of conversations: what it shows, what a search refuses, what is done with what was ticked."""

from __future__ import annotations

import re

import pytest

from multimail.surfaces.web.inbox import listing
from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio


async def thread_of(desk: Desk, message_id: str) -> str:
    return (await desk.message(message_id)).thread_id


async def test_an_empty_inbox_says_where_mail_comes_in(desk: Desk, operator: Guest) -> None:
    known = {"base_url": "http://127.0.0.1:8025", "transport": "capture", "smtp_port": 1025}
    await desk.write(lambda tx: tx.settings.set("server", known))

    assert "Point an application at 127.0.0.1:1025" in text(await operator.get("/inbox"))


async def test_a_conversation_is_one_line_with_people_subject_tags_and_age(
    desk: Desk, operator: Guest
) -> None:
    first = await desk.receive("How much?", From="Ann <ann@example.org>", Message_ID="<1@example.org>")
    await desk.receive("And when?", Subject="Re: A question", In_Reply_To="<1@example.org>")
    await desk.call("operator", "tag_email", thread_id=await thread_of(desk, first), tags=["vip"])
    page = await operator.get("/inbox")

    rows = re.findall(r"<li id=\"c-.*?</li>", page.text, re.DOTALL)
    assert len(rows) == 1
    assert 'class="unread' in rows[0]
    assert f"/inbox/{await thread_of(desk, first)}" in rows[0]
    assert "vip" in rows[0]
    assert "And when?" in text(page)


async def test_one_mail_is_opened_by_itself_and_knows_its_list(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive(Subject="<b>Bold</b> \u202etxt")
    page = await operator.get("/inbox?q=subject:bold&folder=all")

    assert f'href="/mail/{mail}?folder=all&amp;q=subject%3Abold"' in page.text
    assert "<b>Bold" not in page.text
    assert "\u202e" not in page.text


async def test_a_long_list_goes_on_and_comes_back(
    desk: Desk, operator: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_PER_PAGE", 2)
    for number in range(3):
        await desk.receive(Subject=f"mail {number}")
    first = await operator.get("/inbox")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link is not None
    second = await operator.get(link[1].replace("&amp;", "&"))

    assert "mail 0" not in text(first)
    assert "mail 0" in text(second)
    assert 'rel="prev" href="/inbox"' in second.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=from:", "from: without a value"),
        ("q=colour:red", "unknown key colour:"),
        ("q=%28a", "a parenthesis that is never closed"),
        ("cursor=x", "cursor"),
    ],
)
async def test_a_search_that_cannot_be_understood_stays_in_its_box_with_the_fault_below(
    operator: Guest, query: str, words: str
) -> None:
    page = await operator.get(f"/inbox?{query}")

    assert page.status_code == 422
    assert words in text(page)
    assert 'id="fault-q"' in page.text
    assert 'aria-describedby="fault-q"' in page.text


async def test_what_was_typed_into_a_refused_search_is_kept(operator: Guest) -> None:
    page = await operator.client.get("/inbox", params={"q": 'from: "<Ann>"'})

    assert 'value="from: &#34;&lt;Ann&gt;&#34;"' in page.text


async def test_an_unknown_mailbox_is_not_found(operator: Guest) -> None:
    assert (await operator.get("/inbox?mailbox=nobody@localhost")).status_code == 404


@pytest.mark.parametrize(
    ("mark", "status"),
    [("read", "read"), ("archived", "archived"), ("spam", "spam"), ("deleted", "deleted")],
)
async def test_what_is_ticked_is_marked(desk: Desk, operator: Guest, mark: str, status: str) -> None:
    mails = [await desk.receive(Subject=f"mail {number}") for number in range(3)]
    await operator.get("/inbox")
    ticked = " ".join([await thread_of(desk, one) for one in mails[:2]])
    answer = await operator.post("/inbox", pick=ticked, do=mark, q="mail", folder="all")

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?folder=all&q=mail")
    assert [await desk.status(one) for one in mails] == [status, status, "unread"]


async def test_what_was_thrown_away_is_put_back(desk: Desk, operator: Guest) -> None:
    mail = await desk.receive()
    await desk.call("operator", "mark_email", message_id=mail, mark="deleted")
    page = await operator.get("/inbox?folder=deleted")
    assert "Put back" in text(page)
    await operator.post("/inbox", pick=await thread_of(desk, mail), do="unread", folder="deleted")

    assert await desk.status(mail) == "unread"


async def test_what_is_put_away_stays_there_when_its_conversation_is_marked(
    desk: Desk, operator: Guest
) -> None:
    old = await desk.receive(Message_ID="<1@example.org>")
    await desk.call("operator", "mark_email", message_id=old, mark="archived")
    new = await desk.receive(Subject="Re: A question", In_Reply_To="<1@example.org>")
    for mark in ("read", "read", "unread", "deleted"):
        await operator.post("/inbox", pick=await thread_of(desk, new), do=mark)
        assert await desk.status(old) == ("deleted" if mark == "deleted" else "archived")

    assert await desk.status(new) == "deleted"


async def test_tags_are_added_to_all_that_is_ticked(desk: Desk, operator: Guest) -> None:
    threads = [await thread_of(desk, await desk.receive(Subject=f"mail {one}")) for one in range(2)]
    await operator.post("/inbox", pick=" ".join(threads), do="tag", tag="billing, spring")

    assert text(await operator.get("/inbox?q=tag:billing+tag:spring")).count("mail ") >= 2


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "read"}, "Nothing is ticked."),
        ({"do": "tag", "tag": " "}, "Write a tag."),
        ({"do": "tag", "tag": "x" * 200}, "tag"),
        ({"do": "burn"}, "The form does not say what to do."),
    ],
)
async def test_what_cannot_be_done_is_said_and_stays_ticked(
    desk: Desk, operator: Guest, form: dict[str, str], words: str
) -> None:
    thread = await thread_of(desk, await desk.receive())
    picked = {} if words == "Nothing is ticked." else {"pick": thread}
    page = await operator.post("/inbox", **form, **picked)

    assert page.status_code == 422
    assert words in text(page)
    assert ("checked" in page.text) is bool(picked)
    assert form.get("tag", "") in page.text


async def test_mail_that_went_out_is_not_marked(desk: Desk, operator: Guest) -> None:
    sent = await desk.send()
    page = await operator.post("/inbox", pick=sent.thread_id, do="archived", folder="waiting")

    assert page.status_code == 409
    assert "Only received mail is marked" in text(page)


async def test_a_reviewer_looks_and_changes_nothing(desk: Desk, reviewer: Guest) -> None:
    mail = await desk.receive()
    page = await reviewer.get("/inbox")
    answer = await reviewer.post("/inbox", pick=await thread_of(desk, mail), do="deleted")

    assert 'name="pick"' not in page.text
    assert "/compose" not in page.text
    assert (answer.status_code, await desk.status(mail)) == (403, "unread")


async def test_a_search_box_is_told_how_to_go_on(desk: Desk, operator: Guest) -> None:
    await desk.receive(From="Ann <ann@example.org>")
    offered = (await operator.get("/inbox/suggest?text=is:unread+from:an")).json()

    assert any(one["value"].startswith("is:unread from:") and "ann@" in one["value"] for one in offered)
    assert "<datalist" in (await operator.get("/inbox")).text
