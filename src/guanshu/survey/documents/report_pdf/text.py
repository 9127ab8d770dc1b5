"""How much room a text takes, and how it is handed to Typst: always as a value, never as source."""

import re
from collections.abc import Iterable
from math import ceil

from guanshu.survey.documents.report_pdf.fonts import printable

# A line is a list of pieces between which it may be broken; a text of one piece is simply a string.
Text = str | list[list[str]]

BODY_PT = 8.5
_MM_PER_PT = 0.3528
_WIDE = 0x2E80
_OTHERS_WIDE = frozenset("—…“”‘’·△○●≥≤×±→①②③④⑤⑥⑦⑧⑨⑩")
_RUN = re.compile(r"[^\s\u2e80-\uffff]+")
_PIECE = 6


def ems(text: str) -> float:
    """Return the width of the text's longest line in ems."""
    return max((sum(map(_em, line)) for line in text.split("\n")), default=0.0)


def _em(char: str) -> float:
    if ord(char) >= _WIDE or char in _OTHERS_WIDE:
        return 1.0
    return 0.68 if char.isupper() or char in "%@mwMW" else 0.57


def millimetres(width: float, points: float = BODY_PT) -> float:
    """Return a width in ems in millimetres."""
    return width * points * _MM_PER_PT


def widest(texts: Iterable[str], points: float = BODY_PT) -> float:
    """Return the width of the widest text in millimetres."""
    return millimetres(max(map(ems, texts), default=0.0), points)


def longest_word(text: str) -> float:
    """Return the width in ems below which a word would have to be broken."""
    return max((sum(map(_em, run)) for run in _RUN.findall(text)), default=1.0)


def lines_in(text: str, width: float, points: float = BODY_PT) -> int:
    """Return about how many lines a text needs in so many millimetres."""
    room = max(width, 1.0)
    return sum(max(1, ceil(millimetres(sum(map(_em, line)), points) * 1.04 / room)) for line in text.split("\n"))


def prepared(text: str, width: float, points: float = BODY_PT) -> Text:
    """Return a text for a place so many millimetres wide: printable, with words that do not fit made breakable."""
    text = printable(text)
    room = width / (points * _MM_PER_PT)
    if "\n" not in text and longest_word(text) <= room:
        return text
    return [_pieces(line, room) for line in text.split("\n")]


def _pieces(line: str, room: float) -> list[str]:
    """Return the line cut inside words that are wider than the room."""
    pieces: list[str] = []
    last = 0
    for match in _RUN.finditer(line):
        run = match[0]
        if sum(map(_em, run)) > room:
            pieces.append(line[last : match.start()])
            pieces += [run[at : at + _PIECE] for at in range(0, len(run), _PIECE)]
            last = match.end()
    pieces.append(line[last:])
    return [piece for piece in pieces if piece] or [""]
