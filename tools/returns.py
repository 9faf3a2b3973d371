"""How well returned mail is told from other mail: a confusion table over a folder of mails with their labels.

    python -m tools.returns [FOLDER]

The folder holds raw mails, NAME.eml, and labels.tsv: name, kind (hard, soft, not_a_bounce) and, where only one is
right, the reason code. Ends with 1 where fewer than 95 % agree, or where mail that is no bounce is taken for one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from multimail.mime.bounces import Classified, classify

CORPUS: Final = Path(__file__).parents[1] / "tests" / "mime" / "corpus" / "returns"
KINDS: Final = ("hard", "soft", "not_a_bounce")
ENOUGH: Final = 0.95


class Label(NamedTuple):
    """What a mail is: its kind, and the reason code where only one is right."""

    name: str
    kind: str
    reason: str = ""


class Judged(NamedTuple):
    """A labelled mail and what it was taken for."""

    label: Label
    found: Classified


def labels(folder: Path) -> list[Label]:
    """The labels of a folder, in its order."""
    rows = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    return [Label(*row.split("\t")[:3]) for row in rows if row.strip()]


def judge(folder: Path, line_end: bytes = b"\n") -> list[Judged]:
    """Every mail of a folder, with these line ends."""
    return [
        Judged(one, classify((folder / f"{one.name}.eml").read_bytes().replace(b"\n", line_end)))
        for one in labels(folder)
    ]


def table(judged: Sequence[Judged]) -> str:
    """Rows are what mails are, columns what they were taken for."""
    found = Counter((one.label.kind, one.found.kind) for one in judged)
    head = f"{'labelled':>14} |" + "".join(f"{kind:>14}" for kind in KINDS)
    rows = [f"{said:>14} |" + "".join(f"{found[said, kind]:>14}" for kind in KINDS) for said in KINDS]
    return "\n".join([head, "-" * len(head), *rows, f"{agreement(judged):.1%} of {len(judged)} agree"])


def agreement(judged: Sequence[Judged]) -> float:
    """The part that was taken for what it is."""
    return sum(one.label.kind == one.found.kind for one in judged) / max(1, len(judged))


def wronged(judged: Sequence[Judged]) -> list[str]:
    """Mails that are no bounces and were taken for some."""
    return [one.label.name for one in judged if one.label.kind == "not_a_bounce" and one.found.is_bounce]


def main(arguments: Sequence[str]) -> int:
    judged = judge(Path(arguments[0]) if arguments else CORPUS)
    print(table(judged))
    for label, found in judged:
        if label.kind != found.kind:
            print(f"{label.name}: {label.kind}, taken for {found.kind} ({found.reason})")
    return int(agreement(judged) < ENOUGH or bool(wronged(judged)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
