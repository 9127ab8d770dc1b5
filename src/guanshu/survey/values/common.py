"""What all value types share: blank, 不适用, the doubtful dash, and text for missing values."""

from abc import ABC, abstractmethod
from typing import ClassVar, TypeVar

from guanshu.survey.values.base import Json, Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, shorten
from guanshu.survey.values.missing import BLANK, NA, Missing

NA_TEXT = "不适用"
NA_DISPLAY = "—"
# Alone in a cell these may mean 0, 不适用 or "left open"; only the respondent knows.
_DOUBTFUL = frozenset({"-", "--", "—", "——", "–", "−", "―", "/", "\\", "N/A", "n/a"})

T = TypeVar("T")


def expect(value: object, kind: type[T]) -> T:
    """Return the value if it is of the given class. Raises TypeError: a value of another type is a program error."""
    if not isinstance(value, kind):
        message = f"expected {kind.__name__}, got {type(value).__name__}"
        raise TypeError(message)
    return value


class CommonType(ABC):
    """Base of all value types: deals with missing values, leaves the rest to `read`, `plain` and `display`."""

    __slots__ = ()

    kind: ClassVar[Kind]
    # What a lone dash might mean here.
    doubt: ClassVar[str] = f"如果本单位没有此项，请填「{NA_TEXT}」；如果尚未填写，请清空"
    # Longest text that can be a value; checked first, so that a pasted megabyte costs nothing.
    longest: ClassVar[int] = 400

    @property
    @abstractmethod
    def name(self) -> str:
        """Return the name as written in the questionnaire."""

    @abstractmethod
    def read(self, text: str) -> Value:
        """Return the value of text that is neither empty nor 不适用. Raises ValueProblem."""

    @abstractmethod
    def plain(self, value: Scalar) -> str:
        """Return the text of a present value for inputs and CSV."""

    def display(self, value: Scalar) -> str:
        """Return the text of a present value for people."""
        return self.plain(value)

    def parse(self, raw: object) -> Value:
        """Return the normalised value of what was typed, pasted or posted. Raises ValueProblem."""
        if raw is None or isinstance(raw, Missing):
            return BLANK if raw is None else raw
        if not isinstance(raw, str):
            raise ValueProblem("shape", "收到的内容不是文字，请重新填写这一格。")
        if len(raw) > self.longest:
            self.refuse_long(len(raw))
        text = narrow(raw) if len(raw) <= 400 else raw
        if not text:
            return BLANK
        if text == NA_TEXT:
            return NA
        if text in _DOUBTFUL:
            raise ValueProblem("doubtful", f"「{text}」的意思不清楚：{self.doubt}。")
        return self.read(raw)

    def refuse_long(self, length: int) -> None:
        """Raise ValueProblem for text that is too long to be read at all."""
        raise ValueProblem("too_long", f"内容太长（{length} 个字符），不像是这一格要填的内容，请检查后重新填写。")

    def to_json(self, value: Scalar) -> Json:
        """Return what is stored."""
        return self.plain(value)

    def from_json(self, stored: Json) -> Scalar:
        """Return the value that `to_json` stored. Raises ValueError when it cannot have stored it."""
        if not isinstance(stored, str):
            message = f"{self.name}: stored value {shorten(repr(stored))} is no text"
            raise ValueError(message)  # noqa: TRY004 - bad data, not a bad call
        return stored

    def to_text(self, value: Value) -> str:
        """Return the plain text for inputs and CSV; BLANK is "", NA is 不适用."""
        if isinstance(value, Missing):
            return NA_TEXT if value is NA else ""
        return self.plain(value)

    def to_display(self, value: Value) -> str:
        """Return the text for people; BLANK is "", NA is —."""
        if isinstance(value, Missing):
            return NA_DISPLAY if value is NA else ""
        return self.display(value)
