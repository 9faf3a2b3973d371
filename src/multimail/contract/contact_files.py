"""Contacts as files: what an import says of itself, and what each of the formats is called."""

from typing import Final, Literal

from multimail.contract.shapes import View

FORMATS: Final = ("csv", "vcard", "jsonl")
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "vcard": "text/vcard; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
SUFFIXES: Final = {"csv": "csv", "vcard": "vcf", "jsonl": "jsonl"}
OTHERS: Final = ("refuse", "ignore", "metadata")
"""What becomes of columns that are no field of a contact."""
SKIPS: Final[dict[str, str]] = {
    "no_address": "no address stands there",
    "invalid_address": "the address is not usable",
    "invalid_name": "the name is too long or has control characters in it",
    "invalid_tag": "a tag is not usable, or there are too many",
    "invalid_metadata": "the data is no JSON object",
    "metadata_too_deep": "the data is nested deeper than 20",
    "metadata_too_large": "the data would have more than 64 KB",
    "invalid_row": "the line is no row of this format",
    "invalid_text": "the line is not UTF-8",
    "too_long": "the row has more than 1 MB",
    "unclosed_quote": "a quote is opened here and never closed: what comes after it was not read",
    "erased": "the person was erased",
}
"""Why a row is passed over, by code."""


class SkippedRow(View):
    """A row that was passed over: the line it begins in, and why."""

    line: int
    code: str
    reason: str


class ContactsImported(View):
    """What an import did, or would do. `lines` is how far it read: begin there to go on. Of what was skipped nothing
    was written; `first_skipped` shows the first hundred."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    skipped_by_code: dict[str, int]
    first_skipped: list[SkippedRow]
    lines: int = 0
    dry_run: bool = False
    complete: bool = True


Format = Literal["csv", "vcard", "jsonl"]
