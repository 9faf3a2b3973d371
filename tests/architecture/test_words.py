"""What must not be read in this project: places of one machine, hosts of package indexes, promises to finish later."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import PROJECT, files

# Each pattern is written so that it does not match its own source.
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(?:work|root|home/(?!you\b)\w+)/|/tmp/[b]rief|/opt/(?:py[p]|wheel)",
    "a host of a package index": r"pypi[.]org|python[h]osted|npmjs[.](?:com|org)|proxy[.]golang",
    "the choice of a package index": r"(?<!emit)-index[-]url|--find[-]links",
    "a note to oneself": r"(?:#|<!--|//).*\b(?:TO[D]O|FIX[M]E|XX[X])\b",
    "a page that is not here": r"multimail[-]facts|measured[.]md|\bG\.[0-6]\b|requirements/produc[t]",
    "the making of it": r"\bissue[s]? show\b|\bthe [b]rief\b|\bthis [i]ssue\b|\bmy part\b|\bother helper[s]\b",
}


def lines_with(pattern: str) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name in files()
        if not name.endswith(".png")
        for number, line in enumerate((PROJECT / name).read_text("utf-8", "replace").splitlines(), 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_contains(what: str) -> None:
    assert lines_with(FORBIDDEN[what]) == []


def test_the_search_finds_what_is_there() -> None:
    assert lines_with("^# Who may import whom[.]")[0].startswith(".importlinter:1:")
