"""Findings in a mail's text and files: what is unfinished, what is not seen, what runs where it is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from multimail.core.caution import Caution, caution
from multimail.core.model import AttachmentMeta
from multimail.core.placeholders import find_placeholders
from multimail.core.text import neutralise

_FENCES: Final = re.compile(r"`{3,}|~{3,}")
_FAR_LINES: Final = 25
_SPACE: Final = re.compile(rf"\s{{{_FAR_LINES},}}")
"""As little of it as could be far."""
_FAR_BLANKS: Final = 200
_QUOTED: Final = re.compile(r"^[ \t]{0,3}>", re.MULTILINE)
_MUCH: Final = 40
_ANSWERS: Final = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|wg|tr)\s*(?:\[\d+\])?:", re.IGNORECASE)
_EXECUTABLE: Final = frozenset(
    """apk app appimage appx bat bin chm cmd com command cpl csh dll dmg elf exe gadget hta inf ins iso jar job js jse
    ksh lnk mjs msc msi msix msp mst out paf pif pkg ps1 psc1 py pyc pyw rb reg run scf scr sh shb sys url vb vbe vbs
    vhd vhdx wsf wsh xll xpi zsh""".split()
)
_MACROS: Final = frozenset("docm dotm one potm ppam pptm ppsm sldm xlam xlm xlsb xlsm xltm".split())
_ACTIVE: Final = frozenset("htm html mht mhtml shtml svg svgz xht xhtml xsl xslt swf".split())
_ARCHIVES: Final = frozenset("7z ace arj bz2 cab gz img lzh rar tar tbz tgz xz z zip zst".split())
_DOCUMENTS: Final = frozenset("csv doc docx gif jpeg jpg mp3 mp4 pdf png ppt pptx txt xls xlsx".split())
_PROGRAM_TYPE: Final = re.compile(
    r"application/(?:x-(?:ms-?dos|msdownload|sh|csh|executable|elf|java|ms-installer|msi|bat)|java-archive|vnd\.microsoft"
    r"\.portable-executable|(?:x-)?javascript|vnd\.android\.package|hta)|text/(?:x-)?(?:javascript|vbscript|x-sh)",
    re.IGNORECASE,
)
_UNSEEN_NAME: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff]|\\s{4,}")


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says and carries. `hidden` counts what its HTML does not show, by how; `images` are loaded from
    elsewhere; `answers` whether it is an answer or goes on."""

    subject: str
    body: str
    attachments: Sequence[AttachmentMeta] = ()
    hidden: Mapping[str, int] | None = None
    hidden_texts: Sequence[str] = ()
    images: Sequence[str] = ()
    answers: bool = True


def content(mail: Content) -> Iterator[Caution]:
    """Findings in what it says."""
    yield from _placeholders(mail)
    yield from _hidden(mail)
    yield from _quotes(mail)
    if mail.images:
        yield caution("remote_image", 5, "Opening the mail tells somebody that it was opened.", mail.images)
    if not mail.answers and _ANSWERS.match(mail.subject):
        yield caution("fake_reply", 10, "There is no mail that it answers.", (mail.subject[:80],))
    yield from _files(mail.attachments)


def _placeholders(mail: Content) -> Iterator[Caution]:
    """Without fences: that something stands in a sample is said by the author, and may not be so."""
    found = find_placeholders(_FENCES.sub(" ", f"{mail.subject}\n{mail.body}"))
    if found:
        yield caution("placeholder", 30, "Somebody still has to fill this in.", (one.text for one in found))


def _hidden(mail: Content) -> Iterator[Caution]:
    counts = neutralise(mail.subject)[1] + neutralise(mail.body)[1]
    named = {
        "characters that are not seen": counts.invisible,
        "characters that turn the reading direction": counts.bidi,
        "control characters": counts.controls + counts.escapes,
        "texts far below or beside what is seen": _far(mail.body),
    } | {f"texts hidden in the page ({how})": number for how, number in sorted((mail.hidden or {}).items())}
    found = [f"{number} {what}" for what, number in named.items() if number]
    if found:
        yield caution("hidden_text", 40, f"Found in it: {', '.join(found)}.", mail.hidden_texts)


def _far(body: str) -> int:
    """How many texts stand behind so much space that no window shows both."""
    if not body.strip():
        return 0
    runs = (one[0] for one in _SPACE.finditer(body.rstrip()))
    return sum(
        1 for run in runs if run.count("\n") >= _FAR_LINES or max(map(len, run.split("\n"))) >= _FAR_BLANKS
    )


def _quotes(mail: Content) -> Iterator[Caution]:
    lines = sum(1 for _ in _QUOTED.finditer(mail.body))
    if lines >= _MUCH:
        yield caution("large_quote", 5, f"{lines} lines are quoted.")


def _files(attachments: Sequence[AttachmentMeta]) -> Iterator[Caution]:
    kinds: dict[str, list[str]] = {}
    for one in attachments:
        for code in _kinds(one):
            kinds.setdefault(code, []).append(one.filename[:200])
    for code, points, text in (
        ("executable_attachment", 50, "It can run as a program."),
        ("disguised_attachment", 40, "Its name does not say what it is."),
        ("macro_attachment", 30, "It can carry macros."),
        ("active_attachment", 25, "It opens as a page, with script."),
        ("archive_attachment", 10, "What is in it is not seen here."),
    ):
        if code in kinds:
            yield caution(code, points, text, kinds[code])


def _kinds(one: AttachmentMeta) -> Iterator[str]:
    """What kind of file it is, by any of its endings: programs differ in which they go by."""
    name = _UNSEEN_NAME.sub("", one.filename).lower().rstrip(". ")
    endings = name.split(".")[1:]
    last = endings[-1] if endings else ""
    if last in _EXECUTABLE or _PROGRAM_TYPE.match(one.content_type.strip()):
        yield "executable_attachment"
    if _UNSEEN_NAME.search(one.filename) or (
        set(endings[:-1]) & _DOCUMENTS and last in _EXECUTABLE | _ACTIVE | _MACROS
    ):
        yield "disguised_attachment"
    for code, kinds in (
        ("macro_attachment", _MACROS),
        ("active_attachment", _ACTIVE),
        ("archive_attachment", _ARCHIVES),
    ):
        if last in kinds:
            yield code
