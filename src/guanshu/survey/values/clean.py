"""Cleaning of typed text, shared by all value types."""

import re
import unicodedata
from importlib.resources import files

from guanshu.survey.values.base import ValueProblem

# Only these compatibility forms are what an input method produces. A full NFKC would turn 10² into 102 and ① into 1.
_NARROWED = ("<wide>", "<narrow>", "<noBreak>")
_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u2000-\u200a\u202f\u205f]")
# Zero-width, bidi and other control characters, variation selectors, tags: nobody sees them, everybody trips over them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def _read_printable() -> re.Pattern[str]:
    """Return a pattern of what the printed form's fonts can show (printable.txt, made by tools/printable_ranges.py)."""
    text = (files("guanshu.survey.values") / "printable.txt").read_text(encoding="ascii")
    ranges = (line.split() for line in text.splitlines())
    return re.compile("[\n" + "".join(f"\\U{int(start, 16):08x}-\\U{int(end, 16):08x}" for start, end in ranges) + "]+")


_PRINTABLE = _read_printable()


def narrow(text: str) -> str:
    """Return the text with full-width digits, letters, punctuation and spaces in their usual form and ends stripped."""
    if text.isascii():
        return text.strip()
    folded = (
        unicodedata.normalize("NFKC", char) if unicodedata.decomposition(char).startswith(_NARROWED) else char
        for char in text
    )
    return _INVISIBLE.sub("", "".join(folded)).strip()


def tidy(text: str, *, lines: bool) -> str:
    """Return text as it is kept: NFC, LF line ends, nothing invisible; without `lines` a line break becomes a space."""
    text = _SPACES.sub(" ", _BREAKS.sub("\n", text))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if not lines:
        text = re.sub(r" *\n[\n ]*", " ", text)
    return text.strip(" \n\u3000")


def unprintable(text: str) -> str:
    """Return the first character that the printed form's fonts cannot show, or "" if all can be shown."""
    return _PRINTABLE.sub("", text)[:1]


def require_printable(text: str) -> None:
    """Raise ValueProblem when a character of the text cannot be printed, naming the character."""
    char = unprintable(text)
    if not char:
        return
    shown = f"「{char}」（U+{ord(char):04X}）" if char.isprintable() else f"U+{ord(char):04X}"
    raise ValueProblem("unprintable", f"字符{shown}无法在打印的报表上显示，请删去或改用文字。")


def shorten(text: str, limit: int = 20) -> str:
    """Return the text as a message quotes it: one line, at most `limit` characters, nothing invisible."""
    cut = "".join(char for char in text[: limit + 1] if char.isprintable())
    return cut[:limit] + "…" if len(text) > limit else cut
