"""Findings about whom a mail goes to, and where answers to it will go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import domain_of, normalise
from multimail.core.caution import Caution, caution

COMPARED: Final = 20
MANY: Final = 10
VERY_MANY: Final = 50


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient as the mailbox knows it.

    `known`: mail to it left this mailbox, or a person approved some. `trusted`: an operator's list covers it.
    `answered`: the mail answers one that came from this very address. `domain_known`: somebody at its domain is known.
    `resembles` is a known domain that its own can be taken for.
    """

    address: str
    hidden: bool = False
    automatic: bool = False
    known: bool = False
    trusted: bool = False
    answered: bool = False
    domain_known: bool = False
    in_thread: bool = True
    resembles: str = ""

    @property
    def new(self) -> bool:
        """Whether nobody ever let mail to it leave, nor said that it may."""
        return not (self.known or self.trusted)


def people(everybody: Sequence[Person]) -> Iterator[Caution]:
    """Findings about the recipients; those that an operator's rules added are no finding."""
    chosen = [one for one in everybody if not one.automatic]
    alike = [one for one in chosen if one.resembles]
    if alike:
        names = ", ".join(dict.fromkeys(one.resembles for one in alike))
        text = f"The domain resembles {names}, and is another."
        yield caution("lookalike_domain", 60, text, (one.address for one in alike))
    strangers = [one for one in chosen if one.new and not one.answered]
    if strangers:
        yield caution("new_recipient", 15, "Never written to from here.", (one.address for one in strangers))
    fresh = list(dict.fromkeys(domain_of(one.address) for one in strangers if not one.domain_known))
    if fresh:
        # Which known domains they resemble is found out for so many; more weigh as if one did.
        points = 60 if len(fresh) > COMPARED else 10
        yield caution("new_domain", points, "Nobody at this domain was written to from here.", fresh)
    answered = [one.address for one in chosen if one.new and one.answered]
    if answered:
        yield caution("first_answer", 5, "Wrote here, and was never written to.", answered)
    yield from _circle(chosen)


def _circle(chosen: Sequence[Person]) -> Iterator[Caution]:
    unseen = [one.address for one in chosen if one.hidden]
    if unseen:
        yield caution("bcc_recipient", 10, "The other recipients are not told of them.", unseen)
    outside = [one.address for one in chosen if not one.in_thread and one.new]
    if outside:
        yield caution("outside_thread", 20, "Had no part in this conversation so far.", outside)
    if len(chosen) > MANY:
        points = 40 if len(chosen) > VERY_MANY else 15
        yield caution("many_recipients", points, f"It goes to {len(chosen)} recipients.")


def reply_to(sender: str, address: str) -> Iterator[Caution]:
    """Whether answers go elsewhere, which weighs more where that is at another domain."""
    if not address or normalise(address) == normalise(sender):
        return
    elsewhere = domain_of(address) != domain_of(sender)
    text = f"Answers do not go to {sender}."
    yield caution("reply_to_differs", 35 if elsewhere else 10, text, (address,))
