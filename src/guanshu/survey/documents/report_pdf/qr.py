"""QR codes as vector pictures."""

from collections.abc import Iterator, Sequence

import segno

# A quarter of a code may be covered by a stamp or dirt; less of one that would need smaller modules than paper and
# telephones bear (41 in 20 mm). The mask is fixed: to weigh all eight costs seven times the rest, and every reader
# takes any.
_LEVEL, _LOWER, _FINEST, _MASK = "q", "m", 6, 3


def qr_pictures(texts: Sequence[str]) -> list[str]:
    """Return one SVG a text, all of the same size in modules, without the white margin."""
    if not texts:
        return []
    longest = max(texts, key=len)
    level = _LEVEL if _version(longest, _LEVEL) <= _FINEST else _LOWER
    version = _version(longest, level)
    return [_picture(text, version, level) for text in texts]


def _version(text: str, level: str) -> int:
    return int(segno.make_qr(text, error=level, mask=_MASK, boost_error=False).version)


def _picture(text: str, version: int, level: str) -> str:
    # Room that is left over goes into a higher level.
    code = segno.make_qr(text, version=version, error=level, mask=_MASK, boost_error=True)
    path = "".join(_lines(code.matrix))
    size = len(code.matrix)
    # Rows touch or leave hair lines between them, depending on who draws; a little overlap leaves none.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path d="{path}" fill="#000"/></svg>'
    )


def _lines(matrix: Sequence[bytearray]) -> Iterator[str]:
    """Yield a rectangle for every run of dark modules in a row."""
    for y, row in enumerate(matrix):
        x = 0
        while (start := row.find(1, x)) >= 0:
            end = row.find(0, start)
            x = end if end >= 0 else len(row)
            yield f"M{start} {y}h{x - start}v1h{start - x}z"
