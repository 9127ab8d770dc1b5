"""A reader of CSV (RFC 4180) that knows the line and column of every field; the csv module does not."""

import re

from guanshu.survey.definition.source import Source
from guanshu.survey.loading.problems import Problems

_PLAIN = re.compile(r"[^,\r\n]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_END = re.compile(r",|\r\n|\n|\r|\Z")


def read_records(file: str, text: str, out: Problems) -> list[list[Source]]:
    """Return the records of a CSV text, each a list of fields with the place of their first character.

    White space around a field is cut off. A broken quote is noted and ends the reading.
    """
    return _Reader(file, text, out).records()


class _Reader:
    def __init__(self, file: str, text: str, out: Problems) -> None:
        self._file, self._text, self._out = file, text, out
        self._position, self._line, self._line_start = 0, 1, 0

    def records(self) -> list[list[Source]]:
        records: list[list[Source]] = []
        record: list[Source] = []
        while self._position < len(self._text) or record:
            field = self._field()
            if field is None:
                break
            record.append(field)
            if not self._take_separator():
                records.append(record)
                record = []
        return records

    def _here(self, text: str, position: int) -> Source:
        return Source(text, self._file, self._line, position - self._line_start + 1)

    def _field(self) -> Source | None:
        """Return the field at the current position and move behind it; None when it cannot be read."""
        if not self._text.startswith('"', self._position):
            start = self._position
            raw = self._match(_PLAIN)
            return self._here(raw.strip(), start + len(raw) - len(raw.lstrip()))
        opening = self._here("", self._position)
        quoted = _QUOTED.match(self._text, self._position)
        if quoted is None:
            self._out.add(
                opening, "双引号没有结束，后面的内容无法读取", '在这一格的末尾补上双引号；格内的双引号写成 ""'
            )
            return None
        if not _END.match(self._text, quoted.end()):
            self._out.add(opening, "双引号后面还有文字", '整格用双引号括起来，格内的双引号写成 ""')
            return None
        start = quoted.end(1) - len(quoted[1].lstrip())
        self._count_lines(quoted.start(), start)
        field = self._here(quoted[1].replace('""', '"').strip(), start)
        self._count_lines(start, quoted.end())
        self._position = quoted.end()
        return field

    def _take_separator(self) -> bool:
        """Move behind the separator; return whether the record goes on."""
        start = self._position
        separator = self._match(_END)
        if separator == ",":
            return True
        self._count_lines(start, self._position)
        return False

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._position)
        found = match[0] if match else ""
        self._position += len(found)
        return found

    def _count_lines(self, start: int, end: int) -> None:
        for newline in re.finditer(r"\r\n|\n|\r", self._text[start:end]):
            self._line += 1
            self._line_start = start + newline.end()
