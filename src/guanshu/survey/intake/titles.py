"""Which of the asked documents a file is, told by its name or by the title at the head of its text."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from xml.sax.saxutils import unescape

from guanshu.survey.intake.zips import PackTooBig, Unreadable, open_zip, read_part

_MOST_TEXT = 20 * 1024 * 1024
# A title stands at the head; a report mentions other lists further down.
_HEAD = 400
_ALIKE = 0.8
_TEXT = re.compile(rb"<w:t(?:\s[^>]*)?>([^<]*)</w:t>|(</w:p>)")
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document asked for: `label` as the notice counts it (附件4), `title` in full, `short` without year, unit."""

    item: str
    label: str
    title: str
    short: str
    kind: str


def plain(text: str) -> str:
    """Return a text with nothing but letters and digits, full-width ones as usual, for comparing."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if char.isalnum())


def by_name(path: str, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return the documents whose name a path bears: the file's own name decides, then its folders."""
    *folders, last = path.replace("\\", "/").split("/")
    stem = last.rpartition(".")[0] or last
    for text in (stem, "/".join(folders)):
        scores = [(_score(plain(text), each), each) for each in wanted]
        best = max((score for score, _ in scores), default=0)
        if best:
            return [each for score, each in scores if score == best]
    return []


def _score(text: str, wanted: Wanted) -> int:
    title, short, label = plain(wanted.title), plain(wanted.short), plain(wanted.label)
    if title in text or short in text:
        return 3
    if label in text or label.translate(_DIGITS) in text:
        return 2
    return int(bool(text) and SequenceMatcher(None, text, short).ratio() >= _ALIKE)


def by_content(data: bytes, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return the documents whose title stands at the head of a Word file; of a .doc any place must do."""
    words = [each for each in wanted if each.kind == "word"]
    text = docx_text(data)
    if text is not None:
        head = plain(text[: _HEAD * 4])[:_HEAD]
        return _first(head, words)
    # An old .doc keeps Chinese text as UTF-16 somewhere; spaces inside a title would hide it, and that is no harm.
    return [each for each in words if each.short.encode("utf-16-le") in data]


def _first(head: str, words: Sequence[Wanted]) -> list[Wanted]:
    places = [(head.find(plain(each.short)), each) for each in words]
    found = sorted(((place, each) for place, each in places if place >= 0), key=lambda pair: pair[0])
    return [found[0][1]] if found else []


def docx_text(data: bytes) -> str | None:
    """Return the text of a .docx, None when the bytes are none."""
    try:
        with open_zip(io.BytesIO(data)) as pack:
            body = read_part(pack, "word/document.xml", _MOST_TEXT)
    except (Unreadable, PackTooBig, KeyError, zipfile.BadZipFile, OSError, RuntimeError):
        return None
    pieces = (b"\n" if end else text for text, end in _TEXT.findall(body))
    return unescape(b"".join(pieces).decode("utf-8", "replace"))
