"""Each form that makes a secret has a name of its own, which it keeps while it is mended."""

from __future__ import annotations

import pytest

from tests.support.filled import again, filled
from tests.support.guest import Guest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("place", "wrong"), [("/settings/keys", {"name": ""}), ("/settings/webhooks", {"url": ""})]
)
async def test_a_form_is_new_each_time_it_is_opened_and_the_same_while_it_is_mended(
    operator: Guest, place: str, wrong: dict[str, str]
) -> None:
    one, two = [(await operator.get(place)).text for _ in range(2)]
    mended = await again(operator, one, place, **wrong)

    assert filled(one, place)["once"] != filled(two, place)["once"]
    assert filled(mended, place)["once"] == filled(one, place)["once"]
