"""What the full-text index takes for a word where a script puts no spaces between words. Knows no SQL."""

from __future__ import annotations

from typing import Final

from multimail.core.patterns import late

# Thai and its neighbours, Hangul, kana, Han: the index would take a whole sentence of them for one word.
_UNSPACED: Final = late(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# The high octets that such letters have in UTF-16, those of surrogates among them; most scripts have none of them, and
# to look for one octet of many is far faster than for one letter of many.
_HIGH: Final = frozenset(
    (0x0E, 0x10, 0x11, 0x17, 0x30, 0x31, *range(0x34, 0xA0), *range(0xAC, 0xE0), 0xF9, 0xFA, 0xFF)
)
_OTHERS: Final = bytes(set(range(256)) - _HIGH)


def apart(text: str) -> str:
    """The text with such letters standing apart, so that any of their sequences is found as a phrase.

    Other text is returned as it is, the same object: nearly all mail is.
    """
    if text.isascii():
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if not units[1::2].translate(None, _OTHERS) or _UNSPACED.search(text) is None:
        return text
    return _UNSPACED.sub(r" \g<0> ", text)
