"""axe-core on a page: WCAG 2.2 A and AA and the library's own good practice, by day and night, wide and narrow."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Page

WIDE: Final = 1280
NARROW: Final = 360
HEIGHT: Final = 800
Surroundings: TypeAlias = tuple[Literal["light", "dark"], int]
SURROUNDINGS: Final[tuple[Surroundings, ...]] = (
    ("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW),
)  # fmt: skip
"""Each differs in one thing from the one before, since changing that costs time."""
_WHAT_DIFFERS: Final[dict[Surroundings, tuple[str, ...]]] = {
    ("dark", WIDE): ("color-contrast",),
    ("dark", NARROW): ("color-contrast",),
    ("light", NARROW): ("target-size", "scrollable-region-focusable"),
}
"""The rules that can find something there that they do not find by day on a wide screen. The night changes nothing
but colours: the tests of the tokens see to that."""
_EVERY_RULE: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_SURVEY: Final = """
(() => {
    // The library takes a page's few colours apart anew for every element, and does little else.
    const colour = axe.commons.color.Color.prototype, parse = colour.parseString, parsed = new Map();
    colour.parseString = function (text) {
        const known = parsed.get(text);
        if (known) {
            [this.r, this.g, this.b, this.alpha] = known;
        } else {
            parse.call(this, text);
            parsed.set(text, [this.r, this.g, this.b, this.alpha]);
        }
        return this;
    };

    const DRAWN = [
        "color", "background-color", "background-image", "background-clip", "text-shadow", "opacity", "filter", "clip",
        "mix-blend-mode", "visibility", "position", "z-index", "clip-path", "transform", "overflow", "font-weight",
    ];
    const numbers = new Map();
    let before = new Map();
    // A number for how each element is drawn, with all that it lies in: where it is the same, the contrast is.
    const drawn = () => {
        const found = new Map();
        for (const one of document.querySelectorAll("html, body, body *")) {
            const style = getComputedStyle(one), size = parseFloat(style.fontSize);
            const own = [found.get(one.parentElement), one.getClientRects().length > 0, size >= 24, size >= 18.5];
            const words = own.concat(DRAWN.map((name) => style.getPropertyValue(name))).join("|");
            if (!numbers.has(words)) numbers.set(words, numbers.size);
            found.set(one, numbers.get(words));
        }
        return found;
    };
    // What is drawn in another way than when this was asked before; at first, everything.
    const changed = () => {
        const old = before, now = before = drawn();
        const differs = (one) => now.get(one) !== old.get(one);
        return old.size === 0 ? [document.documentElement]
            : [...now.keys()].filter((one) => differs(one) && !differs(one.parentElement));
    };

    const tooWide = () => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return [];
        const found = [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1
                && !one.closest(".scroll, .tabs, .rooms, svg, .skip, .unseen, .folders, pre"))
            .map((one) => one.outerHTML.slice(0, 120));
        return found.length ? found : ["the page itself"];
    };

    // One sentence for each rule that is broken, with the places, and what makes the page scroll to the side.
    globalThis.survey = async (runOnly, onlyChanged) => {
        const where = onlyChanged ? changed() : [document.documentElement];
        // What a mail brings in its frame is somebody else's page, and no script runs in there.
        const options = { runOnly, resultTypes: ["violations"], iframes: false };
        const { violations } = where.length ? await axe.run(where, options) : { violations: [] };
        const place = (node) => `${node.target} ${node.html.slice(0, 160)}`;
        return violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map(place).join("; ")}`)
            .concat(tooWide());
    };
})()
"""


async def everywhere(page: Page, *, every_rule: bool = False) -> list[str]:
    """What is wrong in any of the surroundings; the page is as before afterwards.

    Only by day and wide all rules are asked; elsewhere those that can say something else there, of that which is
    drawn in another way, unless `every_rule`.
    """
    if not await page.evaluate("typeof survey === 'function'"):
        script = f"{AXE_SCRIPT}\n;{_SURVEY}"
        await page.add_init_script(script)
        await page.evaluate(script)
    wrong: list[str] = []
    for scheme, width in SURROUNDINGS:
        await _surround(page, scheme, width)
        differing = () if every_rule else _WHAT_DIFFERS.get((scheme, width), ())
        rules = {"type": "rule", "values": [*differing]} if differing else _EVERY_RULE
        asked = [rules, "color-contrast" in differing]
        found: list[str] = await page.evaluate("([rules, changed]) => survey(rules, changed)", asked)
        wrong += [f"{scheme} {width}: {one}" for one in found]
    await _surround(page, *SURROUNDINGS[0])
    return wrong


async def _surround(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    size: Any = {"width": width, "height": HEIGHT}
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if page.viewport_size != size:
        await page.set_viewport_size(size)
