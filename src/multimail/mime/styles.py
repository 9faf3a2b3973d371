"""CSS of a mail, rewritten from an allow list: nothing in what is kept can load, cover, animate or act.

Nothing is repaired: what is not understood in full is left out. What is kept can stand in a style element, for it
holds no `<`, and in an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 200_000
MOST_RULES: Final = 3_000
MOST_DECLARATIONS: Final = 200

_PROPERTY: Final = re.compile(
    r"color|background(?:-color)?|opacity|visibility|display|float|clear|direction|unicode-bidi|vertical-align"
    r"|width|height|(?:min|max)-(?:width|height)|box-sizing|box-shadow|overflow(?:-[xy]|-wrap)?|mso-hide"
    r"|margin(?:-(?:top|right|bottom|left))?|padding(?:-(?:top|right|bottom|left))?"
    r"|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-(?:radius|collapse|spacing)"
    r"|border-(?:top|bottom)-(?:left|right)-radius|outline(?:-(?:color|style|width))?"
    r"|font(?:-(?:family|size|style|variant|weight|stretch))?|line-height|letter-spacing|word-spacing"
    r"|text-(?:align|decoration(?:-(?:color|line|style))?|indent|overflow|shadow|transform)"
    r"|white-space|word-(?:break|wrap)|hyphens|list-style-(?:position|type)|table-layout|caption-side|empty-cells"
    r"|flex(?:-(?:basis|direction|flow|grow|shrink|wrap))?|(?:align|justify)-(?:content|items|self)|order|gap"
)
# Letters of any script may name a font. No backslash (which spells any character another way), colon, semicolon, at
# sign, angle bracket or brace.
_VALUE: Final = re.compile(r"""[\w\s#%.,+*/!()'"-]{1,300}""")
_FUNCTION: Final = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS: Final = frozenset("rgb rgba hsl hsla calc min max clamp linear-gradient radial-gradient".split())
_SELECTOR: Final = re.compile(r"""[\w\s.#>,*+~:\[\]="'()^$|-]{1,500}""")
_MEDIA: Final = re.compile(r"@media[\w\s():.,-]{1,200}", re.IGNORECASE)
_DARK: Final = re.compile(r"prefers-color-scheme", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_MARKS: Final = re.compile(r"<!--|-->")
_STOP: Final = re.compile(r"[{};]")


def declarations(css: str) -> str:
    """The harmless ones of the declarations of a style attribute."""
    return ";".join(_declarations(_COMMENT.sub("", css[:LONGEST])))


def _declarations(css: str) -> Iterator[str]:
    for one in css.split(";")[:MOST_DECLARATIONS]:
        name, _, value = one.partition(":")
        name, value = name.strip().lower(), value.strip()
        if _PROPERTY.fullmatch(name) and _is_harmless(value):
            yield f"{name}:{value}"


def _is_harmless(value: str) -> bool:
    if not _VALUE.fullmatch(value) or value.count('"') % 2 or value.count("'") % 2:
        return False
    return all(name.lower() in _FUNCTIONS for name in _FUNCTION.findall(value))


def sheet(css: str) -> str:
    """The harmless rules of a style element; of at-rules only `@media` stays, with plain rules in it.

    What a mail would look like in the dark stays out: the frame is always light.
    """
    text = _MARKS.sub(" ", _COMMENT.sub(" ", css[:LONGEST]))
    return "\n".join(_rules(text, nested=False))


def _rules(css: str, *, nested: bool) -> Iterator[str]:
    at = 0
    for _ in range(MOST_RULES):
        found = _STOP.search(css, at)
        if found is None:
            return
        prelude, at = css[at : found.start()].strip(), found.end()
        if found[0] != "{":
            continue
        end = _block_end(css, at)
        body, at = css[at:end], end + 1
        if prelude.startswith("@"):
            if not nested:
                yield from _media(prelude, body)
        elif _SELECTOR.fullmatch(prelude) and (kept := ";".join(_declarations(body))):
            yield f"{prelude}{{{kept}}}"


def _media(prelude: str, body: str) -> Iterator[str]:
    if _MEDIA.fullmatch(prelude) and not _DARK.search(prelude):
        rules = "\n".join(_rules(body, nested=True))
        if rules:
            yield f"{prelude}{{{rules}}}"


def _block_end(css: str, start: int) -> int:
    """Where the block that begins here ends: its closing brace, or the end of everything."""
    depth, at = 1, start
    while (found := _BRACE.search(css, at)) is not None:
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
        at = found.end()
    return len(css)


_BRACE: Final = re.compile(r"[{}]")
