"""What is wrong with a page only by day, by night or on a narrow screen is found there, and said once."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.async_api import Browser

from tests.support import axe

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

PAGE: Final = """<!doctype html>
<html lang="en">
<title>Faults</title>
<meta name="viewport" content="width=device-width">
<style>
  :root { color: #000; background: #fff; }
  a { color: inherit; }
  #day { color: #ddd; }
  @media (prefers-color-scheme: dark) {
    :root { color: #fff; background: #000; }
    #night { color: #333; }
  }
  @media (width < 40rem) {
    a { display: block; font-size: 8px; line-height: 8px; }
    #wide { width: 600px; }
  }
  @media (width < 40rem) and (prefers-color-scheme: dark) {
    #small { color: #333; }
    #under { background: #ccc; }
  }
</style>
<main>
  <h1>Faults</h1>
  <p id="day">By day</p><p id="night">By night</p><p id="small">By night on a telephone</p>
  <div id="under"><p>On a ground that changes</p></div>
  <p><a href="#day">One</a><a href="#night">Another</a></p>
  <p id="wide">Wide</p>
</main>
"""


async def test_each_fault_is_found_where_it_is(browser: Browser) -> None:
    page = await (await browser.new_context(viewport={"width": axe.WIDE, "height": axe.HEIGHT})).new_page()
    await page.set_content(PAGE)

    found = [(one.partition(": ")[0], one) for one in await axe.everywhere(page)]

    assert [(place, one.count("<p") + one.count("<a")) for place, one in found] == [
        ("light 1280", 1), ("dark 1280", 1), ("dark 360", 2), ("dark 360", 1), ("light 360", 2), ("light 360", 1),
    ]  # fmt: skip
    for (_, one), words in zip(
        found, ("#day", "#night", "#small", 'id="wide"', "target-size", 'id="wide"'), strict=True
    ):
        assert words in one
    assert page.viewport_size == {"width": axe.WIDE, "height": axe.HEIGHT}
