"""The description of the HTTP API as a file, for those who generate clients without a server at hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from multimail.surfaces.http.openapi import document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def openapi_json() -> str:
    """As it is served, but for the server's address; a line for each value, so that changes can be read."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {"docs/reference/openapi.json": openapi_json}
