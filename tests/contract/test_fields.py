"""Fields that requests share: times in all their forms, and data that a row can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.contract.fields import (
    MAX_DATA,
    MAX_DATA_DEPTH,
    Data,
    ListedMoment,
    Moment,
    is_mail_text,
    iso,
)
from multimail.contract.reading import MessageView
from multimail.contract.shapes import Request, View
from multimail.core.errors import Problem


class Meeting(Request):
    """A request with a time and data."""

    at: Moment | None = None
    about: Data | None = None


class Held(View):
    """A view with a time."""

    at: Moment
    listed: ListedMoment | None = None


def refused(**given: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        Meeting.parse(given)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-01T08:00:00Z", "2027-03-01T09:00:00+01:00", "2027-03-01T08:00:00", "2027-03-01 08:00",
        " 2027-03-01T08:00:00.000Z ", "20270301T080000Z",
    ],
)  # fmt: skip
def test_a_moment_may_be_written_in_every_form_of_iso_8601(text: str) -> None:
    assert Meeting.parse({"at": text}).at == datetime(2027, 3, 1, 8, tzinfo=UTC)


def test_a_date_is_its_first_moment_and_a_datetime_itself() -> None:
    evening = datetime(2027, 3, 1, 20, tzinfo=timezone(timedelta(hours=-5)))

    assert Meeting.parse({"at": "2027-03-01"}).at == datetime(2027, 3, 1, tzinfo=UTC)
    assert Meeting.parse({"at": date(2027, 3, 1)}).at == datetime(2027, 3, 1, tzinfo=UTC)
    assert Meeting.parse({"at": evening}).at == datetime(2027, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["tomorrow", "", "2027-13-01", "2027-02-30T08:00:00Z", 1_800_000_000, True, "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_moment_is_refused_with_how_to_write_one(value: Any) -> None:
    problem = refused(at=value)

    assert (problem.code, problem.field) == ("invalid_time", "at")
    assert "2027-03-01T09:00:00+01:00" in problem.advice


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_that_is_shown_is_read_back(moment: datetime) -> None:
    shown = Held(at=moment).model_dump(mode="json")["at"]

    assert shown == iso(moment)
    assert shown.endswith("Z")
    assert Meeting.parse({"at": shown}).at == moment


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_in_a_list_is_shown_and_read_as_any_other(moment: datetime) -> None:
    shown = Held(at=moment, listed=moment).model_dump(mode="json")

    assert shown["listed"] == shown["at"]
    assert Held.model_validate(shown).listed == moment


def nested(depth: int) -> dict[str, Any]:
    return {"in": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    "data",
    [{}, {"a": [1, 2.5, None, True, {"b": "ü"}]}, nested(MAX_DATA_DEPTH), {"x": "y" * (MAX_DATA - 10)}],
)
def test_data_that_json_can_hold_is_taken_as_it_is(data: dict[str, Any]) -> None:
    assert Meeting.parse({"about": data}).about == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"x": float("nan")}, "invalid"),
        ({"x": [float("inf")]}, "invalid"),
        ({"x": "\ud800"}, "invalid"),
        (nested(MAX_DATA_DEPTH + 1), "invalid"),
        (nested(500), "invalid"),
        ({"x": "y" * MAX_DATA}, "too_large"),
    ],
    ids=["nan", "inf", "surrogate", "deep", "deeper", "large"],
)
def test_data_that_no_row_can_hold_is_refused(data: dict[str, Any], code: str) -> None:
    assert (refused(about=data).code, refused(about=data).field) == (code, "about")


def test_fields_that_hold_text_of_a_mail_are_marked() -> None:
    marked = {name for name, field in MessageView.model_fields.items() if is_mail_text(field)}

    assert marked == {"preview", "body"}
