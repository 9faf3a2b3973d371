"""Whom a mail goes to: who is new, who is not told of, who can be taken for another."""

from __future__ import annotations

import pytest

from multimail.core.caution_people import COMPARED, Person, people, reply_to


def points(*everybody: Person) -> dict[str, int]:
    return {one.code: one.points for one in people(everybody)}


def test_a_stranger_is_new_and_so_is_the_domain() -> None:
    assert points(Person("ann@example.org")) == {"new_recipient": 15, "new_domain": 10}
    assert points(Person("ann@example.org", domain_known=True)) == {"new_recipient": 15}


@pytest.mark.parametrize("known", [{"known": True}, {"trusted": True}, {"automatic": True}])
def test_who_was_written_to_or_is_trusted_by_an_operator_is_no_finding(known: dict[str, bool]) -> None:
    assert points(Person("ann@example.org", **known)) == {}  # type: ignore[arg-type]


def test_the_first_answer_to_who_wrote_weighs_little() -> None:
    assert points(Person("ann@example.org", answered=True)) == {"first_answer": 5}


def test_a_lookalike_weighs_most_even_where_it_is_known() -> None:
    alike = Person("ann@examp1e.org", known=True, resembles="example.org")

    assert points(alike) == {"lookalike_domain": 60}


def test_hidden_recipients_and_newcomers_to_a_conversation_are_named() -> None:
    found = list(people([Person("a@x.org", known=True), Person("b@y.org", hidden=True, in_thread=False)]))

    assert {one.code: one.where for one in found} == {
        "new_recipient": ("b@y.org",), "new_domain": ("y.org",), "bcc_recipient": ("b@y.org",),
        "outside_thread": ("b@y.org",),
    }  # fmt: skip


@pytest.mark.parametrize(("count", "weight"), [(10, 0), (11, 15), (50, 15), (51, 40)])
def test_many_recipients_weigh_more(count: int, weight: int) -> None:
    crowd = [Person(f"p{number}@x.org", known=True) for number in range(count)]

    assert points(*crowd).get("many_recipients", 0) == weight


def test_more_new_domains_than_can_be_compared_weigh_as_much_as_a_lookalike() -> None:
    crowd = [Person(f"p@x{number}.org") for number in range(COMPARED + 1)]

    assert points(*crowd[:-1])["new_domain"] == 10
    assert points(*crowd)["new_domain"] == 60


@pytest.mark.parametrize(
    ("address", "weight"),
    [("", 0), ("Desk@example.com", 0), ("other@example.com", 10), ("desk@example.org", 35)],
)
def test_answers_that_go_elsewhere_are_a_finding(address: str, weight: int) -> None:
    assert sum(one.points for one in reply_to("desk@example.com", address)) == weight
