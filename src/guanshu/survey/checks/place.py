"""Mistakes inside formulas, and where in the questionnaire's files they stand."""

from bisect import bisect_right
from dataclasses import dataclass

from guanshu.survey.definition.source import Problem, Source


class Mistake(Exception):  # noqa: N818  it is reported as a Problem, never shown as an error of the program
    """One mistake in a formula: the offset in its text, what is wrong and how to mend it (both Chinese)."""

    def __init__(self, offset: int, message: str, cure: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Located:
    """A formula's text with the places its pieces were read from.

    `anchors` are (offset in the text, line, column), ascending: a formula may be spread over several lines.
    """

    text: str
    file: str
    anchors: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, source: Source) -> "Located":
        """Return a located text for a formula that stands in one field. Raises nothing."""
        anchors = [(0, source.line, source.column)]
        for offset, char in enumerate(source.text):
            if char == "\n":
                anchors.append((offset + 1, anchors[-1][1] + 1, 1))
        return cls(source.text, source.file, tuple(anchors))

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset in the text. Raises nothing."""
        index = bisect_right([anchor[0] for anchor in self.anchors], offset) - 1
        start, line, column = self.anchors[max(index, 0)]
        return line, column + offset - start

    def problem(self, offset: int, message: str, cure: str) -> Problem:
        """Return the problem at an offset of the text. Raises nothing."""
        line, column = self.place(offset)
        return Problem(self.file, line, column, message, cure)

    @property
    def source(self) -> Source:
        """Return the formula as one Source that starts where its first piece starts."""
        line, column = self.place(0)
        return Source(self.text, self.file, line, column)
