"""Write src/guanshu/survey/values/printable.txt: the characters the printed form's fonts can show.

Run it when a font package is upgraded (a test compares the file with the fonts): python tools/printable_ranges.py
"""

import unicodedata
from pathlib import Path

from guanshu.survey.documents.report_pdf.fonts import covered

TARGET = Path(__file__).parents[1] / "src/guanshu/survey/values/printable.txt"
# Control, format, surrogate and private use characters are never text, whatever a font draws for them.
NO_TEXT = {"Cc", "Cf", "Cs", "Co"}


def ranges() -> list[tuple[int, int]]:
    """Return the covered characters that are text, as sorted inclusive ranges."""
    found: list[tuple[int, int]] = []
    for start, end in covered():
        for code in range(start, end + 1):
            if unicodedata.category(chr(code)) in NO_TEXT:
                continue
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return found


def lines() -> str:
    """Return the file's text: one range a line in hexadecimal."""
    return "".join(f"{start:04X} {end:04X}\n" for start, end in ranges())


if __name__ == "__main__":
    TARGET.write_text(lines())
    print(f"{TARGET}: {len(ranges())} ranges")
