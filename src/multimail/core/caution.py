"""What a person should look at before deciding on a mail, and how risky that makes it.

Evidence only: every finding adds points and none takes any away, so no text, tag or claim of an author can make
its own mail look safer. What lessens a risk is never seen here as such: a recipient is simply not new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["low", "medium", "high"]

CODES: Final[dict[str, str]] = {
    "active_attachment": "An attached page or drawing can run script where it is opened.",
    "archive_attachment": "What is in an archive cannot be seen here.",
    "bcc_recipient": "Somebody gets the mail without the others knowing.",
    "claimed_transactional": "Somebody unsubscribed; that this mail is transactional is the author's word only.",
    "damaged": "The mail is built in a way that programs read differently.",
    "disguised_attachment": "A file is named so that it looks like another kind.",
    "executable_attachment": "An attached program runs where it is opened.",
    "fake_reply": "The subject says it is an answer, and it answers nothing.",
    "first_answer": "The first answer to somebody who wrote here.",
    "hidden_text": "Something in it is not seen by whoever reads it.",
    "large_quote": "Much of it is quoted from other mail.",
    "link_mismatch": "A link shows one address and leads to another.",
    "lookalike_domain": "An address resembles one that is known, and is another.",
    "lookalike_link": "A link leads to a name that resembles another one.",
    "macro_attachment": "An attached document can carry macros.",
    "many_recipients": "It goes to many at once.",
    "mode_capped": "More freedom was asked for than the mailbox gives.",
    "new_domain": "Nobody at this domain was ever written to from this mailbox.",
    "new_recipient": "This mailbox never wrote to this address.",
    "new_sender": "Somebody new wrote into a conversation.",
    "odd_link": "A link leads somewhere unusual.",
    "outside_thread": "It takes a conversation to somebody who had no part in it.",
    "payment_details": "It names an account or a card.",
    "placeholder": "A placeholder was not filled in.",
    "remote_image": "A picture is loaded from elsewhere when the mail is opened.",
    "reply_to_differs": "Answers go to another address than the sender's.",
    "secret_like": "Something in it looks like a password or key.",
    "unexamined": "It was not examined yet, and will be soon.",
}
"""Every code a warning can have, with what it says in general."""

MOST_SHOWN: Final = 20
HIGHEST: Final = 100
_HIGH: Final = 60
_MEDIUM: Final = 25


@dataclass(frozen=True, slots=True)
class Caution:
    """One finding. `where` are the texts or addresses it is about, `more` how many of them were left out."""

    code: str
    points: int
    text: str
    where: tuple[str, ...] = ()
    more: int = 0

    def __post_init__(self) -> None:
        if self.code not in CODES or self.points < 0:
            raise ValueError(f"no such caution: {self.code!r}, {self.points}")

    @property
    def level(self) -> Level:
        """How much one finding says by itself."""
        return "high" if self.points >= 40 else "medium" if self.points >= 15 else "low"


def caution(code: str, points: int, text: str, where: Iterable[str] = ()) -> Caution:
    """A finding about several places, of which the first are named, each once."""
    places = tuple(dict.fromkeys(where))
    return Caution(code, points, text, places[:MOST_SHOWN], max(0, len(places) - MOST_SHOWN))


def ordered(found: Iterable[Caution]) -> tuple[Caution, ...]:
    """Heaviest first."""
    return tuple(sorted(found, key=lambda one: (-one.points, one.code)))


def risk(found: Iterable[Caution]) -> int:
    """0 to 100: the points of all findings together."""
    return min(HIGHEST, sum(one.points for one in found))


def level(points: int) -> Level:
    """What a risk is called."""
    return "high" if points >= _HIGH else "medium" if points >= _MEDIUM else "low"
