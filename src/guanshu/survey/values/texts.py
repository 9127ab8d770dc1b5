"""Text of one line or several."""

from dataclasses import dataclass
from typing import ClassVar

from guanshu.survey.values.base import Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import require_printable, tidy
from guanshu.survey.values.common import NA_TEXT, CommonType, expect
from guanshu.survey.values.missing import BLANK, NA

ONE_LINE = 100
SEVERAL_LINES = 3000


@dataclass(frozen=True, slots=True)
class TextType(CommonType):
    """Text of at most `limit` characters; `lines` says whether line breaks are kept."""

    limit: int = ONE_LINE
    lines: bool = False

    kind: ClassVar[Kind] = Kind.TEXT
    longest: ClassVar[int] = 100_000

    @property
    def name(self) -> str:
        """Return `text`, `text(30)`, `long`, `long(300)`."""
        word, usual = ("long", SEVERAL_LINES) if self.lines else ("text", ONE_LINE)
        return word if self.limit == usual else f"{word}({self.limit})"

    def read(self, text: str) -> Value:
        """Return the cleaned text. Raises ValueProblem when it is too long or cannot be printed."""
        kept = tidy(text, lines=self.lines)
        if len(kept) > self.limit:
            self.refuse_long(len(kept))
        if not kept:
            return BLANK
        if kept == NA_TEXT:
            return NA
        require_printable(kept)
        return kept

    def refuse_long(self, length: int) -> None:
        """Raise ValueProblem naming the length and the limit."""
        raise ValueProblem(
            "too_long", f"内容有 {length} 个字，最多 {self.limit} 个字，请删减 {length - self.limit} 个字。"
        )

    def plain(self, value: Scalar) -> str:
        """Return the text itself."""
        return expect(value, str)


@dataclass(frozen=True, slots=True)
class FileType(CommonType):
    """A reference to an uploaded file; what it refers to is the caller's business."""

    kind: ClassVar[Kind] = Kind.FILE

    @property
    def name(self) -> str:
        """Return `file`."""
        return "file"

    def read(self, text: str) -> Value:
        """Return the reference. Raises ValueProblem when it has characters no file name shows."""
        kept = tidy(text, lines=False)
        require_printable(kept)
        return kept or BLANK

    def plain(self, value: Scalar) -> str:
        """Return the reference."""
        return expect(value, str)
