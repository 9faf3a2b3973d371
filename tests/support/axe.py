"""axe-core on a page: WCAG 2.2 A and AA and the library's own good practice, by day and night, wide and narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Page

WIDE: Final = 1280
NARROW: Final = 360
HEIGHT: Final = 800
Surroundings: TypeAlias = tuple[Literal["light", "dark"], int]
SURROUNDINGS: Final[tuple[Surroundings, ...]] = (
    ("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW),
)  # fmt: skip
_WHAT_DIFFERS: Final[dict[Surroundings, tuple[str, ...]]] = {
    ("dark", WIDE): ("color-contrast",),
    ("light", NARROW): ("target-size", "scrollable-region-focusable"),
    ("dark", NARROW): ("color-contrast", "target-size"),
}
"""The rules that can find something there that they do not find by day on a wide screen."""
_EVERY_RULE: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_LEFT_AND_RIGHT: Final = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        && !one.closest(".scroll, .tabs, .rooms, svg, .skip, .unseen, .folders, pre"))
    .map((one) => one.outerHTML.slice(0, 120))"""


async def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """One sentence for each rule that is broken, of all or of these: which one, and where."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": [*rules]} if rules else _EVERY_RULE
    # What a mail brings in its frame is somebody else's page, and no script runs in there.
    options = {"runOnly": only, "resultTypes": ["violations"], "iframes": False}
    found: dict[str, Any] = await page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:160]}" for node in one["nodes"])
        for one in found["violations"]
    ]


async def too_wide(page: Page) -> list[str]:
    """What makes the whole page scroll to the side."""
    if not await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return []
    found: list[str] = await page.evaluate(_LEFT_AND_RIGHT)
    return found or ["the page itself"]


async def everywhere(page: Page, *, every_rule: bool = False) -> list[str]:
    """What is wrong in any of the surroundings; the page is as before afterwards.

    Only by day and wide all rules are asked; elsewhere those that can say something else there, unless `every_rule`.
    """
    wrong: list[str] = []
    for scheme, width in SURROUNDINGS:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        rules = () if every_rule else _WHAT_DIFFERS.get((scheme, width), ())
        found = [*await violations(page, rules), *await too_wide(page)]
        wrong += [f"{scheme} {width}: {one}" for one in found]
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return wrong
