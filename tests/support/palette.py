"""Screenshots made small: PNG files of the 256 most frequent colours, each pixel a byte.

The browser counts the colours, since it is quick at that; what is rarer becomes the nearest of those that are kept.
"""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any, Final

from playwright.async_api import Page

_COUNT: Final = """async (png) => {
    const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const often = new Map();
    for (const one of pixels) often.set(one, (often.get(one) ?? 0) + 1);
    const kept = [...often.keys()].sort((a, b) => often.get(b) - often.get(a)).slice(0, 256);
    const parts = (one) => [one & 255, (one >> 8) & 255, (one >> 16) & 255];
    const palette = kept.map(parts);
    const place = new Map(kept.map((one, at) => [one, at]));
    const nearest = (one) => {
        const [r, g, b] = parts(one);
        let best = 0, least = Infinity;
        palette.forEach(([x, y, z], at) => {
            const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
            if (far < least) [best, least] = [at, far];
        });
        return best;
    };
    const out = new Uint8Array(pixels.length);
    pixels.forEach((one, at) => {
        if (!place.has(one)) place.set(one, nearest(one));
        out[at] = place.get(one);
    });
    let text = "";
    for (let at = 0; at < out.length; at += 32768) text += String.fromCharCode(...out.subarray(at, at + 32768));
    return { width: image.width, height: image.height, palette, pixels: btoa(text) };
}"""


async def smaller(page: Page, png: bytes) -> bytes:
    """The same picture in fewer bytes; `page` is any page whose browser may be used for it."""
    aside = await page.context.new_page()
    try:
        found: dict[str, Any] = await aside.evaluate(_COUNT, base64.b64encode(png).decode())
    finally:
        await aside.close()
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, content)
        for name, content in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", bytes(part for colour in found["palette"] for part in colour)),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
