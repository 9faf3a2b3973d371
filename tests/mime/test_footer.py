"""The end of commercial mail: what is missing is added, and nothing is said twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import markdown
from multimail.mime.footer import Sender, legal

ACME = Sender("Acme", "Acme Ltd\n1 High Street\nLeeds LS1 4AP", "news@acme.example")
LINK = "https://mail.acme.example/u/TOKEN"
POSTAL = "Acme Ltd, 1 High Street, Leeds LS1 4AP"
OUT = "[Unsubscribe](https://acme.example/out)"


def test_a_mail_that_says_nothing_gets_all_of_it() -> None:
    assert markdown.to_text(legal("Our offers.", ACME, LINK)) == (
        "Acme Ltd\n1 High Street\nLeeds LS1 4AP\n\nUnsubscribe (https://mail.acme.example/u/TOKEN)"
    )


def test_without_a_link_the_mail_says_what_to_write_and_to_whom() -> None:
    assert markdown.to_text(legal(f"Offers.\n{POSTAL}", ACME)) == (
        "To unsubscribe, write the word UNSUBSCRIBE to news@acme.example."
    )


@pytest.mark.parametrize(
    "body",
    [
        f"Offers.\n\n{OUT}\n{POSTAL}",
        f"Offers.\n\n{POSTAL}\nUnsubscribe: https://acme.example/unsubscribe?u=1",
        f"Offers.\n\n{POSTAL}\n[here](mailto:news@acme.example?subject=UNSUBSCRIBE)",
        "Offers.\n\nReply with UNSUBSCRIBE to hear no more.\nACME LTD · 1 high street · LEEDS · LS1 4AP",
        f"Angebote.\n\n{POSTAL}\nZum Abmelden antworten Sie auf diese Mail.",
        f"Offres.\n\n{POSTAL}\n[Se désabonner](https://acme.example/x)",
    ],
)
def test_what_its_author_wrote_completely_stays_as_it_is(body: str) -> None:
    assert legal(body, ACME, LINK) == ""


def test_only_the_half_that_is_missing_is_added() -> None:
    assert (
        markdown.to_text(legal(f"Offers.\n\n{OUT}", ACME, LINK)) == "Acme Ltd\n1 High Street\nLeeds LS1 4AP"
    )
    assert legal(f"Offers.\n\n{POSTAL}", ACME, LINK) == f"[Unsubscribe]({LINK})"


@pytest.mark.parametrize(
    "body",
    [
        f"> {POSTAL}\n> {OUT}",
        f"See below.\n\n---------- Forwarded message ----------\n{POSTAL}\n{OUT}",
        "How to unsubscribe from everything: a talk.",
        "[Unsubscribe](#)\nAcme Ltd, 2 Low Street, Leeds LS1 4AP",
        f"{POSTAL}\n{OUT.replace('Unsubscribe', 'Shop')}\n"
        + "\n".join(f"Line {number}" for number in range(20)),
    ],
)
def test_what_others_wrote_or_what_leads_nowhere_counts_for_nothing(body: str) -> None:
    text = markdown.to_text(legal(body, ACME, LINK))

    assert ("LS1 4AP" in text, LINK in text) == (True, True)


def test_a_callers_own_way_out_is_the_one_the_text_names() -> None:
    own = [("X-A", "b"), ("List-Unsubscribe", "<mailto:out@acme.example>, <https://acme.example/out(1)>")]

    assert legal(POSTAL, ACME, LINK, own) == "[Unsubscribe](https://acme.example/out%281%29)"
    assert legal(POSTAL, ACME, LINK, [("List-Unsubscribe", "<mailto:out@acme.example>")]) == (
        "[Unsubscribe](mailto:out@acme.example)"
    )
    assert legal(POSTAL, ACME, LINK, [("List-Unsubscribe", "none")]) == f"[Unsubscribe]({LINK})"


def test_the_sender_is_named_unless_the_address_does() -> None:
    named = Sender("The Bakery", "1. High *Street*\n[Leeds]", "a@b.example")

    assert markdown.to_text(legal(OUT, named)) == "The Bakery\n1. High *Street*\n[Leeds]"
    assert "<li>" not in markdown.to_html(legal(OUT, named))


def test_an_address_without_numbers_has_to_be_there_in_most_of_its_words() -> None:
    house = Sender("", "Rose Cottage, Little Green, Kent", "a@b.example")

    assert legal(f"{OUT}\nRose Cottage, Little Green", house) == ""
    assert legal(f"{OUT}\nA little green frog", house) != ""


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_too_odd_and_what_was_added_is_enough(body: str, name: str, postal: str) -> None:
    sender = Sender(name, f"{postal}\n1 High Street", "a@b.example")
    more = legal(body, sender, LINK)

    assert legal(f"{body}\n\n{markdown.to_text(more)}", sender, LINK) in ("", more)
    assert LINK in more or "unsubscri" not in more.lower()
