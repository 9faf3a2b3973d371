"""The body of a request as arguments: one JSON object, of bounded size and depth, that has only one reading."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

from starlette.requests import ClientDisconnect

from multimail.core.errors import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/json"
DEEPEST: Final = 64
_UTF8: Final = ("utf-8", "utf8")


async def read_object(request: Request, most: int) -> dict[str, Any]:
    """The object in the body. A request without a body and without a media type has no arguments.

    Raises `unsupported_media_type`, `too_large` (before more than `most` bytes are held) and `malformed`.
    """
    media_type = request.headers.get("content-type")
    if media_type is None:
        if await _read(request, 0):
            raise _unsupported("The body has no media type.")
        return {}
    if not _is_json(media_type):
        raise _unsupported(f"{media_type[:80]!r} is not read here.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _unsupported("A compressed body is not read here.")
    return parse(await _read(request, most))


async def _read(request: Request, most: int) -> bytes:
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > most > 0:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size > most:
            if most == 0:
                return part
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def parse(body: bytes) -> dict[str, Any]:
    """The one object that the bytes are, or `malformed`."""
    try:
        value = _DECODER.decode(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise _malformed("The body is nested too deeply.") from None
    except ValueError as error:
        raise _malformed(f"The body is not JSON: {str(error)[:120]}.") from None
    if not isinstance(value, dict):
        raise _malformed("The body is not a JSON object.")
    if is_deeper(value, DEEPEST):
        raise _malformed("The body is nested too deeply.")
    # Programs that cut an emoji in two escape half a pair: as in web browsers it becomes U+FFFD.
    return whole(value) if b"\\ud" in body or b"\\uD" in body else value


def is_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects stand in one another more than so many times; looked at level by level."""
    level = [value]
    for _ in range(most):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def whole(value: Any) -> Any:
    """The value with whole characters only; it is no deeper than `DEEPEST`."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(name): whole(one) for name, one in value.items()}
    return value


def _is_json(media_type: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in media_type.split(";"))
    charsets = [part[8:].strip('"') for part in parameters if part.startswith("charset=")]
    return kind == MEDIA_TYPE and all(charset in _UTF8 for charset in charsets)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ in which of two equal names counts, so neither does."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(f"{twice[:80]!a} stands in an object twice.", field=twice[:80])
    return found


def _constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is no number of JSON.")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _malformed(f"{text[:40]} is larger than a number can be.")
    return number


def _malformed(message: str, field: str = "") -> Problem:
    return Problem("malformed", message, field=field, advice="Send one JSON object, in UTF-8.")


def _unsupported(message: str) -> Problem:
    return Problem(
        "unsupported_media_type", message, field="Content-Type", advice=f"Content-Type: {MEDIA_TYPE}"
    )


def _too_large(most: int) -> Problem:
    return Problem("too_large", f"The body is larger than {most:,} bytes.", advice="Attach less at once.")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)
