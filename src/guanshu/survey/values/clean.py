"""Cleaning of typed text, shared by all value types."""

import re
import unicodedata

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
# What the fonts of the printed form cover (Noto Sans CJK SC, Noto Serif SC); conservative on purpose.
_PRINTABLE = re.compile(
    "["
    "\n\u0020-\u024f\u02b0-\u036f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u2070-\u209f"
    "\u20a0-\u20bf\u2100-\u214f\u2150-\u218b\u2190-\u2199\u21d2\u21d4\u2200-\u22ff\u2460-\u24ff\u2500-\u25ff"
    "\u2605\u2606\u2640\u2642\u2713\u2717\u2776-\u277f\u2e80-\u2fdf\u2ff0-\u30ff\u3105-\u312f\u3131-\u318e\u3190-\u31ff"
    "\u3200-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6f\uff01-\uffee"
    "\U00020000-\U000323af"
    "]"
)


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
    """Return the first character that the printed form cannot show, or "" if all can be shown.

    Allowed are assigned characters of the ranges the forms' fonts cover; so no emoji, no private use characters and
    no other symbols beyond the basic plane. CJK extensions A to H are allowed: names of people and places need them.
    """
    rest = _PRINTABLE.sub("", text)
    if rest:
        return rest[0]
    if text.isascii():
        return ""
    return next((char for char in text if unicodedata.category(char) in {"Cn", "Co", "Cs"} and not _is_late(char)), "")


def _is_late(char: str) -> bool:
    """Return whether this is an ideograph that Python's Unicode tables are too old to know (extension H)."""
    return "\U00020000" <= char <= "\U000323af" and ord(char) & 0xFFFF < 0xFFFE


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
