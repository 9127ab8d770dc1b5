"""From bytes to text, with an explanation when an editor or a spreadsheet wrote something else than UTF-8."""

import codecs

from guanshu.survey.definition.source import Source
from guanshu.survey.loading.problems import Problems, top_of

_SAVE_AS = "在 Excel 或 WPS 中另存为「CSV UTF-8（逗号分隔）」，在记事本中另存时编码选 UTF-8"


def decode(file: str, data: bytes, out: Problems) -> str | None:
    """Return the text of a file without its byte order mark; None, after noting why, when it is no UTF-8 text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        out.add(top_of(file), "文件的编码是 UTF-16（Unicode 文本），不是 UTF-8", _SAVE_AS)
        return None
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        out.add(top_of(file), "这是 Excel 或 Word 文件，不是文本文件", _SAVE_AS)
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _explain_encoding(file, data, error.start, out)
        return None
    if "\0" in text:
        before = text[: text.index("\0")]
        out.add(_place(file, before), "文件中有空字符（NUL），可能已损坏", "用备份替换此文件，或重新另存为 UTF-8 文本")
        return None
    return text


def _place(file: str, before: str) -> Source:
    """Return the place right after the text `before`."""
    return Source("", file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _explain_encoding(file: str, data: bytes, start: int, out: Problems) -> None:
    place = _place(file, data[:start].decode("utf-8"))
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        out.add(place, "文件不是 UTF-8 文本，可能已损坏", _SAVE_AS)
    else:
        out.add(place, "文件的编码是 GBK（ANSI），不是 UTF-8", _SAVE_AS)
