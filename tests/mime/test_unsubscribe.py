"""A request to receive no more is heard; a footer that offers it is not one."""

from __future__ import annotations

import pytest

from multimail.mime.unsubscribe import says_unsubscribe

FOOTER = "To unsubscribe, click https://x.example/unsubscribe or reply with UNSUBSCRIBE."


@pytest.mark.parametrize(
    "text",
    [
        "UNSUBSCRIBE",
        "unsubscribe",
        "  Unsubscribe.  ",
        "**Unsubscribe**",
        '"UNSUBSCRIBE"',
        "UNSUBSCRIBE from all of this",
        "Please unsubscribe me from this list",
        "Hi there,\n\nplease unsubscribe me.\n\nThanks",
        "Hello, could you please unsubscribe me",
        "I would like to unsubscribe from your newsletter",
        "I want to be removed from your mailing list",
        "STOP",
        "stop please",
        "Stop emailing me!",
        "Opt out",
        "opt-out",
        "Remove me",
        "please remove me from your list.",
        "Take me off this mailing list",
        "Don't contact me again",
        "Abmelden",
        f"Unsubscribe\n\nOn Mon, Ann wrote:\n> {FOOTER}",
        "Unsubscribe\n\nSent from my phone",
    ],
)
def test_a_request_is_heard(text: str) -> None:
    assert says_unsubscribe("Re: News", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks, see you on Monday!",
        f"Sounds good.\n\nOn Mon, Ann wrote:\n> Hi\n> {FOOTER}\n> UNSUBSCRIBE",
        f"Sounds good.\n\n-----Original Message-----\nFrom: Ann\nSent: Mon\nTo: Bob\n\nUNSUBSCRIBE\n{FOOTER}",
        f"> UNSUBSCRIBE\n> {FOOTER}",
        f"-----Original Message-----\n{FOOTER}\nUNSUBSCRIBE",
        "How do our customers unsubscribe in the app?",
        "Please stop by on Friday",
        "Can you remove the second paragraph from the offer?",
        "Take me to the airport from the hotel",
        "Don't unsubscribe me, I like it",
        "Thanks!\n-- \nUnsubscribe",
        f"One\ntwo\nthree\nfour\n{FOOTER}\nUNSUBSCRIBE",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not says_unsubscribe("Re: News", text)


@pytest.mark.parametrize(
    "subject", ["UNSUBSCRIBE", "Re: unsubscribe", "AW: Re: Please unsubscribe me", "Stop"]
)
def test_the_subject_can_say_it(subject: str) -> None:
    assert says_unsubscribe(subject, "")


@pytest.mark.parametrize(
    "subject", ["How to unsubscribe users", "Re: Non-stop flights", "You can unsubscribe any time"]
)
def test_a_subject_that_only_mentions_it_does_not(subject: str) -> None:
    assert not says_unsubscribe(subject, "")
